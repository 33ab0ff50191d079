/** Exchange without a network: write and read encrypted bundles. */
import { Alert, Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BundleInspected, SyncStatus } from '../../../shared/contract/sync.ts'
import { errorMessage } from '../../app/errors.ts'
import { useFiles } from '../../app/files.ts'
import { formatInstant, today, wordList } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { flushAll } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { useJob } from '../../ui/use-job.ts'

interface Written {
  file: string
  number: number
  rows: number
  patches: number
  receipts: number
}
interface Read {
  kind: 'return' | 'package'
  number: number
  from: string
  already: boolean
  pushed: number
  pulled: number
  missing: number[]
}

const SHORTEST = 8

export function BundlesPanel({ status, onChanged }: Readonly<{ status: SyncStatus; onChanged: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const survey = useSurvey()
  const notify = useNotify()
  const [passphrase, setPassphrase] = useState('')
  const [unit, setUnit] = useState<string>()
  const [name, setName] = useState('')
  const writing = useJob<Written>()
  // Stays until the next attempt: why a stick could not be read is told to somebody else, on the telephone.
  const [failed, setFailed] = useState<unknown>()
  const reading = useJob<Read>(setFailed)
  const [looked, setLooked] = useState<BundleInspected>()
  const isCounty = status.enrolled && status.unit === null
  const filters = [{ name: t('sync.bundle_filter'), extensions: ['lowbundle'] }]
  const busy = writing.running || reading.running
  const ready = passphrase.length >= SHORTEST && !busy

  const write = async (): Promise<void> => {
    flushAll()
    const label = t(isCounty ? 'sync.bundle_package' : 'sync.bundle_return')
    const day = today()
    const file = await files.target(label, `${isCounty ? unit : (status.unit ?? '')}_${day}.lowbundle`, filters)
    if (file === null) return
    const wanted = { file, passphrase, ...(isCounty ? { unit, ...(name.trim() ? { name: name.trim() } : {}) } : {}) }
    await writing.start(signal => client.sync.bundleExport(wanted, { signal }))
    onChanged()
  }
  const read = async (): Promise<void> => {
    flushAll()
    const file = await files.choose(t('sync.bundle_import'), filters)
    if (file === null) return
    setFailed(undefined)
    setLooked(undefined)
    await reading.start(signal => client.sync.bundleImport({ file, passphrase }, { signal }))
    onChanged()
  }
  const look = async (): Promise<void> => {
    const file = await files.choose(t('sync.bundle_inspect'), filters)
    if (file === null) return
    setFailed(undefined)
    setLooked(undefined)
    reading.reset()
    setLooked(await client.sync.bundleInspect({ file, passphrase }))
  }
  return (
    <div className="page-body page-pad sync-panels">
      <section className="card">
        <div className="card-row">
          <Input.Password
            className="sync-passphrase"
            value={passphrase}
            autoComplete="off"
            placeholder={t('sync.passphrase')}
            aria-label={t('sync.passphrase')}
            onChange={event => setPassphrase(event.target.value)}
          />
        </div>
      </section>
      {status.enrolled && (
        <section className="card">
          <h2>{t(isCounty ? 'sync.bundle_package' : 'sync.bundle_return')}</h2>
          <p className="muted">{t(isCounty ? 'sync.bundle_package_hint' : 'sync.bundle_return_hint')}</p>
          <div className="card-row">
            {isCounty && (
              <>
                <Select
                  className="sync-unit"
                  showSearch
                  value={unit}
                  optionFilterProp="label"
                  placeholder={t('sync.bundle_unit')}
                  options={(survey?.units ?? []).map(each => ({ value: each.code, label: each.name }))}
                  onChange={setUnit}
                />
                <Input
                  className="sync-unit"
                  value={name}
                  placeholder={t('sync.bundle_name')}
                  onChange={event => setName(event.target.value)}
                />
              </>
            )}
            <RoleButton
              calls="sync.bundleExport"
              type="primary"
              disabled={!ready || (isCounty && unit === undefined)}
              onClick={() => void write().catch(notify.error)}
            >
              {t(isCounty ? 'sync.bundle_package' : 'sync.bundle_return')}
            </RoleButton>
          </div>
          {writing.running && <JobProgress progress={writing.progress} onCancel={writing.cancel} />}
          {writing.result && (
            <Alert
              type="success"
              showIcon
              title={t('sync.bundle_written', { ...writing.result })}
              action={
                <Button onClick={() => void files.reveal(writing.result!.file).catch(notify.error)}>
                  {t(files.desktop ? 'action.show_in_folder' : 'action.download')}
                </Button>
              }
            />
          )}
        </section>
      )}
      <section className="card">
        <h2>{t('sync.bundle_import')}</h2>
        <p className="muted">{t('sync.bundle_import_hint')}</p>
        <div className="card-row">
          <RoleButton calls="sync.bundleImport" disabled={!ready} onClick={() => void read().catch(setFailed)}>
            {t('sync.bundle_import')}
          </RoleButton>
          <RoleButton calls="sync.bundleInspect" disabled={!ready} onClick={() => void look().catch(setFailed)}>
            {t('sync.bundle_inspect')}
          </RoleButton>
        </div>
        {failed !== undefined && <Alert type="error" showIcon title={errorMessage(failed)} />}
        {looked && <Inside bundle={looked} />}
        {reading.running && <JobProgress progress={reading.progress} onCancel={reading.cancel} />}
        {reading.result && (
          <Alert
            type={reading.result.missing.length > 0 ? 'warning' : 'success'}
            showIcon
            title={
              reading.result.already
                ? t('sync.bundle_already')
                : t(reading.result.kind === 'package' ? 'sync.package_read' : 'sync.bundle_read', {
                    from: reading.result.from,
                    number: reading.result.number,
                    pushed: reading.result.pushed,
                    pulled: reading.result.pulled,
                  })
            }
            description={
              reading.result.missing.length > 0
                ? t('sync.bundle_missing', { numbers: wordList(reading.result.missing.map(String)) })
                : undefined
            }
          />
        )}
      </section>
    </div>
  )
}

/** What a bundle holds, without taking anything of it. */
function Inside({ bundle }: Readonly<{ bundle: BundleInspected }>) {
  const { t } = useTranslation()
  const survey = useSurvey()
  const unit = survey?.units.find(({ code }) => code === bundle.unit)?.name ?? bundle.unit ?? '—'
  const facts = [
    ['sync.inside.survey', bundle.survey_name || '—'],
    ['sync.bundle_unit', unit],
    ['sync.inside.from', bundle.user || '—'],
    // A package bears the name of the laptop that it is for, a return that of its own.
    [bundle.kind === 'package' ? 'sync.inside.for' : 'sync.inside.device', bundle.device_name || '—'],
    ['sync.inside.at', formatInstant(bundle.created_at)],
    ['sync.inside.number', String(bundle.number)],
    ['sync.inside.content', t('sync.inside.counts', bundle.counts)],
  ] as const
  return (
    <dl className="sync-facts" data-testid="bundle-inside">
      <div>
        <dt className="muted">{t('sync.inside.kind')}</dt>
        <dd>{t(`sync.inside.${bundle.kind}`)}</dd>
      </div>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt className="muted">{t(label)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
