/**
 * Side of every parcel under one boundary version, in one transaction. Most parcels are answered from their box in the
 * R*Tree; only the vertices of those near the line are read.
 */
import type { z } from 'zod'
import { AppError } from '../../shared/contract/errors.ts'
import type { classifyResultSchema } from '../../shared/contract/zones.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import type { BoundaryIndexCache } from './boundary-index-cache.ts'
import {
  activeBoundary,
  clearSides,
  eachParcelBox,
  eachSideRow,
  findBoundary,
  listBoundaries,
  parcelGeometry,
  type StoredSide,
  writeParcelSide,
  writeSide,
} from './boundary-repo.ts'
import type { JobControl } from './job-stream.ts'
import { boundaryIndexesOf, classifyOne, toleranceOf } from './side-index.ts'

export type ClassifyResult = z.infer<typeof classifyResultSchema>

/** Classifies by a version without making it the active one; by the active (otherwise newest) one when none is named. */
export async function classifyAll(
  store: Store,
  boundaryId: string | undefined,
  control: JobControl,
): Promise<ClassifyResult> {
  const id = boundaryId ?? activeBoundary(store.read)?.id
  if (id === undefined) {
    throw new AppError('not_found', '还没有开发边界，请先导入边界', { reason: 'boundary_missing' })
  }
  const version = requireBoundary(store.read, id)
  const edit = { label: 'boundary_classified', values: { name: version.name }, kind: 'system' as const }
  return (await store.bulk(edit, tx => classifyInBulk(tx, boundaryIndexesOf(store), id, control))).result
}

/** Makes a version the active one and classifies by it; when that fails or is cancelled, the old version stays active. */
export async function activateBoundary(store: Store, boundaryId: string, control: JobControl): Promise<ClassifyResult> {
  const version = requireBoundary(store.read, boundaryId)
  const edit = { label: 'boundary_activated', values: { name: version.name }, kind: 'system' as const }
  const { result } = await store.bulk(edit, tx => {
    for (const other of listBoundaries(tx.db)) {
      const status = other.id === boundaryId ? 'active' : 'archived'
      if (other.status !== status) tx.replace('boundary_version', other.id, { status })
    }
    return classifyInBulk(tx, boundaryIndexesOf(store), boundaryId, control)
  })
  return result
}

/**
 * The work itself, for callers that already hold a bulk transaction (the import of a boundary). Always fills
 * `parcel_side`; the columns of `parcel` only when the version is the one that decides sides.
 */
export async function classifyInBulk(
  tx: BulkTransaction,
  cache: BoundaryIndexCache,
  boundaryId: string,
  control: JobControl,
): Promise<ClassifyResult> {
  const started = performance.now()
  const { db } = tx
  const index = cache.indexOf(db, boundaryId)
  const tolerance = toleranceOf(db)
  const decides = activeBoundary(db)?.id === boundaryId
  const parcels = readParcels(db)
  const result = { boundary: boundaryId, inside: 0, outside: 0, crossing: 0, unknown: 0, flipped: 0, seconds: 0 }
  clearSides(db, boundaryId)
  for (let at = 0; at < parcels.count; at++) {
    if (at % 256 === 0) {
      control.report({ phase: 'classify', done: at, total: parcels.count })
      await control.checkpoint()
    }
    const pk = parcels.pk[at]!
    const side = sideOfParcel(pk, at)
    if (side) {
      writeSide(db, boundaryId, pk, side)
      result[side.side as 'inside' | 'outside' | 'crossing']++
    } else result.unknown++
    const before = parcels.before[at]!
    if (side && before.side !== null && before.side !== 'unknown' && before.side !== side.side) result.flipped++
    if (decides && !isSame(before, side)) {
      writeParcelSide(db, pk, side)
      tx.widen(boxAt(at))
    }
  }
  control.report({ phase: 'classify', done: parcels.count, total: parcels.count })
  result.seconds = (performance.now() - started) / 1000
  return result

  /** Null when the parcel has no box or its geometry cannot be read. */
  function sideOfParcel(pk: number, at: number): StoredSide | null {
    if (Number.isNaN(parcels.boxes[at * 4])) return null
    const subject = {
      box: boxAt(at),
      areaM2: parcels.area[at]!,
      perimeterM: parcels.perimeter[at]!,
      readPolygons: () => decodeGeometry(parcelGeometry(db, pk)!),
    }
    try {
      return classifyOne(index, subject, tolerance)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'bad_geometry') return null
      throw error
    }
  }

  function boxAt(at: number): [number, number, number, number] {
    const { boxes } = parcels
    return [boxes[at * 4]!, boxes[at * 4 + 1]!, boxes[at * 4 + 2]!, boxes[at * 4 + 3]!]
  }
}

interface Before {
  readonly side: string | null
  readonly area_in_m2: number | null
  readonly subzones: string | null
}

interface Parcels {
  readonly count: number
  readonly pk: number[]
  readonly area: number[]
  readonly perimeter: number[]
  readonly before: Before[]
  /** [west, south, east, north] per parcel; NaN without a box. */
  readonly boxes: Float64Array
}

/** Everything but vertices, read before the first write: a connection cannot write while it iterates. */
function readParcels(db: Db): Parcels {
  const pk: number[] = []
  const area: number[] = []
  const perimeter: number[] = []
  const before: Before[] = []
  const positions = new Map<number, number>()
  for (const row of eachSideRow(db)) {
    positions.set(row.pk, pk.length)
    pk.push(row.pk)
    area.push(row.area_m2)
    perimeter.push(row.perimeter_m)
    before.push({ side: row.side, area_in_m2: row.area_in_m2, subzones: row.subzones })
  }
  const boxes = new Float64Array(pk.length * 4).fill(Number.NaN)
  for (const row of eachParcelBox(db)) {
    const at = positions.get(row.pk)
    if (at !== undefined) boxes.set([row.min_x, row.min_y, row.max_x, row.max_y], at * 4)
  }
  return { count: pk.length, pk, area, perimeter, before, boxes }
}

function isSame(before: Before, side: StoredSide | null): boolean {
  if (!side) return before.side === 'unknown' && before.area_in_m2 === null
  return before.side === side.side && before.area_in_m2 === side.area_in_m2 && before.subzones === side.subzones
}

export function requireBoundary(db: Db, id: string) {
  const version = findBoundary(db, id)
  if (version?.kind === 'development') return version
  if (version) {
    throw new AppError('refused', `“${version.name}”不是开发边界，不能据此判定界内界外`, {
      reason: 'not_a_boundary',
      values: { name: version.name },
    })
  }
  throw new AppError('not_found', '找不到开发边界版本，可能已被删除', { reason: 'boundary_not_found', values: { id } })
}
