/** The defect report of a batch or dry run: asks where to, writes it and opens it (in the browser it is downloaded). */
import { useTranslation } from 'react-i18next'
import { useFiles } from '../../app/files.ts'
import { useService } from '../../app/service-context.ts'

/** Resolves when the report is open or the person gave up. */
export function useIssuesReport(): (source: string) => Promise<void> {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  return async source => {
    const target = await files.target(t('import.report'), `${t('import.report')}.xlsx`, [
      { name: 'XLSX', extensions: ['xlsx'] },
    ])
    if (!target) return
    const report = await client.imports.issuesReport({ source, file: target })
    await files.open(report.file)
  }
}
