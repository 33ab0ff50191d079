/** Zones on a real survey file: detection against a plain way of finding the same, identity over time, people's decisions. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJobControl, streamJob } from '../../service/boundary/job-stream.ts'
import type { Store } from '../../service/db/store.ts'
import { applyInverse } from '../../service/db/undo.ts'
import { loadGeos } from '../../service/geos/geos.ts'
import { boundsInWords } from '../../service/zones/zone-bounds.ts'
import { contiguityOf } from '../../service/zones/zone-contiguity.ts'
import { type DetectInput, type DetectResult, detectZones } from '../../service/zones/zone-detect.ts'
import { setOutline } from '../../service/zones/zone-outline.ts'
import { mergeZones, splitZone } from '../../service/zones/zone-regroup.ts'
import {
  addZoneMembers,
  createZone,
  removeZoneMembers,
  zoneDetail,
  zoneQuota,
  zoneSummaries,
} from '../../service/zones/zones.ts'
import { ellipsoidAreaM2, SQUARE_METERS_PER_MU } from '../../shared/geometry/area.ts'
import { edgeDistance } from '../../shared/geometry/distance.ts'
import { projectToPlane } from '../../shared/geometry/plane.ts'
import { type FlatPolygons, fromFlat, toFlat } from '../../shared/geometry/types.ts'
import { createParcels, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

const UNIT = '330781001'
const OTHER = '330781006'
let fixture: SurveyFixture
let store: Store

beforeEach(async () => {
  fixture = await openFixture()
  store = fixture.store
})
afterEach(() => fixture.close())

const detect = (input: Partial<DetectInput> = {}): Promise<DetectResult> =>
  detectZones(store, { cross_unit: false, save: false, outlines: true, ...input }, createJobControl())

/** `count` squares of 150 m (33.7 亩) in a row, `gap` metres apart. */
const row = (prefix: string, x: number, y: number, count: number, gap: number, unit = UNIT) =>
  Array.from({ length: count }, (_, index) => ({
    code: `${prefix}${index + 1}`,
    unit,
    location: unit === UNIT ? '兰江街道殿山村' : '女埠街道午塘村',
    geometry: rectangle(x + index * (150 + gap), y, 150, 150),
  }))

const membersOf = (code: string) => zoneDetail(store.read, { code }).members.map(member => member.code)
const zoneSets = (result: DetectResult) => result.zones.map(zone => zone.parcels.join(' '))

async function undo(edit: string): Promise<void> {
  const { seq } = store.read.prepare('SELECT seq FROM edit WHERE id = ?').get(edit) as { seq: number }
  await store.mutate({ label: 'undo', kind: 'undo', undoOf: edit }, tx => applyInverse(tx, seq))
}

test('clusters are those of a plain union of all pairs within the gap, for several gaps and both unit rules', async () => {
  let seed = 7
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed / 2147483648
  }
  const parcels = Array.from({ length: 90 }, (_, index) => ({
    code: `P${String(index).padStart(2, '0')}`,
    unit: index % 3 === 0 ? OTHER : UNIT,
    geometry: rectangle(
      Math.floor(random() * 1500),
      Math.floor(random() * 1500),
      30 + random() * 60,
      30 + random() * 60,
    ),
  }))
  await createParcels(store, parcels)
  const planes = parcels.map(parcel => projectToPlane(parcel.geometry, store.plane))
  for (const gap of [0, 10, 35]) {
    for (const crossUnit of [false, true]) {
      const parents = parcels.map((_, index) => index)
      const root = (index: number): number => (parents[index] === index ? index : root(parents[index]!))
      for (let i = 0; i < parcels.length; i++) {
        for (let j = 0; j < i; j++) {
          const linked = crossUnit || parcels[i]!.unit === parcels[j]!.unit
          if (linked && edgeDistance(planes[i]!, planes[j]!) <= Math.max(gap, 0.001)) parents[root(i)] = root(j)
        }
      }
      const expected = new Map<number, string[]>()
      parcels.forEach((parcel, index) => {
        expected.set(root(index), [...(expected.get(root(index)) ?? []), parcel.code])
      })
      const sets = [...expected.values()].filter(set => set.length >= 2).map(set => set.join(' '))
      const found = await detect({ gap_m: gap, min_mu: 0, cross_unit: crossUnit, outlines: false })
      expect(zoneSets(found).sort(), `gap ${gap}, cross ${crossUnit}`).toEqual(sets.sort())
    }
  }
})

