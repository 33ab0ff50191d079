/** Merging and splitting zones by hand. The members move with their history: a membership that ends and one that begins. */
import { AppError } from '../../shared/contract/errors.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import type { Store } from '../db/store.ts'
import type { Saved } from '../enterprises/enterprises.ts'
import { loadGeos } from '../geos/geos.ts'
import { gapOf, requireParcels, requireUnlocked, requireZone, wouldBeEmpty } from './zone-guards.ts'
import { redraw } from './zone-outline.ts'
import { linksOf, outlineOf, outsideShare } from './zone-parcels.ts'
import { addMember, createZoneNamer } from './zone-save.ts'
import { liveMembers, type ZoneRow } from './zones-repo.ts'

/**
 * Joins zones of one year into the first one, which keeps its code, name and state. Refused when one is locked, of another
 * year, or of another unit while the first is not a cross-unit zone.
 */
export async function mergeZones(store: Store, input: { ids: readonly string[] }): Promise<Saved> {
  const geos = await loadGeos()
  const [first, ...others] = [...new Set(input.ids)]
  if (first === undefined || others.length === 0)
    throw new AppError('bad_input', '合并至少需要两个区域', { reason: 'zones_to_merge' })
  const target = requireZone(store.read, { id: first })
  const label = { label: 'zones_merged', values: { name: target.name, count: String(others.length + 1) } }
  const { result, edit } = await store.mutate(label, tx => {
    const zone = requireUnlocked(tx.db, first)
    const members = new Set(liveMembers(tx.db, zone.id).map(member => member.parcel_id))
    const joining: string[] = []
    for (const id of others) {
      const other = requireUnlocked(tx.db, id)
      refuseStranger(zone, other)
      for (const member of liveMembers(tx.db, other.id)) {
        if (!members.has(member.parcel_id)) joining.push(member.parcel_id)
        members.add(member.parcel_id)
        tx.remove('zone_member', member.id)
      }
      tx.remove('zone', other.id)
    }
    const parcels = requireParcels(store, tx.db, [...members], true)
    const links = linksOf(parcels, gapOf(tx.db, zone))
    for (const id of joining) addMember(tx, zone.id, id, true, links.get(id))
    return redraw(store, tx, zone, parcels, geos)
  })
  return { id: first, rev: result, edit }
}

/** Moves members into a new zone of the same unit and year. At least one member stays behind. */
export async function splitZone(
  store: Store,
  input: { id: string; parcel_ids: readonly string[]; name?: string | undefined },
): Promise<Saved> {
  const geos = await loadGeos()
  const before = requireZone(store.read, { id: input.id })
  const label = { label: 'zone_split', values: { name: before.name, count: String(input.parcel_ids.length) } }
  const { result, edit } = await store.mutate(label, tx => {
    const zone = requireUnlocked(tx.db, input.id)
    const leaving = new Set(input.parcel_ids)
    const members = liveMembers(tx.db, zone.id)
    const staying = members.filter(member => !leaving.has(member.parcel_id))
    const moved = members.filter(member => leaving.has(member.parcel_id))
    if (moved.length !== leaving.size) {
      throw new AppError(
        'not_found',
        `所选地块中有 ${leaving.size - moved.length} 个不在“${zone.name}”内，请刷新后再选`,
        {
          reason: 'parcels_not_in_zone',
          values: { missing: leaving.size - moved.length, name: zone.name },
        },
      )
    }
    if (staying.length === 0) throw wouldBeEmpty(zone)
    for (const member of moved) tx.remove('zone_member', member.id)
    const parcels = requireParcels(
      store,
      tx.db,
      moved.map(member => member.parcel_id),
    )
    const gapM = gapOf(tx.db, zone)
    const namer = createZoneNamer(tx.db, zone.year)
    const code = namer.nextCode(zone.unit)
    const values = {
      code,
      name: input.name?.trim() || namer.nameOf(parcels, code),
      year: zone.year,
      unit: zone.unit,
      status: 'planned',
      planned_on: chinaDate(store.now()),
      direction: outsideShare(parcels) > 0.5 ? 'reclaim' : 'upgrade',
      gap_m: gapM,
      cross_unit: zone.cross_unit === 1,
      locked: false,
    }
    const id = tx.create('zone', values, outlineOf(parcels, gapM, store.plane, geos))
    const links = linksOf(parcels, gapM)
    for (const parcel of parcels) addMember(tx, id, parcel.id, true, links.get(parcel.id))
    const rest = requireParcels(
      store,
      tx.db,
      staying.map(member => member.parcel_id),
      true,
    )
    redraw(store, tx, zone, rest, geos)
    return id
  })
  return { id: result, rev: 1, edit }
}

function refuseStranger(zone: ZoneRow, other: ZoneRow): void {
  if (other.year !== zone.year) {
    throw new AppError(
      'refused',
      `“${other.name}”是 ${other.year} 年的区域，不能并入 ${zone.year} 年的“${zone.name}”`,
      {
        reason: 'zones_of_other_year',
        values: { name: other.name, year: other.year, target: zone.name, target_year: zone.year },
      },
    )
  }
  if (zone.unit !== null && zone.cross_unit !== 1 && other.unit !== zone.unit) {
    throw new AppError('refused', `“${other.name}”属于另一个考核单位，不能并入“${zone.name}”`, {
      reason: 'zones_of_other_unit',
      values: { name: other.name, target: zone.name },
    })
  }
}
