/** Four steps: what was recognised, fields side by side, a dry run on the map with its defects, done. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, DatePicker, Input, InputNumber, Radio, Segmented, Select, Skeleton, Space, Steps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  IMPORT_KINDS,
  type ImportKind,
  type ImportOptions,
  type ImportResult,
  type Inspection,
} from '../../../shared/contract/imports.ts'
import { COMMON_CRS, usableCrs } from '../../../shared/geometry/crs.ts'
import { errorMessage } from '../../app/errors.ts'
import { fileName, useFiles } from '../../app/files.ts'
import { formatNumber } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useJob } from '../../ui/use-job.ts'
import { FieldMapping } from './field-mapping.tsx'
import { Counts, FirstRows } from './import-parts.tsx'
import { IssueList } from './issue-list.tsx'
import { PreviewMap } from './preview-map.tsx'

interface WizardProps {
  kind: ImportKind
  file: string
  onKind: (kind: ImportKind) => void
  onClose: () => void
}

export function ImportWizard({ kind, file, onKind, onClose }: Readonly<WizardProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const queries = useQueryClient()
  const files = useFiles()
  const notify = useNotify()
  const [step, setStep] = useState(0)
  const [options, setOptions] = useState<Partial<ImportOptions>>({ match: 'code' })
  const dry = useJob<ImportResult>()
  const commit = useJob<ImportResult>()
  const { data: inspection, error } = useQuery({
    queryKey: ['imports', 'inspect', file, kind, options.encoding, options.sheet],
    queryFn: () => client.imports.inspect({ file, kind, encoding: options.encoding, sheet: options.sheet }),
  })
  const set = (change: Partial<ImportOptions>): void => setOptions(previous => ({ ...previous, ...change }))

  const ready = inspection !== undefined && isReady(kind, inspection, options)
  const resolved = (): ImportOptions => ({
    match: 'code',
    outside_guard: false,
    ...options,
    crs: options.crs ?? inspection?.crs_proposed ?? undefined,
    mapping: options.mapping ?? inspection?.mapping,
  })
  const tryOut = async (): Promise<void> => {
    setStep(2)
    await dry.start(signal => client.imports.run({ file, kind, options: resolved(), dry_run: true }, { signal }))
  }
  const write = async (): Promise<void> => {
    setStep(3)
    const result = await commit.start(signal =>
      client.imports.run({ file, kind, options: resolved(), dry_run: false }, { signal }),
    )
    await queries.invalidateQueries({ queryKey: ['imports'] })
    if (!result) setStep(2)
  }
  const saveReport = async (source: string): Promise<void> => {
    const target = await files.target(t('import.report'), `${t('import.report')}.xlsx`, [
      { name: 'XLSX', extensions: ['xlsx'] },
    ])
    if (!target) return
    const report = await client.imports.issuesReport({ source, file: target })
    await files.open(report.file)
  }
  const done = commit.result
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="page-title ellipsis" title={fileName(file)}>
          {fileName(file)}
        </h1>
        <Steps
          className="wizard-steps"
          size="small"
          current={step}
          items={['recognised', 'fields', 'try', 'done'].map(name => ({ title: t(`import.step.${name}`) }))}
        />
        <span className="panel-gap" />
        <Button onClick={onClose}>{t(done ? 'import.back_to_list' : 'action.cancel')}</Button>
      </div>
      <div className="page-body page-pad">
        {error && <Alert type="error" showIcon title={errorMessage(error)} description={t('import.nothing_written')} />}
        {!inspection && !error && <Skeleton active />}
        {inspection && step === 0 && (
          <>
            <Recognised inspection={inspection} kind={kind} options={options} onKind={onKind} onChange={set} />
            <Button type="primary" disabled={!ready} onClick={() => setStep(1)}>
              {t('import.to_fields')}
            </Button>
            {!ready && <span className="field-failed wizard-need">{t('import.need_answers')}</span>}
          </>
        )}
        {inspection && step === 1 && (
          <>
            <FieldMapping
              kind={kind}
              inspection={inspection}
              mapping={options.mapping ?? inspection.mapping}
              onChange={mapping => set({ mapping })}
            />
            <Space>
              <Button onClick={() => setStep(0)}>{t('action.back')}</Button>
              <Button type="primary" onClick={() => void tryOut()}>
                {t('import.to_try')}
              </Button>
            </Space>
          </>
        )}
        {step === 2 && (
          <>
            {dry.running && <JobProgress progress={dry.progress} onCancel={dry.cancel} />}
            {!dry.running && !dry.result && (
              <Alert
                type="warning"
                showIcon
                title={t('import.not_tried')}
                description={t('import.nothing_written')}
                action={<Button onClick={() => setStep(0)}>{t('action.back')}</Button>}
              />
            )}
            {dry.result && (
              <>
                <Counts result={dry.result} />
                <Space className="wizard-actions">
                  <Button onClick={() => setStep(1)}>{t('action.back')}</Button>
                  <Button
                    type="primary"
                    disabled={dry.result.inserted + dry.result.updated === 0}
                    onClick={() => void write()}
                  >
                    {t('import.write', { count: dry.result.inserted + dry.result.updated })}
                  </Button>
                  {dry.result.preview && (
                    <Button onClick={() => void saveReport(dry.result!.preview!).catch(notify.error)}>
                      {t('import.report')}
                    </Button>
                  )}
                  {dry.result.inserted + dry.result.updated === 0 && (
                    <span className="muted">{t('import.nothing_new')}</span>
                  )}
                </Space>
                {dry.result.preview && (kind === 'parcels' || kind === 'boundary') && (
                  <PreviewMap preview={dry.result.preview} />
                )}
                {dry.result.preview && dry.result.issue_total > 0 && <IssueList source={dry.result.preview} />}
              </>
            )}
          </>
        )}
        {step === 3 && (
          <>
            {commit.running && <JobProgress progress={commit.progress} onCancel={commit.cancel} />}
            {done && (
              <>
                <Alert
                  type="success"
                  showIcon
                  title={t('import.finished', { seconds: formatNumber(done.seconds, 1) })}
                />
                <Counts result={done} />
                <Space className="wizard-actions">
                  {done.extent && (
                    <Button type="primary" onClick={() => setUi({ page: 'map', flyTo: { box: done.extent! } })}>
                      {t('import.show_on_map')}
                    </Button>
                  )}
                  {done.batch && done.issue_total > 0 && (
                    <Button onClick={() => void saveReport(done.batch!).catch(notify.error)}>
                      {t('import.report')}
                    </Button>
                  )}
                  {done.batch && (
                    <Button
                      onClick={() =>
                        void client.imports
                          .undo({ batch: done.batch! })
                          .then(({ removed, restored }) => {
                            notify.success(t('import.undone', { removed, restored }))
                            onClose()
                          })
                          .catch(notify.error)
                      }
                    >
                      {t('import.undo')}
                    </Button>
                  )}
                </Space>
                {done.batch && done.issue_total > 0 && <IssueList source={done.batch} />}
              </>
            )}
          </>
        )}
      </div>
    </div>
  )
}

/** Are all questions of the first step answered? The datum is asked, never assumed, when the file cannot say. */
function isReady(kind: ImportKind, inspection: Inspection, options: Partial<ImportOptions>): boolean {
  if (kind === 'enterprises') return options.year !== undefined
  if (kind === 'units') return true
  const crs = options.crs ?? (inspection.ask_datum ? undefined : inspection.crs_proposed)
  return Boolean(crs) && (kind !== 'boundary' || Boolean(options.name?.trim() && options.effective))
}

