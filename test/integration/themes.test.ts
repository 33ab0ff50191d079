/** Themes, filters and the table speak of the same parcels: every count of a legend is the length of the list it filters. */
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService, type Service } from '../../service/service.ts'
import { ratingsByParcel } from '../../service/tiles/ratings.ts'
import type { ParcelFilter } from '../../shared/contract/parcels.ts'
import { themeSchema } from '../../shared/contract/themes.ts'
import { YEAR_CODES } from '../../shared/tiles/tile-values.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'
import { createParcels, openFixture, rectangle } from './survey-fixture.ts'

const KEYS = {
  side: 'sides',
  state: 'states',
  class: 'classes',
  tax: 'taxes',
  unit: 'units',
  year: 'years',
  freed: 'freed',
} as const

let demo: DemoFixture
let service: Service
beforeAll(async () => {
  demo = await openDemo()
  demo.store.close()
  service = await createService({
    surveyFile: demo.store.file,
    dataFolder: `${demo.folder}/data`,
    resourcesFolder: 'resources',
    appVersion: 'test',
  })
})
afterAll(() => {
  service.close()
  demo.close()
})

test('every count of every theme is the number of rows and of keys that its filter lets through', async () => {
  const client = createRouterClient(service.router)
  const { total } = await client.parcels.list({ offset: 0, limit: 1 })
  for (const theme of themeSchema.options) {
    const counts = await client.themes.counts({ theme })
    expect(
      counts.reduce((sum, entry) => sum + entry.count, 0),
      theme,
    ).toBe(total)
    for (const { code, count, area_m2 } of counts) {
      const filter: ParcelFilter = { [KEYS[theme]]: [code] }
      const list = await client.parcels.list({ filter, offset: 0, limit: 1 })
      expect([list.total, list.area_m2], `${theme} ${code}`).toEqual([count, expect.closeTo(area_m2, 3)])
      expect((await client.parcels.keys({ filter })).pks).toHaveLength(count)
    }
  }
  const years = await client.themes.counts({ theme: 'year' })
  expect(years.filter(entry => entry.code !== '').length).toBeGreaterThan(0)
})

test('the year is that of the newest plan there, and without one that of the newest zone', async () => {
  const { store, close } = await openFixture()
  try {
    const parcel = (index: number) => ({ code: `P${index}`, geometry: rectangle(index * 200, 0, 100, 100) })
    const ids = await createParcels(store, [0, 1, 2].map(parcel))
    await store.mutate({ label: 'test' }, tx => {
      for (const year of [2021, 2023]) {
        const zone = { code: `Z${year}`, name: `Z${year}`, year, unit: '330781001', status: 'planned' }
        const zone_id = tx.create('zone', zone, rectangle(0, 0, 300, 100))
        for (const code of ['P0', 'P1']) tx.create('zone_member', { zone_id, parcel_id: ids.get(code)! })
      }
      const enterprise_id = tx.create('enterprise', { code: 'E1', name: '甲厂', unit: '330781001' })
      tx.create('occupancy', { enterprise_id, parcel_id: ids.get('P0')!, role: 'OWNER' })
      tx.create('plan', { code: 'F1', enterprise_id, year: 2022, version: 1, route: 'UPGRADE', status: 'draft' })
    })
    const ratings = ratingsByParcel(store.read)
    const rows = store.read.prepare('SELECT pk, code FROM parcel').all() as { pk: number; code: string }[]
    const years = Object.fromEntries(
      rows.map(({ pk, code }) => [code, YEAR_CODES[(ratings.get(pk)?.year ?? 0) - 1] ?? '']),
    )
    expect(years).toEqual({ P0: '2022', P1: '2023', P2: '' })
  } finally {
    close()
  }
})
