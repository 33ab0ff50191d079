/** What the application exports it must be able to read again, and reading it again must change nothing. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { type ExportKind, exportWriter } from '../../service/exports/exports.ts'
import { resolveCrs } from '../../shared/geometry/crs.ts'
import { usccCheckCharacter } from '../../shared/rules/uscc.ts'
import { box, collection, type Desk, openDesk } from './import-fixture.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk('lanxi-2021-2023')
})
afterEach(() => desk.close())

async function exported(what: ExportKind, extension: string, crs = 'EPSG:4490'): Promise<string> {
  const file = join(desk.folder, `out-${what}${extension}`)
  const job = { store: desk.store, crs: resolveCrs(crs)!, unit: undefined, control: createJobControl() }
  await exportWriter(what, extension)(job, file)
  return file
}

test.each(['EPSG:4490', 'EPSG:4549', 'EPSG:4528'])('parcels as GeoJSON in %s', async crs => {
  const line = desk.file('b.geojson', collection([{ rings: [box(-50, -50, 100, 300)] }]))
  await desk.run(line, 'boundary', { name: '边界', effective: '2022-10-01' })
  const parcels = collection([
    {
      rings: [box(0, 0, 100, 100), box(20, 20, 10, 10)],
      properties: {
        地块编号: 'A',
        乡镇: '兰江街道',
        登记时间: '2015-03-02',
        利用状态: '空置',
        低效类型: '亩均税收低、停产半停产',
        权属争议: '否',
        容积率: 0.1 + 0.2,
        厂长: '某人',
        备注: '=1+1',
      },
    },
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
    },
  ])
  await desk.run(desk.file('p.geojson', parcels))
  const { id } = desk.store.read.prepare("SELECT id FROM parcel WHERE code = 'A'").get() as { id: string }
  await desk.store.mutate({ label: 'side_marked' }, tx =>
    tx.update('parcel', id, {
      side_marked: 'inside',
      side_mark_reason: 'other',
      side_mark_note: '看过',
      side_marked_by: '某人',
      side_marked_at: '2026-05-01T08:00:00Z',
    }),
  )
  const before = desk.store.read.prepare('SELECT * FROM parcel ORDER BY pk').all()
  const result = await desk.run(await exported('parcels', '.geojson', crs))
  expect(result).toMatchObject({
    batch: null,
    read: 2,
    inserted: 0,
    updated: 0,
    unchanged: 2,
    rejected: 0,
    issue_total: 0,
  })
  expect(desk.store.read.prepare('SELECT * FROM parcel ORDER BY pk').all()).toEqual(before)
})

test.each(['.xlsx', '.csv'])('enterprises as %s', async extension => {
  const body = '91330781MA28D1A20'
  await desk.run(desk.file('p.geojson', collection([{ rings: [box(0, 0, 100, 50)], properties: { code: 'P1' } }])))
  const table = [
    '企业名称,统一社会信用代码,所属镇街,是否园区内,经营状态,规模,评价等级,用地面积(亩),税收(万元),用电量(kWh),综合能耗(吨标准煤),年平均人数,地块编号,联系电话,备注',
    `甲厂,${body + usccCheckCharacter(body)},兰江街道,是,正常,规上,A类,12.3456,0,"10,000",3.21,15.5,P1,0579-88888888,=HYPERLINK(1)`,
    '乙厂,,女埠街道,否,停产,规下,D,—,,,,,,,',
  ].join('\n')
  await desk.run(desk.file('a.csv', table), 'enterprises', { year: 2021 })
  const state = () =>
    ['enterprise', 'enterprise_year', 'occupancy'].map(name =>
      desk.store.read.prepare(`SELECT * FROM ${name} ORDER BY pk`).all(),
    )
  const before = state()
  const result = await desk.run(await exported('enterprises', extension), 'enterprises')
  expect(result).toMatchObject({ batch: null, read: 2, inserted: 0, updated: 0, unchanged: 2, rejected: 0 })
  expect(result.issues).toEqual([])
  expect(state()).toEqual(before)
})
