/** Writing zones inside a transaction: codes and names, the result of a detection, and single changes of members. */
import type { PlaneProjection } from '../../shared/geometry/plane.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import type { Db } from '../db/open.ts'
import type { Transaction } from '../db/transaction.ts'
import type { SavePlan, StoredZone } from './zone-matching.ts'
import { commonUnit, linksOf, type MemberLink, outsideShare, type ZoneParcel, zoneParcelOf } from './zone-parcels.ts'
import type { DetectSettings } from './zone-settings.ts'
import { liveMembers, unitNames, zoneCodes, zoneNames, zoneParcelsByIds } from './zones-repo.ts'

/** Detection leaves alone what people locked and what is past planning. */
export function isFixed(zone: { readonly locked: number | null; readonly status: string }): boolean {
  return zone.locked === 1 || zone.status !== 'planned'
}

export interface ZoneNamer {
  /** `unit-year-NN`; zones over several units take the code of the county. */
  nextCode(unit: string | null): string
  /** Unit and most frequent place of the members; unique among the zones of the year. */
  nameOf(members: readonly ZoneParcel[], code: string): string
}

export function createZoneNamer(db: Db, year: number): ZoneNamer {
  const units = unitNames(db)
  const numbers = new Map<string, number>()
  const taken = new Set(zoneNames(db, year))
  return {
    nextCode(unit) {
      const prefix = `${unit ?? countyCode([...units.keys()])}-${year}-`
      const last = numbers.get(prefix) ?? Math.max(0, ...zoneCodes(db, prefix).map(code => numberAfter(code, prefix)))
      numbers.set(prefix, last + 1)
      return prefix + String(last + 1).padStart(2, '0')
    },
    nameOf(members, code) {
      const unit = commonUnit(members)
      const unitName = unit === null ? '跨单位' : (units.get(unit) ?? unit)
      const place = commonPlace(members, unitName)
      const base = place === '' ? `${unitName}${code.slice(-2)}号连片整治区域` : `${unitName}${place}连片整治区域`
      let name = base
      for (let number = 2; taken.has(name); number++) name = `${base}(${number})`
      taken.add(name)
      return name
    },
  }
}

/** The six digits that the units' codes have in common (330781); a neutral prefix for surveys without such codes. */
function countyCode(unitCodes: readonly string[]): string {
  const county = unitCodes[0]?.slice(0, 6) ?? ''
  return /^\d{6}$/.test(county) && unitCodes.every(code => code.startsWith(county)) ? county : 'LP'
}

function numberAfter(code: string, prefix: string): number {
  const number = Number(code.slice(prefix.length))
  return Number.isInteger(number) ? number : 0
}

/** The village, road or park most members lie in, from the texts of their location; empty when none says so. */
function commonPlace(members: readonly ZoneParcel[], unitName: string): string {
  const counts = new Map<string, number>()
  for (const { location } of members) {
    if (!location) continue
    const rest = location.replace(/^.*?(省|市)(?=.)/, '').replace(unitName, '')
    const place = /^[^\d()、,,]{1,12}?(村|社区|工业区|工业园|园区|小区|路|街)/.exec(rest.trim())?.[0]
    if (place) counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return best?.[0] ?? ''
}

export interface DetectionToWrite {
  readonly plan: SavePlan
  readonly zones: readonly StoredZone[]
  readonly candidates: readonly ZoneParcel[][]
  readonly matches: readonly (number | undefined)[]
  readonly settings: DetectSettings
  readonly plane: PlaneProjection
  /** Degrees; of a stored zone by its own method. */
  outline(members: readonly ZoneParcel[], zoneId?: string): FlatPolygons
}

/**
 * Writes a detection. `codes`: for every candidate the code of the zone that it is, or that its first part became; `created`:
 * the codes of the new zones of the plan.
 */
export function writeDetection(tx: Transaction, detection: DetectionToWrite): { codes: string[]; created: string[] } {
  const { plan, zones, candidates, matches, settings } = detection
  const namer = createZoneNamer(tx.db, settings.year)
  const parcels = new Map(candidates.flatMap(list => list.map(parcel => [parcel.id, parcel] as const)))
  const codes = matches.map(match => (match === undefined ? '' : zones[match]!.code))
  const created: string[] = []
  const membersOf = (ids: Iterable<string>): ZoneParcel[] => {
    const known: ZoneParcel[] = []
    const others: string[] = []
    for (const id of ids) {
      const parcel = parcels.get(id)
      if (parcel) known.push(parcel)
      else others.push(id)
    }
    // Members that people added lie outside the clusters.
    return [...known, ...zoneParcelsByIds(tx.db, others).map(row => zoneParcelOf(row, detection.plane))]
  }
  // Leaving members first, so that a parcel is never in two zones, not even between two statements.
  for (const [index, target] of plan.changed) {
    for (const member of liveMembers(tx.db, zones[index]!.id)) {
      if (!target.has(member.parcel_id)) tx.remove('zone_member', member.id)
    }
  }
  for (const [index, target] of plan.changed) {
    const zone = zones[index]!
    const members = membersOf(target)
    const links = linksOf(members, settings.gapM, settings.barriers)
    const before = new Set(zone.members.map(member => member.parcelId))
    for (const parcel of members)
      if (!before.has(parcel.id)) addMember(tx, zone.id, parcel.id, false, links.get(parcel.id))
    tx.update('zone', zone.id, { gap_m: settings.gapM }, { geometry: detection.outline(members, zone.id) })
  }
  for (const { candidate, parcelIds } of plan.created) {
    const whole = candidates[candidate]!
    const members = parcelIds.length === whole.length ? whole : membersOf(parcelIds)
    const unit = commonUnit(members)
    const code = namer.nextCode(unit)
    const values = {
      code,
      name: namer.nameOf(members, code),
      year: settings.year,
      unit,
      status: 'planned',
      direction: outsideShare(members) > 0.5 ? 'reclaim' : 'upgrade',
      gap_m: settings.gapM,
      cross_unit: unit === null,
      locked: false,
    }
    const zoneId = tx.create('zone', values, detection.outline(members))
    const links = linksOf(members, settings.gapM, settings.barriers)
    for (const parcel of members) addMember(tx, zoneId, parcel.id, false, links.get(parcel.id))
    codes[candidate] ||= code
    created.push(code)
  }
  // A candidate whose parcels all belong to other zones has no zone of its own.
  return { codes: codes.map((code, index) => code || namer.nextCode(commonUnit(candidates[index]!))), created }
}

export function addMember(
  tx: Transaction,
  zoneId: string,
  parcelId: string,
  manual: boolean,
  link: MemberLink | undefined,
): void {
  tx.create('zone_member', {
    zone_id: zoneId,
    parcel_id: parcelId,
    manual,
    linked_to: link?.linkedTo ?? null,
    distance_m: link?.distanceM ?? null,
  })
}
