/** The receiver at the lower left of the map: its button with the state in one word, and the panel that it opens. */
import { AimOutlined } from '@ant-design/icons'
import { Button, Checkbox } from 'antd'
import { useEffect, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { coordinateText } from '../../app/coordinates.ts'
import { useEscape } from '../../app/escape.ts'
import { setUi } from '../../app/ui-store.ts'
import { gnssView, setGnssView, subscribeGnssView } from '../../map/field/gnss-view.ts'
import { CornerSection } from './corner-section.tsx'
import { gnssState, isStale, useGnss } from './gnss-session.ts'
import { setGnssUi, useGnssUi } from './gnss-ui.ts'
import { SourceSection } from './source-section.tsx'
import { TrackSection } from './track-section.tsx'
import { useSeconds } from './use-seconds.ts'
import { accuracyWords } from './words.ts'
import './gnss.css'

/** Slower than this the course is noise: 1.8 km/h. */
const MOVING_MS = 0.5

export function GnssPanel() {
  const { t } = useTranslation()
  const isOpen = useGnssUi(ui => ui.isOpen)
  useEscape(isOpen, () => setGnssUi({ isOpen: false }))
  const source = useGnss(state => state.source)
  const now = useSeconds(source !== null)
  useMapView(now)
  return (
    <>
      {isOpen && (
        <section className="gnss-panel" aria-label={t('gnss.title')} data-testid="gnss-panel">
          <SourceSection />
          {source && <Position now={now} />}
          {source && <CornerSection isUsable={!isStale(gnssState(), now)} />}
          <TrackSection isConnected={source !== null} />
        </section>
      )}
      <Button
        size="small"
        icon={<AimOutlined />}
        type={source ? 'primary' : 'default'}
        aria-expanded={isOpen}
        title={`${t('gnss.title')} (I)`}
        onClick={() => setGnssUi({ isOpen: !isOpen })}
      >
        {t('gnss.button')}
      </Button>
    </>
  )
}

function Position({ now }: Readonly<{ now: number }>) {
  const { t } = useTranslation()
  const { fix, fixAt, epoch, counts } = useGnss(state => state)
  const isFollowed = useSyncExternalStore(subscribeGnssView, () => gnssView().isFollowed)
  const stale = isStale(gnssState(), now)
  const bad = counts.badChecksum + counts.malformed
  const satellites = epoch?.satellites ?? null
  return (
    <div className="gnss-position" data-testid="gnss-position">
      <div className="gnss-row">
        <b className={stale ? 'gnss-warning' : ''}>
          {epoch?.fix ? t(`gnss.quality.${epoch.fix.quality}`) : t('gnss.no_fix')}
        </b>
        <span>{t('gnss.satellites', { count: satellites ?? '—' })}</span>
        {fix && <span>HDOP {fix.hdop === null ? '—' : fix.hdop.toFixed(1)}</span>}
        {fix && (
          <span title={fix.accuracyFrom === 'estimate' ? t('gnss.estimate_hint') : t('gnss.receiver_hint')}>
            {t('gnss.accuracy', { accuracy: accuracyWords(fix.accuracyM, fix.accuracyFrom) })}
          </span>
        )}
      </div>
      {fix ? (
        <>
          <div className="numbers" data-testid="gnss-degrees">
            {fix.lng.toFixed(8)}, {fix.lat.toFixed(8)}
          </div>
          <div className="numbers">{coordinateText('EPSG:4549', fix.lng, fix.lat)}</div>
          <div className="gnss-row">
            <span className={stale ? 'gnss-warning' : 'muted'}>
              {t('gnss.age', { seconds: Math.max(0, Math.round((now - fixAt) / 1000)) })}
            </span>
            {fix.speedMs !== null && fix.speedMs >= MOVING_MS && (
              <span className="muted">{t('gnss.speed', { speed: (fix.speedMs * 3.6).toFixed(1) })}</span>
            )}
            <Checkbox checked={isFollowed} onChange={event => setGnssView({ isFollowed: event.target.checked })}>
              {t('gnss.follow')}
            </Checkbox>
            <Button
              size="small"
              type="link"
              onClick={() => setUi({ page: 'map', flyTo: { place: { lng: fix.lng, lat: fix.lat }, zoom: 18 } })}
            >
              {t('gnss.fly')}
            </Button>
          </div>
        </>
      ) : (
        <div className="muted">{t('gnss.searching')}</div>
      )}
      {bad > 0 && <div className="muted">{t('gnss.bad', { count: bad })}</div>}
    </div>
  )
}

/** Tells the map where the receiver is. */
function useMapView(now: number): void {
  const { t } = useTranslation()
  const state = useGnss(all => all)
  useEffect(() => {
    const { fix } = state
    setGnssView({
      place: fix && { lng: fix.lng, lat: fix.lat },
      accuracyM: fix?.accuracyM ?? null,
      courseDegrees: fix && (fix.speedMs ?? 0) >= MOVING_MS ? fix.courseDegrees : null,
      isStale: isStale(state, now),
      label: fix ? t(`gnss.quality.${fix.quality}`) : '',
    })
  }, [state, now, t])
}
