/**
 * Answers tile requests from the survey file: query, level of detail, packing, cache of small scales. Reads only. One
 * request is one synchronous read between two turns of the event loop, so a tile never mixes two revisions.
 */
import { AppError } from '../../shared/contract/errors.ts'
import type { TileRequest } from '../../shared/contract/tiles.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { stampRevision } from '../../shared/tiles/packed-tile.ts'
import { tileBox } from '../../shared/tiles/tile-address.ts'
import { boxSizeDegrees, LABEL_MIN_Z, tileBuilder } from '../../shared/tiles/tile-builder.ts'
import { RATED_BY, SIDE_UNKNOWN } from '../../shared/tiles/tile-values.ts'
import type { Db } from '../db/open.ts'
import { parcelExtent } from '../db/parcel-boxes.ts'
import { changedTileValues } from './changed-values.ts'
import { overviewCache, QUERY_MARGIN_PX } from './overview-cache.ts'
import { readOverview, writeOverview } from './overview-file.ts'
import { overviewWarmer, type TilePlace } from './overview-warmer.ts'
import { type Rating, ratingsByParcel, UNRATED } from './ratings.ts'
import { pieceRows, type TileQuery, type TileRow, tileRows } from './tile-repo.ts'
import { valuesOfRow } from './tile-row.ts'

/** Tiles up to this z (Leaflet zoom 15) are cached: they take from 15 ms to half a second to make. */
export const OVERVIEW_MAX_Z = 14
/** Tiles up to this z are made before anybody asks. */
const WARM_MAX_Z = 13
/** Overview tiles are written down when nothing happened for this long. */
const WRITE_AFTER_MS = 10_000

export interface TileChange {
  readonly box: readonly [number, number, number, number] | null
  readonly entities: Readonly<Record<string, readonly string[]>>
  readonly bulk: boolean
  /** False when only values of parcels changed. */
  readonly shapes?: boolean
}

/** One feature of a dry run; `status` goes into the state byte as it is. */
export interface PreviewFeature {
  readonly outline: FlatPolygons
  readonly status: number
  readonly label: string
}

export interface TileServiceDeps {
  readonly store: { readonly read: Db; revision(): number }
  /** Calls the listener after each commit; returns the end of the subscription. */
  onChanged(listener: (change: TileChange) => void): () => void
  /** Where overview tiles are kept between sessions; none: in memory only. */
  readonly overviewFile?: string
  /** Overview tiles are made ahead after so many ms without a request; default 1500. */
  readonly warmAfterMs?: number
  /** Features of a dry run, or null when the key is unknown. */
  previewFeatures?(key: string): readonly PreviewFeature[] | null
}

export interface TileService {
  /**
   * The packed tile of a request. Its header says which revision was read: the newest committed one, whatever was asked.
   * Rejects with `cancelled` when the signal is aborted before the read starts.
   */
  (request: TileRequest, signal?: AbortSignal): Promise<Uint8Array>
  dispose(): void
}

