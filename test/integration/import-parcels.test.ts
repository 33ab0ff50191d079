/** Importing parcels and a boundary into a real survey: real public data, matching, checks, dry run, roll-back. */
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listBatches, listIssues, previewOf, repairOf, withIssueSource } from '../../service/imports/batches.ts'
import { inspectFile } from '../../service/imports/inspect.ts'
import { writeIssuesReport } from '../../service/imports/issues-report.ts'
import { undoBatch } from '../../service/imports/undo-batch.ts'
import { box, byCode, collection, type Desk, FIXTURES, openDesk, refusalOf } from './import-fixture.ts'

let desk: Desk
afterEach(() => desk.close())

const fixture = (path: string) => join(FIXTURES, 'geojson', path)

describe('real public data', () => {
  beforeEach(async () => {
    desk = await openDesk('blank')
  })

  test('cadastral lots of Budapest: all are taken, the publisher’s overlaps are listed, a second time changes nothing', async () => {
    const file = fixture('parcels-budapest/parcels_foti_141_04.geojson')
    const first = await desk.run(file)
    expect(first).toMatchObject({ read: 209, inserted: 209, rejected: 0, repaired: 0 })
    // 588 of 595 touching pairs overlap by more than 10 m² by another library; ours counts from 1 m².
    expect(byCode(first)['overlap']).toBeGreaterThanOrEqual(588)
    expect(byCode(first)['overlap']).toBeLessThanOrEqual(595)
    expect(desk.count('parcel_box')).toBe(209)
    expect(desk.count('search_key')).toBe(209)
    const second = await desk.run(file)
    expect(second).toMatchObject({ batch: null, inserted: 0, updated: 0, unchanged: 209 })
    expect(desk.count('import_batch')).toBe(1)
  })

  test('parcels and buildings of Bern', async () => {
    expect(await desk.run(fixture('buildings-bern/parcels.geojson'))).toMatchObject({
      read: 71,
      inserted: 71,
      rejected: 0,
    })
    const buildings = await desk.run(fixture('buildings-bern/buildings.geojson'))
    expect(buildings).toMatchObject({ read: 132, rejected: 0 })
    expect(byCode(buildings)['sliver']).toBeGreaterThan(0)
  })

  test('the county of Columbia as boundary, its townships as parcels: nearly all land is inside', async () => {
    const boundary = await desk.run(fixture('oregon-county/county.geojson'), 'boundary', {
      name: '县界',
      effective: '2026-01-01',
    })
    expect(boundary).toMatchObject({ inserted: 1 })
    const parcels = await desk.run(fixture('oregon-county/townships.geojson'))
    expect(parcels).toMatchObject({ read: 25, inserted: 25 })
    const rows = desk.store.read.prepare('SELECT side, area_m2, area_in_m2 + area_out_m2 AS sum FROM parcel').all() as {
      side: string
      area_m2: number
      sum: number
    }[]
    expect(rows.every(row => row.side === 'inside' || row.side === 'crossing')).toBe(true)
    for (const row of rows) expect(Math.abs(row.sum - row.area_m2)).toBeLessThan(row.area_m2 * 1e-6)
  })

  test('districts of Jinhua: the repeated vertices of the outlines are named', async () => {
    const result = await desk.run(fixture('china-jinhua/jinhua_counties.geojson'), 'parcels', {
      mapping: { code: 'id' },
    })
    expect(result).toMatchObject({ read: 9, inserted: 9, repaired: 9 })
    expect(byCode(result)['duplicate_point']).toBe(9)
    const lanxi = desk.store.read.prepare("SELECT name FROM parcel WHERE code = '330781'").get()
    expect(lanxi).toEqual({ name: '兰溪市' })
  })

  test('files of the GDAL test suite', async () => {
    expect(byCode(await desk.run(fixture('gdal/featurecollection_point.json')))).toEqual({ geometry_type: 1 })
    expect(byCode(await desk.run(fixture('gdal/nullvalues.geojson')))).toEqual({ geometry_missing: 2 })
    expect(await desk.run(fixture('gdal/multipolygon.geojson'))).toMatchObject({ inserted: 1 })
    expect(await desk.run(fixture('gdal/polygon.geojson'))).toMatchObject({ inserted: 1 })
    expect(await desk.run(fixture('gdal/grenada.geojson'))).toMatchObject({ read: 1, rejected: 0 })
    expect((await refusalOf(desk.run(fixture('gdal/srs_name.geojson')))).details.reason).toBe('crs_unknown')
  })
})

