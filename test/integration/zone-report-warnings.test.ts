/** A zone report says what makes its totals doubtful, and stays silent when nothing does. */
import { expect, test } from 'vitest'
import { buildZoneReport } from '../../service/reports/zone-report.ts'
import { createParcels, openFixture, rectangle } from './survey-fixture.ts'

test('zones without parcels and parcels in two zones are named in the notes', async () => {
  const survey = await openFixture()
  try {
    const { store } = survey
    const ids = await createParcels(
      store,
      [0, 1].map(i => ({ code: `D-${i}`, unit: '330781001', geometry: rectangle(i * 160, 0, 150, 120) })),
    )
    const zone = (year: number, code: string, members: readonly string[]) =>
      store.mutate({ label: 'test' }, tx => {
        const zone_id = tx.create(
          'zone',
          { code, name: code, year, unit: '330781001', status: 'planned' },
          rectangle(0, 0, 310, 120),
        )
        for (const code of members) tx.create('zone_member', { zone_id, parcel_id: ids.get(code)! })
      })
    await zone(2025, 'A', ['D-0', 'D-1'])
    await zone(2026, 'B', ['D-0'])
    await zone(2027, 'C', [])
    const hints = async (filter: { year?: number; zoneIds?: string[] }) =>
      (await buildZoneReport(store, filter, 'resources')).notes.filter(note => note.startsWith('提示：'))
    const boundary = '提示：没有启用的城镇开发边界，界内、界外面积未知(以“—”表示)，不作 0 计。'
    expect(await hints({})).toEqual([
      '提示：1 个区域没有地块：C。',
      '提示：1 宗地块同时属于多个区域，各区域分别列出，合计只计一次：D-0。',
      boundary,
    ])
    // In zones of two years a parcel may stand; in two of one year it is named, even if only one of them is printed.
    expect(await hints({ year: 2025 })).toEqual([boundary])
    await zone(2025, 'E', ['D-1'])
    const only = store.read.prepare("SELECT id FROM zone WHERE code = 'E'").get() as { id: string }
    expect(await hints({ zoneIds: [only.id] })).toEqual([
      '提示：1 宗地块同时属于多个区域，各区域分别列出，合计只计一次：D-1。',
      boundary,
    ])
    expect(await hints({ year: 2027 })).toHaveLength(2)
  } finally {
    survey.close()
  }
})