export function createTileService(deps: TileServiceDeps): TileService {
  const { store } = deps
  const cache = overviewCache()
  let ratings: Map<number, Rating> | null = null

  const file = deps.overviewFile
  let timer: NodeJS.Timeout | undefined
  let stamp = surveyStamp(store.read)
  if (file) for (const stored of readOverview(file, stamp)) cache.set(stored, stored.bytes)

  let pieces: TileRow[] = []
  const warmer = overviewWarmer(
    {
      extent: () => parcelExtent(store.read),
      has: place => cache.get(place) !== undefined,
      read(place, piece) {
        for (const row of pieceRows(store.read, { ...queryOf(place), ...piece })) pieces.push(row)
      },
      keep(place) {
        const rows = pieces.sort((a, b) => a[0] - b[0])
        pieces = []
        const bytes = pack(place, rows, store.revision())
        cache.set(place, bytes)
        writeSoon()
        return bytes.length
      },
      drop() {
        pieces = []
      },
      ...(deps.warmAfterMs === undefined ? {} : { quietMs: deps.warmAfterMs }),
    },
    WARM_MAX_Z,
  )

  const stop = deps.onChanged(change => {
    warmer.changed()
    if (change.bulk || RATED_BY.some(entity => change.entities[entity])) {
      ratings = null
      cache.invalidate(null)
    } else if (change.entities.parcel || change.box) {
      const values = change.shapes === false ? changedTileValues(store.read, { ...change, shapes: false }) : null
      if (values && change.box) cache.patch(change.box, values)
      else {
        // A parcel that came back brings its enterprises.
        ratings = null
        cache.invalidate(change.box)
      }
    }
    stamp = surveyStamp(store.read)
    writeSoon()
  })

  function writeSoon() {
    if (!file) return
    clearTimeout(timer)
    timer = setTimeout(write, WRITE_AFTER_MS)
    timer.unref()
  }
  function write() {
    timer = undefined
    if (file) writeOverview(file, stamp, cache.tiles())
  }

  async function tile(request: TileRequest, signal?: AbortSignal): Promise<Uint8Array> {
    // Lets cancellations and small calls through between two tiles.
    await new Promise<void>(resolve => setImmediate(resolve))
    if (signal?.aborted) throw new AppError('cancelled', '图块请求已取消', { reason: 'tile_cancelled' })
    if (request.layer !== 'parcels') return previewTile(request)
    warmer.asked()
    const revision = store.revision()
    const cached = request.z <= OVERVIEW_MAX_Z ? cache.get(request) : undefined
    if (cached) {
      stampRevision(cached, revision)
      return cached
    }
    const bytes = parcelTile(request, revision)
    if (request.z <= OVERVIEW_MAX_Z) {
      cache.set(request, bytes)
      writeSoon()
    }
    return bytes
  }

  function parcelTile(place: TileRequest, revision: number): Uint8Array {
    return pack(place, tileRows(store.read, queryOf(place), place.z >= LABEL_MIN_Z), revision)
  }

  function pack({ z, x, y }: TilePlace, rows: readonly TileRow[], revision: number): Uint8Array {
    ratings ??= ratingsByParcel(store.read)
    const builder = tileBuilder(z, x, y)
    for (const row of rows) addRow(builder, row, ratings)
    return builder.finish(revision)
  }

  function previewTile({ layer, z, x, y }: TileRequest): Uint8Array {
    const features = deps.previewFeatures?.(layer.slice('preview:'.length))
    if (!features) throw new AppError('not_found', '导入预览已失效', { reason: 'preview_gone' })
    const [west, south, east, north] = tileBox(z, x, y, QUERY_MARGIN_PX)
    const builder = tileBuilder(z, x, y)
    features.forEach((feature, index) => {
      const box = boxOf(feature.outline)
      if (box[0] > east || box[2] < west || box[1] > north || box[3] < south) return
      const parcel = {
        pk: index + 1,
        west: box[0],
        south: box[1],
        east: box[2],
        north: box[3],
        state: feature.status,
        side: SIDE_UNKNOWN,
        ...UNRATED,
        flags: 0,
        unit: '',
        label: feature.label,
      }
      builder.add(parcel, feature.outline)
    })
    return builder.finish(store.revision())
  }

  return Object.assign(tile, {
    dispose() {
      stop()
      warmer.dispose()
      if (timer === undefined) return
      clearTimeout(timer)
      write()
    },
  })
}

function queryOf({ z, x, y }: TilePlace): TileQuery {
  const [west, south, east, north] = tileBox(z, x, y, QUERY_MARGIN_PX)
  const small = boxSizeDegrees(z, (south + north) / 2)
  return { west, south, east, north, minLng: small.lng, minLat: small.lat }
}

/** Names a state of a survey: its newest edit, which no other survey has, and its schema. */
function surveyStamp(db: Db): string {
  const edit = db.prepare('SELECT id FROM edit ORDER BY seq DESC LIMIT 1').pluck().get()
  return `${String(edit)}/${String(db.pragma('user_version', { simple: true }))}`
}

function addRow(builder: ReturnType<typeof tileBuilder>, row: TileRow, ratings: ReadonlyMap<number, Rating>) {
  const [pk, state, side, marked, unit, code, name, west, east, south, north, geometry] = row
  const values = valuesOfRow([pk, state, side, marked, unit, code, name], ratings.get(pk) ?? UNRATED)
  builder.add({ ...values, west, south, east, north }, geometry && outlineOf(geometry))
}

/** A blob that cannot be read is drawn as the parcel's box; the survey check names it. */
function outlineOf(blob: Uint8Array): FlatPolygons | null {
  try {
    return decodeGeometry(blob)
  } catch (error) {
    if ((error as { code?: string }).code === 'bad_geometry') return null
    throw error
  }
}
