/**
 * Makes the overview tiles of a survey before anybody asks: the small scales of a large survey take up to seconds each, and
 * the first look at all of it should not wait for them. Works only while nothing else does, a small piece a turn, and
 * begins again when the data change: a tile is kept only when nothing changed from its first piece to its last.
 */
import { latitudeToTile, longitudeToTile, tileBox } from '../../shared/tiles/tile-address.ts'
import type { Piece } from './tile-repo.ts'

/** Nobody asked for a tile for this long. */
const QUIET_MS = 1500
/** After a change; longer than the pause between two edits of somebody who draws. */
const AFTER_CHANGE_MS = 20_000
/** The whole county fits about this many tiles of a usual window. */
const FIT = { across: 3, down: 2 }
/** A level with more tiles than this shows a part of the survey, which is quick to make. */
const MAX_TILES = 64
const SMALLEST_Z = 10
const PIECES_PER_SIDE = 6
/** Made ahead at most; what is viewed besides needs room in the cache too. */
const MAX_BYTES = 32 * 1024 * 1024

export interface TilePlace {
  readonly z: number
  readonly x: number
  readonly y: number
}

export interface OverviewWarmer {
  /** A tile was asked for. */
  asked(): void
  /** Data changed. */
  changed(): void
  dispose(): void
}

export interface WarmerDeps {
  /** Box of all parcels, null without any. */
  extent(): readonly [number, number, number, number] | null
  has(place: TilePlace): boolean
  /** Collects one piece of a tile. */
  read(place: TilePlace, piece: Piece): void
  /** All pieces are collected; the answer is the size of the tile in bytes. */
  keep(place: TilePlace): number
  /** What was collected is of no use. */
  drop(): void
  /** Milliseconds of quiet before work begins; for tests. */
  quietMs?: number
}

export function overviewWarmer(deps: WarmerDeps, maxZ: number): OverviewWarmer {
  const quiet = deps.quietMs ?? QUIET_MS
  let timer: NodeJS.Timeout | undefined
  let work: Generator<void> | null = null

  function later(ms: number) {
    clearTimeout(timer)
    timer = setTimeout(step, ms)
    timer.unref()
  }
  function step() {
    timer = undefined
    work ??= warm()
    try {
      if (!work.next().done) return later(5)
    } catch {
      // What cannot be read now is told to whoever asks for it.
      deps.drop()
    }
    work = null
  }
  function* warm(): Generator<void> {
    const extent = deps.extent()
    if (!extent) return
    let bytes = 0
    for (const place of overviewPlaces(extent, maxZ)) {
      if (bytes > MAX_BYTES) return
      if (deps.has(place)) continue
      for (const piece of piecesOf(place)) {
        deps.read(place, piece)
        yield
      }
      bytes += deps.keep(place)
    }
  }
  return {
    asked: () => later(quiet),
    changed() {
      if (work) deps.drop()
      work = null
      // Without a map nobody needs overviews: the first tile that is asked for starts the work.
      if (timer) later(Math.max(quiet, deps.quietMs ?? AFTER_CHANGE_MS))
    },
    dispose() {
      clearTimeout(timer)
      work = null
    },
  }
}

/** The tiles that show all of a box in one window, and the next larger scales as long as they are few; small scales first. */
export function overviewPlaces(
  [west, south, east, north]: readonly [number, number, number, number],
  maxZ: number,
): TilePlace[] {
  const range = (z: number) => ({
    left: Math.floor(longitudeToTile(west, z)),
    right: Math.floor(longitudeToTile(east, z)),
    top: Math.floor(latitudeToTile(north, z)),
    bottom: Math.floor(latitudeToTile(south, z)),
  })
  let z = maxZ
  for (; z > 0; z--) {
    const { left, right, top, bottom } = range(z)
    if (right - left < FIT.across && bottom - top < FIT.down) break
  }
  const places: TilePlace[] = []
  for (z = Math.max(0, Math.min(SMALLEST_Z, z - 1)); z <= maxZ; z++) {
    const { left, right, top, bottom } = range(z)
    if ((right - left + 1) * (bottom - top + 1) > MAX_TILES) break
    for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) places.push({ z, x, y })
  }
  return places
}

/** Parts of a tile by where the south-western corner of a parcel's box lies; every parcel is in exactly one. */
export function piecesOf({ z, x, y }: TilePlace): Piece[] {
  const [west, south, east, north] = tileBox(z, x, y)
  const cut = (from: number, to: number, i: number): number => {
    if (i === 0) return -1000
    return i === PIECES_PER_SIDE ? 1000 : from + ((to - from) * i) / PIECES_PER_SIDE
  }
  const pieces: Piece[] = []
  for (let column = 0; column < PIECES_PER_SIDE; column++) {
    for (let row = 0; row < PIECES_PER_SIDE; row++) {
      pieces.push({
        fromLng: cut(west, east, column),
        toLng: cut(west, east, column + 1),
        fromLat: cut(south, north, row),
        toLat: cut(south, north, row + 1),
      })
    }
  }
  return pieces
}
