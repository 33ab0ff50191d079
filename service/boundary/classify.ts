/**
 * Side of every parcel under one boundary version, in one transaction. Most parcels are answered from their box in the
 * R*Tree; only the outlines of those near the line are read. Sides are written to their own narrow table.
 */
import type { z } from 'zod'
import { AppError } from '../../shared/contract/errors.ts'
import type { classifyResultSchema } from '../../shared/contract/zones.ts'
import type { BoundaryIndex, InsideShare } from '../../shared/geometry/boundary-index.ts'
import { boxToEqualAreaPlane, toEqualAreaPlane } from '../../shared/geometry/equal-area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { sideOf } from '../../shared/geometry/side.ts'
import type { Box, FlatPolygons } from '../../shared/geometry/types.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import type { Db } from '../db/open.ts'
import { readParcelBoxes } from '../db/parcel-boxes.ts'
import type { Store } from '../db/store.ts'
import type { BoundaryIndexCache } from './boundary-index-cache.ts'
import {
  activeBoundary,
  boundaryPkOf,
  clearSides,
  countLiveParcels,
  eachShownSide,
  findBoundary,
  listBoundaries,
  type MeasuredRow,
  measuredParcel,
  type StoredSide,
  showSides,
  writeSide,
  writeSides,
} from './boundary-repo.ts'
import type { JobControl } from './job-stream.ts'
import { boundaryIndexesOf, toleranceOf } from './side-index.ts'

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
 * The work itself, for callers that already hold a bulk transaction. Parcels show these sides from then on when the version
 * is the one that decides.
 */
export async function classifyInBulk(
  tx: BulkTransaction,
  cache: BoundaryIndexCache,
  boundaryId: string,
  control: JobControl,
): Promise<ClassifyResult> {
  const started = performance.now()
  const { db } = tx
  const boundaryPk = boundaryPkOf(db, boundaryId)
  const decides = activeBoundary(db)?.pk === boundaryPk
  const { count, pks, boxes } = readParcelBoxes(db)
  const before = readShownSides(db, pks)
  const classify = sideReader(db, cache.indexOf(db, boundaryId))
  const writer = sideWriter(db, boundaryPk)
  const result = { boundary: boundaryId, inside: 0, outside: 0, crossing: 0, unknown: 0, flipped: 0, seconds: 0 }
  clearSides(db, boundaryPk)
  if (decides) showSides(db, boundaryPk)
  for (let at = 0; at < count; at++) {
    if (at % 256 === 0) {
      control.report({ phase: 'classify', done: at, total: count })
      await control.checkpoint()
    }
    const box: Box = [boxes[at * 4]!, boxes[at * 4 + 1]!, boxes[at * 4 + 2]!, boxes[at * 4 + 3]!]
    const side = classify(pks[at]!, box)
    const shown = before[at]
    if (side) {
      writer.put(pks[at]!, side)
      result[side.side]++
      if (shown && shown.side !== side.side) result.flipped++
    }
    if (decides && !isSame(shown, side)) tx.widen(box)
  }
  writer.flush()
  result.unknown = countLiveParcels(db) - result.inside - result.outside - result.crossing
  control.report({ phase: 'classify', done: count, total: count })
  result.seconds = (performance.now() - started) / 1000
  return result
}

/**
 * Gives the side of one parcel after the other; undefined when its outline cannot be read. For a parcel clear of the line
 * the box says all: none of its area lies on the other side, whatever the tolerance; the same object each time.
 */
function sideReader(db: Db, index: BoundaryIndex): (pk: number, box: Readonly<Box>) => StoredSide | undefined {
  const tolerance = toleranceOf(db)
  const clear = new Map<InsideShare, StoredSide>()
  let parcel = 0
  let measured: MeasuredRow | undefined
  const readPolygons = (): FlatPolygons => {
    measured = measuredParcel(db, parcel)!
    return toEqualAreaPlane(decodeGeometry(measured.geometry))
  }
  const measure = (box: Readonly<Box>): StoredSide => {
    const inside = index.classify(boxToEqualAreaPlane(box), readPolygons)
    const known = measured ? undefined : clear.get(inside)
    if (known) return known
    const { area_m2: areaM2, perimeter_m: perimeterM } = measured ?? { area_m2: 1, perimeter_m: 0 }
    const side = {
      side: sideOf({ areaM2, areaInM2: areaM2 * inside.share, perimeterM }, tolerance),
      inside_share: inside.share,
      subzones: JSON.stringify(inside.subzones),
    }
    if (!measured) clear.set(inside, side)
    return side
  }
  return (pk, box) => {
    parcel = pk
    measured = undefined
    try {
      return measure(box)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'bad_geometry') return undefined
      throw error
    }
  }
}

/** Parcels that wait to be written together. */
const BATCH = 8192

/** Writes sides, those that many parcels have (the same object) in one statement for thousands of them. */
function sideWriter(db: Db, boundaryPk: number): { put(pk: number, side: StoredSide): void; flush(): void } {
  const waiting = new Map<StoredSide, number[]>()
  let waits = 0
  const flush = (): void => {
    for (const [side, pks] of waiting) {
      if (pks.length === 1) writeSide(db, boundaryPk, pks[0]!, side)
      else writeSides(db, boundaryPk, pks, side)
    }
    waiting.clear()
    waits = 0
  }
  return {
    put(pk, side) {
      const pks = waiting.get(side)
      if (pks) pks.push(pk)
      else waiting.set(side, [pk])
      if (++waits === BATCH) flush()
    },
    flush,
  }
}

/** What parcels show so far, in the order of `pks`. Read before the first write: a connection cannot write while it iterates. */
function readShownSides(db: Db, pks: Float64Array): (StoredSide | undefined)[] {
  const shown: (StoredSide | undefined)[] = new Array(pks.length).fill(undefined)
  let at = 0
  for (const row of eachShownSide(db)) {
    while (at < pks.length && pks[at]! < row.pk) at++
    if (pks[at] === row.pk) shown[at] = row
  }
  return shown
}

function isSame(shown: StoredSide | undefined, side: StoredSide | undefined): boolean {
  return shown?.side === side?.side && shown?.inside_share === side?.inside_share && shown?.subzones === side?.subzones
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
