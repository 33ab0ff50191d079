/**
 * Every figure of the zone report again from the raw tables: one zone, a unit's year, a year of the county, all years; for the demo
 * county and for a small survey of awkward cases. A table or a column without an oracle fails.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readUtf8 } from '../../service/formats/byte-source.ts'
import { readFeatures } from '../../service/formats/geojson.ts'
import { writeGeojson } from '../../service/reports/write-geojson.ts'
import { writeReportGeoPackage } from '../../service/reports/write-geopackage.ts'
import { writePdf } from '../../service/reports/write-pdf.ts'
import { writeXlsx } from '../../service/reports/write-xlsx.ts'
import { writeZoneDocx } from '../../service/reports/write-zone-docx.ts'
import { buildZoneReport, type ZoneReportFilter } from '../../service/reports/zone-report.ts'
import { type CellValue, columnTitle, printNumber, type Report, type ReportTable } from '../../shared/report/model.ts'
import { docxCells, pdfText, sheetCells } from '../support/report-reading.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'
import { openInvented } from './oracles/invented-survey.ts'
import { addAwkwardZones } from './oracles/invented-zones.ts'
import { Raw } from './oracles/periodic-oracles.ts'
import {
  type Asked,
  BLANK,
  type Cells,
  CHAPTER_TABLES,
  ellipsoidM2,
  outlineMu,
  rowOfA,
  tableOf,
  toldOf,
  totalOfA,
} from './oracles/zone-report-oracle.ts'
import { rectangle, type SurveyFixture } from './survey-fixture.ts'

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

const ALWAYS = ['表B 地块明细表', '表C 企业明细表', '表E 预期成效']
const OUTLINE = '总面积(亩)'

/** Same text and nulls; numbers to the last digits, for sums are added in another order. */
function same(got: Cells, expected: Cells, where: string): void {
  expect(Object.keys(got).sort(), where).toEqual(Object.keys(expected).sort())
  for (const [title, value] of Object.entries(expected))
    if (typeof value === 'number') {
      expect(typeof got[title], `${where} ${title} ${got[title]}`).toBe('number')
      const off = Math.abs(Number(got[title]) - value) / Math.max(1, Math.abs(value))
      // The program's edges are geodesics, those of the oracle are straight in degrees: a millionth of an outline or so.
      expect(off, `${where} ${title}: ${got[title]} ≠ ${value}`).toBeLessThan(title === OUTLINE ? 2e-6 : 1e-10)
    } else expect(got[title], `${where} ${title}`).toBe(value)
}

const named = ({ columns }: ReportTable, row: readonly CellValue[]): Cells =>
  Object.fromEntries(columns.map((column, index) => [columnTitle(column), row[index] ?? null]))

/** Of a line of totals: what is not blank, but for its name. */
const summed = (table: ReportTable): Cells =>
  Object.fromEntries(
    Object.entries(named(table, table.totals!)).filter(([, value]) => value !== BLANK && value !== '合计'),
  )

function expectTable(raw: Raw, table: ReportTable, asked: Asked, where: string): void {
  expect(Object.keys(CHAPTER_TABLES), 'tables with an oracle').toContain(table.title)
  const { rows, totals } = tableOf(raw.store, table.title, asked)
  const others = rows.some(row => (row['备注'] ?? BLANK) !== BLANK)
  expect(table.rows.length, where).toBe(rows.length)
  // Kinds of equal area stand in any order.
  const shown = table.title.startsWith('低效类型') ? byKind(table.rows, rows) : table.rows
  shown.forEach((row, index) => {
    const { 备注, ...expected } = rows[index]!
    same(named(table, row), others ? { ...expected, 备注: 备注! } : expected, `${where} ${index + 1}`)
  })
  expect(table.totals !== undefined, where).toBe(totals !== undefined)
  if (totals) same(summed(table), totals, `${where} 合计`)
}

const byKind = (shown: ReportTable['rows'], rows: readonly Cells[]) =>
  rows.map((row, at) => {
    expect(at === 0 || Number(shown[at]![2]) <= Number(shown[at - 1]![2])).toBe(true)
    return shown.find(each => each[0] === row['低效类型']) ?? []
  })

