/** What is odd about the figures of a year: contradictions, and cells of the table that could not be read. Blocks nothing. */
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { type CheckedFigures, figureFindings, findingInWords } from '../../../shared/rules/figure-checks.ts'
import { language } from '../../app/i18n/i18n.ts'

export function FigureNotes({
  record,
  before,
  status,
  mappedMu,
  onRead,
}: Readonly<{
  record: Record<string, unknown>
  before: Record<string, unknown> | undefined
  status: string | null
  mappedMu: number | null
  /** The cells that could not be read have been dealt with. */
  onRead: () => void
}>) {
  const { t } = useTranslation()
  const findings = figureFindings(record as CheckedFigures, {
    op_status: status,
    mapped_mu: mappedMu,
    before: before as CheckedFigures | undefined,
  })
  if (findings.length === 0) return null
  return (
    <Alert
      type="warning"
      className="figure-notes"
      title={t('enterprise.doubtful_figures', { count: findings.length })}
      description={
        <>
          {findings.map(finding => {
            const words = findingInWords(finding, language())
            return <div key={words}>{words}</div>
          })}
          {record['unread'] != null && (
            <button type="button" className="link-button" onClick={onRead}>
              {t('enterprise.unread_done')}
            </button>
          )}
        </>
      }
    />
  )
}
