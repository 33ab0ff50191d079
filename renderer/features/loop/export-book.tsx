/** 导出记录: every file that left this survey, who wrote it and when. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatInstant } from '../../app/format.ts'
import { useService } from '../../app/service-context.ts'

const SHOWN = 50

export function ExportBook() {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const { data } = useQuery({
    queryKey: ['loop', 'exported', generation],
    queryFn: () => client.loop.exported({ limit: SHOWN }),
    // Files are no edits: nothing announces them.
    staleTime: 0,
  })
  return (
    <section className="card">
      <h2>{t('loop.exports')}</h2>
      {data?.length === 0 && <p className="muted">{t('loop.no_exports')}</p>}
      {data && data.length > 0 && (
        <div className="sheet-scroll">
          <table className="sheet">
            <tbody>
              {data.map(row => (
                <tr key={`${row.at}-${row.file}`}>
                  <td className="no-break">{formatInstant(row.at)}</td>
                  <td>{row.user}</td>
                  <td className="ellipsis" title={`${row.file}\nSHA-256 ${row.sha256}`}>
                    {row.file.replace(/^.*[\\/]/, '')}
                  </td>
                  <td className="numbers">{t('common.total', { count: row.records })}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
