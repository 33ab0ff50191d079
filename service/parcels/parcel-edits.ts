/**
 * Edits of several parcels at once: reshape, split, merge, cut out. Each is one transaction and one step of undo, checks
 * the revision of every parcel that it was based on, and leaves neighbours with common corners (`neighbourhood.ts`).
 */
import { AppError } from '../../shared/contract/errors.ts'
import { ellipsoidAreaM2 } from '../../shared/geometry/area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import { changesSince } from '../db/change-log.ts'
import { get } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import type { Transaction } from '../db/transaction.ts'
import { findRecord } from '../records/records-repo.ts'
import { childCodes, figuresOfUnion, handDown, takeOver, valuesOfPart } from './lineage.ts'
import { stitchToNeighbours } from './neighbourhood.ts'
import { findParcelKey } from './parcels-repo.ts'

/** A parcel with the revision that the person saw. */
export interface ParcelAtRevision {
  readonly id: string
  readonly base_rev: number
}

export interface LoadedParcel {
  readonly id: string
  readonly code: string
  readonly record: Readonly<Record<string, unknown>>
  readonly polygons: FlatPolygons
}

/** The parcel as it is now; refused when its outline was changed since the revision that the edit is based on. */
export function loadParcel(db: Transaction['db'], { id, base_rev }: ParcelAtRevision): LoadedParcel {
  const key = findParcelKey(db, { id })
  const record = key && findRecord(db, 'parcel', { id })
  if (!key || !record) throw parcelNotFound()
  const code = String(record['code'])
  const rev = Number(record['rev'])
  const moved = rev !== base_rev && changesSince(db, 'parcel', id, base_rev).some(change => change.geometry_to !== null)
  if (moved || rev < base_rev) {
    throw new AppError(
      'revision_conflict',
      `地块 ${code} 的范围已被${String(record['updated_by'])}修改，请核对后再操作`,
      {
        reason: 'revision_conflict',
        field: 'geometry',
        values: { code, user: String(record['updated_by']), rev },
      },
    )
  }
  return { id, code, record, polygons: decodeGeometry(key.geometry) }
}

export interface EditOutcome {
  edit: string
  /** Parcels that are there afterwards and were meant by the edit. */
  ids: string[]
  removed: { id: string; code: string }[]
}

/** Writes new outlines of parcels; corners that come to lie on neighbours' edges become their corners too. */
export async function reshape(
  store: Store,
  parcels: readonly (ParcelAtRevision & { readonly polygons: FlatPolygons })[],
  label: { label: string; values: Record<string, string>; reason?: string | undefined },
): Promise<EditOutcome> {
  const { edit } = await store.mutate(label, tx => {
    for (const parcel of parcels) loadParcel(tx.db, parcel)
    writeOutlines(tx, new Map(parcels.map(({ id, polygons }) => [id, polygons])))
  })
  return { edit, ids: parcels.map(({ id }) => id), removed: [] }
}

/** Writes outlines of existing parcels and the corners that their neighbours get. */
export function writeOutlines(tx: Transaction, outlines: ReadonlyMap<string, FlatPolygons>): void {
  const stitched = stitchToNeighbours(tx.db, outlines)
  for (const [id, polygons] of [...stitched.outlines, ...stitched.neighbours])
    tx.update('parcel', id, {}, { geometry: polygons })
}

/** Replaces a parcel by its parts: `CODE-1`, `CODE-2` … in the order given. */
export async function divide(
  store: Store,
  parent: ParcelAtRevision,
  partsOf: (parcel: LoadedParcel, tx: Transaction) => readonly FlatPolygons[],
  options: { label: string; keepsMark: boolean; reason?: string | undefined },
): Promise<EditOutcome> {
  const { code } = loadParcel(store.read, parent)
  const { result, edit } = await store.mutate(
    { label: options.label, values: { name: code }, reason: options.reason },
    tx => {
      const parcel = loadParcel(tx.db, parent)
      const parts = partsOf(parcel, tx)
      if (parts.length < 2) throw notCut(parcel.code)
      const keys = parts.map((_, index) => `part ${index}`)
      const stitched = stitchToNeighbours(
        tx.db,
        new Map(keys.map((key, index) => [key, parts[index]!])),
        new Set([parcel.id]),
      )
      const codes = childCodes(tx, parcel.code, parts.length)
      const children = keys.map((key, index) => {
        const polygons = stitched.outlines.get(key)!
        const areaM2 = ellipsoidAreaM2(polygons)
        const values = valuesOfPart(parcel.record, codes[index]!, areaM2, options.keepsMark)
        return { id: tx.create('parcel', values, polygons), areaM2 }
      })
      for (const [id, polygons] of stitched.neighbours) tx.update('parcel', id, {}, { geometry: polygons })
      handDown(tx, parcel.id, children)
      tx.remove('parcel', parcel.id)
      return { ids: children.map(child => child.id), removed: [{ id: parcel.id, code: parcel.code }] }
    },
  )
  return { edit, ...result }
}

/** Joins parcels: the first keeps its code and values and gets the outline of all, the others are removed. */
export async function join(
  store: Store,
  parcels: readonly ParcelAtRevision[],
  union: (members: readonly FlatPolygons[]) => FlatPolygons,
  reason: string | undefined,
): Promise<EditOutcome> {
  const codes = parcels.map(parcel => loadParcel(store.read, parcel).code)
  const label = { label: 'parcels_merged', values: { name: codes[0]!, others: codes.slice(1).join('、') }, reason }
  const { result, edit } = await store.mutate(label, tx => {
    const [survivor, ...absorbed] = parcels.map(parcel => loadParcel(tx.db, parcel))
    const all = [survivor!, ...absorbed]
    const outline = union(all.map(parcel => parcel.polygons))
    takeOver(
      tx,
      survivor!.id,
      absorbed.map(parcel => parcel.id),
    )
    for (const parcel of absorbed) tx.remove('parcel', parcel.id)
    tx.update('parcel', survivor!.id, figuresOfUnion(all.map(parcel => parcel.record)))
    writeOutlines(tx, new Map([[survivor!.id, outline]]))
    return { ids: [survivor!.id], removed: absorbed.map(({ id, code }) => ({ id, code })) }
  })
  return { edit, ...result }
}

/** A parcel after an edit, or as it would be. */
export function revisionOf(
  db: Transaction['db'],
  id: string,
): { code: string; rev: number; side: string; area_m2: number } {
  return get(db, `SELECT code, rev, coalesce(side, 'unknown') AS side, area_m2 FROM parcel WHERE id = ?`, [id])!
}

export function notCut(code: string): AppError {
  return new AppError('refused', `这条线没有把地块 ${code} 分开`, { reason: 'not_cut', values: { code } })
}

export function parcelNotFound(): AppError {
  return new AppError('not_found', '找不到地块', { reason: 'record_not_found', values: { entity: 'parcel' } })
}
