/** Totals of several zones: what belongs to two of them is listed in both and counts once (domain §11.8, 6). */
import { expect, test } from 'vitest'
import { buildZoneReport } from '../../service/reports/zone-report.ts'
import { ellipsoidAreaM2, squareMetersToMu } from '../../shared/geometry/area.ts'
import type { Report } from '../../shared/report/model.ts'
import { createParcels, openFixture, rectangle } from './survey-fixture.ts'

const column = (report: Report, title: string) => report.summary.columns.findIndex(each => each.title === title)
const total = (report: Report, title: string) => report.summary.totals![column(report, title)]
const values = (report: Report, title: string) => report.summary.rows.map(row => row[column(report, title)])

test('a parcel, an enterprise and its plan in zones of two years', async () => {
  const survey = await openFixture()
  try {
    const { store } = survey
    const ids = await createParcels(
      store,
      [0, 1, 2].map(i => ({
        code: `D-${i}`,
        unit: '330781001',
        area_in_m2: 1000 * (i + 1),
        area_out_m2: 10,
        geometry: rectangle(i * 150, 0, 150, 120),
      })),
    )
    const first = rectangle(0, 0, 300, 120)
    const second = rectangle(150, 0, 300, 120)
    await store.mutate({ label: 'test' }, tx => {
      const enterprise_id = tx.create('enterprise', { code: 'E1', name: '甲厂', unit: '330781001' })
      tx.create('enterprise_year', { enterprise_id, year: 2025, land_mu_actual: 10, tax: 25, scale: 'above' })
      tx.create('occupancy', { enterprise_id, parcel_id: ids.get('D-1')!, role: 'OWNER' })
      tx.create('plan', {
        code: 'P1',
        enterprise_id,
        year: 2025,
        version: 1,
        route: 'UPGRADE',
        status: 'draft',
        investment: 80,
      })
      const zone = (code: string, year: number, outline: typeof first, members: readonly string[]) => {
        const zone_id = tx.create('zone', { code, name: code, year, unit: '330781001', status: 'planned' }, outline)
        for (const member of members) tx.create('zone_member', { zone_id, parcel_id: ids.get(member)! })
      }
      zone('A', 2025, first, ['D-0', 'D-1'])
      zone('B', 2026, second, ['D-1', 'D-2'])
    })
    const report = await buildZoneReport(store, {}, 'resources')
    const area = (code: string) =>
      store.read.prepare('SELECT area_m2 FROM parcel WHERE code = ?').pluck().get(code) as number
    expect(values(report, '地块数')).toEqual([2, 2])
    expect(total(report, '地块数')).toBe(3)
    expect(total(report, '低效面积')).toBeCloseTo(squareMetersToMu(area('D-0') + area('D-1') + area('D-2')), 9)
    expect(total(report, '企业数')).toBe(1)
    expect(values(report, '计划投资')).toEqual([80, 80])
    expect(total(report, '计划投资')).toBe(80)
    // 300 and 300 m lie on each other for 150 m: the union is 450 m long.
    const union = ellipsoidAreaM2(rectangle(0, 0, 450, 120))
    expect(total(report, '总面积')).toBeCloseTo(squareMetersToMu(union), 5)
    const members = report.chapters.map(chapter => chapter.sections[1]!.tables[0]!)
    expect(members.map(table => table.rows.length)).toEqual([2, 2])
    // By year, the newest first: each names the other zone in the row of the shared parcel.
    expect(members[0]!.rows[0]!.at(-1)).toBe('同属 A')
    expect(members[1]!.rows[1]!.at(-1)).toBe('同属 B')
    const alone = await buildZoneReport(store, { year: 2025 }, 'resources')
    expect(total(alone, '总面积')).toBeCloseTo(squareMetersToMu(ellipsoidAreaM2(first)), 9)
    expect(alone.notes.join()).not.toContain('同时属于')
    // Zones that were picked: their unit stands in the head, and the yearly duty is that of this unit.
    const picked = await buildZoneReport(store, { zoneIds: [report.zones[0]!.id] }, 'resources')
    expect(picked.header[0]).toEqual(['单位', '兰江街道'])
    expect(picked.notes[0]).toContain('应完成 1 个单位，已完成 1 个')
    expect(report.header[0]).toEqual(['单位', '全市'])
  } finally {
    survey.close()
  }
})
