/** 亩均评价 of a year: who gets which class and why; written as one step, the published class beside it untouched. */
import { Button, Checkbox, Input, Segmented, type TableColumnsType, Tag } from 'antd'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ScoringResult } from '../../../shared/contract/scoring.ts'
import { formatNumber } from '../../app/format.ts'
import { fieldLabel, language, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord, setUi } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { ClassChip } from '../../ui/class-chip.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useJob } from '../../ui/use-job.ts'
import { JudgedTable } from '../identify/judged-table.tsx'

type Row = ScoringResult['rows'][number]

const CLASSES = ['A', 'B', 'C', 'D', 'N'] as const

export function Scores({ year, unit }: Readonly<{ year: number; unit: string | undefined }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const notify = useNotify()
  const job = useJob<ScoringResult>()
  const { start } = job
  const [shown, setShown] = useState<{ result: ScoringResult; revision: number | undefined } | null>(null)
  const [rated, setRated] = useState<string>('all')
  const [onlyDiffering, setOnlyDiffering] = useState(false)
  const [text, setText] = useState('')
  const revision = survey?.revision
  const isReadOnly = survey?.profile.role === 'leader'
  const score = useCallback(
    async (at: number | undefined): Promise<void> => {
      const result = await start(signal => client.scoring.run({ year, dry_run: true }, { signal }))
      if (result) setShown({ result, revision: at })
    },
    [start, client, year],
  )
  // Scored once on opening; later changes are announced and not run by themselves.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision is only remembered
  useEffect(() => void score(revision), [score])
  const write = async (): Promise<void> => {
    const result = await tracked(() => start(signal => client.scoring.run({ year }, { signal })))
    if (!result) return
    notify.success(t('scoring.written', { count: result.changed }))
    const info = await client.survey.info()
    await score(info.revision)
  }
  const result = shown?.result
  const ofUnit = useMemo(
    () => (result?.rows ?? []).filter(row => unit === undefined || row.unit === unit),
    [result, unit],
  )
  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    return ofUnit.filter(
      row =>
        (rated === 'all' || (row.computed ?? 'N') === rated) &&
        (!onlyDiffering || row.differs) &&
        (wanted === '' || row.name.toLowerCase().includes(wanted) || row.code.toLowerCase().includes(wanted)),
    )
  }, [ofUnit, rated, onlyDiffering, text])
  if (!result) {
    return (
      <div className="page-body page-pad">
        {job.running ? (
          <JobProgress progress={job.progress} onCancel={job.cancel} />
        ) : (
          <EmptyState text={t('scoring.not_run')} action={t('scoring.again')} onAction={() => void score(revision)} />
        )}
      </div>
    )
  }
  const count = (code: string): number => ofUnit.filter(row => (row.computed ?? 'N') === code).length
  return (
    <>
      <div className="identify-counts">
        <Segmented
          value={rated}
          options={[
            { value: 'all', label: `${t('scoring.all')} ${ofUnit.length}` },
            ...CLASSES.map(code => ({
              value: code,
              label: code === 'N' ? `${t('scoring.not_scored')} ${count('N')}` : `${code} ${count(code)}`,
            })),
          ]}
          onChange={value => setRated(String(value))}
        />
        <Checkbox checked={onlyDiffering} onChange={event => setOnlyDiffering(event.target.checked)}>
          {t('scoring.differing', { count: ofUnit.filter(row => row.differs).length })}
        </Checkbox>
        <Input
          allowClear
          className="filter-text"
          value={text}
          placeholder={t('identify.filter_text')}
          aria-label={t('identify.filter_text')}
          onChange={event => setText(event.target.value)}
        />
        <span className="muted numbers">{t('scoring.published_count', { count: result.published })}</span>
        <span className="panel-gap" />
        {shown.revision !== revision && <Tag color="warning">{t('scoring.data_changed')}</Tag>}
        <Button disabled={job.running} onClick={() => void score(revision)}>
          {t('scoring.again')}
        </Button>
        <Button
          type="primary"
          disabled={job.running || result.changed === 0 || isReadOnly}
          title={isReadOnly ? t('disabled.read_only') : result.changed === 0 ? t('scoring.up_to_date') : undefined}
          onClick={() => void write().catch(notify.error)}
        >
          {t('scoring.write', { count: result.changed })}
        </Button>
      </div>
      {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
      <ScoreTable rows={rows} />
    </>
  )
}

function ScoreTable({ rows }: Readonly<{ rows: readonly Row[] }>) {
  const { t } = useTranslation()
  const open = (id: string): void => {
    openRecord({ entity: 'enterprise', id })
    setUi({ panelTab: 'years' })
  }
  const columns: TableColumnsType<Row> = [
    {
      dataIndex: 'scale',
      title: fieldLabel('enterprise_year', 'scale'),
      width: 84,
      ellipsis: true,
      render: code => term('scale', code),
    },
    {
      dataIndex: 'published',
      title: t('scoring.column.published'),
      width: 84,
      sorter: (a, b) => (a.published ?? '~').localeCompare(b.published ?? '~'),
      render: code => <ClassChip code={code} />,
    },
    {
      dataIndex: 'computed',
      title: t('scoring.column.computed'),
      width: 100,
      sorter: (a, b) => (a.computed ?? '~').localeCompare(b.computed ?? '~'),
      render: (code, row) => (
        <>
          <ClassChip code={code} />
          {row.differs && <Tag color="warning">{t('scoring.differs')}</Tag>}
        </>
      ),
    },
    {
      dataIndex: 'score',
      title: fieldLabel('enterprise_year', 'computed_score'),
      width: 96,
      className: 'numbers-right',
      sorter: (a, b) => (a.score ?? Number.NEGATIVE_INFINITY) - (b.score ?? Number.NEGATIVE_INFINITY),
      render: value => formatNumber(value),
    },
    {
      key: 'why',
      title: t('identify.why'),
      width: 300,
      ellipsis: true,
      render: (_, row) => (language() === 'zh' ? row.zh : row.en),
    },
  ]
  return <JudgedTable rows={rows} columns={columns} onOpen={open} />
}