interface RecognisedProps {
  inspection: Inspection
  kind: ImportKind
  options: Partial<ImportOptions>
  onKind: (kind: ImportKind) => void
  onChange: (change: Partial<ImportOptions>) => void
}

function Recognised({ inspection, kind, options, onKind, onChange }: Readonly<RecognisedProps>) {
  const { t } = useTranslation()
  const spatial = kind === 'parcels' || kind === 'boundary'
  const crs = options.crs ?? (inspection.ask_datum ? undefined : (inspection.crs_proposed ?? undefined))
  const list = usableCrs().sort((a, b) => rank(a.id) - rank(b.id))
  return (
    <div className="recognised">
      <dl className="facts">
        <dt>{t('import.fact.kind')}</dt>
        <dd>
          <Segmented
            value={kind}
            options={IMPORT_KINDS.map(value => ({ value, label: t(`import.kind.${value}`) }))}
            onChange={value => onKind(value as ImportKind)}
          />
        </dd>
        <dt>{t('import.fact.format')}</dt>
        <dd>
          {inspection.format_label} · {formatNumber(inspection.size / 1024, 0)} KB{' '}
          {inspection.encoding && `· ${inspection.encoding}`}
        </dd>
        <dt>{t('import.fact.rows')}</dt>
        <dd>
          {inspection.complete
            ? inspection.sampled.toLocaleString()
            : t('import.at_least', { count: inspection.sampled })}{' '}
          {Object.entries(inspection.geometry_types)
            .map(([type, count]) => `${type} ${count}`)
            .join(' · ')}
        </dd>
        {spatial && (
          <>
            <dt>{t('import.fact.crs')}</dt>
            <dd>
              <Select
                className="crs-select"
                showSearch={{ optionFilterProp: 'label' }}
                value={crs}
                placeholder={t('import.choose_crs')}
                aria-label={t('import.fact.crs')}
                options={list.map(entry => ({ value: entry.id, label: `${entry.zh} (${entry.id})` }))}
                onChange={value => onChange({ crs: value })}
              />
              <span className="muted">
                {inspection.crs_declared
                  ? t('import.declared', { crs: inspection.crs_declared })
                  : t('import.undeclared')}
              </span>
              {inspection.ask_datum && (
                <div className="datum">
                  <div>{t('import.ask_datum')}</div>
                  <Radio.Group
                    value={options.crs}
                    onChange={event => onChange({ crs: event.target.value as string })}
                    options={[
                      { value: 'EPSG:4490', label: 'CGCS2000 / WGS84' },
                      { value: 'GCJ02', label: 'GCJ-02' },
                      { value: 'BD09', label: 'BD-09' },
                    ]}
                  />
                </div>
              )}
            </dd>
          </>
        )}
        {kind === 'boundary' && (
          <>
            <dt>{t('import.fact.version')}</dt>
            <dd>
              <Space>
                <Input
                  value={options.name ?? ''}
                  maxLength={200}
                  placeholder={t('import.version_name')}
                  aria-label={t('import.version_name')}
                  onChange={event => onChange({ name: event.target.value })}
                />
                <DatePicker
                  placeholder={t('import.effective')}
                  onChange={value => {
                    const picked = Array.isArray(value) ? value[0] : value
                    onChange({ effective: picked ? picked.format('YYYY-MM-DD') : undefined })
                  }}
                />
              </Space>
            </dd>
          </>
        )}
        {kind === 'enterprises' && (
          <>
            <dt>{t('import.fact.year')}</dt>
            <dd>
              <InputNumber
                value={options.year ?? null}
                min={1990}
                max={2100}
                controls={false}
                aria-label={t('import.fact.year')}
                onChange={year => onChange({ year: year ?? undefined })}
              />
            </dd>
          </>
        )}
        {inspection.sheets.length > 1 && (
          <>
            <dt>{t('import.fact.sheet')}</dt>
            <dd>
              <Select
                value={options.sheet ?? inspection.sheets[0]}
                options={inspection.sheets.map(sheet => ({ value: sheet, label: sheet }))}
                onChange={sheet => onChange({ sheet })}
              />
            </dd>
          </>
        )}
      </dl>
      {inspection.crs_findings.map(finding => (
        <Alert key={finding.code} type="warning" showIcon title={finding.message} />
      ))}
      <FirstRows rows={inspection.rows} />
    </div>
  )
}

function rank(id: string): number {
  const index = COMMON_CRS.indexOf(id)
  return index < 0 ? 100 : index
}