test('defaults come from the campaign; small clusters and single parcels are no candidates but count in the rate', async () => {
  await createParcels(store, [
    ...row('A', 0, 0, 2, 15),
    ...row('B', 0, 2000, 1, 0),
    { code: 'C1', unit: UNIT, geometry: rectangle(0, 4000, 50, 50) },
    { code: 'C2', unit: UNIT, geometry: rectangle(60, 4000, 50, 50) },
    { code: 'D', unit: UNIT, geometry: rectangle(0, 6000, 250, 250) },
  ])
  const result = await detect()
  expect(zoneSets(result)).toEqual(['A1 A2'])
  expect(result.zones[0]).toMatchObject({ code: `${UNIT}-2026-01`, unit: UNIT })
  expect(result.zones[0]!.area_mu).toBeCloseTo(result.zones[0]!.area_m2 / SQUARE_METERS_PER_MU, 9)
  // D alone has more than 50 亩: no zone (one parcel), yet contiguous land by the formula.
  const areas = store.read.prepare('SELECT code, area_m2 FROM parcel').all() as { code: string; area_m2: number }[]
  const sum = (codes: string[]) => areas.filter(a => codes.includes(a.code)).reduce((total, a) => total + a.area_m2, 0)
  expect(result.contiguity_rate).toBeCloseTo(sum(['A1', 'A2', 'D']) / sum(areas.map(a => a.code)), 12)
  expect((await detect({ min_parcels: 1 })).zones).toHaveLength(2)
  expect(zoneSummaries(store.read, {})).toEqual([])
})

test('an empty survey gives no zones and rate 0', async () => {
  expect(await detect({ save: true })).toMatchObject({ zones: [], contiguity_rate: 0, saved: 0 })
})

test('the outline is one valid ring over the roads between the parcels and holds every parcel', async () => {
  const parcels = [...row('A', 0, 0, 3, 18), ...row('B', 40, 168, 2, 12)]
  await createParcels(store, parcels)
  const [zone] = (await detect()).zones
  const geos = await loadGeos()
  const outline = projectToPlane(toFlat(zone!.outline! as never), store.plane)
  expect(geos.isValid(outline)).toBe(true)
  expect(outline.polygonEnds).toHaveLength(1)
  for (const parcel of parcels) {
    const polygons = projectToPlane(parcel.geometry, store.plane)
    expect(geos.area(geos.difference(polygons, outline)), parcel.code).toBeLessThan(0.01)
  }
  const outlineM2 = ellipsoidAreaM2(toFlat(zone!.outline! as never))
  expect(outlineM2).toBeGreaterThan(zone!.area_m2)
  expect(outlineM2).toBeLessThan(zone!.area_m2 * 1.25)
})

test('saving names the zone, says why each parcel belongs, and is one edit that can be undone', async () => {
  await createParcels(store, [...row('A', 0, 0, 3, 15), ...row('B', 0, 3000, 2, 5, OTHER)])
  const result = await detect({ save: true })
  expect(result).toMatchObject({ saved: 2, kept: 0 })
  const zones = zoneSummaries(store.read, { year: 2026 })
  expect(zones.map(zone => [zone.code, zone.name, zone.parcels, zone.status, zone.locked])).toEqual([
    [`${UNIT}-2026-01`, '兰江街道殿山村连片整治区域', 3, 'planned', false],
    [`${OTHER}-2026-01`, '女埠街道午塘村连片整治区域', 2, 'planned', false],
  ])
  expect(result.zones.map(zone => zone.code).sort()).toEqual(zones.map(zone => zone.code).sort())
  const detail = zoneDetail(store.read, { code: `${UNIT}-2026-01` })
  expect(detail.members.map(member => [member.code, member.linked_code, member.manual])).toEqual([
    ['A1', 'A2', false],
    ['A2', expect.stringMatching(/A[13]/), false],
    ['A3', 'A2', false],
  ])
  expect(detail.members[0]!.distance_m).toBeCloseTo(15, 0)
  expect(detail.zone.area_m2).toBeCloseTo(result.zones[0]!.area_m2, 6)
  expect(detail.zone.outline_m2!).toBeGreaterThan(detail.zone.area_m2)

  const edits = store.read.prepare("SELECT id FROM edit WHERE label = 'zones_detected'").all() as { id: string }[]
  expect(edits).toHaveLength(1)
  await undo(edits[0]!.id)
  expect(zoneSummaries(store.read, {})).toEqual([])
})

