/** What a past day knew of zones, whichever way they changed since, on a real file with a clock that goes on. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildDashboard } from '../../service/dashboard/dashboard.ts'
import { figureItems } from '../../service/dashboard/figure-items.ts'
import type { Store } from '../../service/db/store.ts'
import { applyInverse } from '../../service/db/undo.ts'
import { buildPeriodicReport } from '../../service/reports/periodic-report.ts'
import { mergeZones, splitZone } from '../../service/zones/zone-regroup.ts'
import { createZone, removeZoneMembers, zoneQuota } from '../../service/zones/zones.ts'
import { columnTitle } from '../../shared/report/model.ts'
import { createParcels, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

const UNIT = '330781001'
let fixture: SurveyFixture
let store: Store
let ids: ReadonlyMap<string, string>
let today = '2026-01-12'

beforeEach(async () => {
  today = '2026-01-12'
  // Seven in the morning in China is still the day before in UTC.
  fixture = await openFixture(() => new Date(`${today}T07:00:00+08:00`))
  store = fixture.store
  ids = await createParcels(
    store,
    ['A', 'B', 'C'].map((code, at) => ({ code, unit: UNIT, geometry: rectangle(at * 160, 0, 150, 100 * (at + 1)) })),
  )
})
afterEach(() => fixture.close())

const zone = async (codes: string, year = 2026): Promise<string> =>
  (await createZone(store, { year, unit: UNIT, parcel_ids: [...codes].map(code => ids.get(code)!) })).id
const setStatus = (id: string, status: string) =>
  store.mutate({ label: 'updated' }, tx => tx.update('zone', id, { status }))
const undo = async (edit: string): Promise<void> => {
  const { seq } = store.read.prepare('SELECT seq FROM edit WHERE id = ?').get(edit) as { seq: number }
  await store.mutate({ label: 'undo', kind: 'undo', undoOf: edit }, tx => applyInverse(tx, seq))
}
/** `zones/approved/area in hundred m²` of the unit at the end of a day. */
const on = (day: string, year = 2026): string => {
  const row = zoneQuota(store.read, year, day).find(each => each.unit === UNIT)!
  return `${row.zones}/${row.approved}/${Math.round((row.area_mu * 2000) / 3 / 1000)}`
}
const days = (id: string) =>
  store.read.prepare('SELECT planned_on, approved_on, started_on, done_on, ended_on FROM zone WHERE id = ?').get(id)

test('a zone planned in February and accepted in March is in no report of January and approved in none of February', async () => {
  today = '2026-02-11'
  const id = await zone('AB')
  today = '2026-03-09'
  const { edit } = await setStatus(id, 'approved')
  today = '2026-05-20'
  expect([on('2026-01-31'), on('2026-02-28'), on('2026-03-31')]).toEqual(['0/0/0', '1/0/45', '1/1/45'])
  const printed = async (month: number) => {
    const { summary } = await buildPeriodicReport(store, { kind: 'monthly', year: 2026, month })
    const at = summary.columns.findIndex(column => columnTitle(column).startsWith('连片区'))
    return summary.rows[0]![at]
  }
  expect([await printed(1), await printed(2)]).toEqual(['0/—', '1/—'])
  for (const [to, state] of [
    ['2026-01-31', undefined],
    ['2026-02-28', 'planned'],
    ['2026-03-09', 'approved'],
  ] as const) {
    const { items } = figureItems(store.read, { indicator: 'zones', unit: null, year: 2026, to })
    expect(items.map(item => item.state)).toEqual(state ? [state] : [])
    expect(buildDashboard(store, { year: 2026, to }).total.figures.zones.done).toBe(items.length)
  }
  await undo(edit)
  expect(days(id)).toMatchObject({ planned_on: '2026-02-11', approved_on: null })
  expect(on('2026-03-31')).toBe('1/0/45')
})

test('what is taken out, merged, split or deleted later stays in the periods in which it stood; undo brings its days back', async () => {
  const first = await zone('AB')
  const second = await zone('C')
  today = '2026-02-10'
  await removeZoneMembers(store, { id: first, parcel_ids: [ids.get('B')!] })
  today = '2026-03-10'
  await mergeZones(store, { ids: [first, second] })
  today = '2026-04-10'
  const { id: third } = await splitZone(store, { id: first, parcel_ids: [ids.get('C')!] })
  today = '2026-05-10'
  const { edit } = await store.mutate({ label: 'removed' }, tx => {
    for (const { id } of tx.db.prepare('SELECT id FROM zone_member WHERE zone_id = ? AND deleted = 0').all(third) as {
      id: string
    }[])
      tx.remove('zone_member', id)
    tx.remove('zone', third)
  })
  const ends = ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']
  expect(ends.map(day => on(day))).toEqual(['2/0/90', '2/0/60', '1/0/60', '2/0/60', '1/0/15'])
  expect(days(third)).toMatchObject({ ended_on: '2026-05-10' })
  await undo(edit)
  expect(on('2026-05-31')).toBe('2/0/60')
  expect(days(third)).toMatchObject({ ended_on: null })
  expect(
    store.read.prepare('SELECT count(*) FROM zone_member WHERE deleted = 0 AND left_on IS NOT NULL').pluck().get(),
  ).toBe(0)
})

test('a year that is over takes zones in without a day, and they count in it; merged data bring their own days', async () => {
  await zone('A', 2025)
  expect([on('2025-12-31', 2025), on('2025-01-31', 2025)]).toEqual(['1/0/15', '1/0/15'])
  const second = await zone('B')
  await store.mutate({ label: 'synced', kind: 'remote' }, tx =>
    tx.update('zone', second, { status: 'done', approved_on: '2026-02-01', done_on: '2026-03-01' }),
  )
  today = '2026-06-01'
  expect(days(second)).toMatchObject({ planned_on: '2026-01-12', started_on: null, done_on: '2026-03-01' })
  await setStatus(second, 'planned')
  expect(days(second)).toEqual({
    planned_on: '2026-01-12',
    approved_on: null,
    started_on: null,
    done_on: null,
    ended_on: null,
  })
})
