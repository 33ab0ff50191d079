/** Typed or pasted coordinates: the text, what it was taken for, and what is wrong with it. */
import { useEffect, useMemo, useState } from 'react'
import { localPlane } from '../../../shared/geometry/edit/metres.ts'
import { type Outline, outlineBox } from '../../../shared/geometry/edit/outline.ts'
import {
  readTypedCoordinates,
  type TypedOutline,
  type TypedResult,
} from '../../../shared/geometry/edit/typed-coordinates.ts'
import { EPSG_4549, planeForBox } from '../../../shared/geometry/plane.ts'
import type { MapBox, MapTranslate } from '../map-port.ts'

/** Farther than this from the survey's parcels is more likely a wrong system than a new parcel, km. */
const FAR_KM = 30

interface TypedPanelProps {
  readonly t: MapTranslate
  readonly language: 'zh' | 'en'
  readonly extent: MapBox | null
  onOutline(outline: Outline | null): void
  onSave(): void
  onLeave(): void
}

export function TypedPanel({ t, language, extent, onOutline, onSave, onLeave }: TypedPanelProps) {
  const [text, setText] = useState('')
  const [isComposing, setComposing] = useState(false)
  const plane = useMemo(() => (extent ? planeForBox([...extent]) : EPSG_4549), [extent])
  const result = useMemo(() => (isComposing ? null : readTypedCoordinates(text, plane)), [text, plane, isComposing])
  const read = result && 'outline' in result ? result : null
  useEffect(() => {
    // While an input method composes the text is not what was meant yet.
    if (result !== null) onOutline(read?.outline ?? null)
  }, [result, read, onOutline])
  const km = read && extent ? distanceKm(read.outline, extent) : 0

  return (
    <section className="map-panel map-typed" aria-label={t('map.typed.title')}>
      <label htmlFor="typed-coordinates">{t('map.typed.label')}</label>
      <textarea
        id="typed-coordinates"
        // The panel was opened to type into it.
        ref={element => element?.focus()}
        value={text}
        spellCheck={false}
        rows={9}
        placeholder={t('map.typed.placeholder')}
        onChange={event => setText(event.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={event => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Escape') onLeave()
          else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && read) onSave()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <div role="status" className="map-typed-answer">
        {read && (
          <>
            <p>{understood(read, t, language)}</p>
            {read.notes.map(note => (
              <p key={note} className="map-caution">
                {t(`map.typed.${note}`)}
              </p>
            ))}
            {km > FAR_KM && <p className="map-caution">{t('map.typed.far', { km: Math.round(km) })}</p>}
          </>
        )}
        {problemWords(result, t)}
      </div>
    </section>
  )
}

function understood(read: TypedOutline, t: MapTranslate, language: 'zh' | 'en'): string {
  const name = read.crs.id === 'survey' ? t('map.typed.survey') : language === 'zh' ? read.crs.zh : ''
  const crs = [name, read.crs.id === 'survey' ? '' : read.crs.id].filter(word => word !== '').join(' ')
  return t('map.typed.understood', {
    crs,
    order: t(`map.typed.order.${read.order}`),
    corners: read.corners,
    parts: read.outline.length,
  })
}

function problemWords(result: TypedResult | null, t: MapTranslate) {
  if (!result || !('problem' in result) || result.problem.kind === 'empty') return null
  const { kind, ...values } = result.problem
  return <p className="map-warning">{t(`map.typed.${kind}`, values as Record<string, string | number>)}</p>
}

/** From the nearest side of the survey's box, km; 0 inside. */
function distanceKm(outline: Outline, [west, south, east, north]: MapBox): number {
  const box = outlineBox(outline)
  const lng = (box[0] + box[2]) / 2
  const lat = (box[1] + box[3]) / 2
  const nearest: [number, number] = [Math.max(west, Math.min(east, lng)), Math.max(south, Math.min(north, lat))]
  const [x, y] = localPlane([lng, lat]).toMetres(nearest)
  return Math.hypot(x, y) / 1000
}
