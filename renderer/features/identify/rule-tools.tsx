/** Around the rules: from and to a table, an older version as a draft, and which exclusions hold. */
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TableProblem } from '../../../shared/contract/scoring.ts'
import { EXCLUSIONS } from '../../../shared/rules/identify/rule-set.ts'
import { fileName, useFiles } from '../../app/files.ts'
import { formatInstant } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { TableProblems } from '../scoring/table-problems.tsx'
import type { RuleSetDraft } from './rule-draft.ts'

const TABLES = [{ name: 'Excel / CSV', extensions: ['xlsx', 'csv'] }]

export function RuleTools({
  shown,
  version,
  disabled,
  onChange,
}: Readonly<{
  shown: RuleSetDraft
  /** The active version; the list of versions is asked anew when it changes. */
  version: number
  disabled: boolean
  onChange: (next: RuleSetDraft) => void
}>) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const survey = useSurvey()
  const [problems, setProblems] = useState<{ file: string; rows: readonly TableProblem[] } | null>(null)
  const versions = useQuery({
    queryKey: ['settings', 'rule-versions', survey?.file, version],
    queryFn: () => client.identify.versions(),
    staleTime: 0,
  }).data
  const readTable = async (): Promise<void> => {
    const file = await files.choose(t('scoring.read_table'), TABLES)
    if (!file) return
    const read = await client.identify.readRules({ file })
    onChange(read.rule_set)
    setProblems({ file: fileName(file), rows: read.problems })
    notify.success(t('scoring.table_read', { count: read.rows }))
  }
  const writeTable = async (): Promise<void> => {
    const target = await files.target(t('scoring.write_table'), `${t('identify.table_name')}.xlsx`, [TABLES[0]!])
    if (!target) return
    await files.open((await client.identify.writeRules({ file: target })).file)
  }
  const load = async (id: string): Promise<void> => onChange((await client.identify.rules({ id })).rule_set)
  const older = versions?.filter(entry => !entry.active) ?? []
  return (
    <>
      {problems && problems.rows.length > 0 && <TableProblems file={problems.file} problems={problems.rows} />}
      <div className="threshold">
        <Button disabled={disabled} onClick={() => void readTable().catch(notify.error)}>
          {t('scoring.read_table')}
        </Button>
        <Button onClick={() => void writeTable().catch(notify.error)}>{t('scoring.write_table')}</Button>
        {older.length > 0 && (
          <Select
            className="filter-select"
            value={null}
            disabled={disabled}
            placeholder={t('identify.older_version')}
            aria-label={t('identify.older_version')}
            popupMatchSelectWidth={false}
            options={older.map(entry => ({
              value: entry.id,
              label: t('identify.version_of', { ...entry, at: formatInstant(entry.created_at) }),
            }))}
            onChange={(id: string | null) => {
              if (id !== null) void load(id).catch(notify.error)
            }}
          />
        )}
      </div>
      <div className="threshold">
        <span>{t('identify.exclusions')}</span>
        {EXCLUSIONS.map(code => (
          <Checkbox
            key={code}
            checked={shown.exclusions.includes(code)}
            disabled={disabled}
            onChange={event => {
              const others = shown.exclusions.filter(entry => entry !== code)
              onChange({ ...shown, exclusions: event.target.checked ? [...others, code] : others })
            }}
          >
            {term('exclusion_reason', code)}
          </Checkbox>
        ))}
        <span className="muted">{t('identify.exclusions_hint')}</span>
      </div>
    </>
  )
}
