/** 评价办法 of a year as data: method, weights and base values by group, classes; from a table, tried, saved as a new version. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Segmented, Select, Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ScoringResult, TableProblem } from '../../../shared/contract/scoring.ts'
import { SCORE_METHODS } from '../../../shared/rules/scoring/standard.ts'
import { errorMessage } from '../../app/errors.ts'
import { fileName, useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useBarred } from '../../ui/role-button.tsx'
import { useJob } from '../../ui/use-job.ts'
import { VersionBar } from '../../ui/version-bar.tsx'
import { ItemTable } from './item-table.tsx'
import type { StandardDraft } from './standard-draft.ts'
import { StandardUnits } from './standard-units.tsx'
import { TableProblems } from './table-problems.tsx'

/** Drafts outlive a look at another page; by survey file and year. */
const drafts = new Map<string, StandardDraft>()
const TABLES = [{ name: 'Excel / CSV', extensions: ['xlsx', 'csv'] }]

interface Tried {
  readonly before: ScoringResult
  readonly after: ScoringResult
}

export function StandardEditor({ year }: Readonly<{ year: number }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const barred = useBarred('scoring.saveStandard')
  const notify = useNotify()
  const files = useFiles()
  const key = `${survey?.file ?? ''}|${year}`
  const { data, error, refetch } = useQuery({
    queryKey: ['settings', 'standard', key],
    queryFn: () => client.scoring.standard({ year }),
    staleTime: 0,
  })
  const [draft, setDraft] = useState<StandardDraft | null>(() => drafts.get(key) ?? null)
  const [tried, setTried] = useState<Tried | null>(null)
  const [problems, setProblems] = useState<{ file: string; rows: readonly TableProblem[] } | null>(null)
  const [name, setName] = useState('')
  const [reason, setReason] = useState('')
  const job = useJob<ScoringResult>()
  if (error) return <Alert type="error" showIcon title={errorMessage(error)} />
  if (!data) return <Skeleton active className="page-pad" />
  const shown = draft ?? data.standard
  const versionName = data.id === null ? t('scoring.default_standard') : data.name
  const isReadOnly = barred !== null
  const keep = (next: StandardDraft | null): void => {
    setTried(null)
    setDraft(next)
    if (next) drafts.set(key, next)
    else {
      drafts.delete(key)
      setProblems(null)
    }
  }
  const attempt = async (): Promise<void> => {
    const before = await job.start(signal => client.scoring.run({ year, dry_run: true }, { signal }))
    const after =
      before && (await job.start(signal => client.scoring.run({ year, dry_run: true, standard: shown }, { signal })))
    if (before && after) setTried({ before, after })
  }
  const readTable = async (): Promise<void> => {
    const file = await files.choose(t('scoring.read_table'), TABLES)
    if (!file) return
    const read = await client.scoring.readStandard({ file, year })
    keep(read.standard)
    setProblems({ file: fileName(file), rows: read.problems })
    notify.success(t('scoring.table_read', { count: read.rows }))
  }
  const writeTable = async (): Promise<void> => {
    const target = await files.target(t('scoring.write_table'), `${year}年评价办法.xlsx`, [TABLES[0]!])
    if (!target) return
    const written = await client.scoring.writeStandard({ year, file: target })
    await files.open(written.file)
  }
  const copyFrom = async (from: number): Promise<void> => {
    keep((await client.scoring.standard({ year: from })).standard)
  }
  const save = async (): Promise<void> => {
    await tracked(() =>
      client.scoring.saveStandard({
        year,
        name: name.trim() || versionName,
        standard: shown,
        reason: reason.trim() || undefined,
      }),
    )
    keep(null)
    setReason('')
    await refetch()
    notify.success(t('scoring.standard_saved', { year }))
  }
  const cut = (letter: 'a' | 'b' | 'c', value: number | null): void =>
    keep({ ...shown, classes: { ...shown.classes, [letter]: value ?? 0 } })
  return (
    <>
      <div className="page-body page-pad">
        {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
        {tried && <TriedView tried={tried} />}
        {problems && problems.rows.length > 0 && <TableProblems file={problems.file} problems={problems.rows} />}
        <div className="muted rules-tried">{t('scoring.hint', { year, name: versionName, version: data.version })}</div>
        <div className="threshold">
          <Button disabled={isReadOnly} onClick={() => void readTable().catch(notify.error)}>
            {t('scoring.read_table')}
          </Button>
          <Button onClick={() => void writeTable().catch(notify.error)}>{t('scoring.write_table')}</Button>
          {data.years.some(other => other !== year) && (
            <Select
              className="filter-select"
              value={null}
              disabled={isReadOnly}
              placeholder={t('scoring.copy_from')}
              aria-label={t('scoring.copy_from')}
              options={data.years.filter(other => other !== year).map(value => ({ value, label: value }))}
              onChange={value => {
                if (value !== null) void copyFrom(value).catch(notify.error)
              }}
            />
          )}
        </div>
        <div className="threshold">
          <span>{t('scoring.method')}</span>
          <Segmented
            value={shown.method}
            disabled={isReadOnly}
            options={SCORE_METHODS.map(value => ({ value, label: t(`scoring.methods.${value}`) }))}
            onChange={method => keep({ ...shown, method })}
          />
          <span className="muted">{t(`scoring.method_hint.${shown.method}`)}</span>
        </div>
        <div className="threshold">
          <span>{t('scoring.classes')}</span>
          <Segmented
            value={shown.classes.by}
            disabled={isReadOnly}
            options={(['share', 'score'] as const).map(value => ({ value, label: t(`scoring.by.${value}`) }))}
            onChange={by =>
              keep({
                ...shown,
                classes: by === 'share' ? { by, a: 0.2, b: 0.4, c: 0.35 } : { by, a: 90, b: 70, c: 50 },
              })
            }
          />
          {(['a', 'b', 'c'] as const).map(letter => (
            <InputNumber
              key={letter}
              className="threshold-value standard-cut"
              prefix={letter.toUpperCase()}
              value={shown.classes[letter]}
              controls={false}
              disabled={isReadOnly}
              aria-label={t('scoring.cut', { letter: letter.toUpperCase() })}
              onChange={value => cut(letter, value)}
            />
          ))}
          <span className="muted">{t(`scoring.by_hint.${shown.classes.by}`)}</span>
        </div>
        <div className="threshold">
          <span>{t('scoring.needed')}</span>
          <InputNumber
            className="threshold-value"
            value={shown.needed_weight}
            min={0}
            max={1}
            step={0.1}
            controls={false}
            disabled={isReadOnly}
            aria-label={t('scoring.needed')}
            onChange={value => keep({ ...shown, needed_weight: value ?? 0 })}
          />
          <span className="muted">{t('scoring.needed_hint')}</span>
        </div>
        <StandardUnits shown={shown} isReadOnly={isReadOnly} onChange={keep} />
        {(['above', 'below'] as const).map(group => (
          <ItemTable
            key={group}
            group={group}
            method={shown.method}
            items={shown.groups[group]}
            disabled={isReadOnly}
            onChange={items => keep({ ...shown, groups: { ...shown.groups, [group]: items } })}
          />
        ))}
        <div className="threshold">
          <span>{t('identify.column.source')}</span>
          <Input
            className="rules-reason"
            value={shown.source}
            maxLength={300}
            disabled={isReadOnly}
            aria-label={t('identify.column.source')}
            onChange={event => keep({ ...shown, source: event.target.value })}
          />
        </div>
      </div>
      <VersionBar
        name={name}
        reason={reason}
        proposedName={versionName}
        nameLabel={t('scoring.version_name')}
        next={data.version + 1}
        isChanged={Boolean(draft)}
        isReadOnly={isReadOnly}
        isBusy={job.running}
        onName={setName}
        onReason={setReason}
        onTry={attempt}
        onDrop={() => keep(null)}
        onSave={save}
      />
    </>
  )
}

/** How many of each class, before and after, and how many change theirs. */
function TriedView({ tried: { before, after } }: Readonly<{ tried: Tried }>) {
  const { t } = useTranslation()
  const old = new Map(before.rows.map(row => [row.enterprise_id, row.computed]))
  const moved = after.rows.filter(row => old.get(row.enterprise_id) !== row.computed)
  return (
    <Alert
      type="info"
      className="rules-tried"
      title={t('scoring.tried', { count: moved.length })}
      description={(['A', 'B', 'C', 'D'] as const)
        .map(code => `${code} ${before.classes[code] ?? 0} → ${after.classes[code] ?? 0}`)
        .join(' · ')}
    />
  )
}