test('detecting again changes nothing; a new neighbour joins the same zone', async () => {
  await createParcels(store, row('A', 0, 0, 2, 15))
  await detect({ save: true })
  const [before] = zoneSummaries(store.read, {})
  const revision = store.revision()
  expect(await detect({ save: true })).toMatchObject({ saved: 0, kept: 1 })
  expect(store.revision()).toBe(revision)
  await createParcels(store, row('N', 330, 0, 1, 0))
  expect(await detect({ save: true })).toMatchObject({ saved: 1 })
  const [after] = zoneSummaries(store.read, {})
  expect(after).toMatchObject({ id: before!.id, code: before!.code, parcels: 3 })
  expect(after!.outline_m2!).toBeGreaterThan(before!.outline_m2!)
})

test('a zone is not carried to a cluster that shares only a small part with it', async () => {
  // B1 to B3 stand alone, so no cluster holds them; they count all the same when it is asked what the zone is.
  const ids = await createParcels(store, [...row('A', 0, 0, 4, 15), ...row('B', 0, 2000, 3, 500)])
  const zone = await createZone(store, {
    year: 2026,
    unit: UNIT,
    parcel_ids: ['A1', 'B1', 'B2', 'B3'].map(code => ids.get(code)!),
  })
  await store.mutate({ label: 'released' }, tx => {
    const members = tx.db.prepare('SELECT id FROM zone_member WHERE deleted = 0').all() as { id: string }[]
    for (const member of members) tx.update('zone_member', member.id, { manual: false })
  })
  expect(await detect({ save: true })).toMatchObject({ saved: 1, kept: 1 })
  expect(membersOf(zoneDetail(store.read, { id: zone.id }).zone.code)).toEqual(['A1', 'B1', 'B2', 'B3'])
  expect(membersOf(`${UNIT}-2026-02`)).toEqual(['A2', 'A3', 'A4'])
})

test('locked and approved zones stay exactly as they are', async () => {
  await createParcels(store, [...row('A', 0, 0, 2, 15), ...row('B', 0, 2000, 2, 15)])
  await detect({ save: true })
  const [first, second] = zoneSummaries(store.read, {})
  await store.mutate({ label: 'locked' }, tx => tx.update('zone', first!.id, { locked: true }))
  await store.mutate({ label: 'approved' }, tx => tx.update('zone', second!.id, { status: 'approved' }))
  await createParcels(store, [...row('N', 330, 0, 1, 0), ...row('M', 330, 2000, 1, 0)])
  expect(await detect({ save: true })).toMatchObject({ saved: 0, kept: 2 })
  expect(zoneSummaries(store.read, {}).map(zone => zone.parcels)).toEqual([2, 2])
})

test('what people added stays, what they took out does not come back, and undoing the taking out brings it back', async () => {
  const ids = await createParcels(store, [...row('A', 0, 0, 3, 15), ...row('F', 0, 1500, 1, 0)])
  await detect({ save: true })
  const [zone] = zoneSummaries(store.read, {})
  await addZoneMembers(store, { id: zone!.id, parcel_ids: [ids.get('F1')!] })
  const removal = await removeZoneMembers(store, { id: zone!.id, parcel_ids: [ids.get('A3')!] })
  expect(membersOf(zone!.code)).toEqual(['A1', 'A2', 'F1'])
  await detect({ save: true })
  expect(membersOf(zone!.code)).toEqual(['A1', 'A2', 'F1'])
  const detail = zoneDetail(store.read, { id: zone!.id })
  expect(detail.members.map(member => member.manual)).toEqual([false, false, true])
  await undo(removal.edit)
  expect(membersOf(zone!.code)).toEqual(['A1', 'A2', 'A3', 'F1'])
  // Adding again by hand lifts the mark too.
  await removeZoneMembers(store, { id: zone!.id, parcel_ids: [ids.get('A3')!] })
  await addZoneMembers(store, { id: zone!.id, parcel_ids: [ids.get('A3')!] })
  await detect({ save: true })
  expect(membersOf(zone!.code)).toEqual(['A1', 'A2', 'A3', 'F1'])
})

