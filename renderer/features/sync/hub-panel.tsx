/** Enrolment, the last meeting and the next, and how much is missing on either side. */
import { Alert, Button, Progress, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SYNC_MODES, type SyncMode, type SyncStatus } from '../../../shared/contract/sync.ts'
import { errorMessage } from '../../app/errors.ts'
import { formatInstant } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { flushAll } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useJob } from '../../ui/use-job.ts'
import { EnrolForm } from './enrol-form.tsx'

interface PanelProps {
  status: SyncStatus
  onChanged: () => void
}

export function HubPanel({ status, onChanged }: Readonly<PanelProps>) {
  const { t } = useTranslation()
  const [again, setAgain] = useState(false)
  const canMeet = status.enrolled && status.hub !== null && status.has_token
  const isCopied = status.enrolled && status.hub !== null && !status.has_token
  return (
    <div className="page-body page-pad sync-panels">
      {status.enrolled && <Overview status={status} />}
      {canMeet && <Meeting status={status} onChanged={onChanged} />}
      {isCopied && <Alert type="warning" showIcon title={t('sync.no_token')} />}
      {status.enrolled && !isCopied && !again ? (
        <Button type="link" className="sync-again" onClick={() => setAgain(true)}>
          {t('sync.enroll_again')}
        </Button>
      ) : (
        <EnrolForm
          hub={status.hub}
          again={status.enrolled}
          onDone={() => {
            setAgain(false)
            onChanged()
          }}
        />
      )}
    </div>
  )
}

function Overview({ status }: Readonly<{ status: SyncStatus }>) {
  const { t } = useTranslation()
  const units = useUnitNames()
  const missing = Math.max(0, status.head - status.cursor)
  const unit = status.unit === null ? t('sync.all_units') : (units.get(status.unit) ?? status.unit)
  const facts: [string, string][] = [
    [t('sync.address'), status.hub ?? t('sync.by_bundle_only')],
    [t('sync.last_contact'), status.last_contact ? formatInstant(status.last_contact) : t('sync.never_met')],
    [
      t('sync.received'),
      missing === 0 ? t('sync.received_all') : t('sync.received_missing', { count: missing.toLocaleString() }),
    ],
  ]
  if (status.missing_originals > 0)
    facts.push([
      t('sync.originals'),
      t(status.mode === 'metered' ? 'sync.originals_metered' : 'sync.originals_missing', {
        count: status.missing_originals.toLocaleString(),
      }),
    ])
  return (
    <section className="card" data-testid="sync-overview">
      <h2>{[status.survey_name, unit, term('role', status.role)].filter(Boolean).join(' · ')}</h2>
      <dl className="sync-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="muted">{name}</dt>
            <dd className="numbers">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="numbers">
        {t('sync.counts', {
          pending: status.pending.toLocaleString(),
          refused: status.refused.toLocaleString(),
          conflicts: status.conflicts.toLocaleString(),
        })}
      </p>
      {status.last_error && (
        <Alert
          type="warning"
          showIcon
          title={t('sync.last_error', { message: errorMessage(Object.assign(new Error(), status.last_error)) })}
          description={formatInstant(status.last_error.at)}
        />
      )}
    </section>
  )
}

function Meeting({ status, onChanged }: Readonly<PanelProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const job = useJob<{ pushed: number; pulled: number }>()
  const run = async (): Promise<void> => {
    flushAll()
    const result = await job.start(signal => client.sync.run(undefined, { signal }))
    if (result)
      notify.success(t('sync.done', { pushed: result.pushed.toLocaleString(), pulled: result.pulled.toLocaleString() }))
    onChanged()
  }
  const setMode = async (mode: SyncMode): Promise<void> => {
    await client.sync.setMode({ mode })
    onChanged()
  }
  return (
    <section className="card">
      <div className="card-row">
        <Button
          type="primary"
          disabled={job.running || status.running || status.mode === 'never'}
          onClick={() => void run()}
        >
          {t(status.running && !job.running ? 'sync.running' : 'sync.run')}
        </Button>
        <span className="panel-gap" />
        <span className="muted">{t('sync.mode_title')}</span>
        <Segmented
          value={status.mode}
          options={SYNC_MODES.map(value => ({ value, label: t(`sync.mode.${value}`) }))}
          onChange={value => void setMode(value).catch(notify.error)}
        />
      </div>
      <p className="muted">{t(`sync.mode_hint.${status.mode}`)}</p>
      {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
      {!job.running && status.running && status.progress && <InBackground progress={status.progress} />}
    </section>
  )
}

/** A meeting that began by itself: how far it is; it cannot be in the way, so nothing stops it here. */
function InBackground({ progress }: Readonly<{ progress: NonNullable<SyncStatus['progress']> }>) {
  const { t, i18n } = useTranslation()
  const { phase, done, total } = progress
  const words = t(i18n.exists(`progress.${phase}`) ? `progress.${phase}` : 'progress.working')
  return (
    <div className="job-progress" role="status">
      <span className="job-phase">
        {words} {done.toLocaleString()}
        {total ? ` / ${total.toLocaleString()}` : ''}
      </span>
      <Progress percent={total ? Math.min(100, Math.round((done / total) * 100)) : 0} status="active" size="small" />
    </div>
  )
}
