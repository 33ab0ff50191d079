/** `parcels.*` of the contract: lists, details and the edits of the map workbench. */
import type { Polygonal } from '../../shared/contract/base.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf, type FlatPolygons, toFlat } from '../../shared/geometry/types.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import type { Store } from '../db/store.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { planSummariesOf } from '../plans/plans-repo.ts'
import { findRecord } from '../records/records-repo.ts'
import { parcelEditMethods } from './edit-methods.ts'
import { checkDrawn, type GeometryCheck, refuseBroken, refuseOverlap } from './geometry-check.ts'
import { stitchToNeighbours } from './neighbourhood.ts'
import { parcelNotFound } from './parcel-edits.ts'
import {
  enterpriseIdsOf,
  findParcelKey,
  geometryOf,
  highestNumber,
  isSortableParcelField,
  listParcels,
  occupantsOf,
  outlinesOfParcels,
  parcelKeys,
  parcelsAt,
  zonesOf,
} from './parcels-repo.ts'

export function parcelsMethods(deps: ServiceDeps) {
  return {
    ...parcelEditMethods(deps),
    list: os.parcels.list.handler(({ input }) => {
      if (input.sort && !isSortableParcelField(input.sort.field)) {
        throw new AppError('bad_input', `不能按“${input.sort.field.slice(0, 60)}”排序`, {
          reason: 'unknown_sort',
          field: input.sort.field,
        })
      }
      return listParcels(deps.store().read, input.filter, input)
    }),
    detail: os.parcels.detail.handler(({ input }) => {
      const db = deps.store().read
      const key = findParcelKey(db, input)
      if (!key) throw parcelNotFound()
      const plans = enterpriseIdsOf(db, key.id).flatMap(id => planSummariesOf(db, id))
      return {
        record: findRecord(db, 'parcel', { id: key.id })!,
        geometry: geometryOf(key.geometry),
        box: boxOf(decodeGeometry(key.geometry)),
        enterprises: occupantsOf(db, key.id),
        plans,
        zones: zonesOf(db, key.id),
      }
    }),
    keys: os.parcels.keys.handler(({ input }) => ({ pks: parcelKeys(deps.store().read, input.filter) })),
    outlines: os.parcels.outlines.handler(({ input }) =>
      outlinesOfParcels(deps.store().read, input.ids).map(({ id, geometry }) => ({
        id,
        geometry: geometryOf(geometry),
      })),
    ),
    at: os.parcels.at.handler(({ input }) => parcelsAt(deps.store().read, input.lng, input.lat)),
    proposeCode: os.parcels.proposeCode.handler(({ input }) => ({ code: proposeCode(deps.store(), input.unit) })),
    create: os.parcels.create.handler(async ({ input }) => {
      const store = deps.store()
      const polygons = flatOf(input.geometry)
      const check = checkDrawn(store, polygons, new Set())
      refuseUnfit(check, input.allow_overlap)
      const unit = (input.values['unit'] as string | undefined) ?? check.unit ?? store.profile().unit
      const code = (input.values['code'] as string | undefined) ?? proposeCode(store, unit)
      const values = { ...input.values, code, unit }
      const { result, edit } = await store.mutate(
        { label: 'parcel_drawn', values: { name: code }, reason: input.reason },
        tx => {
          const stitched = stitchToNeighbours(tx.db, new Map([[code, polygons]]))
          for (const [id, outline] of stitched.neighbours) tx.update('parcel', id, {}, { geometry: outline })
          return tx.create('parcel', values, stitched.outlines.get(code)!)
        },
      )
      return { id: result, rev: 1, edit }
    }),
    markSide: os.parcels.markSide.handler(async ({ input }) => {
      const store = deps.store()
      const record = findRecord(store.read, 'parcel', { id: input.id })
      if (!record) throw parcelNotFound()
      const { side } = input
      const differs =
        side !== null && record['side'] !== 'unknown' && record['side'] !== null && record['side'] !== side
      if (differs && !input.reason) {
        throw new AppError(
          'refused',
          `系统判定为${labelOf('side', String(record['side']))}，标注为${labelOf('side_mark', side)}需要填写理由`,
          {
            reason: 'mark_needs_reason',
            field: 'side_mark_reason',
          },
        )
      }
      if (input.reason === 'other' && !input.note?.trim()) {
        throw new AppError('refused', '理由选“其他”时请写明情况', {
          reason: 'mark_needs_note',
          field: 'side_mark_note',
        })
      }
      const values =
        side === null
          ? {
              side_marked: null,
              side_mark_reason: null,
              side_mark_note: null,
              side_marked_by: null,
              side_marked_at: null,
            }
          : {
              side_marked: side,
              side_mark_reason: input.reason,
              side_mark_note: input.note,
              side_marked_by: store.profile().user,
              side_marked_at: store.now().toISOString(),
            }
      const { result, edit } = await store.mutate(
        { label: 'side_marked', values: { name: String(record['code']) } },
        tx => tx.update('parcel', input.id, values, { baseRev: input.base_rev }),
      )
      return { id: input.id, rev: result, edit }
    }),
    link: os.parcels.link.handler(async ({ input }) => {
      const store = deps.store()
      const parcel = findRecord(store.read, 'parcel', { id: input.parcel_id })
      const enterprise = findRecord(store.read, 'enterprise', { id: input.enterprise_id })
      if (!parcel) throw parcelNotFound()
      if (!enterprise)
        throw new AppError('not_found', '找不到企业', { reason: 'record_not_found', values: { entity: 'enterprise' } })
      const { result, edit } = await store.mutate(
        { label: 'linked', values: { name: String(enterprise['name']), parcel: String(parcel['code']) } },
        tx => tx.create('occupancy', input),
      )
      return { id: result, rev: 1, edit }
    }),
    unlink: os.parcels.unlink.handler(async ({ input }) => {
      const store = deps.store()
      const { result, edit } = await store.mutate({ label: 'unlinked' }, tx =>
        tx.remove('occupancy', input.occupancy_id),
      )
      return { id: input.occupancy_id, rev: result, edit }
    }),
  }
}

function flatOf(geometry: Polygonal): FlatPolygons {
  return toFlat(geometry)
}

/** `town_code-year-NNNN`, the next free number of the unit in this year (domain §11.2). */
function proposeCode(store: Store, unit: string | null): string {
  const prefix = `${unit ?? 'DK'}-${store.now().getFullYear()}-`
  return `${prefix}${String(highestNumber(store.read, prefix) + 1).padStart(4, '0')}`
}

/** Refuses what cannot be saved; an overlap only until the person says that it is meant. */
function refuseUnfit(check: GeometryCheck, allowOverlap: boolean): void {
  refuseBroken(check.defects)
  if (!allowOverlap) refuseOverlap(check.overlaps)
}
