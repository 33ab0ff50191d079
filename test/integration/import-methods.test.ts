/** The import desk through the contract: progress is streamed, results are pages, files go where the host allows. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importsMethods } from '../../service/imports/imports-methods.ts'
import type { Progress } from '../../shared/contract/base.ts'
import { box, collection, type Desk, openDesk } from './import-fixture.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk('lanxi-2021-2023')
})
afterEach(() => desk.close())

const clientOf = () =>
  createRouterClient(
    importsMethods({
      store: () => desk.store,
      dataFolder: desk.folder,
      resourcesFolder: desk.folder,
      resolveInput: file => file,
      resolveOutput: (file, defaultName) => file ?? join(desk.folder, defaultName),
      resolveSurvey: file => file,
      appVersion: '0',
    }),
  )

/** Reads a job to its end: all progress, and the result. */
async function follow<Result>(job: AsyncIterator<Progress, Result>): Promise<{ progress: Progress[]; result: Result }> {
  const progress: Progress[] = []
  for (;;) {
    const step = await job.next()
    if (step.done) return { progress, result: step.value }
    progress.push(step.value)
  }
}

test('inspect, try, commit, list, report, preview, repair, undo', async () => {
  const client = clientOf()
  const file = desk.file(
    'a.geojson',
    collection([
      { rings: [box(0, 0, 100, 100)], properties: { code: 'A' } },
      {
        rings: [
          [
            [200, 0],
            [300, 100],
            [300, 0],
            [200, 100],
            [200, 0],
          ],
        ],
        properties: { code: 'B' },
      },
      { rings: [[[0, 0]]], properties: { code: 'C' } },
    ]),
  )
  expect(await client.inspect({ file, kind: 'parcels' })).toMatchObject({ sampled: 3, mapping: { code: 'code' } })
  const dry = await follow(await client.run({ file, kind: 'parcels', dry_run: true }))
  expect(dry.result).toMatchObject({ batch: null, inserted: 2, repaired: 1, rejected: 1 })
  expect(dry.progress.length).toBeGreaterThan(0)
  const preview = await client.preview({ preview: dry.result.preview! })
  expect(preview.features.map(feature => feature.action)).toEqual(['insert', 'repair', 'reject'])

  const report = join(desk.folder, 'issues.xlsx')
  const { result } = await follow(await client.run({ file, kind: 'parcels', issues_file: report }))
  expect(desk.count('export_log')).toBe(1)
  expect(existsSync(report)).toBe(true)
  const source = result.batch!
  expect(await client.issues({ source, severity: 'error' })).toMatchObject({
    total: 1,
    rows: [{ index: 2, code: 'too_few_points' }],
    by_code: { self_intersection: 1, too_few_points: 1 },
  })
  expect((await client.repair({ source, index: 1 })).after?.type).toBe('MultiPolygon')
  expect(await client.batches()).toMatchObject([
    {
      id: source,
      kind: 'parcels',
      file: 'a.geojson',
      crs_used: 'EPSG:4490',
      counts: { inserted: 2 },
      issues: 2,
      undone_at: null,
    },
  ])
  expect(await client.undo({ batch: source })).toEqual({ removed: 2, restored: 0 })
  expect((await client.batches())[0]!.undone_at).not.toBeNull()
  await expect(client.issues({ source: 'nothing' })).rejects.toMatchObject({ code: 'not_found' })
})

test('leaving the stream in the middle rolls everything back', async () => {
  const many = Array.from({ length: 4000 }, (_, index) => ({
    rings: [box((index % 60) * 20, Math.floor(index / 60) * 20, 15, 15)],
  }))
  const job = await clientOf().run({ file: desk.file('many.geojson', collection(many)), kind: 'parcels' })
  await job.next()
  await job.return(undefined as never)
  expect([desk.count('parcel'), desk.count('import_batch'), desk.count('parcel_box')]).toEqual([0, 0, 0])
})

test('undoing the active boundary leaves no side behind', async () => {
  const client = clientOf()
  const line = desk.file(
    'b.geojson',
    collection([{ rings: [box(-50, -50, 100, 300)], properties: { GHFQMC: '城镇集中建设区' } }]),
  )
  const boundary = (
    await follow(
      await client.run({ file: line, kind: 'boundary', options: { name: '2022版', effective: '2022-10-01' } }),
    )
  ).result
  await follow(
    await client.run({
      file: desk.file('p.geojson', collection([{ rings: [box(0, 0, 100, 100)], properties: { code: 'A' } }])),
      kind: 'parcels',
    }),
  )
  const side = () =>
    desk.store.read.prepare('SELECT side, inside_share FROM parcel').get() as {
      side: string
      inside_share: number | null
    }
  expect(side().side).toBe('crossing')
  expect(side().inside_share).toBeCloseTo(0.5, 6)
  expect(desk.store.read.prepare('SELECT subzone FROM boundary_feature').get()).toEqual({ subzone: 'concentrated' })
  await client.undo({ batch: boundary.batch! })
  expect(side()).toEqual({ side: 'unknown', inside_share: null })
})
