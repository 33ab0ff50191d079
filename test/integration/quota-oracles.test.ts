/**
 * The quota board and 连片率 by unit and quarter again: the board in SQL over the raw tables for every unit and every year, the rate by
 * brute force over all pairs of parcels, for the demo county and for the awkward survey.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { contiguityOf } from '../../service/zones/zone-contiguity.ts'
import { zoneQuota } from '../../service/zones/zones.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'
import { clustersOfUnit } from './oracles/contiguity-oracle.ts'
import { openInvented } from './oracles/invented-survey.ts'
import { addAwkwardZones } from './oracles/invented-zones.ts'
import { Raw } from './oracles/periodic-oracles.ts'
import type { SurveyFixture } from './survey-fixture.ts'

let demo: DemoFixture
let small: SurveyFixture

beforeAll(async () => {
  demo = await openDemo()
  small = await openInvented()
  await addAwkwardZones(small.store)
}, 60_000)
afterAll(() => {
  demo.close()
  small.close()
})

const SURVEYS = {
  demo: () => new Raw(demo.store, '2022-12-05'),
  invented: () => new Raw(small.store, '2026-05-01'),
}

/** Land of a unit that was first counted in a quarter: of entries that stand counted, owners and users, tenants not. */
const COUNTED = `SELECT id FROM (
  SELECT p.id, min((CAST(strftime('%m', l.counted_at) AS INTEGER) + 2) / 3) AS quarter
  FROM parcel p JOIN occupancy o ON o.parcel_id = p.id AND o.deleted = 0 AND o.role IN ('OWNER', 'ACTUAL_USER')
    JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
    JOIN list_entry l ON l.enterprise_id = e.id AND l.deleted = 0
  WHERE p.deleted = 0 AND p.unit = :unit AND strftime('%Y', l.counted_at) = :year GROUP BY p.id) WHERE quarter = :quarter`

describe.each([
  ['demo', [2021, 2022, 2023, 2024]],
  ['invented', [2025, 2026, 2027]],
] as const)('the %s', (survey, years) => {
  test.each(years)('quota board of %i', year => {
    const raw = SURVEYS[survey]()
    const rows = raw.store.read
      .prepare(
        `WITH live AS (SELECT m.zone_id, m.parcel_id FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0 WHERE m.deleted = 0)
         SELECT u.code AS unit, (SELECT count(*) FROM zone z WHERE z.deleted = 0 AND z.year = :year AND z.unit = u.code AND z.id IN (SELECT zone_id FROM live)) AS zones,
           (SELECT count(*) FROM zone z WHERE z.deleted = 0 AND z.year = :year AND z.unit = u.code AND z.status <> 'planned' AND z.id IN (SELECT zone_id FROM live)) AS approved,
           (SELECT total(p.area_m2) * 3 / 2000 FROM parcel p WHERE p.id IN
             (SELECT parcel_id FROM live JOIN zone z ON z.id = live.zone_id WHERE z.deleted = 0 AND z.year = :year AND z.unit = u.code)) AS area_mu
         FROM report_unit u WHERE u.deleted = 0 ORDER BY u.code`,
      )
      .all({ year }) as { unit: string; zones: number; approved: number; area_mu: number }[]
    expect(rows.length).toBe(survey === 'demo' ? 18 : 3)
    const board = zoneQuota(raw.store.read, year)
    expect(board.map(({ unit, zones, approved, met }) => ({ unit, zones, approved, met }))).toEqual(
      rows.map(({ unit, zones, approved }) => ({ unit, zones, approved, met: zones > 0 })),
    )
    for (const [index, row] of board.entries()) expect(row.area_mu, row.unit).toBeCloseTo(rows[index]!.area_mu, 7)
  })

  test.each(years.slice(0, 3))('连片率 by unit and quarter of %i', async year => {
    const raw = SURVEYS[survey]()
    const { units, min_mu, gap_m } = await contiguityOf(raw.store, { year }, createJobControl())
    expect(units.map(({ unit }) => unit)).toEqual(raw.units().map(({ code }) => code))
    expect([min_mu, gap_m]).toEqual([survey === 'demo' ? 50 : 15, 20])
    let counted = 0
    for (const { unit, quarters, ...whole } of units) {
      expectSum(whole, clustersOfUnit(raw.store, unit), min_mu, unit)
      quarters.forEach((sum, index) => {
        const ids = raw.store.read
          .prepare(COUNTED)
          .pluck()
          .all({ unit, year: String(year), quarter: index + 1 }) as string[]
        counted += ids.length
        expectSum(sum, clustersOfUnit(raw.store, unit, new Set(ids)), min_mu, `${unit} ${index + 1}`)
      })
    }
    if ((survey === 'demo' && year === 2022) || (survey === 'invented' && year === 2026))
      expect(counted).toBeGreaterThan(1)
  })
})

/** `areas`: m² of every cluster. */
function expectSum(
  got: { area_m2: number; contiguous_m2: number; rate: number | null },
  areas: readonly number[],
  minMu: number,
  where: string,
): void {
  const all = areas.reduce((sum, area) => sum + area, 0)
  const large = areas.filter(area => area * 3 >= minMu * 2000).reduce((sum, area) => sum + area, 0)
  expect(got.area_m2, where).toBeCloseTo(all, 5)
  expect(got.contiguous_m2, where).toBeCloseTo(large, 5)
  if (all === 0) expect(got.rate, where).toBeNull()
  else expect(got.rate, where).toBeCloseTo(large / all, 10)
}
