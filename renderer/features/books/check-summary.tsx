/** 合规检查汇总: by dimension and department what was checked, failed, put right, is open and overdue. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { fieldLabel, term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'

const COUNTS = ['checked', 'failed', 'rectified', 'open', 'overdue', 'without_deadline'] as const

export function CheckSummaryTable({ unit }: Readonly<{ unit: string | undefined }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const { data } = useQuery({
    queryKey: ['loop', 'related', 'compliance_check', 'summary', unit],
    queryFn: () => client.books.checks({ unit }),
  })
  if (!data || data.rows.length === 0) return null
  return (
    <div className="sheet-scroll">
      <table className="sheet check-summary">
        <thead>
          <tr>
            <th>{fieldLabel('compliance_check', 'dimension')}</th>
            <th>{fieldLabel('compliance_check', 'department')}</th>
            {COUNTS.map(name => (
              <th key={name}>{t(`books.count.${name}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody className="numbers">
          {data.rows.map(row => (
            <tr key={`${row.dimension}-${row.department}`}>
              <td>{term('dimension', row.dimension)}</td>
              <td>{term('department', row.department)}</td>
              {COUNTS.map(name => (
                <td key={name} className={name === 'overdue' && row.overdue > 0 ? 'field-failed' : undefined}>
                  {row[name]}
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <td colSpan={2}>{t('books.all')}</td>
            {COUNTS.map(name => (
              <td key={name}>{data.rows.reduce((sum, row) => sum + row[name], 0)}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  )
}
