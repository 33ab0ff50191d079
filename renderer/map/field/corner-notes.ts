/**
 * How corners were measured, by their very coordinates, so that undo, tracing and further editing keep the right ones: what
 * is written with an outline is what is known of the corners that it really has.
 */
import type { LngLat } from '../map-port.ts'
import type { SketchGeometry } from '../tools/sketch.ts'

/** The service takes no longer reason. */
const LONGEST_REASON = 1000

const notes = new Map<string, string>()

const keyOf = (lng: number, lat: number): string => `${lng} ${lat}`

/** `words` belong into the change log once a corner at this place is saved. */
export function noteCorner({ lng, lat }: LngLat, words: string): void {
  notes.set(keyOf(lng, lat), words)
}

/** What the corners of these outlines were measured by; null when none was. */
export function reasonOfCorners(outlines: readonly SketchGeometry[]): string | null {
  /** By place: corners that neighbours share are told once. */
  const said = new Map<string, string>()
  for (const { type, coordinates } of outlines) {
    const rings = type === 'Polygon' ? coordinates : coordinates.flat()
    for (const ring of rings)
      for (const [index, [lng, lat]] of ring.slice(0, -1).entries()) {
        const key = keyOf(lng, lat)
        const words = notes.get(key)
        if (words && !said.has(key)) said.set(key, `J${index + 1} ${words}`)
      }
  }
  if (said.size === 0) return null
  const whole = [...said.values()].join(';')
  return whole.length <= LONGEST_REASON ? whole : `${whole.slice(0, LONGEST_REASON - 1)}…`
}
