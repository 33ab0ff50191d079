/** Exchange without a network: write and read encrypted bundles. */
import { Alert, Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SyncStatus } from '../../../shared/contract/sync.ts'
import { useFiles } from '../../app/files.ts'
import { today, wordList } from '../../app/format.ts'
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
  const reading = useJob<Read>()
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
    await reading.start(signal => client.sync.bundleImport({ file, passphrase }, { signal }))
    onChanged()
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
        <RoleButton calls="sync.bundleImport" disabled={!ready} onClick={() => void read().catch(notify.error)}>
          {t('sync.bundle_import')}
        </RoleButton>
        {reading.running && <JobProgress progress={reading.progress} onCancel={reading.cancel} />}
        {reading.result && (
          <Alert
            type={reading.result.missing.length > 0 ? 'warning' : 'success'}
            showIcon
            title={
              reading.result.already
                ? t('sync.bundle_already')
                : t('sync.bundle_read', {
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
