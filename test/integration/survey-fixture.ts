/** A real survey file in a temporary folder with units and a campaign, for integration tests of areas of the service. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../../service/db/store.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import { toFlat } from '../../shared/geometry/types.ts'
import { uuidV7 } from '../../shared/lib/uuid.ts'

export interface SurveyFixture {
  readonly store: Store
  close(): void
}

/** Ids and times are deterministic: a counter instead of randomness, a clock that stands still on 2026-05-01 unless it is set. */
export async function openFixture(now: () => Date = () => new Date('2026-05-01T08:00:00Z')): Promise<SurveyFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-test-'))
  let made = 0
  const store = openStore(
    join(folder, 'survey.lowland'),
    {
      now,
      newId: () =>
        uuidV7(Date.UTC(2026, 4, 1), bytes => {
          made++
          for (let index = 0; index < 4; index++) bytes[15 - index] = (made >>> (8 * index)) & 255
        }),
      profile: () => ({ user: '测试员', role: 'clerk', unit: null, device: 'test' }),
    },
    { create: true },
  )
  await store.mutate({ label: 'survey_created', kind: 'system' }, tx => {
    tx.create('campaign', {
      name: '测试行动',
      start_year: 2026,
      end_year: 2028,
      gap_m: 20,
      zone_min_mu: 50,
      zone_min_parcels: 2,
      side_tolerance_m2: 10,
      side_tolerance_per_m: 0.1,
    })
    tx.create('report_unit', { code: '330781001', name: '兰江街道', kind: 'street' })
    tx.create('report_unit', { code: '330781006', name: '女埠街道', kind: 'street' })
  })
  return {
    store,
    close() {
      store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Origin of test rectangles: a place in Lanxi, lng/lat degrees. */
export const ORIGIN = [119.45, 29.2] as const
const METERS_PER_DEGREE_LAT = 110_800
const METERS_PER_DEGREE_LNG = 97_300

/** A rectangle, in metres east and north of the origin (to about 0.1 %), as stored geometry. */
export function rectangle(x: number, y: number, width: number, height: number): FlatPolygons {
  const corner = (east: number, north: number): [number, number] => [
    ORIGIN[0] + east / METERS_PER_DEGREE_LNG,
    ORIGIN[1] + north / METERS_PER_DEGREE_LAT,
  ]
  const ring = [corner(x, y), corner(x + width, y), corner(x + width, y + height), corner(x, y + height), corner(x, y)]
  return toFlat({ type: 'Polygon', coordinates: [ring] })
}

/** Creates parcels in one edit; returns their ids by code. */
export async function createParcels(
  store: Store,
  parcels: readonly { code: string; unit?: string; geometry: FlatPolygons; [field: string]: unknown }[],
): Promise<Map<string, string>> {
  const { result } = await store.mutate({ label: 'parcels_created' }, tx => {
    const ids = new Map<string, string>()
    for (const { geometry, ...values } of parcels) ids.set(values.code, tx.create('parcel', values, geometry))
    return ids
  })
  return result
}
