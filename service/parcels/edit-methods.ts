/** `parcels.*` of the contract that change the outlines of several parcels in one step. */
import { AppError } from '../../shared/contract/errors.ts'
import type { EditedParcels } from '../../shared/contract/parcel-edits.ts'
import { ellipsoidAreaM2 } from '../../shared/geometry/area.ts'
import { splitAlong } from '../../shared/geometry/edit/divide.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { type FlatPolygons, fromFlat, type Position, toFlat } from '../../shared/geometry/types.ts'
import type { Store } from '../db/store.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { loadGeos } from '../geos/geos.ts'
import { refuseBroken, refuseOverlap } from './geometry-check.ts'
import { previewOutlines } from './geometry-preview.ts'
import { parcelsAround } from './neighbourhood.ts'
import { divide, type EditOutcome, join, loadParcel, parcelNotFound, reshape, revisionOf } from './parcel-edits.ts'
import { landWithout, overlappedBy, partsAtBoundary, unionOf } from './parcel-overlays.ts'
import { findParcelKey, geometryOf, parcelsInBox } from './parcels-repo.ts'

export function parcelEditMethods(deps: ServiceDeps) {
  return {
    previewGeometry: os.parcels.previewGeometry.handler(({ input }) =>
      previewOutlines(
        deps.store(),
        input.outlines.map(({ id, geometry }) => ({ id, polygons: toFlat(geometry) })),
      ),
    ),
    neighbours: os.parcels.neighbours.handler(({ input }) => {
      const db = deps.store().read
      const found = input.of === undefined ? undefined : findParcelKey(db, { id: input.of })
      if (input.of !== undefined && !found) throw parcelNotFound()
      const near = found
        ? parcelsAround(db, { id: found.id, polygons: decodeGeometry(found.geometry) }, input.limit)
        : parcelsInBox(db, input.box!, input.exclude_id, input.limit)
      return near.map(({ polygons, ...parcel }) => ({ ...parcel, geometry: fromFlat(polygons) }))
    }),
    reshape: os.parcels.reshape.handler(async ({ input }) => {
      const store = deps.store()
      const parcels = input.parcels.map(({ geometry, ...parcel }) => ({ ...parcel, polygons: toFlat(geometry) }))
      if (new Set(parcels.map(({ id }) => id)).size < parcels.length) throw givenTwice()
      const preview = previewOutlines(store, parcels)
      for (const { id, defects } of preview.outlines) {
        const stored = id === null ? undefined : findParcelKey(store.read, { id })
        refuseBroken(defects, stored && decodeGeometry(stored.geometry))
      }
      if (!input.allow_overlap) refuseOverlap(preview.overlaps)
      const { code } = loadParcel(store.read, parcels[0]!)
      const values = { ...input.label_values, name: code, count: String(parcels.length) }
      const label = input.label ?? (parcels.length > 1 ? 'outlines_edited' : 'outline_edited')
      return written(store, await reshape(store, parcels, { label, values, reason: input.reason }))
    }),
    split: os.parcels.split.handler(async ({ input }) => {
      const store = deps.store()
      const cut = (polygons: FlatPolygons) => splitAlong(polygons, input.line as Position[])
      if (input.dry_run) return previewOf(loadParcel(store.read, input), cut(loadParcel(store.read, input).polygons))
      const options = { label: 'parcel_split', keepsMark: true, reason: input.reason }
      return written(store, await divide(store, input, parcel => cut(parcel.polygons), options))
    }),
    splitAtBoundary: os.parcels.splitAtBoundary.handler(async ({ input }) => {
      const store = deps.store()
      const geos = await loadGeos()
      if (input.dry_run) {
        const parcel = loadParcel(store.read, input)
        return previewOf(parcel, partsAtBoundary(store.read, geos, parcel))
      }
      const options = { label: 'parcel_split_at_boundary', keepsMark: false, reason: input.reason }
      return written(store, await divide(store, input, (parcel, tx) => partsAtBoundary(tx.db, geos, parcel), options))
    }),
    merge: os.parcels.merge.handler(async ({ input }) => {
      const store = deps.store()
      if (new Set(input.parcels.map(({ id }) => id)).size < input.parcels.length) throw givenTwice()
      const geos = await loadGeos()
      if (input.dry_run) {
        const members = input.parcels.map(parcel => loadParcel(store.read, parcel))
        const union = unionOf(
          geos,
          members.map(member => member.polygons),
        )
        return { ...previewOf(members[0]!, [union]), removed: members.slice(1).map(({ id, code }) => ({ id, code })) }
      }
      return written(store, await join(store, input.parcels, members => unionOf(geos, members), input.reason))
    }),
    cutOut: os.parcels.cutOut.handler(async ({ input }) => {
      const store = deps.store()
      const geos = await loadGeos()
      const parcel = loadParcel(store.read, input)
      const others = overlappedBy(store, store.read, parcel.polygons, parcel.id)
      if (others.length === 0) {
        throw new AppError('refused', `地块 ${parcel.code} 与相邻地块没有重叠`, {
          reason: 'no_overlap',
          values: { code: parcel.code },
        })
      }
      const changes =
        input.gives_way === 'parcel'
          ? [
              {
                ...input,
                code: parcel.code,
                polygons: landWithout(
                  geos,
                  parcel.polygons,
                  others.map(other => other.polygons),
                  parcel.code,
                ),
              },
            ]
          : others.map(other => ({
              id: other.id,
              base_rev: other.rev,
              code: other.code,
              polygons: landWithout(geos, other.polygons, [parcel.polygons], other.code),
            }))
      if (input.dry_run) {
        const parcels = changes.map(change => ({
          ...shapeOf(change.polygons),
          id: change.id,
          code: change.code,
          rev: 0,
        }))
        return { edit: null, parcels, removed: [] }
      }
      const label = {
        label: input.gives_way === 'parcel' ? 'parcel_cut_out' : 'neighbours_cut_out',
        values: { name: parcel.code, count: String(changes.length) },
        reason: input.reason,
      }
      return written(store, await reshape(store, changes, label))
    }),
  }
}

/** What stands in the survey after an edit. */
function written(store: Store, { edit, ids, removed }: EditOutcome): EditedParcels {
  const parcels = ids.map(id => {
    const geometry = geometryOf(findParcelKey(store.read, { id })!.geometry)
    return { ...revisionOf(store.read, id), id, geometry }
  })
  return { edit, parcels, removed }
}

/** Parts that an edit would make of a parcel; nothing is written. */
function previewOf(parcel: { code: string }, parts: readonly FlatPolygons[]): EditedParcels {
  const parcels = parts.map(part => ({ ...shapeOf(part), id: null, code: parcel.code, rev: 0 }))
  return { edit: null, parcels, removed: [] }
}

function shapeOf(polygons: FlatPolygons) {
  return { area_m2: ellipsoidAreaM2(polygons), geometry: fromFlat(polygons) }
}

function givenTwice(): AppError {
  return new AppError('bad_input', '同一地块只能出现一次', { reason: 'given_twice' })
}
