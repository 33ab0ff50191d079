/** 疑似清单: everybody the rules find, each hit in words; written as candidates (S0) in one step that can be undone. */
import { Button, Input, Segmented, Select, type TableColumnsType, Tag } from 'antd'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Candidate, IdentifyResult } from '../../../shared/contract/identify.ts'
import { RULE_IDS } from '../../../shared/rules/identify/rule-set.ts'
import { fieldLabel, language, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useJob } from '../../ui/use-job.ts'
import { JudgedTable } from './judged-table.tsx'

const OUTCOMES = ['list', 'watch', 'flag', 'excluded', 'none'] as const
type ShownOutcome = (typeof OUTCOMES)[number]
const COLORS: Readonly<Record<string, string>> = { list: 'error', watch: 'warning', flag: 'processing' }
const COUNT_OF: Readonly<Record<ShownOutcome, (result: IdentifyResult) => number>> = {
  list: result => result.listed,
  watch: result => result.watch,
  flag: result => result.flagged,
  excluded: result => result.excluded,
  // Nothing found, and something that could not be decided.
  none: result => result.candidates.filter(candidate => candidate.outcome === 'none').length,
}

export function Candidates({ year, unit }: Readonly<{ year: number; unit: string | undefined }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const notify = useNotify()
  const job = useJob<IdentifyResult>()
  const { start } = job
  const [judged, setJudged] = useState<{ result: IdentifyResult; revision: number | undefined } | null>(null)
  const [outcome, setOutcome] = useState<ShownOutcome>('list')
  const [rule, setRule] = useState<string | undefined>()
  const [text, setText] = useState('')
  const revision = survey?.revision
  const isReadOnly = survey?.profile.role === 'leader'
  const judge = useCallback(
    async (at: number | undefined): Promise<void> => {
      const result = await start(signal => client.identify.run({ year, unit, dry_run: true }, { signal }))
      if (result) setJudged({ result, revision: at })
    },
    [start, client, year, unit],
  )
  // Judged once on opening; later changes are announced and not run by themselves, for a county takes its time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision is only remembered
  useEffect(() => void judge(revision), [judge])
  const write = async (): Promise<void> => {
    const result = await tracked(() => start(signal => client.identify.run({ year, unit, dry_run: false }, { signal })))
    if (!result) return
    notify.success(t('identify.written', { added: result.added, updated: result.updated, withdrawn: result.withdrawn }))
    const info = await client.survey.info()
    await judge(info.revision)
  }
  const result = judged?.result
  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    return (result?.candidates ?? []).filter(
      candidate =>
        candidate.outcome === outcome &&
        (rule === undefined || candidate.rules.some(hit => hit.id === rule)) &&
        (wanted === '' ||
          candidate.name.toLowerCase().includes(wanted) ||
          candidate.code.toLowerCase().includes(wanted)),
    )
  }, [result, outcome, rule, text])
  if (!result) {
    return (
      <div className="page-body page-pad">
        {job.running ? (
          <JobProgress progress={job.progress} onCancel={job.cancel} />
        ) : (
          <EmptyState text={t('identify.not_run')} action={t('identify.again')} onAction={() => void judge(revision)} />
        )}
      </div>
    )
  }
  const pending = result.added + result.updated + result.withdrawn
  return (
    <>
      <div className="identify-counts">
        <Segmented
          value={outcome}
          options={OUTCOMES.map(value => ({
            value,
            label: `${t(`identify.outcome.${value}`)} ${COUNT_OF[value](result)}`,
          }))}
          onChange={setOutcome}
        />
        <Select
          allowClear
          className="filter-select"
          value={rule}
          placeholder={t('identify.filter_rule')}
          aria-label={t('identify.filter_rule')}
          options={RULE_IDS.map(id => ({ value: id, label: `${id} ${t(`identify.rule.${id}`)}` }))}
          popupMatchSelectWidth={false}
          onChange={value => setRule(value)}
        />
        <Input
          allowClear
          className="filter-text"
          value={text}
          placeholder={t('identify.filter_text')}
          aria-label={t('identify.filter_text')}
          onChange={event => setText(event.target.value)}
        />
        <span className="muted numbers">
          {t('common.total', { count: rows.length })} · {t('identify.judged', { count: result.enterprises })}
          {result.undecided > 0 && ` · ${t('identify.undecided_count', { count: result.undecided })}`}
        </span>
        <span className="panel-gap" />
        {judged.revision !== revision && <Tag color="warning">{t('identify.data_changed')}</Tag>}
        <Button disabled={job.running} onClick={() => void judge(revision)}>
          {t('identify.again')}
        </Button>
        <Button
          type="primary"
          disabled={job.running || pending === 0 || isReadOnly}
          title={isReadOnly ? t('disabled.read_only') : pending === 0 ? t('identify.up_to_date') : undefined}
          onClick={() => void write().catch(notify.error)}
        >
          {t('identify.write', { added: result.added, updated: result.updated, withdrawn: result.withdrawn })}
        </Button>
      </div>
      {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
      <CandidateTable rows={rows} isExcluded={outcome === 'excluded'} />
    </>
  )
}

function CandidateTable({ rows, isExcluded }: Readonly<{ rows: readonly Candidate[]; isExcluded: boolean }>) {
  const { t } = useTranslation()
  const select = (id: string): void => openRecord({ entity: 'enterprise', id })
  const shown = language()
  const columns: TableColumnsType<Candidate> = [
    {
      key: 'why',
      title: t('identify.why'),
      width: 380,
      render: (_, row) =>
        isExcluded
          ? term('exclusion_reason', row.exclusion)
          : row.rules.map(hit => (
              <span key={hit.id} className="hit">
                <Tag color={COLORS[hit.effect] ?? 'default'} title={t(`identify.effect.${hit.effect}`)}>
                  {hit.id}
                </Tag>
                {shown === 'zh' ? hit.zh : hit.en}
              </span>
            )),
    },
    {
      key: 'undecided',
      title: t('identify.undecided'),
      width: 200,
      render: (_, row) =>
        row.undecided.map(({ id, missing }) => (
          <span key={id} className="hit muted">
            {id} {t('identify.missing', { fields: missing.map(fieldWords).join(shown === 'zh' ? '、' : ', ') })}
          </span>
        )),
    },
    {
      dataIndex: 'state',
      title: fieldLabel('enterprise', 'state'),
      width: 100,
      render: (code: string | null) => term('state', code),
    },
  ]
  return <JudgedTable rows={rows} columns={columns} onOpen={select} />
}

/** A missing input by its term: figures of a year first, then what the enterprise itself says. */
function fieldWords(field: string): string {
  const ofYear = fieldLabel('enterprise_year', field)
  return ofYear === field ? fieldLabel('enterprise', field) : ofYear
}
