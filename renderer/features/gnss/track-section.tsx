/** Recording the way walked, and taking it along as a file. */
import { Button, Popconfirm } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { trackGeoJson, trackGpx, trackLengthM } from '../../../shared/gnss/track.ts'
import { clearTrack, pauseTrack, showTrack, startTrack, useTrack } from './track-store.ts'

export function TrackSection({ isConnected }: Readonly<{ isConnected: boolean }>) {
  const { t } = useTranslation()
  const { points, isRecording, problem } = useTrack()
  useEffect(showTrack, [])
  if (!isConnected && points.length === 0) return null
  const name = t('gnss.track_name', { date: (points[0]?.time ?? new Date().toISOString()).slice(0, 10) })
  return (
    <div className="gnss-track-section" data-testid="gnss-track">
      <div className="gnss-row">
        {isRecording ? (
          <Button size="small" onClick={pauseTrack}>
            {t('gnss.track_pause')}
          </Button>
        ) : (
          <Button size="small" disabled={!isConnected} onClick={startTrack}>
            {points.length > 0 ? t('gnss.track_resume') : t('gnss.track_start')}
          </Button>
        )}
        {points.length > 0 && (
          <>
            <span className="numbers">
              {t('gnss.track_facts', { count: points.length, length: Math.round(trackLengthM(points)) })}
            </span>
            <Button size="small" type="link" onClick={() => save(`${name}.gpx`, trackGpx(name, points))}>
              GPX
            </Button>
            <Button size="small" type="link" onClick={() => save(`${name}.geojson`, trackGeoJson(name, points))}>
              GeoJSON
            </Button>
            <Popconfirm
              title={t('gnss.track_clear_confirm')}
              okText={t('gnss.track_clear')}
              cancelText={t('action.cancel')}
              onConfirm={clearTrack}
            >
              <Button size="small" type="link" danger>
                {t('gnss.track_clear')}
              </Button>
            </Popconfirm>
          </>
        )}
      </div>
      {problem && (
        <div className="gnss-warning" role="alert">
          {t(`gnss.track_${problem}`)}
        </div>
      )}
      {points.length > 0 && <div className="muted">{t('gnss.track_where')}</div>}
    </div>
  )
}

/** The browser, or the desktop's save dialog, asks where to. */
function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
