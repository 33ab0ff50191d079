/** The visits of a parcel in its panel: the form of a new one on top, what was seen before below it. */
import { useTranslation } from 'react-i18next'
import { mayWriteRecord, type Person } from '../../../shared/rules/roles/roles.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { VisitForm } from './visit-form.tsx'
import { VisitHistory } from './visit-history.tsx'

export function ParcelVisits({ parcelId, focusFirst }: Readonly<{ parcelId: string; focusFirst: boolean }>) {
  const { t } = useTranslation()
  const survey = useSurvey()
  const barred = survey ? mayWriteRecord(survey.profile as Person, 'survey_visit') : null
  return (
    <>
      <VisitForm parcelId={parcelId} focusFirst={focusFirst} barred={barred} />
      <div className="section">{t('visit.history')}</div>
      <VisitHistory of={{ parcel_id: parcelId }} {...(survey ? { without: survey.profile.user } : {})} />
    </>
  )
}