describe('the rules of the desk', () => {
  beforeEach(async () => {
    desk = await openDesk('lanxi-2021-2023')
  })

  test('fields, units, dates and codes are read; what fits nowhere is kept; derived values are right', async () => {
    const file = desk.file(
      'a.geojson',
      collection([
        {
          rings: [box(0, 0, 100, 50)],
          properties: {
            地块编号: 'P1',
            地块名称: '一号',
            所在乡镇: '兰江街道',
            登记时间: '2015年3月2日',
            利用状态: '空置',
            权属性质: '火星',
            登记面积: '5,000.00',
            面积: 9000,
            备忘: '甲',
          },
        },
      ]),
    )
    const result = await desk.run(file)
    expect(byCode(result)).toEqual({ invalid_enum: 1, area_mismatch: 1 })
    expect(result.issues[0]!.message).toContain('文件“a.geojson”第 1 个要素：')
    const row = desk.store.read.prepare('SELECT * FROM parcel').get() as Record<string, unknown>
    expect(row).toMatchObject({
      code: 'P1',
      unit: '330781001',
      town: '330781001',
      reg_date: '2015-03-02',
      use_state: '2',
      ownership: null,
      side: 'unknown',
      source_row: 1,
    })
    expect(JSON.parse(String(row['extra']))).toEqual({ 权属性质: '火星', 备忘: '甲' })
    expect(row['area_m2']).toBeGreaterThan(4950)
    expect(row['area_m2']).toBeLessThan(5050)
    expect(row['import_batch']).toBe(result.batch)
  })

  test('insert, update, unchanged by code; duplicates in the file; match none', async () => {
    const one = { rings: [box(0, 0, 100, 50)], properties: { code: 'P1', name: '甲' } }
    const two = { rings: [box(200, 0, 100, 50)], properties: { code: 'P2', name: '乙' } }
    await desk.run(desk.file('a.geojson', collection([one, two])))
    const moved = { ...two, properties: { code: 'P2', name: '乙二' } }
    const three = { rings: [box(400, 0, 100, 50)], properties: { code: 'P3' } }
    const second = await desk.run(desk.file('b.geojson', collection([one, moved, three, three])))
    expect(second).toMatchObject({ inserted: 1, updated: 1, unchanged: 1, rejected: 1 })
    expect(byCode(second)).toEqual({ duplicate_code: 1 })
    const none = await desk.run(desk.file('c.geojson', collection([one])), 'parcels', { match: 'none' })
    expect(none).toMatchObject({ batch: null, rejected: 1 })
    expect(byCode(none)).toEqual({ code_exists: 1 })
  })

  test('every kind of defect is named with its place, repaired with its meaning, before and after kept', async () => {
    const bowtie = [
      [0, 0],
      [100, 100],
      [100, 0],
      [0, 100],
      [0, 0],
    ]
    const spike = [
      [300, 0],
      [400, 0],
      [400, 100],
      [450, 160],
      [400, 100],
      [300, 100],
      [300, 0],
    ]
    const file = desk.file(
      'defects.geojson',
      collection([
        { rings: [bowtie] },
        {
          rings: [
            [
              [200, 0],
              [250, 0],
              [250, 0],
              [250, 50],
              [200, 0],
            ],
          ],
        },
        { rings: [spike] },
        { rings: [box(500, 0, 50, 50).slice(0, 4)] },
        { rings: [box(600, 0, 100, 100), box(620, 20, 20, 20), box(900, 0, 10, 10)] },
        {
          rings: [
            [
              [0, 0],
              [1, 1],
            ],
          ],
        },
        { rings: [] },
      ]),
    )
    const result = await desk.run(file)
    expect(byCode(result)).toMatchObject({
      self_intersection: 1,
      duplicate_point: 1,
      spike: 1,
      ring_not_closed: 1,
      hole_outside_shell: 1,
      too_few_points: 1,
      geometry_empty: 1,
    })
    expect(result).toMatchObject({ inserted: 5, repaired: 5, rejected: 2 })
    const tie = result.issues.find(issue => issue.code === 'self_intersection')!
    expect(tie).toMatchObject({ index: 0, severity: 'warning' })
    // The bow-tie keeps both halves: half of the square, where buffer(0) would lose one.
    expect(tie.area_after_m2).toBeGreaterThan(4900)
    expect(tie.area_after_m2).toBeLessThan(5100)
    expect(tie.lng).toBeCloseTo(119.45 + 50 / 97_300, 6)
    const { before, after } = repairOf(desk.store, result.batch!, 0)
    expect(before?.coordinates).toHaveLength(1)
    expect(after?.coordinates).toHaveLength(2)
    expect(listIssues(desk.store, { source: result.batch!, offset: 0, limit: 10 }).by_code['spike']).toBe(1)
  })

  test('overlaps over 1 m² and equal outlines are listed, shared edges are not', async () => {
    const file = desk.file(
      'a.geojson',
      collection([
        { rings: [box(0, 0, 100, 100)], properties: { code: 'A' } },
        { rings: [box(100, 0, 100, 100)], properties: { code: 'B' } },
        { rings: [box(190, 0, 100, 100)], properties: { code: 'C' } },
        { rings: [box(0, 0, 100, 100)], properties: { code: 'D' } },
        { rings: [box(0, 100, 100, 9.9)], properties: { code: 'E' } },
        { rings: [box(50, 109.89, 10, 50)], properties: { code: 'F' } },
      ]),
    )
    const issues = (await desk.run(file)).issues.map(({ index, code }) => [index, code])
    expect(issues).toEqual(
      expect.arrayContaining([
        [2, 'overlap'],
        [3, 'duplicate_geometry'],
      ]),
    )
    expect(issues).toHaveLength(2)
    const later = await desk.run(
      desk.file('b.geojson', collection([{ rings: [box(95, 50, 10, 10)], properties: { code: 'G' } }])),
    )
    expect(later.issues.filter(issue => issue.code === 'overlap')).toHaveLength(3)
  })

  test('a dry run says the same and leaves nothing but its preview', async () => {
    const file = desk.file(
      'a.geojson',
      collection([{ rings: [box(0, 0, 100, 100)], properties: { code: 'A' } }, { rings: [[[0, 0]]] }]),
    )
    const dry = await desk.run(file, 'parcels', {}, { dryRun: true })
    expect(dry).toMatchObject({ batch: null, inserted: 1, rejected: 1 })
    for (const table of ['parcel', 'parcel_box', 'search_key', 'qc_issue', 'import_batch'] as const) {
      expect([table, desk.count(table)]).toEqual([table, table === 'search_key' ? desk.count('search_key') : 0])
    }
    expect(previewOf(desk.store, dry.preview!, 100)).toMatchObject({
      total: 2,
      features: [
        { index: 0, action: 'insert' },
        { index: 1, action: 'reject' },
      ],
    })
    const real = await desk.run(file)
    expect({ ...real, batch: null, seconds: 0, issues: [] }).toEqual({ ...dry, preview: null, seconds: 0, issues: [] })
    expect(listBatches(desk.store.read)).toHaveLength(1)
  })

  test('cancelled in the middle: nothing is there', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      rings: [box((index % 70) * 20, Math.floor(index / 70) * 20, 15, 15)],
      properties: { code: `N${index}` },
    }))
    const abort = new AbortController()
    const running = desk.run(desk.file('many.geojson', collection(many)), 'parcels', {}, { signal: abort.signal })
    setTimeout(() => abort.abort(), 30)
    expect((await refusalOf(running)).code).toBe('cancelled')
    expect([desk.count('parcel'), desk.count('import_batch')]).toEqual([0, 0])
  })

  test('a batch is rolled back whole, updated records come back as they were', async () => {
    const one = { rings: [box(0, 0, 100, 50)], properties: { code: 'P1', name: '甲' } }
    await desk.run(desk.file('a.geojson', collection([one])))
    const before = desk.store.read
      .prepare("SELECT name, area_m2, geometry, source_file, import_batch FROM parcel WHERE code = 'P1'")
      .get()
    const wider = { rings: [box(0, 0, 120, 50)], properties: { code: 'P1', name: '甲二' } }
    const batch = (
      await desk.run(
        desk.file('b.geojson', collection([wider, { rings: [box(200, 0, 9, 90)], properties: { code: 'P2' } }])),
      )
    ).batch!
    expect(await undoBatch(desk.store, batch)).toEqual({ removed: 1, restored: 1 })
    expect(
      desk.store.read
        .prepare("SELECT name, area_m2, geometry, source_file, import_batch FROM parcel WHERE code = 'P1'")
        .get(),
    ).toEqual(before)
    expect([desk.count('parcel'), desk.count('parcel_box')]).toEqual([1, 1])
    expect((await refusalOf(undoBatch(desk.store, batch))).details.reason).toBe('batch_undone')
  })

  test('a batch with work built on it is not rolled back, and the work is named', async () => {
    const batch = (
      await desk.run(desk.file('a.geojson', collection([{ rings: [box(0, 0, 100, 50)], properties: { code: 'P1' } }])))
    ).batch!
    const { id } = desk.store.read.prepare('SELECT id FROM parcel').get() as { id: string }
    await desk.store.mutate({ label: 'parcel_edited' }, tx => tx.update('parcel', id, { name: '改名' }))
    const refusal = await refusalOf(undoBatch(desk.store, batch))
    expect(refusal).toMatchObject({ code: 'refused', details: { reason: 'batch_in_use' } })
    expect(refusal.message).toContain('P1')
    expect(desk.count('parcel')).toBe(1)
  })

  test('inspection proposes, remembers the mapping of the last import, and asks for the datum', async () => {
    const file = desk.file(
      'a.geojson',
      collection([{ rings: [box(0, 0, 100, 50)], properties: { DKBH: 'P1', 厂名: '某厂' } }]),
    )
    const first = await inspectFile(desk.store, { file, kind: 'parcels' })
    expect(first).toMatchObject({
      format: 'geojson',
      encoding: 'utf-8',
      crs_declared: null,
      crs_proposed: 'EPSG:4490',
      ask_datum: true,
      mapping: { code: 'DKBH' },
      mapping_remembered: false,
      sampled: 1,
      complete: true,
    })
    await desk.run(file, 'parcels', { mapping: { right_holder: '厂名' } })
    const second = await inspectFile(desk.store, { file, kind: 'parcels' })
    expect(second).toMatchObject({ mapping: { code: 'DKBH', right_holder: '厂名' }, mapping_remembered: true })
  })

  test('the defect report lists every issue and runs no formula', async () => {
    const file = desk.file(
      '=cmd.geojson',
      collection([{ rings: [box(0, 0, 5, 5)], properties: { code: '=1+1', name: '<b>x</b>', 权属性质: '@SUM(A1)' } }]),
    )
    const result = await desk.run(file)
    const report = join(desk.folder, 'report.xlsx')
    const rows = await withIssueSource(desk.store, result.batch!, (db, run) =>
      writeIssuesReport(db, result.batch!, run, report),
    )
    expect(rows).toBe(result.issue_total)
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.readFile(report)
    expect(workbook.worksheets.map(sheet => sheet.name)).toEqual(['汇总', '明细'])
    const list = workbook.getWorksheet('明细')!
    expect(list.rowCount).toBe(rows + 1)
    expect(list.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 })
    for (const sheet of workbook.worksheets)
      sheet.eachRow(row => row.eachCell(cell => expect(cell.type).not.toBe(ExcelJS.ValueType.Formula)))
    expect(desk.store.read.prepare('SELECT code, name FROM parcel').get()).toEqual({ code: '=1+1', name: '<b>x</b>' })
  })
})
