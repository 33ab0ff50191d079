/** Targets of a period: units × indicators, typed, pasted from Excel, or imported; saved as one step of undo. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, InputNumber } from 'antd'
import { type ClipboardEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TARGET_INDICATORS, type TargetCell, type TargetIndicator } from '../../../shared/contract/dashboard.ts'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { RoleButton } from '../../ui/role-button.tsx'

const SHEETS = [{ name: 'Excel', extensions: ['xlsx', 'csv'] }]
interface Problem {
  row: number
  code: string
  message: string
  values: Record<string, string | number>
}
const keyOf = (unit: string | null, indicator: TargetIndicator): string => `${unit ?? ''} ${indicator}`

export function TargetGrid({ year, mayEdit }: Readonly<{ year: number | null; mayEdit: boolean }>) {
  const { t, i18n } = useTranslation()
  const { client, generation } = useService()
  const files = useFiles()
  const notify = useNotify()
  const names = useUnitNames()
  const [draft, setDraft] = useState<ReadonlyMap<string, number | null>>(new Map())
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const { data } = useQuery({
    queryKey: ['loop', 'dashboard', 'targets', year, generation],
    queryFn: () => client.dashboard.targets({ year }),
  })
  const stored = useMemo(
    () => new Map((data ?? []).map(cell => [keyOf(cell.unit, cell.indicator), cell.value])),
    [data],
  )
  const units = useMemo(() => [...new Set((data ?? []).map(cell => cell.unit))], [data])
  const changed = [...draft].filter(([key, value]) => stored.get(key) !== value)
  const valueAt = (key: string): number | null => (draft.has(key) ? draft.get(key)! : (stored.get(key) ?? null))
  const period = year === null ? t('dashboard.whole') : t('dashboard.year', { year })

  const save = async (): Promise<void> => {
    const cells: TargetCell[] = units.flatMap(unit =>
      TARGET_INDICATORS.filter(indicator => draft.has(keyOf(unit, indicator))).map(indicator => ({
        unit,
        indicator,
        value: draft.get(keyOf(unit, indicator))!,
      })),
    )
    const { written } = await tracked(() => client.dashboard.saveTargets({ year, cells }))
    setDraft(new Map())
    notify.success(t('dashboard.saved', { count: written }))
  }
  const take = async (): Promise<void> => {
    const file = await files.choose(t('dashboard.import_targets'), SHEETS)
    if (file === null) return
    const result = await tracked(() => client.dashboard.importTargets({ file, year }))
    setProblems(result.problems)
    if (result.problems.length === 0) notify.success(t('dashboard.saved', { count: result.written }))
  }
  const table = async (): Promise<void> => {
    const name = `${t('dashboard.targets_name', { period })}.xlsx`
    const target = await files.target(t('dashboard.target_table'), name, [SHEETS[0]!])
    if (target === null) return
    const { file } = await client.dashboard.targetTable({ year, file: target })
    await files.open(file)
  }
  /** A block copied from Excel goes down and to the right of the cell it is pasted into. */
  const paste = (event: ClipboardEvent, row: number, column: number): void => {
    const block = event.clipboardData.getData('text')
    if (!/[\t\n]/.test(block.trim())) return
    event.preventDefault()
    const next = new Map(draft)
    for (const [down, line] of block.trimEnd().split(/\r?\n/).entries()) {
      for (const [right, word] of line.split('\t').entries()) {
        const [unit, indicator] = [units[row + down], TARGET_INDICATORS[column + right]]
        const value = Number(word.replaceAll(',', '').trim())
        if (unit === undefined || !indicator || word.trim() === '' || !(value >= 0)) continue
        next.set(keyOf(unit, indicator), value)
      }
    }
    setDraft(next)
  }
  return (
    <div className="page-body page-pad targets">
      <div className="targets-bar">
        <b>{t('dashboard.targets_of', { period })}</b>
        <span className="muted">{t('dashboard.targets_hint')}</span>
        <span className="panel-gap" />
        <Button onClick={() => void table().catch(notify.error)}>{t('dashboard.target_table')}</Button>
        <RoleButton calls="dashboard.importTargets" disabled={!mayEdit} onClick={() => void take().catch(notify.error)}>
          {t('dashboard.import_targets')}
        </RoleButton>
        <RoleButton
          calls="dashboard.saveTargets"
          type="primary"
          disabled={!mayEdit || changed.length === 0}
          title={mayEdit ? undefined : t('dashboard.not_yours')}
          onClick={() => void save().catch(notify.error)}
        >
          {t('dashboard.save_targets', { count: changed.length })}
        </RoleButton>
      </div>
      {!mayEdit && <Alert type="info" title={t('dashboard.not_yours')} />}
      {problems.length > 0 && (
        <Alert
          type="error"
          title={t('dashboard.not_imported', { count: problems.length })}
          closable
          description={
            <ul className="targets-problems">
              {problems.slice(0, 20).map(problem => (
                <li key={`${problem.row} ${problem.message}`}>
                  {t('dashboard.row', { row: problem.row })}
                  {t('common.colon')}
                  {i18n.language === 'en' ? t(`reason.${problem.code}`, problem.values) : problem.message}
                </li>
              ))}
            </ul>
          }
        />
      )}
      <div className="targets-grid">
        <table className="sheet" data-testid="targets">
          <thead>
            <tr>
              <th>{t('table.filter_unit')}</th>
              {TARGET_INDICATORS.map(indicator => (
                <th key={indicator} className="numbers-right">
                  {t(`dashboard.indicator.${indicator}`)}({t(`dashboard.unit_full.${indicator}`)})
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {units.map((unit, row) => {
              const name = unit === null ? t('dashboard.all_units') : (names.get(unit) ?? unit)
              return (
                <tr key={unit ?? ''} className={unit === null ? 'targets-county' : undefined}>
                  <td>{name}</td>
                  {TARGET_INDICATORS.map((indicator, column) => {
                    const key = keyOf(unit, indicator)
                    return (
                      <td key={indicator}>
                        <InputNumber
                          size="small"
                          min={0}
                          controls={false}
                          disabled={!mayEdit}
                          className="targets-cell"
                          status={changed.some(([name]) => name === key) ? 'warning' : ''}
                          aria-label={`${name} ${t(`dashboard.indicator.${indicator}`)}`}
                          value={valueAt(key)}
                          placeholder="—"
                          onPaste={event => paste(event, row, column)}
                          onChange={value => setDraft(new Map(draft).set(key, value))}
                        />
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </div>
  )
}