/** What the sentences of a chapter count. */
function expectSentences(raw: Raw, report: Report, at: number, asked: Asked): void {
  const told = toldOf(raw.store, asked)
  const text = report.chapters[at]!.sections.flatMap(section => section.paragraphs).join('\n')
  const inMu = (m2: number | null) => (m2 === null ? '—' : printNumber((m2 * 3) / 2000, 2))
  const says = (words: string, isTrue = true) =>
    isTrue ? expect(text).toContain(words) : expect(text).not.toContain(words)
  says(
    `其中低效工业用地 ${told.n} 宗，面积 ${inMu(told.m2)} 亩(${printNumber(told.m2, 2)} 平方米，${printNumber(told.m2 / 10_000, 4)} 公顷)，界内 ${inMu(told.inside)} 亩，界外 ${inMu(told.outside)} 亩`,
    told.n > 0,
  )
  says('区域内没有地块', told.n === 0)
  says(`${told.unnamed} 宗地块没有登记低效类型`, told.unnamed > 0)
  says(
    `【红线提示】占永久基本农田 ${printNumber(told.farmland ?? 0, 2)} 平方米，涉及 ${told.on_farmland} 宗`,
    told.on_farmland > 0,
  )
  says(
    `按边界默认路径：界内 ${inMu(told.inside)} 亩以整治提升为主，界外 ${inMu(told.outside)} 亩以退出复垦为主`,
    told.inside !== null || told.outside !== null,
  )
  says(
    `区域内 ${told.firms} 家企业${told.planned < told.firms ? `中 ${told.planned} 家已编制方案，${told.firms - told.planned} 家未编制` : '均已编制方案'}`,
    told.firms > 0,
  )
  says(
    `共 ${told.milestones} 个节点，截至 ${asked.today} 已完成 ${told.done} 个，逾期 ${told.late} 个，未到期 ${told.milestones - told.done - told.late} 个`,
    told.milestones > 0,
  )
  says(
    `计划投资 ${printNumber(Number(rowOfA(raw.store, asked)['计划投资(万元)'] ?? 0), 2)} 万元`,
    rowOfA(raw.store, asked)['计划投资(万元)'] !== null,
  )
}

type Ask = (raw: Raw) => ZoneReportFilter
const zoneIds = (raw: Raw, ...codes: string[]) =>
  codes.map(code => raw.one<string>('SELECT id FROM zone WHERE deleted = 0 AND code = :code', { code }))

describe.each<[keyof typeof SURVEYS, string, number, Ask]>([
  ['demo', 'one zone', 1, raw => ({ zoneIds: zoneIds(raw, '330781E01-2022-01') })],
  ['demo', "a unit's year", 5, () => ({ year: 2022, unit: '330781E01' })],
  ['demo', 'all zones', 112, () => ({})],
  ['invented', 'one zone', 1, raw => ({ zoneIds: zoneIds(raw, 'Z4') })],
  ['invented', 'two zones that share land', 2, raw => ({ zoneIds: zoneIds(raw, 'Z1', 'Z2') })],
  ['invented', "a unit's year", 2, () => ({ year: 2026, unit: '330781001' })],
  ['invented', 'a year', 6, () => ({ year: 2026 })],
  ['invented', 'all years', 7, () => ({})],
])('zone report of the %s, %s', (survey, _, count, filterOf) => {
  test('tables A to E, their totals, sentences and the duty of the units', async () => {
    const raw = SURVEYS[survey]()
    const filter = filterOf(raw)
    const report = await buildZoneReport(raw.store, filter, 'resources')
    const all = report.zones.map(zone => zone.id)
    expect(all.length).toBe(count)
    expectWhole(
      raw,
      report,
      { zones: all, all, today: raw.today },
      survey === 'demo' ? undefined : unionOf(report.zones.map(zone => zone.code)),
    )
    for (const [at, chapter] of report.chapters.entries()) {
      const asked = { zones: [all[at]!], all, today: raw.today }
      const row = report.summary.rows[at]!
      expect(chapter.code).toBe(row[0])
      same(
        named(report.summary, row),
        { ...rowOfA(raw.store, asked), [OUTLINE]: outlineMu(raw.store, all[at]!) },
        `表A ${chapter.code}`,
      )
      // Of a whole county the line in 表A of each zone, and every seventh chapter.
      if (count > 50 && at % 7 !== 0) continue
      const tables = chapter.sections.flatMap(section => section.tables).filter(table => !table.title.startsWith('表F'))
      for (const table of tables) expectTable(raw, table, asked, `${chapter.code} ${table.title}`)
      // What has rows is there.
      for (const title of Object.keys(CHAPTER_TABLES))
        if (ALWAYS.includes(title) || tableOf(raw.store, title, asked).rows.length > 0)
          expect(
            tables.map(table => table.title),
            chapter.code,
          ).toContain(title)
      expectSentences(raw, report, at, asked)
    }
    expectDuty(raw, report, filter)
  })
})

