/**
 * What part of the world a small map shows. East-west is shrunk by the latitude of the middle, so that shapes keep their
 * form; nothing is measured here. Pure.
 */

/** Degrees. */
export type Extent = readonly [west: number, south: number, east: number, north: number]

export interface Camera {
  readonly lng: number
  readonly lat: number
  /** CSS pixels per degree of latitude. */
  readonly scale: number
}

export interface Frame {
  /** CSS pixels. */
  readonly width: number
  readonly height: number
}

export type Point = readonly [x: number, y: number]

const PAD = 12
/** From a whole province in a thumbnail to a hand's breadth per pixel. */
const MIN_SCALE = 20
const MAX_SCALE = 5e6

/** Shows all of `extent` with a margin; undefined when there is nothing to show. */
export function cameraFor([west, south, east, north]: Extent, { width, height }: Frame): Camera | undefined {
  if (!Number.isFinite(west + south + east + north)) return undefined
  const lat = (south + north) / 2
  const scale = Math.min(
    (width - 2 * PAD) / Math.max((east - west) * shrinkAt(lat), 1e-9),
    (height - 2 * PAD) / Math.max(north - south, 1e-9),
  )
  return { lng: (west + east) / 2, lat, scale: Math.min(scale, MAX_SCALE) }
}

export function project(camera: Camera, { width, height }: Frame): (position: readonly number[]) => [number, number] {
  const { lng, lat, scale } = camera
  const acrossScale = scale * shrinkAt(lat)
  return position => [width / 2 + (position[0]! - lng) * acrossScale, height / 2 + (lat - position[1]!) * scale]
}

/** The camera after the content was dragged by so many pixels. */
export function panned(camera: Camera, [x, y]: Point): Camera {
  const { lng, lat, scale } = camera
  return { ...camera, lng: lng - x / (scale * shrinkAt(lat)), lat: Math.max(-85, Math.min(85, lat + y / scale)) }
}

/** The camera `factor` times closer; what lies at `at` stays there. */
export function zoomed(camera: Camera, frame: Frame, factor: number, at: Point): Camera {
  const scale = Math.max(Math.min(MIN_SCALE, camera.scale), Math.min(MAX_SCALE, camera.scale * factor))
  const grown = scale / camera.scale
  const away: Point = [at[0] - frame.width / 2, at[1] - frame.height / 2]
  return panned({ ...camera, scale }, [away[0] * (1 - grown), away[1] * (1 - grown)])
}

function shrinkAt(lat: number): number {
  return Math.cos((lat * Math.PI) / 180)
}
