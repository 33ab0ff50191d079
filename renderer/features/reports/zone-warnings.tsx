/** What makes the figures of zones doubtful, beside the report that is to be made and beside the zone itself. */
import './reports.css'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ZoneReportWarning } from '../../../shared/contract/zone-report.ts'

/** Names of a warning on the screen; the report names more. */
const SHOWN = 4

export function ZoneWarnings({ list }: Readonly<{ list: readonly ZoneReportWarning[] }>) {
  const { t } = useTranslation()
  if (list.length === 0) return null
  return (
    <Alert
      type="warning"
      data-testid="zone-report-warnings"
      title={
        <ul className="report-warnings">
          {list.map(({ code, count, names }) => (
            <li key={code}>
              {t(`report.warning.${code}`, { count })}
              {names.length > 0 &&
                `${t('report.warning_colon')}${names.slice(0, SHOWN).join(t('report.warning_comma'))}`}
              {names.length > 0 && count > SHOWN && '…'}
            </li>
          ))}
        </ul>
      }
    />
  )
}