/** 总面积 of zones of the invented survey, whose outlines lie on each other: one rectangle each time. */
const unionOf = (zones: readonly string[]) => rectangle(0, 0, zones.includes('Z7') ? 510 : 310, 120)

function expectWhole(raw: Raw, report: Report, asked: Asked, union: ReturnType<typeof rectangle> | undefined): void {
  const outlines = asked.zones.flatMap(id => outlineMu(raw.store, id) ?? [])
  const whole = union ? (ellipsoidM2(union) * 3) / 2000 : outlines.reduce((sum, each) => sum + each, 0)
  same(summed(report.summary), { ...totalOfA(raw.store, asked), [OUTLINE]: whole }, '表A 合计')
}

/** Zones of a unit and year that stand now and have land. */
const planned = (raw: Raw, unit: string, year: number) =>
  raw.one<number>(
    `SELECT count(*) FROM zone z WHERE z.deleted = 0 AND z.unit = :unit AND z.year = :year AND EXISTS (SELECT 1 FROM zone_member m
       JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0 WHERE m.zone_id = z.id AND m.deleted = 0)`,
    { unit, year },
  )

/** 应完成, 已完成 and who still owes, of each year in the report. */
function expectDuty(raw: Raw, report: Report, filter: ZoneReportFilter): void {
  const units = raw
    .units()
    .filter(({ code }) => (filter.unit ?? code) === code)
    .filter(({ code }) => !filter.zoneIds || report.zones.some(zone => zone.unit === code))
  for (const year of new Set(report.zones.map(zone => zone.year))) {
    const met = units.filter(({ code }) => planned(raw, code, year) > 0)
    const note = report.notes.find(each => each.startsWith(`${year} 年度每单位`))!
    expect(note).toContain(`应完成 ${units.length} 个单位，已完成 ${met.length} 个`)
    for (const unit of units) expect(note.includes(unit.name), unit.name).toBe(!met.includes(unit))
  }
}

/** Columns of table A that the map formats carry for each zone; unit, direction and state stand there as codes. */
const MAP_FIELDS: Readonly<Record<string, string>> = {
  编号: 'code',
  名称: 'name',
  年度: 'year',
  '低效面积(亩)': 'area_mu',
  '界内(亩)': 'area_in_mu',
  '界外(亩)': 'area_out_mu',
  '地块数(宗)': 'parcels',
  '企业数(家)': 'enterprises',
  '平均亩均税收(万元/亩)': 'tax_per_mu',
  '计划投资(万元)': 'investment',
}

