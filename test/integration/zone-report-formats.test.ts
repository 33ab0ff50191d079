/** One zone report of the demo county in all formats, read back by other programs: the figures are the same in each. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeGeojson } from '../../service/reports/write-geojson.ts'
import { writeReportGeoPackage } from '../../service/reports/write-geopackage.ts'
import { writePdf } from '../../service/reports/write-pdf.ts'
import { writeXlsx } from '../../service/reports/write-xlsx.ts'
import { writeZoneDocx } from '../../service/reports/write-zone-docx.ts'
import { buildZoneReport } from '../../service/reports/zone-report.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { printNumber, type Report } from '../../shared/report/model.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'

const RESOURCES = resolve('resources')
const UNIT = '330781E01'
const MU = 2000 / 3
let demo: DemoFixture
let report: Report

interface ZoneSums {
  code: string
  name: string
  parcels: number
  area: number
  inside: number
  outside: number
}

beforeAll(async () => {
  demo = await openDemo()
  report = await buildZoneReport(demo.store, { year: 2022, unit: UNIT }, RESOURCES)
}, 60_000)
afterAll(() => demo.close())

/** The figures once more, from the raw tables. */
function rawSums(): ZoneSums[] {
  return demo.store.read
    .prepare(
      `SELECT z.code, z.name, count(*) AS parcels, sum(p.area_m2) AS area, sum(p.area_in_m2) AS inside, sum(p.area_out_m2) AS outside
       FROM zone z JOIN zone_member m ON m.zone_id = z.id AND m.deleted = 0 JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
       WHERE z.deleted = 0 AND z.year = 2022 AND z.unit = ? GROUP BY z.id ORDER BY z.code`,
    )
    .all(UNIT) as ZoneSums[]
}