test('a parcel is in one live zone a year: the refusal names the other zone; another year is free', async () => {
  const ids = await createParcels(store, row('A', 0, 0, 3, 15))
  const first = await createZone(store, { year: 2026, unit: UNIT, name: '甲区', parcel_ids: [ids.get('A1')!] })
  await expect(
    createZone(store, { year: 2026, unit: UNIT, parcel_ids: [ids.get('A1')!, ids.get('A2')!] }),
  ).rejects.toMatchObject({ code: 'refused', details: { reason: 'parcel_in_other_zone', values: { zone: '甲区' } } })
  const second = await createZone(store, { year: 2026, unit: UNIT, parcel_ids: [ids.get('A2')!] })
  await expect(addZoneMembers(store, { id: second.id, parcel_ids: [ids.get('A1')!] })).rejects.toThrow(/甲区/)
  const next = await createZone(store, { year: 2027, unit: UNIT, parcel_ids: [ids.get('A1')!] })
  expect(zoneDetail(store.read, { id: next.id }).zone.code).toBe(`${UNIT}-2027-01`)
  await store.mutate({ label: 'removed' }, tx => tx.remove('zone', first.id))
  await addZoneMembers(store, { id: second.id, parcel_ids: [ids.get('A1')!] })
  expect(zoneSummaries(store.read, { year: 2026 })).toHaveLength(1)
  // The code of the removed zone is not given again.
  const third = await createZone(store, { year: 2026, unit: UNIT, parcel_ids: [ids.get('A3')!] })
  expect(zoneDetail(store.read, { id: third.id }).zone.code).toBe(`${UNIT}-2026-03`)
})

test('other units, locked zones, the last parcel and unknown parcels are refused in words', async () => {
  const ids = await createParcels(store, [...row('A', 0, 0, 2, 15), ...row('B', 0, 400, 1, 0, OTHER)])
  const zone = await createZone(store, { year: 2026, unit: UNIT, parcel_ids: [ids.get('A1')!] })
  const add = (code: string) => addZoneMembers(store, { id: zone.id, parcel_ids: [ids.get(code) ?? code] })
  await expect(add('B1')).rejects.toMatchObject({ details: { reason: 'zone_other_unit' } })
  await expect(add('nowhere')).rejects.toMatchObject({ code: 'not_found' })
  await expect(removeZoneMembers(store, { id: zone.id, parcel_ids: [ids.get('A1')!] })).rejects.toMatchObject({
    details: { reason: 'zone_would_be_empty' },
  })
  await store.mutate({ label: 'locked' }, tx => tx.update('zone', zone.id, { locked: true }))
  await expect(add('A2')).rejects.toMatchObject({ details: { reason: 'zone_locked' } })
  expect(membersOf(`${UNIT}-2026-01`)).toEqual(['A1'])
})

test('zones over several units are made only when asked for and carry the code of the county', async () => {
  await createParcels(store, [...row('A', 0, 0, 1, 0), ...row('B', 160, 0, 1, 0, OTHER)])
  expect((await detect()).zones).toEqual([])
  expect((await detect({ cross_unit: true, save: true })).zones).toMatchObject([{ code: '330781-2026-01', unit: null }])
})

