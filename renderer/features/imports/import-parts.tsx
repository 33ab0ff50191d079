/** Small pieces of the import wizard. */
import { useTranslation } from 'react-i18next'
import type { ImportResult } from '../../../shared/contract/imports.ts'

const COUNTS = ['inserted', 'updated', 'unchanged', 'repaired', 'rejected'] as const

/** The first rows as they stand in the file. */
export function FirstRows({ rows }: Readonly<{ rows: readonly Record<string, unknown>[] }>) {
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))].slice(0, 12)
  if (columns.length === 0) return null
  return (
    <div className="sheet-scroll">
      <table className="sheet">
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column}>{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 6).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: sample rows have no identity and never move
            <tr key={index}>
              {columns.map(column => (
                <td key={column} className="ellipsis">
                  {row[column] === null || row[column] === undefined || row[column] === '' ? '—' : String(row[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What happened, or would happen, to how many. */
export function Counts({ result }: Readonly<{ result: ImportResult }>) {
  const { t } = useTranslation()
  return (
    <div className="counts">
      {COUNTS.map(count => (
        <div key={count} className={`count count-${count}`}>
          <b className="numbers">{result[count].toLocaleString()}</b>
          <span>{t(`import.count.${count}`)}</span>
        </div>
      ))}
      <div className="count">
        <b className="numbers">{result.read.toLocaleString()}</b>
        <span>{t('import.count.read')}</span>
      </div>
    </div>
  )
}
