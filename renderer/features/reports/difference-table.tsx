/** What differs between two revisions: row, column, then and now. */
import { useTranslation } from 'react-i18next'
import type { PublishedSummary } from '../../../shared/contract/published-reports.ts'

/** More is read in the printed revision. */
const SHOWN = 100

export function DifferenceTable({ list }: Readonly<{ list: PublishedSummary['differences'] }>) {
  const { t } = useTranslation()
  return (
    <div className="report-differences">
      <table className="sheet">
        <thead>
          <tr>
            {(['row', 'column', 'before', 'after'] as const).map(name => (
              <th key={name}>{t(`report.difference.${name}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.slice(0, SHOWN).map(({ row, column, before, after }) => (
            <tr key={`${row} ${column}`}>
              <td>{row}</td>
              <td>{column}</td>
              <td className="report-value">{before ?? '—'}</td>
              <td className="report-value">{after ?? '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.length > SHOWN && <p className="muted">{t('report.difference.more', { count: list.length - SHOWN })}</p>}
    </div>
  )
}
