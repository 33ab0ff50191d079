/** 月报表, 季度通报, 年度考核评分表: choose the period, write what belongs into it, publish it, print it. */
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, InputNumber, Segmented, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PERIODIC_FORMATS, type PublishedSummary } from '../../../shared/contract/published-reports.ts'
import { chinaDate } from '../../../shared/lib/china-time.ts'
import { PERIODIC_KINDS, type PeriodicKind, periodKey } from '../../../shared/report/periods.ts'
import { mayCall, type Role } from '../../../shared/rules/roles/roles.ts'
import { useFiles } from '../../app/files.ts'
import { formatInstant } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { Outcome } from '../../ui/outcome.tsx'
import { useJob } from '../../ui/use-job.ts'
import { periodWords } from './period-words.ts'
import { PublishDialog } from './publish-dialog.tsx'
import { PublishedList } from './published-list.tsx'
import { ReportNotes } from './report-notes.tsx'
import { ScoringTable } from './scoring-table.tsx'

type Format = (typeof PERIODIC_FORMATS)[number]
type Open = 'publish' | 'notes' | 'list' | null

export function PeriodicReports({ year }: Readonly<{ year: number }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const files = useFiles()
  const notify = useNotify()
  const [kind, setKind] = useState<PeriodicKind>('monthly')
  const [month, setMonth] = useState(lastMonth)
  const [formats, setFormats] = useState<Format[]>([...PERIODIC_FORMATS])
  const [open, setOpen] = useState<Open>(null)
  const job = useJob<{ files: string[]; seconds: number }>()
  const { data: published } = useQuery({
    queryKey: ['loop', 'published'],
    queryFn: () => client.reports.published({}),
  })
  const period = periodKey({ kind, year, month })
  const latest = published?.find(entry => entry.kind === kind && entry.period === period)
  const run = async (which: { draft?: boolean; publication?: string }): Promise<void> => {
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    await job.start(signal => client.reports.periodic({ kind, out, formats, year, month, ...which }, { signal }))
  }
  const print = (which: { draft?: boolean; publication?: string }) => void run(which).catch(notify.error)
  const mayPublish = mayCall((survey?.profile.role ?? 'leader') as Role, 'reports', 'publish')
  const isBlocked = formats.length === 0 || job.running
  return (
    <section className="card" data-testid="periodic-reports">
      <h2>{t('report.periodic')}</h2>
      <p className="muted">{t('report.periodic_hint')}</p>
      <div className="card-row">
        <Segmented
          value={kind}
          options={PERIODIC_KINDS.map(value => ({ value, label: t(`report.kind.${value}`) }))}
          onChange={setKind}
        />
        {kind !== 'annual' && (
          <InputNumber
            min={1}
            max={12}
            value={month}
            controls={false}
            className="year-input"
            suffix={t('report.month')}
            aria-label={t('report.month')}
            onChange={value => setMonth(value ?? month)}
          />
        )}
      </div>
      <Standing latest={latest} words={periodWords(t, { kind, year, month })} />
      <Checkbox.Group
        value={formats}
        options={PERIODIC_FORMATS.map(format => ({ value: format, label: t(`report.format.${format}`) }))}
        onChange={values => setFormats(values as Format[])}
      />
      <div className="card-row">
        <Button type="primary" disabled={isBlocked} onClick={() => print({})}>
          {t(latest ? 'report.export_published' : 'report.export_draft', { kind: t(`report.kind.${kind}`) })}
        </Button>
        <Button
          disabled={!mayPublish}
          title={mayPublish ? undefined : t('report.publish_not_yours')}
          onClick={() => setOpen('publish')}
        >
          {t(latest ? 'report.revise' : 'report.publish')}
        </Button>
        {kind !== 'annual' && <Button onClick={() => setOpen('notes')}>{t('report.notes')}</Button>}
        {latest && (
          <Button disabled={isBlocked} onClick={() => print({ draft: true })}>
            {t('report.draft_now')}
          </Button>
        )}
        {published && published.length > 0 && (
          <Button type="link" onClick={() => setOpen('list')}>
            {t('report.published_list', { count: published.length })}
          </Button>
        )}
      </div>
      {kind === 'annual' && <ScoringTable year={year} />}
      <Outcome job={job} />
      {open === 'publish' && <PublishDialog asked={{ kind, year, month }} onClose={() => setOpen(null)} />}
      {open === 'notes' && <ReportNotes asked={{ kind, year, month }} onClose={() => setOpen(null)} />}
      {open === 'list' && (
        <PublishedList
          list={published ?? []}
          onClose={() => setOpen(null)}
          onPrint={id => {
            setOpen(null)
            print({ publication: id })
          }}
        />
      )}
    </section>
  )
}

/** The month that has ended is the one to report; days are those of China. */
function lastMonth(): number {
  return Number(chinaDate(new Date()).slice(5, 7)) - 1 || 12
}

function Standing({ latest, words }: Readonly<{ latest: PublishedSummary | undefined; words: string }>) {
  const { t } = useTranslation()
  return (
    <div className="card-row report-standing" data-testid="report-standing">
      <span>{words}</span>
      {latest ? (
        <>
          <Tag color={latest.intact ? 'green' : 'red'}>
            {t(latest.intact ? 'report.status_published' : 'report.status_altered', { revision: latest.revision })}
          </Tag>
          <span className="muted">
            {t('report.published_by', { user: latest.published_by, at: formatInstant(latest.published_at) })}
          </span>
        </>
      ) : (
        <Tag>{t('report.status_draft')}</Tag>
      )}
    </div>
  )
}
