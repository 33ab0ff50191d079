/** What makes the figures of a report doubtful, said before it is made. */
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Caution } from '../../../shared/report/cautions.ts'

export function Cautions({ list }: Readonly<{ list: readonly Caution[] }>) {
  const { t } = useTranslation()
  if (list.length === 0) return null
  return (
    <Alert
      type="warning"
      data-testid="report-cautions"
      title={
        <ul className="report-warnings">
          {list.map(({ code, values }) => (
            <li key={code}>{t(`report.caution.${code}`, values)}</li>
          ))}
        </ul>
      }
    />
  )
}
