/** The detected clusters over the boundary, the picked one closer; nothing is saved from here. */
import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../../app/format.ts'
import { setUi } from '../../app/ui-store.ts'
import { countyOutlines } from '../../ui/county-outlines.ts'
import { OutlineCanvas, type OutlineLayer } from '../../ui/outline-canvas.tsx'
import { useBoundaryOutlines } from '../../ui/use-boundary-outlines.ts'
import { useElementSize } from '../../ui/use-element-size.ts'
import type { Detected } from './detect.tsx'

const COLOR = '#1f6f8b'
const PICKED = '#d9730d'

interface CandidateMapProps {
  /** How many there are now; the drawn ones may still be those of a moment ago. */
  found: number
  zones: Detected['zones']
  picked: string | null
  onShowAll: () => void
}

export function CandidateMap({ found, zones, picked, onShowAll }: Readonly<CandidateMapProps>) {
  const { t } = useTranslation()
  const [frame, size] = useElementSize<HTMLDivElement>()
  const boundary = useBoundaryOutlines()
  const zone = zones.find(candidate => candidate.code === picked)
  const layers = useMemo<OutlineLayer[]>(
    () => [
      ...countyOutlines(),
      ...boundary,
      ...zones.flatMap(({ code, outline }) => {
        const stroke = code === picked ? PICKED : COLOR
        return outline ? [{ geometry: outline, stroke, fill: `${stroke}55`, width: 1.5 }] : []
      }),
    ],
    [boundary, zones, picked],
  )
  const view = useMemo(() => (zone ? widened(zone.box) : null), [zone])
  return (
    <div className="page">
      <div className="page-head">
        <h2 className="page-title ellipsis">{zone ? zone.code : t('zone.found', { count: found })}</h2>
        {zone && (
          <span className="muted numbers">
            {formatNumber(zone.area_mu)} {t('common.mu')} · {t('zone.parcels', { count: zone.parcels.length })}
          </span>
        )}
        <span className="panel-gap" />
        {zone && <Button onClick={onShowAll}>{t('zone.show_all')}</Button>}
        {zone && <Button onClick={() => setUi({ page: 'map', flyTo: { box: zone.box } })}>{t('parcel.fly')}</Button>}
      </div>
      <div className="candidate-map" ref={frame}>
        {size.height > 0 && (
          <OutlineCanvas layers={layers} height={size.height} label={t('zone.detect')} view={view} movable />
        )}
      </div>
    </div>
  )
}

/** The box with a margin of its own size on each side, so that the surroundings show. */
function widened([west, south, east, north]: readonly [number, number, number, number]) {
  const [width, height] = [east - west, north - south]
  return [west - width / 2, south - height / 2, east + width / 2, north + height / 2] as const
}