test('the quota lists every unit, those that owe a zone included', async () => {
  await createParcels(store, row('A', 0, 0, 2, 15))
  await detect({ save: true })
  const quota = zoneQuota(store.read, 2026)
  expect(quota.map(entry => [entry.unit, entry.zones, entry.met])).toEqual([
    [UNIT, 1, true],
    [OTHER, 0, false],
  ])
  expect(quota[0]!.area_mu).toBeCloseTo(67.4, 0)
  expect(zoneQuota(store.read, 2027).every(entry => !entry.met)).toBe(true)
})

test('breaking off before saving leaves no zone, and a survey can be closed while a detection runs', async () => {
  const parcels: { code: string; unit: string; geometry: FlatPolygons }[] = []
  for (let index = 0; index < 1500; index++) {
    parcels.push({
      code: `P${index}`,
      unit: UNIT,
      geometry: rectangle((index % 50) * 60, Math.floor(index / 50) * 60, 55, 55),
    })
  }
  await createParcels(store, parcels)
  for await (const _ of streamJob(undefined, control =>
    detectZones(store, { cross_unit: false, save: true, outlines: true }, control),
  )) {
    break
  }
  expect(zoneSummaries(store.read, {})).toEqual([])
  const running = detect()
  store.close()
  await expect(running).rejects.toThrow()
})

test('splitting and merging move members whole, keep every square metre, and are one step of undo each', async () => {
  await createParcels(store, row('A', 0, 0, 4, 10))
  await detect({ save: true, gap_m: 20, year: 2022 })
  const [zone] = zoneSummaries(store.read, { year: 2022 })
  const all = zoneDetail(store.read, { id: zone!.id }).members
  const leaving = all.slice(2).map(member => member.parcel_id)
  const { id: newId, edit } = await splitZone(store, { id: zone!.id, parcel_ids: leaving })
  const parts = zoneSummaries(store.read, { year: 2022 })
  expect(parts).toHaveLength(2)
  expect(parts.reduce((sum, part) => sum + part.area_m2, 0)).toBeCloseTo(zone!.area_m2, 6)
  expect(membersOf(zone!.code)).toEqual(['A1', 'A2'])
  expect(zoneDetail(store.read, { id: newId }).members.map(member => member.code)).toEqual(['A3', 'A4'])
  // Outlines follow their members.
  for (const part of parts) expect(part.outline_m2).toBeGreaterThan(part.area_m2)
  await undo(edit)
  expect(membersOf(zone!.code)).toEqual(['A1', 'A2', 'A3', 'A4'])
  expect(zoneSummaries(store.read, { year: 2022 })).toHaveLength(1)

  const again = await splitZone(store, { id: zone!.id, parcel_ids: leaving })
  const merged = await mergeZones(store, { ids: [zone!.id, again.id] })
  expect(merged.id).toBe(zone!.id)
  expect(membersOf(zone!.code)).toEqual(['A1', 'A2', 'A3', 'A4'])
  expect(zoneSummaries(store.read, { year: 2022 })).toHaveLength(1)
  await undo(merged.edit)
  expect(zoneSummaries(store.read, { year: 2022 }).map(part => part.parcels)).toEqual([2, 2])
})

test('merging is refused across years and units and for locked zones; splitting never empties a zone', async () => {
  await createParcels(store, [...row('A', 0, 0, 2, 10), ...row('B', 0, 5000, 2, 10, OTHER)])
  await detect({ save: true, gap_m: 20, year: 2022 })
  const [first, second] = zoneSummaries(store.read, { year: 2022 })
  await expect(mergeZones(store, { ids: [first!.id, second!.id] })).rejects.toMatchObject({
    details: { reason: 'zones_of_other_unit' },
  })
  await expect(mergeZones(store, { ids: [first!.id, first!.id] })).rejects.toMatchObject({
    details: { reason: 'zones_to_merge' },
  })
  const ids = zoneDetail(store.read, { id: first!.id }).members.map(member => member.parcel_id)
  await expect(splitZone(store, { id: first!.id, parcel_ids: ids })).rejects.toMatchObject({
    details: { reason: 'zone_would_be_empty' },
  })
  const strangers = zoneDetail(store.read, { id: second!.id }).members.map(member => member.parcel_id)
  await expect(splitZone(store, { id: first!.id, parcel_ids: strangers })).rejects.toMatchObject({
    details: { reason: 'parcels_not_in_zone' },
  })
  await store.mutate({ label: 'lock' }, tx => tx.update('zone', first!.id, { locked: true }))
  await expect(splitZone(store, { id: first!.id, parcel_ids: ids.slice(0, 1) })).rejects.toMatchObject({
    details: { reason: 'zone_locked' },
  })
  expect(zoneSummaries(store.read, { year: 2022 }).map(zone => zone.parcels)).toEqual([2, 2])
})

