/** In the status line while a receiver runs, on every page: where, how it knows, how well, by how many satellites. */
import { useTranslation } from 'react-i18next'
import { setUi } from '../../app/ui-store.ts'
import { gnssState, isStale, useGnss } from './gnss-session.ts'
import { setGnssUi } from './gnss-ui.ts'
import { useSeconds } from './use-seconds.ts'
import { accuracyWords } from './words.ts'

export function GnssStatus() {
  const { t } = useTranslation()
  const { source, trouble, fix, epoch } = useGnss(state => state)
  const now = useSeconds(source !== null)
  if (!source && !trouble) return null
  const isOld = isStale(gnssState(), now)
  const hasFix = !trouble && epoch?.fix && fix && !isOld
  const words = hasFix
    ? [
        t(`gnss.quality.${fix.quality}`),
        t('gnss.accuracy', { accuracy: accuracyWords(fix.accuracyM, fix.accuracyFrom) }),
        t('gnss.satellites', { count: fix.satellites ?? epoch.satellites ?? '—' }),
      ]
    : [trouble ? t(`gnss.trouble_short.${trouble}`) : t('gnss.no_fix')]
  return (
    <button
      type="button"
      className={hasFix ? 'link-button gnss-status' : 'link-button gnss-status gnss-warning'}
      data-testid="gnss-status"
      title={trouble ? t(`gnss.trouble.${trouble}`) : t('gnss.title')}
      onClick={() => {
        setUi({ page: 'map' })
        setGnssUi({ isOpen: true })
      }}
    >
      GNSS {source?.kind === 'replay' && `${t('gnss.status_replay')} `}
      {hasFix && (
        <span className="numbers gnss-status-place">
          {fix.lng.toFixed(6)}, {fix.lat.toFixed(6)}{' '}
        </span>
      )}
      {words.join(' · ')}
    </button>
  )
}