const inMu = (m2: number) => printNumber(m2 / MU, 2)
const at = (name: string) => join(demo.folder, name)
const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { maxBuffer: 64 << 20, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

/** A row of table A without white space, so that wrapped cells do not matter. */
function expectRows(text: string): void {
  const dense = text.replace(/\s+/g, '')
  for (const zone of rawSums()) {
    expect(dense).toContain(zone.name.replace(/\s+/g, ''))
    for (const area of [zone.area, zone.inside, zone.outside]) expect(dense).toContain(inMu(area))
  }
  const total = rawSums().reduce((sum, zone) => sum + zone.area, 0)
  expect(dense).toContain(inMu(total))
}

describe('the figures of one report', () => {
  it('PDF and DOCX print what the raw tables sum up to', async () => {
    const template = join(RESOURCES, 'reports', 'zone-report.typ')
    await writePdf(report, at('r.pdf'), RESOURCES, undefined, template)
    await writeZoneDocx(report, at('r.docx'), join(RESOURCES, 'reports', 'zone-report.docx'), RESOURCES)
    const pdf = run('pdftotext', '-layout', at('r.pdf'), '-')
    const docx = run('unzip', '-p', at('r.docx'), 'word/document.xml').replace(/<[^>]+>/g, '')
    expect(rawSums().length).toBeGreaterThan(2)
    for (const text of [pdf, docx]) {
      expectRows(text)
      for (const table of ['表A', '表B', '表C', '表D', '表E', '表F']) expect(text).toContain(table)
      expect(text).toContain('填表单位(盖章)')
    }
    // The numbers of the parcels on the maps are text that can be selected.
    expect(pdf).toContain('开发边界图')
  }, 120_000)

  it('every total of tables A to E is what SQL finds in the raw tables', () => {
    const db = demo.store.read
    const one = (sql: string, code: string) => db.prepare(sql).get({ code }) as Record<string, number | null>
    const members = `SELECT m.parcel_id FROM zone_member m JOIN zone z ON z.id = m.zone_id JOIN parcel p ON p.id = m.parcel_id
      WHERE z.code = :code AND m.deleted = 0 AND p.deleted = 0`
    const firms = `SELECT DISTINCT o.enterprise_id FROM occupancy o JOIN enterprise e ON e.id = o.enterprise_id
      WHERE o.deleted = 0 AND e.deleted = 0 AND o.parcel_id IN (${members})`
    const years = `SELECT y.* FROM enterprise_year y WHERE y.deleted = 0 AND y.enterprise_id IN (${firms}) AND y.year =
      (SELECT max(n.year) FROM enterprise_year n WHERE n.enterprise_id = y.enterprise_id AND n.deleted = 0 AND n.year <= 2022)`
    const plans = `SELECT l.* FROM plan l WHERE l.deleted = 0 AND l.enterprise_id IN (${firms}) AND NOT EXISTS
      (SELECT 1 FROM plan n WHERE n.enterprise_id = l.enterprise_id AND n.deleted = 0 AND (n.year, n.version) > (l.year, l.version))`
    const factor = (db.prepare('SELECT carbon_factor FROM campaign').get() as { carbon_factor: number }).carbon_factor
    const tables = new Map(
      report.chapters.flatMap(chapter =>
        chapter.sections.flatMap(section =>
          section.tables.map(table => [`${chapter.code} ${table.title.split(' ')[0]}`, table] as const),
        ),
      ),
    )
    const close = (shown: unknown, expected: number | null | undefined) =>
      expected === null || expected === undefined
        ? expect(shown ?? null).toBeNull()
        : expect(shown).toBeCloseTo(expected, 7)
    let checked = 0
    report.summary.rows.forEach(row => {
      const code = String(row[0])
      const year = one(
        `SELECT count(*) AS n, sum(land_mu_actual) AS land, sum(tax) AS tax,
        sum(CASE WHEN tax IS NOT NULL AND land_mu_actual IS NOT NULL THEN tax END) / sum(CASE WHEN tax IS NOT NULL AND
        land_mu_actual IS NOT NULL THEN land_mu_actual END) AS ratio FROM (${years})`,
        code,
      )
      const plan = one(
        `SELECT sum(freed_mu) AS mu, sum(freed_tce) AS tce, sum(investment) AS money, sum(new_tax) AS tax FROM (${plans})`,
        code,
      )
      const count = one(`SELECT count(*) AS n FROM (${firms})`, code)
      expect(row[9]).toBe(count['n'])
      close(row[11], year['ratio'])
      close(row[13], one('SELECT investment AS v FROM zone WHERE code = :code', code)['v'] ?? plan['money'])
      const [b, c, e] = ['表B', '表C', '表E'].map(name => tables.get(`${code} ${name}`)!)
      close(b!.totals![3], one(`SELECT sum(area_m2) AS v FROM parcel WHERE id IN (${members})`, code)['v'])
      close(c!.totals![6], year['land'])
      close(c!.totals![7], year['tax'])
      close(c!.totals![8], year['ratio'])
      expect(c!.rows).toHaveLength(count['n']!)
      close(e!.rows[0]![0], plan['mu'])
      close(e!.rows[0]![1], plan['tce'])
      close(e!.rows[0]![2], plan['tce'] === null ? null : plan['tce']! * factor)
      close(e!.rows[0]![3], plan['tax'])
      const steps = one(
        `SELECT count(*) AS n FROM milestone WHERE deleted = 0 AND plan_id IN (SELECT id FROM (${plans}))`,
        code,
      )
      expect(tables.get(`${code} 表D`)?.rows.length ?? 0).toBe(steps['n'])
      checked++
    })
    expect(checked).toBeGreaterThan(2)
  })

  it('table F is the outline as GDAL projects it: every corner, its number, ring and edge', () => {
    for (const chapter of report.chapters) {
      const table = chapter.sections.flatMap(section => section.tables).find(each => each.title.startsWith('表F'))!
      const blob = demo.store.read.prepare('SELECT geometry FROM zone WHERE code = ?').pluck().get(chapter.code)
      const { coordinates, ringEnds } = decodeGeometry(blob as Uint8Array)
      const degrees = Array.from({ length: coordinates.length / 2 }, (_, at) =>
        coordinates.slice(2 * at, 2 * at + 2).join(' '),
      )
      const plane = execFileSync('gdaltransform', ['-s_srs', 'EPSG:4490', '-t_srs', 'EPSG:4549', '-output_xy'], {
        input: degrees.join('\n'),
        encoding: 'utf8',
      })
      const points = plane
        .trim()
        .split('\n')
        .map(line => line.split(' ').map(Number) as [number, number])
      const expected: number[][] = []
      let from = 0
      for (const [ring, end] of [...ringEnds].entries()) {
        for (let at = from; at < end - 1; at++) {
          const [[east, north], [nextEast, nextNorth]] = [points[at]!, points[at + 1]!]
          expected.push([north, east, Math.hypot(nextEast - east, nextNorth - north), ring + 1])
        }
        from = end
      }
      expect(table.rows.map(row => row[0])).toEqual(expected.map((_, index) => `J${index + 1}`))
      for (const [index, row] of table.rows.entries())
        for (const [at, value] of expected[index]!.entries())
          expect(Math.abs(Number(row[at + 1]) - value)).toBeLessThan(1e-4)
    }
    expect(report.chapters.length).toBeGreaterThan(2)
  })

  it('a long PDF is set in parts and joined: pages, contents, links and bookmarks run through', async () => {
    const template = join(RESOURCES, 'reports', 'zone-report.typ')
    const chapters = Array.from({ length: 4 }, (_, copy) =>
      report.chapters.map(chapter => ({ ...chapter, title: `第${copy + 1}册 ${chapter.title}` })),
    ).flat()
    const done: number[] = []
    await writePdf({ ...report, chapters }, at('long.pdf'), RESOURCES, undefined, template, each => done.push(each))
    // Several parts, or nothing was joined.
    expect(done.length).toBeGreaterThan(2)
    expect(done.at(-1)).toBe(chapters.length)
    const dense = (text: string) => text.replace(/\s+/g, '')
    const pages = run('pdftotext', '-layout', at('long.pdf'), '-').split('\f').slice(0, -1).map(dense)
    for (const [index, text] of pages.entries()) expect(text.endsWith(`—${index + 1}—`)).toBe(true)
    const [contents] = pages.filter(text => text.startsWith('目录'))
    for (const { title } of chapters) {
      const page = pages.findIndex(text => text.startsWith(dense(title))) + 1
      expect(page).toBeGreaterThan(1)
      const [, , number] = /^(\.+)(\d{1,3})/.exec(contents!.split(dense(title))[1] ?? '') ?? []
      expect(Number(number)).toBe(page)
    }
    // Read by another program: where the bookmarks lead, and that what is clicked in the contents leads there too.
    const xml = run('pdftohtml', '-xml', '-i', '-stdout', at('long.pdf'))
    const marks = [...xml.matchAll(/<item page="(\d+)">(第[^<]*)<\/item>/g)].map(([, page, title]) => [
      Number(page),
      dense(title!),
    ])
    const starts = chapters.map(({ title }) => [
      pages.findIndex(text => text.startsWith(dense(title))) + 1,
      dense(title),
    ])
    expect(marks).toEqual(starts)
    const links = [...xml.matchAll(/<a href="[^"]*#(\d+)">/g)].map(([, page]) => Number(page))
    expect(new Set(links)).toEqual(new Set(starts.map(([page]) => page)))
    // Nothing is lost on the way: every table that stands in the parts stands in the whole.
    for (const table of ['表B', '表C', '表D', '表E', '表F'])
      expect(pages.join('').split(table).length - 1).toBeGreaterThanOrEqual(chapters.length)
  }, 60_000)

  it('XLSX has one sheet per zone with the same numbers as numbers', async () => {
    await writeXlsx(report, at('r.xlsx'))
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(at('r.xlsx'))
    const sums = rawSums()
    expect(book.worksheets.map(sheet => sheet.name)).toEqual(['汇总', ...sums.map(zone => zone.code)])
    const rows: unknown[][] = []
    book.getWorksheet('汇总')!.eachRow(row => rows.push((row.values as unknown[]).slice(1)))
    for (const zone of sums) {
      const row = rows.find(cells => cells[0] === zone.code)!
      expect(row[1]).toBe(zone.name)
      expect(row[5]).toBeCloseTo(zone.area / MU, 9)
      expect(row[6]).toBeCloseTo(zone.inside / MU, 9)
      expect(row[7]).toBeCloseTo(zone.outside / MU, 9)
      expect(row[8]).toBe(zone.parcels)
    }
    const total = rows.find(cells => cells[0] === '合计')!
    expect(total[5]).toBeCloseTo(sums.reduce((sum, zone) => sum + zone.area, 0) / MU, 6)
  })

  it('GeoJSON carries the same sums', async () => {
    await writeGeojson(report, at('r.geojson'))
    const { features } = JSON.parse(readFileSync(at('r.geojson'), 'utf8')) as {
      features: { properties: Record<string, number | string> }[]
    }
    for (const zone of rawSums()) {
      const found = features.find(
        ({ properties }) => properties['kind'] === 'zone' && properties['code'] === zone.code,
      )!
      expect(found.properties['area_m2']).toBeCloseTo(zone.area, 6)
      expect(found.properties['area_in_m2']).toBeCloseTo(zone.inside, 6)
      expect(found.properties['area_out_m2']).toBeCloseTo(zone.outside, 6)
      const members = features.filter(
        ({ properties }) => properties['kind'] === 'member' && properties['zone'] === zone.code,
      )
      expect(members).toHaveLength(zone.parcels)
      expect(members.reduce((sum, member) => sum + (member.properties['area_m2'] as number), 0)).toBeCloseTo(
        zone.area,
        5,
      )
    }
  })

  it('GDAL reads the GeoPackage: layers, systems, valid outlines, Chinese, the same sums', () => {
    for (const crs of ['EPSG:4490', 'EPSG:4549']) {
      const file = at(`${crs.slice(5)}.gpkg`)
      writeReportGeoPackage(report, file, new Date('2022-12-05T02:00:00Z'), crs)
      const info = run('ogrinfo', '-so', '-al', file)
      expect(info).toContain('Layer name: 连片区域')
      expect(info).toContain('Layer name: 成员地块')
      expect(info.match(/Geometry: Multi Polygon/g)).toHaveLength(2)
      expect(info.match(new RegExp(`ID\\["EPSG",${crs.slice(5)}\\]\\]`, 'g'))).toHaveLength(2)
      const read = (sql: string) => {
        const json = run('ogr2ogr', '-f', 'GeoJSON', '/vsistdout/', file, '-dialect', 'SQLite', '-sql', sql)
        return (JSON.parse(json) as { features: { properties: Record<string, unknown> }[] }).features.map(
          feature => feature.properties,
        )
      }
      const zones = read('SELECT code, name, area_m2, area_in_m2, area_out_m2, parcels FROM "连片区域" ORDER BY code')
      expect(zones).toHaveLength(rawSums().length)
      rawSums().forEach((zone, index) => {
        expect(zones[index]).toMatchObject({ code: zone.code, name: zone.name, parcels: zone.parcels })
        expect(zones[index]!['area_m2']).toBeCloseTo(zone.area, 6)
        expect(zones[index]!['area_in_m2']).toBeCloseTo(zone.inside, 6)
        expect(zones[index]!['area_out_m2']).toBeCloseTo(zone.outside, 6)
      })
      const members = read(
        'SELECT zone, sum(area_m2) AS area, count(*) AS parcels FROM "成员地块" GROUP BY zone ORDER BY zone',
      )
      rawSums().forEach((zone, index) => {
        expect(members[index]!['parcels']).toBe(zone.parcels)
        expect(members[index]!['area']).toBeCloseTo(zone.area, 5)
      })
      for (const layer of ['连片区域', '成员地块'])
        expect(read(`SELECT count(*) AS broken FROM "${layer}" WHERE NOT ST_IsValid(geom)`)).toEqual([{ broken: 0 }])
    }
    // In the plane GDAL's own areas are those of the outlines, but for the scale of the projection (below 1e-4 here).
    const planar = JSON.parse(
      run(
        'ogr2ogr',
        '-f',
        'GeoJSON',
        '/vsistdout/',
        at('4549.gpkg'),
        '-dialect',
        'SQLite',
        '-sql',
        'SELECT code, area_m2, ST_Area(geom) AS planar FROM "成员地块"',
      ),
    ) as { features: { properties: { area_m2: number; planar: number } }[] }
    for (const { properties } of planar.features)
      expect(Math.abs(properties.planar / properties.area_m2 - 1)).toBeLessThan(1e-3)
  }, 60_000)

  it('systems that a GeoPackage cannot say are refused', () => {
    expect(() => writeReportGeoPackage(report, at('x.gpkg'), new Date(), 'GCJ02')).toThrowError(/EPSG:4549/)
    expect(() => writeReportGeoPackage(report, at('x.gpkg'), new Date(), 'EPSG:2364')).toThrowError(/坐标系/)
  })
})