test('what people split stays split when zones are found again', async () => {
  await createParcels(store, row('A', 0, 0, 4, 10))
  await detect({ save: true, gap_m: 20, year: 2022 })
  const [zone] = zoneSummaries(store.read, { year: 2022 })
  const leaving = zoneDetail(store.read, { id: zone!.id })
    .members.slice(2)
    .map(member => member.parcel_id)
  const split = await splitZone(store, { id: zone!.id, parcel_ids: leaving })
  await detect({ save: true, gap_m: 20, year: 2022 })
  expect(membersOf(zone!.code)).toEqual(['A1', 'A2'])
  expect(zoneDetail(store.read, { id: split.id }).members.map(member => member.code)).toEqual(['A3', 'A4'])
})

/** A barrier as it is imported: an area between two places, in metres from the origin. */
async function addBarrier(x: number, y: number, width: number, height: number): Promise<void> {
  await store.mutate({ label: 'boundary_created' }, tx => {
    const values = { code: `Z${x}`, name: '河', effective_date: '2026-01-01', status: 'active', kind: 'barrier' }
    const boundary_id = tx.create('boundary_version', values)
    tx.create('boundary_feature', { boundary_id, subzone: 'unspecified' }, rectangle(x, y, width, height))
  })
}

test('a barrier keeps apart what lies on both its banks, unless it is told not to', async () => {
  await createParcels(store, row('A', 0, 0, 4, 10))
  await addBarrier(312, -500, 6, 1000)
  expect(zoneSets(await detect())).toEqual(['A1 A2', 'A3 A4'])
  expect((await detect()).barriers).toBe(true)
  const without = await detect({ barriers: false })
  expect([zoneSets(without), without.barriers]).toEqual([['A1 A2 A3 A4'], false])
})

test('a detection says what it would change before it is saved, and the same afterwards', async () => {
  await createParcels(store, row('A', 0, 0, 3, 10))
  const first = await detect({ year: 2022 })
  expect(first.changes).toEqual([
    { code: first.zones[0]!.code, name: '', kind: 'new', added: ['A1', 'A2', 'A3'], removed: [] },
  ])
  expect((await detect({ year: 2022, save: true })).changes).toEqual(first.changes)
  await createParcels(store, [{ code: 'A4', unit: UNIT, geometry: rectangle(480, 0, 150, 150) }])
  const again = await detect({ year: 2022 })
  expect(again.changes).toMatchObject([{ code: first.zones[0]!.code, kind: 'changed', added: ['A4'], removed: [] }])
  expect((await detect({ year: 2022, save: true })).changes).toEqual(again.changes)
  expect((await detect({ year: 2022 })).changes).toMatchObject([{ kind: 'kept', added: [], removed: [] }])
})

test('candidates carry taxes per land as Σ/Σ of known figures, and how compact they are', async () => {
  const [a1, a2] = [...(await createParcels(store, row('A', 0, 0, 2, 0))).values()]
  await store.mutate({ label: 'test' }, tx => {
    const figures = [
      [a1, 10, 40],
      [a1, 2, 8],
      [a2, null, 50],
    ] as const
    figures.forEach(([parcel_id, tax, land_mu_actual], index) => {
      const enterprise_id = tx.create('enterprise', { code: `E${index}`, name: `企业${index}` })
      tx.create('enterprise_year', { enterprise_id, year: 2021, tax: 999, land_mu_actual: 1 })
      tx.create('enterprise_year', { enterprise_id, year: 2022, tax, land_mu_actual })
      tx.create('occupancy', { enterprise_id, parcel_id, role: 'OWNER' })
    })
  })
  const [zone] = (await detect({ year: 2022 })).zones
  expect(zone).toMatchObject({ enterprises: 3, tax_per_mu: 12 / 48 })
  expect(zone!.compactness).toBeGreaterThan(0.99)
})

