/** Enrolment, the last meeting and the next, and how much is missing on either side. */
import { Alert, Button, Input, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SYNC_MODES, type SyncMode, type SyncStatus } from '../../../shared/contract/sync.ts'
import { formatInstant } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { flushAll } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useJob } from '../../ui/use-job.ts'

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
    [t('sync.received'), missing === 0 ? t('sync.received_all') : t('sync.received_missing', { count: missing })],
  ]
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
        {t('sync.counts', { pending: status.pending, refused: status.refused, conflicts: status.conflicts })}
      </p>
      {status.last_error && (
        <Alert
          type="warning"
          showIcon
          title={t('sync.last_error', { message: status.last_error.message })}
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
    if (result) notify.success(t('sync.done', { pushed: result.pushed, pulled: result.pulled }))
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
    </section>
  )
}

function EnrolForm({ hub, onDone }: Readonly<{ hub: string | null; onDone: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const [address, setAddress] = useState(hub ?? '')
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const enrol = async (): Promise<void> => {
    setBusy(true)
    try {
      await client.sync.enroll({ hub: address.trim(), code: code.trim() })
      notify.success(t('sync.enrolled'))
      onDone()
    } catch (error) {
      notify.error(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className="card" data-testid="enroll-form">
      <h2>{t('sync.enroll_title')}</h2>
      <p className="muted">{t('sync.enroll_hint')}</p>
      <div className="card-row">
        <Input
          className="sync-address"
          value={address}
          placeholder="https://10.0.0.8:8787"
          aria-label={t('sync.address')}
          onChange={event => setAddress(event.target.value)}
        />
        <Input
          className="sync-code"
          value={code}
          placeholder="K7QF-2MXD-9RTA"
          aria-label={t('sync.enroll_code')}
          onChange={event => setCode(event.target.value)}
          onPressEnter={() => void enrol()}
        />
        <Button
          type="primary"
          loading={busy}
          disabled={address.trim() === '' || code.trim().length < 4}
          onClick={() => void enrol()}
        >
          {t('sync.enroll')}
        </Button>
      </div>
    </section>
  )
}