test('one run in five formats: the same totals, read by other programs, and what is doubtful is said in each', async () => {
  const raw = SURVEYS.invented()
  // A photo that is known but not on disk.
  await raw.store.mutate({ label: 'photo' }, tx => {
    tx.create('attachment', {
      owner_entity: 'zone',
      owner_id: zoneIds(raw, 'Z1')[0]!,
      file_name: '丢失.jpg',
      mime: 'image/jpeg',
      kind: 'site',
      sha256: 'f'.repeat(64),
    })
  })
  const report = await buildZoneReport(raw.store, { year: 2026 }, 'resources')
  const all = report.zones.map(zone => zone.id)
  const asked = { zones: all, all, today: raw.today }
  const totals: Cells = {
    ...totalOfA(raw.store, asked),
    [OUTLINE]: (ellipsoidM2(rectangle(0, 0, 510, 120)) * 3) / 2000,
  }
  const numbers = Object.values(totals).filter(value => typeof value === 'number')
  // Without a boundary 界内 and 界外 are unknown; with one: the demo county in zone-report-formats.test.ts.
  expect(numbers.length).toBe(6)
  const said = [
    '2 个区域没有地块：Z3、Z5',
    '同时属于多个区域，各区域分别列出，合计只计一次：P',
    '没有启用的城镇开发边界',
    '丢失.jpg',
    '尚未谋划：永昌街道',
  ]
  const folder = mkdtempSync(join(tmpdir(), 'lowland-five-'))
  const at = (format: string) => join(folder, `r.${format}`)
  try {
    await writeXlsx(report, at('xlsx'))
    await writeZoneDocx(report, at('docx'), resolve('resources/reports/zone-report.docx'), resolve('resources'))
    await writePdf(report, at('pdf'), resolve('resources'), undefined, resolve('resources/reports/zone-report.typ'))
    await writeGeojson(report, at('geojson'))
    writeReportGeoPackage(report, at('gpkg'), new Date('2026-05-01T02:00:00Z'))

    const sheet = await sheetCells(at('xlsx'))
    const line = sheet.slice(sheet.indexOf('合计'))
    for (const value of numbers)
      expect(
        line.some(cell => isNear(cell, value)),
        `${value}`,
      ).toBe(true)
    const word = docxCells(at('docx'))
    const printed = report.summary.columns.flatMap(column => {
      const value = totals[columnTitle(column)]
      return typeof value === 'number' ? [printNumber(value, column.decimals ?? 0)] : []
    })
    const wordLine = word.slice(word.indexOf('合计'), word.indexOf('合计') + report.summary.columns.length)
    const paper = pdfText(at('pdf'))
    for (const value of printed) {
      expect(wordLine).toContain(value)
      expect(paper.slice(paper.indexOf('合计'))).toContain(value)
    }
    const geojson = JSON.parse(readFileSync(at('geojson'), 'utf8')) as {
      features: { properties: Cells }[]
      report: { totals: Cells; notes: string[] }
    }
    same(geojson.report.totals, totals, 'GeoJSON')
    for (const [file, layers] of [
      [at('geojson'), []],
      [at('gpkg'), ['连片区域']],
    ] as const) {
      const { features: read } = JSON.parse(
        run('ogr2ogr', '-f', 'GeoJSON', '/vsistdout/', file, ...layers),
      ) as typeof geojson
      for (const { id, name } of report.zones) {
        const row = rowOfA(raw.store, { ...asked, zones: [id] })
        const { properties } = read.find(each => each.properties['id'] === id)!
        const fields = Object.entries(MAP_FIELDS)
        same(
          Object.fromEntries(fields.map(([title, field]) => [title, properties[field] ?? null])),
          Object.fromEntries(fields.map(([title]) => [title, row[title] ?? null])),
          `${name} in ${file}`,
        )
      }
    }
    // Beside the features: no other program stumbles over it.
    const info = run('ogrinfo', '-so', '-al', at('geojson'))
    expect(info).toContain(`Feature Count: ${report.zones.reduce((sum, zone) => sum + 1 + zone.members.length, 0)}`)
    const features: unknown[] = []
    const bytes = await readUtf8(at('geojson'), 'utf-8')
    for await (const batch of readFeatures(bytes, 'r.geojson', 'EPSG:4490')) features.push(...batch)
    expect(features).toHaveLength(report.zones.reduce((sum, zone) => sum + 1 + zone.members.length, 0))
    const rows = (
      JSON.parse(run('ogr2ogr', '-f', 'GeoJSON', '/vsistdout/', at('gpkg'), '报告说明')) as {
        features: { properties: { item: string; text: string | null; value: number | null } }[]
      }
    ).features.map(({ properties }) => properties)
    const sums = rows.filter(({ item }) => item.startsWith('合计 '))
    same(Object.fromEntries(sums.map(({ item, text, value }) => [item.slice(3), value ?? text])), totals, 'GeoPackage')

    const wordText = run('unzip', '-p', at('docx'), 'word/document.xml').replace(/<[^>]+>/g, '')
    const texts = {
      xlsx: sheet.join('\n'),
      docx: wordText,
      pdf: paper,
      geojson: geojson.report.notes.join('\n'),
      gpkg: rows.map(({ text }) => text).join('\n'),
    }
    for (const [format, text] of Object.entries(texts))
      for (const words of said)
        expect(text.replace(/\s+/g, ''), `${format}: ${words}`).toContain(words.replace(/\s+/g, ''))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)

/** Another program, for what it prints. */
const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' })

const isNear = (cell: string | number, value: number) =>
  typeof cell === 'number' && Math.abs(cell - value) <= 2e-6 * Math.max(1, Math.abs(value))