test('the outline can be a hull or drawn; a drawn one must hold all members and only grows', async () => {
  await createParcels(store, row('A', 0, 0, 3, 10))
  await detect({ save: true, gap_m: 20, year: 2022 })
  const { id } = zoneSummaries(store.read, { year: 2022 })[0]!
  const area = () => zoneSummaries(store.read, { year: 2022 })[0]!.outline_m2!
  const closed = area()
  await setOutline(store, { id, method: 'hull' })
  expect(area()).toBeGreaterThanOrEqual(closed - 1)
  await expect(
    setOutline(store, { id, method: 'drawn', geometry: fromFlat(rectangle(-5, -5, 400, 160)) }),
  ).rejects.toMatchObject({ details: { reason: 'outline_leaves_members', values: { parcels: 'A3', count: 1 } } })
  const drawn = rectangle(-5, -5, 480, 160)
  const { edit } = await setOutline(store, { id, method: 'drawn', geometry: fromFlat(drawn) })
  expect(area()).toBeCloseTo(ellipsoidAreaM2(drawn), 3)
  const [out] = [
    ...(await createParcels(store, [{ code: 'B', unit: UNIT, geometry: rectangle(480, 0, 150, 150) }])).values(),
  ]
  await addZoneMembers(store, { id, parcel_ids: [out!] })
  const grown = area()
  expect(grown).toBeGreaterThan(ellipsoidAreaM2(drawn) + 20_000)
  await removeZoneMembers(store, { id, parcel_ids: [out!] })
  expect(area()).toBeCloseTo(grown, 3)
  await undo(edit)
})

test('bounds in words name the nearest land outside, and coordinates where there is none', async () => {
  await createParcels(store, [
    ...row('A', 0, 0, 2, 0),
    { code: 'E', unit: OTHER, right_holder: '东邻厂', geometry: rectangle(330, 0, 100, 150) },
    { code: 'N', unit: OTHER, location: '女埠街道午塘村', geometry: rectangle(0, 200, 300, 50) },
    { code: 'F', unit: OTHER, geometry: rectangle(0, -700, 300, 50) },
  ])
  await detect({ save: true, gap_m: 0, year: 2022 })
  const [zone] = zoneSummaries(store.read, { year: 2022 })
  expect(boundsInWords(store, zone!.id)).toBe(
    '东至东邻厂，南至北纬29°12′00.0″，西至东经119°27′00.0″，北至女埠街道午塘村',
  )
})

test('连片率 by unit is that of a detection, and of counted land by the quarter in which it was first counted', async () => {
  const rows = [...row('A', 0, 0, 3, 10), ...row('B', 0, 5000, 1, 0, OTHER)]
  const ids = [...(await createParcels(store, rows)).values()]
  await store.mutate({ label: 'test' }, tx => {
    ids.forEach((parcel_id, index) => {
      const enterprise_id = tx.create('enterprise', { code: `E${index}`, name: `企业${index}`, unit: UNIT })
      tx.create('occupancy', { enterprise_id, parcel_id, role: index === 2 ? 'TENANT' : 'OWNER' })
      tx.create('list_entry', { enterprise_id, state: 'S7', counted_at: index < 2 ? '2022-05-10' : '2022-11-01' })
    })
  })
  const result = await contiguityOf(store, { year: 2022, gap_m: 20 }, createJobControl())
  const [one, other] = [UNIT, OTHER].map(unit => result.units.find(entry => entry.unit === unit)!)
  const detected = await detect({ unit: UNIT, gap_m: 20, year: 2022 })
  expect(one!.rate).toBe(detected.contiguity_rate)
  expect(one!.quarters.map(quarter => quarter.rate)).toEqual([null, 1, null, null])
  expect(one!.quarters[1]!.area_m2).toBeCloseTo(one!.area_m2 * (2 / 3), -1)
  expect(other!.quarters.map(quarter => quarter.rate)).toEqual([null, null, null, 0])
})
