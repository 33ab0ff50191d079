/** Zones as people work with them: lists, details, making one by hand, adding and taking out parcels, the yearly duty. */

import type { ZoneDetail, ZoneSummary } from '../../shared/contract/zones.ts'
import { ellipsoidAreaM2, squareMetersToMu } from '../../shared/geometry/area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { fromFlat } from '../../shared/geometry/types.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import type { Saved } from '../enterprises/enterprises.ts'
import { loadGeos } from '../geos/geos.ts'
import {
  gapOf,
  refuseOtherUnit,
  refuseTaken,
  requireParcels,
  requireUnlocked,
  requireZone,
  wouldBeEmpty,
} from './zone-guards.ts'
import { redraw } from './zone-outline.ts'
import { commonUnit, linksOf, outlineOf, outsideShare } from './zone-parcels.ts'
import { addMember, createZoneNamer } from './zone-save.ts'
import {
  listZones,
  liveMembers,
  memberDetails,
  quotaRows,
  type ZoneRow,
  type ZoneTotals,
  zoneRecord,
  zoneTotals,
} from './zones-repo.ts'

export function zoneSummaries(db: Db, filter: { year?: number; unit?: string }): ZoneSummary[] {
  const zones = listZones(db, filter)
  const totals = zoneTotals(
    db,
    zones.map(zone => zone.id),
  )
  return zones.map(zone => zoneSummary(zone, totals.get(zone.id)))
}

export function zoneDetail(db: Db, key: { id?: string; code?: string }): ZoneDetail {
  const zone = requireZone(db, key)
  return {
    zone: zoneSummary(zone, zoneTotals(db, [zone.id]).get(zone.id)),
    record: zoneRecord(db, zone.id),
    outline: zone.geometry ? fromFlat(decodeGeometry(zone.geometry)) : null,
    members: memberDetails(db, zone.id).map(member => ({ ...member, manual: member.manual === 1 })),
  }
}

function zoneSummary(zone: ZoneRow, totals: ZoneTotals | undefined): ZoneSummary {
  const { min_x, min_y, max_x, max_y } = totals ?? { min_x: null, min_y: null, max_x: null, max_y: null }
  const hasBox = min_x !== null && min_y !== null && max_x !== null && max_y !== null
  return {
    id: zone.id,
    rev: zone.rev,
    code: zone.code,
    name: zone.name,
    year: zone.year,
    unit: zone.unit,
    status: zone.status,
    direction: zone.direction,
    locked: zone.locked === 1,
    parcels: totals?.parcels ?? 0,
    enterprises: totals?.enterprises ?? 0,
    area_m2: totals?.area_m2 ?? 0,
    area_in_m2: totals?.area_in_m2 ?? 0,
    area_out_m2: totals?.area_out_m2 ?? 0,
    outline_m2: zone.geometry ? ellipsoidAreaM2(decodeGeometry(zone.geometry)) : null,
    box: hasBox ? [min_x, min_y, max_x, max_y] : null,
  }
}

/** Each unit's duty of at least one zone a year, units that still owe theirs included. */
export function zoneQuota(
  db: Db,
  year: number,
  day?: string,
): { unit: string; zones: number; approved: number; area_mu: number; met: boolean }[] {
  return quotaRows(db, year, day).map(row => ({
    unit: row.unit,
    zones: row.zones,
    approved: row.approved,
    area_mu: squareMetersToMu(row.area_m2),
    met: row.zones >= 1,
  }))
}

/** A zone made by hand: all its members are marked as people's choice. */
export async function createZone(
  store: Store,
  input: { name?: string; year: number; unit: string | null; parcel_ids: readonly string[] },
): Promise<Saved> {
  const geos = await loadGeos()
  const ids = [...new Set(input.parcel_ids)]
  const { result, edit } = await store.mutate({ label: 'zone_created', values: { year: String(input.year) } }, tx => {
    const members = requireParcels(store, tx.db, ids)
    refuseTaken(tx.db, input.year, ids)
    if (input.unit !== null) refuseOtherUnit(members, input.unit)
    const namer = createZoneNamer(tx.db, input.year)
    const code = namer.nextCode(input.unit)
    const gapM = gapOf(tx.db, null)
    const values = {
      code,
      name: input.name?.trim() || namer.nameOf(members, code),
      year: input.year,
      unit: input.unit,
      status: 'planned',
      direction: outsideShare(members) > 0.5 ? 'reclaim' : 'upgrade',
      gap_m: gapM,
      cross_unit: input.unit === null && commonUnit(members) === null,
      locked: false,
    }
    const id = tx.create('zone', values, outlineOf(members, gapM, store.plane, geos))
    const links = linksOf(members, gapM)
    for (const parcel of members) addMember(tx, id, parcel.id, true, links.get(parcel.id))
    return id
  })
  return { id: result, rev: 1, edit }
}

/** Adds parcels by hand. A parcel of another live zone of the year is refused, naming that zone. */
export async function addZoneMembers(
  store: Store,
  input: { id: string; parcel_ids: readonly string[] },
): Promise<Saved> {
  const geos = await loadGeos()
  const before = requireZone(store.read, { id: input.id })
  const label = { label: 'zone_members_added', values: { name: before.name, count: String(input.parcel_ids.length) } }
  const { result, edit } = await store.mutate(label, tx => {
    const zone = requireUnlocked(tx.db, input.id)
    const present = new Set(liveMembers(tx.db, zone.id).map(member => member.parcel_id))
    const added = [...new Set(input.parcel_ids)].filter(id => !present.has(id))
    const parcels = requireParcels(store, tx.db, added)
    refuseTaken(tx.db, zone.year, added)
    if (zone.unit !== null && zone.cross_unit !== 1) refuseOtherUnit(parcels, zone.unit)
    const members = [...requireParcels(store, tx.db, [...present], true), ...parcels]
    const links = linksOf(members, gapOf(tx.db, zone))
    for (const id of added) addMember(tx, zone.id, id, true, links.get(id))
    return redraw(store, tx, zone, members, geos)
  })
  return { id: input.id, rev: result, edit }
}

/** Takes parcels out by hand; detection will not bring them back. The last parcel cannot be taken out. */
export async function removeZoneMembers(
  store: Store,
  input: { id: string; parcel_ids: readonly string[] },
): Promise<Saved> {
  const geos = await loadGeos()
  const before = requireZone(store.read, { id: input.id })
  const label = { label: 'zone_members_removed', values: { name: before.name, count: String(input.parcel_ids.length) } }
  const { result, edit } = await store.mutate(label, tx => {
    const zone = requireUnlocked(tx.db, input.id)
    const going = new Set(input.parcel_ids)
    const members = liveMembers(tx.db, zone.id)
    const staying = members.filter(member => !going.has(member.parcel_id)).map(member => member.parcel_id)
    if (staying.length === 0) throw wouldBeEmpty(zone)
    for (const member of members) {
      if (!going.has(member.parcel_id)) continue
      // A removed member linked to itself is the mark "taken out by a person", see takenOutByHand.
      tx.update('zone_member', member.id, { manual: true, linked_to: member.parcel_id, distance_m: null })
      tx.remove('zone_member', member.id)
    }
    return redraw(store, tx, zone, requireParcels(store, tx.db, staying, true), geos)
  })
  return { id: input.id, rev: result, edit }
}
