/** The divider between two boundary versions: dragged, or moved by the arrow keys; the names of both stand beside it. */
import { type PointerEvent, useState } from 'react'
import type { MapCompare, MapTranslate } from '../map-port.ts'

const STEP = 0.02
const START = 0.5

export function Swipe({
  compare,
  onDivide,
  t,
}: Readonly<{ compare: MapCompare; onDivide: (share: number) => void; t: MapTranslate }>) {
  const [share, setShare] = useState(START)
  const move = (next: number): void => {
    const kept = Math.min(0.98, Math.max(0.02, next))
    setShare(kept)
    onDivide(kept)
  }
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const frame = event.currentTarget.parentElement!.getBoundingClientRect()
    move((event.clientX - frame.left) / frame.width)
  }
  return (
    <div
      className="map-panel map-swipe"
      role="slider"
      tabIndex={0}
      aria-label={t('map.compare.divider')}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      style={{ left: `${share * 100}%` }}
      onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={event => {
        const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key]
        if (by === undefined) return
        event.preventDefault()
        event.stopPropagation()
        move(share + by)
      }}
    >
      <span className="map-swipe-left">{compare.left.name}</span>
      <span className="map-swipe-right">{compare.right.name}</span>
    </div>
  )
}
