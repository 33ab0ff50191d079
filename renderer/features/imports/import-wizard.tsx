/** Four steps: what was recognised, fields side by side, a dry run on the map with its defects, done. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Skeleton, Space, Steps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportKind, ImportOptions, ImportResult } from '../../../shared/contract/imports.ts'
import { asServiceError, errorMessage } from '../../app/errors.ts'
import { fileName } from '../../app/files.ts'
import { formatNumber } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { useJob } from '../../ui/use-job.ts'
import { FieldMapping } from './field-mapping.tsx'
import { Counts, FirstRows } from './import-parts.tsx'
import { IssueList } from './issue-list.tsx'
import { type Place, PreviewMap } from './preview-map.tsx'
import { EncodingSelect, isReady, KindChoice, Recognised } from './recognised.tsx'
import { useIssuesReport } from './use-issues-report.ts'

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
  const notify = useNotify()
  const [step, setStep] = useState(0)
  const [options, setOptions] = useState<Partial<ImportOptions>>({ match: 'code' })
  const [focus, setFocus] = useState<Place | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const dry = useJob<ImportResult>(setFailure)
  const commit = useJob<ImportResult>(setFailure)
  const { data: inspection, error } = useQuery({
    queryKey: ['imports', 'inspect', file, kind, options.encoding, options.sheet],
    queryFn: () => client.imports.inspect({ file, kind, encoding: options.encoding, sheet: options.sheet }),
    // The file may be mended and opened again under the same name.
    staleTime: 0,
    gcTime: 0,
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
    setFocus(null)
    setFailure(null)
    await dry.start(signal => client.imports.run({ file, kind, options: resolved(), dry_run: true }, { signal }))
  }
  const write = async (): Promise<void> => {
    setStep(3)
    setFailure(null)
    const result = await tracked(() =>
      commit.start(signal => client.imports.run({ file, kind, options: resolved(), dry_run: false }, { signal })),
    )
    await queries.invalidateQueries({ queryKey: ['imports'] })
    if (!result) setStep(2)
  }
  const saveReport = useIssuesReport()
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
        {error && (
          <>
            <Alert
              type="error"
              showIcon
              className="wizard-error"
              title={errorMessage(error)}
              description={t('import.nothing_written')}
            />
            <Space>
              <KindChoice kind={kind} onKind={onKind} />
              {asServiceError(error)?.data?.reason?.startsWith('encoding') && (
                <EncodingSelect value={options.encoding} onChange={encoding => set({ encoding })} />
              )}
              <Button onClick={onClose}>{t('import.other_file')}</Button>
            </Space>
          </>
        )}
        {!inspection && !error && <Skeleton active />}
        {inspection && step === 0 && (
          <>
            <Recognised inspection={inspection} kind={kind} options={options} onKind={onKind} onChange={set} />
            <Button type="primary" disabled={!ready} onClick={() => setStep(1)}>
              {t('import.to_fields')}
            </Button>
            {!ready && <span className="field-failed wizard-need">{t('import.need_answers')}</span>}
            <FirstRows rows={inspection.rows} />
          </>
        )}
        {inspection && step === 1 && (
          <>
            <Space className="wizard-actions">
              <Button onClick={() => setStep(0)}>{t('action.back')}</Button>
              <RoleButton calls="imports.run" type="primary" onClick={() => void tryOut()}>
                {t('import.to_try')}
              </RoleButton>
            </Space>
            <FieldMapping
              kind={kind}
              inspection={inspection}
              mapping={options.mapping ?? inspection.mapping}
              onChange={mapping => set({ mapping })}
            />
          </>
        )}
        {step === 2 && (
          <>
            {dry.running && <JobProgress progress={dry.progress} onCancel={dry.cancel} />}
            {!dry.running && !dry.result && (
              <Alert
                type={failure === null ? 'info' : 'error'}
                showIcon
                title={failure === null ? t('import.not_tried') : errorMessage(failure)}
                description={t('import.nothing_written')}
                action={<Button onClick={() => setStep(0)}>{t('action.back')}</Button>}
              />
            )}
            {dry.result && (
              <>
                {failure !== null && (
                  <Alert
                    type="error"
                    showIcon
                    className="wizard-error"
                    title={errorMessage(failure)}
                    description={t('import.nothing_written')}
                  />
                )}
                <Counts result={dry.result} />
                <Space className="wizard-actions">
                  <Button onClick={() => setStep(1)}>{t('action.back')}</Button>
                  <RoleButton
                    calls="imports.run"
                    type="primary"
                    disabled={dry.result.inserted + dry.result.updated === 0}
                    onClick={() => void write()}
                  >
                    {t('import.write', { count: dry.result.inserted + dry.result.updated })}
                  </RoleButton>
                  {dry.result.preview && (
                    <RoleButton
                      calls="imports.issuesReport"
                      onClick={() => void saveReport(dry.result!.preview!).catch(notify.error)}
                    >
                      {t('import.report')}
                    </RoleButton>
                  )}
                  {dry.result.inserted + dry.result.updated === 0 && (
                    <span className="muted">{t('import.nothing_new')}</span>
                  )}
                </Space>
                {dry.result.preview && (kind === 'parcels' || kind === 'boundary') && (
                  <PreviewMap preview={dry.result.preview} focus={focus} onShowAll={() => setFocus(null)} />
                )}
                {dry.result.preview && dry.result.issue_total > 0 && (
                  <IssueList source={dry.result.preview} kind={kind} onLocate={setFocus} />
                )}
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
                    <RoleButton
                      calls="imports.issuesReport"
                      onClick={() => void saveReport(done.batch!).catch(notify.error)}
                    >
                      {t('import.report')}
                    </RoleButton>
                  )}
                  {done.batch && (
                    <RoleButton
                      calls="imports.undo"
                      onClick={() =>
                        void tracked(() => client.imports.undo({ batch: done.batch! }))
                          .then(({ removed, restored }) => {
                            notify.success(t('import.undone', { removed, restored }))
                            onClose()
                          })
                          .catch(notify.error)
                      }
                    >
                      {t('import.undo')}
                    </RoleButton>
                  )}
                </Space>
                {done.batch && done.issue_total > 0 && <IssueList source={done.batch} kind={kind} />}
              </>
            )}
          </>
        )}
      </div>
    </div>
  )
}
