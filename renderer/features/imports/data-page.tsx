/** The import desk: choose a file, follow the steps, look after past batches. */
import './imports.css'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Segmented, Space, Tag } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IMPORT_KINDS, type ImportKind } from '../../../shared/contract/imports.ts'
import { fileName, useFiles } from '../../app/files.ts'
import { formatInstant } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { setUi, useUi } from '../../app/ui-store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { ImportWizard } from './import-wizard.tsx'
import { IssueList } from './issue-list.tsx'
import { useIssuesReport } from './use-issues-report.ts'

const EXTENSIONS: Readonly<Record<ImportKind, string[]>> = {
  parcels: ['geojson', 'json', 'ndjson', 'geojsonl'],
  boundary: ['geojson', 'json', 'ndjson', 'geojsonl'],
  enterprises: ['xlsx', 'csv', 'txt'],
  units: ['xlsx', 'csv', 'txt'],
}

export function DataPage() {
  const { t } = useTranslation()
  const files = useFiles()
  const notify = useNotify()
  const dropped = useUi(state => state.importFile)
  const wished = useUi(state => state.importKind)
  const [kind, setKind] = useState<ImportKind>('parcels')
  const [file, setFile] = useState<string | null>(null)
  const [issuesOf, setIssuesOf] = useState<{ batch: string; kind: ImportKind } | null>(null)

  useEffect(() => {
    if (!wished) return
    setUi({ importKind: null })
    // An import under way keeps its kind.
    if (file === null) setKind(wished)
  }, [wished, file])

  useEffect(() => {
    if (!dropped) return
    setUi({ importFile: null })
    setFile(dropped)
    if (/\.(xlsx|csv|txt)$/i.test(dropped)) setKind('enterprises')
  }, [dropped])

  useEffect(() => {
    setUi({ importing: file !== null })
    return () => setUi({ importing: false })
  }, [file])

  const choose = async (): Promise<void> => {
    const chosen = await files.choose(t('import.choose', { kind: t(`import.kind.${kind}`) }), [
      { name: t(`import.kind.${kind}`), extensions: EXTENSIONS[kind] },
    ])
    if (chosen) setFile(chosen)
  }
  if (file) {
    return (
      <ImportWizard key={`${kind}-${file}`} kind={kind} file={file} onKind={setKind} onClose={() => setFile(null)} />
    )
  }
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="page-title">{t('page.data')}</h1>
        <Segmented
          value={kind}
          options={IMPORT_KINDS.map(value => ({ value, label: t(`import.kind.${value}`) }))}
          onChange={value => {
            setKind(value as ImportKind)
            setIssuesOf(null)
          }}
        />
        <RoleButton calls="imports.inspect" type="primary" onClick={() => void choose().catch(notify.error)}>
          {t('import.choose', { kind: t(`import.kind.${kind}`) })}
        </RoleButton>
        <span className="muted">{t(`import.hint.${kind}`)}</span>
      </div>
      <div className="page-body page-pad">
        {issuesOf ? (
          <IssueList source={issuesOf.batch} kind={issuesOf.kind} onClose={() => setIssuesOf(null)} />
        ) : (
          <>
            <div className="drop-zone">{t('import.drop')}</div>
            <Batches onIssues={setIssuesOf} />
          </>
        )}
      </div>
    </div>
  )
}

function Batches({ onIssues }: Readonly<{ onIssues: (of: { batch: string; kind: ImportKind }) => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const { modal } = App.useApp()
  const notify = useNotify()
  const saveReport = useIssuesReport()
  const { data } = useQuery({ queryKey: ['imports', 'batches'], queryFn: () => client.imports.batches() })
  const undo = async (batch: string, file: string): Promise<void> => {
    const confirmed = await modal.confirm({
      title: t('import.undo_confirm', { file: fileName(file) }),
      okText: t('import.undo'),
      cancelText: t('action.cancel'),
    })
    if (!confirmed) return
    const { removed, restored } = await tracked(() => client.imports.undo({ batch }))
    notify.success(t('import.undone', { removed, restored }))
  }
  if (!data) return null
  if (data.length === 0) return <EmptyState text={t('import.no_batches')} />
  return (
    <table className="sheet">
      <thead>
        <tr>
          {['file', 'what', 'when', 'who', 'counts', 'issues', 'actions'].map(column => (
            <th key={column}>{t(`import.batch.${column}`)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.map(batch => (
          <tr key={batch.id} className={batch.undone_at ? 'muted' : undefined}>
            <td>{fileName(batch.file)}</td>
            <td>{t(`import.kind.${batch.kind}`)}</td>
            <td className="numbers">{formatInstant(batch.at)}</td>
            <td>{batch.user}</td>
            <td className="numbers">
              {['inserted', 'updated', 'unchanged', 'repaired', 'rejected']
                .filter(count => (batch.counts[count] ?? 0) > 0)
                .map(count => `${t(`import.count.${count}`)} ${batch.counts[count]!.toLocaleString()}`)
                .join(' · ')}
            </td>
            <td>
              {batch.issues > 0 && (
                <Button type="link" onClick={() => onIssues({ batch: batch.id, kind: batch.kind })}>
                  {batch.issues}
                </Button>
              )}
            </td>
            <td className="batch-actions">
              <Space>
                {batch.issues > 0 && (
                  <RoleButton
                    calls="imports.issuesReport"
                    onClick={() => void saveReport(batch.id).catch(notify.error)}
                  >
                    {t('import.report')}
                  </RoleButton>
                )}
                {batch.undone_at ? (
                  <Tag>{t('import.is_undone')}</Tag>
                ) : (
                  <RoleButton calls="imports.undo" onClick={() => void undo(batch.id, batch.file).catch(notify.error)}>
                    {t('import.undo')}
                  </RoleButton>
                )}
              </Space>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
