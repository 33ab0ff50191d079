/** The line at the bottom: which survey, saved or not, where the pointer is. */
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { GnssStatus } from '../features/gnss/gnss-status.tsx'
import { CoordinateReadout } from '../features/viewing/coordinate-readout.tsx'
import { term } from './i18n/i18n.ts'
import { useSaveState } from './save-state.ts'
import { SyncState } from './sync-state.tsx'
import { useUi } from './ui-store.ts'
import { useSurvey, useUnitNames } from './use-survey.ts'

export function StatusLine() {
  const { t } = useTranslation()
  const survey = useSurvey()
  const units = useUnitNames()
  const save = useSaveState()
  const view = useUi(state => state.view)
  const page = useUi(state => state.page)
  const unit = survey?.profile.unit
  return (
    <footer className="status-line">
      <span className="status-name" title={survey?.file}>
        {survey?.open ? survey.name : t('status.no_survey')}
      </span>
      {survey?.demo && <Tag color="gold">{t('status.demo')}</Tag>}
      {survey && (
        <span>
          {survey.profile.user} · {term('role', survey.profile.role)}
          {unit ? ` · ${units.get(unit) ?? unit}` : ''}
        </span>
      )}
      <span
        className={save.failed > 0 ? 'status-save status-save-failed' : 'status-save'}
        role="status"
        data-testid="save-state"
      >
        {save.failed > 0
          ? t('status.failed', { count: save.failed })
          : save.pending > 0
            ? t('status.saving')
            : t('status.saved')}
      </span>
      <SyncState />
      <GnssStatus />
      <span className="status-gap" />
      {page === 'map' && <CoordinateReadout />}
      {page === 'map' && view && (
        <span className="numbers">{t('status.scale', { scale: Math.round(view.scale).toLocaleString() })}</span>
      )}
    </footer>
  )
}
