/** Beside the measures of a plan: what each is accepted by, and which of its evidence is there. */
import { CheckOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { PlanDetail } from '../../../shared/contract/plans.ts'
import { MEASURE_CRITERIA } from '../../../shared/rules/measure-criteria.ts'
import { language, term } from '../../app/i18n/i18n.ts'
import { setUi } from '../../app/ui-store.ts'

export function PlanEvidence({
  evidence,
  enterpriseId,
  parcelId,
}: Readonly<{ evidence: PlanDetail['evidence']; enterpriseId: string; parcelId: string | undefined }>) {
  const { t } = useTranslation()
  if (evidence.length === 0) return null
  const go = (place: string): void => {
    if (place === 'milestone') {
      document.querySelector('[data-field="milestones"]')?.scrollIntoView({ block: 'center' })
    } else if (place === 'reclamation' && parcelId) {
      setUi({ page: 'map', selection: { entity: 'parcel', id: parcelId }, panelTab: 'books' })
    } else {
      const panelTab = place === 'years' ? 'years' : 'loop'
      setUi({ page: 'enterprises', selection: { entity: 'enterprise', id: enterpriseId }, panelTab })
    }
  }
  return (
    <table className="sheet plan-evidence">
      <thead>
        <tr>
          <th>{t('plan.measure')}</th>
          <th>{t('plan.accepted_by')}</th>
          <th>{t('plan.evidence_head')}</th>
        </tr>
      </thead>
      <tbody>
        {evidence.map(({ row, type, items }) => (
          <tr key={row}>
            <td className="no-break">
              {row}. {term('measure_type', type)}
            </td>
            <td>{MEASURE_CRITERIA[type]?.[language()] ?? '—'}</td>
            <td>
              {items.map(({ item, place, done }) => (
                <button
                  key={item}
                  type="button"
                  className={done ? 'evidence evidence-done' : 'evidence'}
                  title={done === null ? t('plan.not_listed_yet') : t(done ? 'plan.is_there' : 'plan.is_missing')}
                  onClick={() => go(place)}
                >
                  {done && <CheckOutlined />} {t(`plan.evidence.${item}`)}
                </button>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
