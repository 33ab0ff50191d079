/** Importing enterprises and units from CSV and XLSX: encodings, headers, figures of a year, links to parcels. */
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSource } from '../../service/formats/registry.ts'
import { inspectFile } from '../../service/imports/inspect.ts'
import { undoBatch } from '../../service/imports/undo-batch.ts'
import { usccCheckCharacter } from '../../shared/rules/uscc.ts'
import { box, byCode, collection, type Desk, FIXTURES, openDesk, refusalOf } from './import-fixture.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk('lanxi-2021-2023')
})
afterEach(() => desk.close())

const body = '91330781MA28D1A20'
const uscc = body + usccCheckCharacter(body)
const enterprises = () =>
  desk.store.read.prepare('SELECT * FROM enterprise WHERE deleted = 0 ORDER BY code').all() as Record<string, unknown>[]
const years = () =>
  desk.store.read.prepare('SELECT * FROM enterprise_year WHERE deleted = 0 ORDER BY year').all() as Record<
    string,
    unknown
  >[]

async function workbook(
  fill: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void,
  name = '企业.xlsx',
): Promise<string> {
  const book = new ExcelJS.Workbook()
  fill(book.addWorksheet('清单'), book)
  return desk.file(name, new Uint8Array(await book.xlsx.writeBuffer()))
}

describe('enterprises', () => {
  test('a ledger with titles and merged headings, data from row 6, every form of value', async () => {
    await desk.run(
      desk.file(
        'p.geojson',
        collection([
          { rings: [box(0, 0, 100, 50)], properties: { code: 'P1' } },
          { rings: [box(200, 0, 100, 50)], properties: { code: 'P2' } },
        ]),
      ),
    )
    const file = await workbook(sheet => {
      sheet.mergeCells('A1:J1')
      sheet.getCell('A1').value = '高耗低效企业整治清单'
      sheet.getCell('A2').value = '填报单位：兰江街道'
      for (const column of ['A', 'B', 'C', 'D', 'E']) sheet.mergeCells(`${column}4:${column}5`)
      sheet.mergeCells('F4:H4')
      sheet.getRow(4).values = ['序号', '企业名称', '统一信用代码', '所属镇街', '地块编号', '2021年度']
      sheet.getRow(5).values = [
        '序号',
        '企业名称',
        '统一信用代码',
        '所属镇街',
        '地块编号',
        '占地面积(亩)',
        '税收(元)',
        '规模',
        '评价等级',
        '联系电话',
      ]
      sheet.addRow([
        1,
        '甲厂',
        uscc,
        '兰江街道',
        'P1、P2;P9',
        '1,234.5',
        { formula: '10*5000', result: 50000 },
        '规上',
        'A类',
        13800000000,
      ])
      sheet.addRow([2, '乙厂', uscc.replace('0', 'O').replace('A', 'B'), '某某镇', '', '—', '', '规下', 'E', '0579-1'])
      sheet.addRow([
        3,
        { richText: [{ text: '丙' }, { text: '厂' }] },
        body.replace('28', '29'),
        '女埠',
        null,
        0,
        { error: '#REF!' },
        '',
        '',
        '',
      ])
      sheet.addRow(['合计', '', '', '', '', 1234.5, 50000])
      sheet.addRow(['填表人：某某'])
    })
    const inspection = await inspectFile(desk.store, { file, kind: 'enterprises' })
    expect(inspection).toMatchObject({ format: 'xlsx', sampled: 3, complete: true, sheets: ['清单'], ask_datum: false })
    const result = await desk.run(file, 'enterprises', { year: 2021 })
    expect(result).toMatchObject({ read: 3, inserted: 3, rejected: 0 })
    expect(byCode(result)).toMatchObject({
      code_proposed: 3,
      parcel_not_found: 1,
      uscc_invalid: 2,
      invalid_enum: 1,
      cell_error: 1,
      unit_converted: 1,
    })
    expect(result.issues.find(issue => issue.code === 'parcel_not_found')!.message).toBe(
      '文件“企业.xlsx”第 6 行：找不到地块“P9”，未关联',
    )
    const [first, second, third] = enterprises()
    expect(first).toMatchObject({ name: '甲厂', uscc, unit: '330781001', phone: '13800000000', source_row: 6 })
    // A faulty code is stored as given; the proposal is only told.
    expect(second).toMatchObject({
      name: '乙厂',
      uscc: uscc.replace('0', 'O').replace('A', 'B'),
      unit: null,
      town: '某某镇',
    })
    expect(third).toMatchObject({ name: '丙厂', unit: '330781006' })
    expect(years()).toMatchObject([
      { year: 2021, land_mu_actual: 1234.5, tax: 5, scale: 'above', class: 'A' },
      { year: 2021, land_mu_actual: null, tax: null, scale: 'below', class: null },
      { year: 2021, land_mu_actual: 0, tax: null },
    ])
    expect(desk.count('occupancy')).toBe(2)
    const again = await desk.run(file, 'enterprises', { year: 2021 })
    expect(again).toMatchObject({ batch: null, inserted: 0, updated: 0, unchanged: 3 })
  })

  test('the next year adds figures; roll-back removes them and nothing else', async () => {
    await desk.run(desk.file('a.csv', `企业名称,统一社会信用代码,税收(万元)\n甲厂,${uscc},3\n`), 'enterprises', {
      year: 2020,
    })
    const second = await desk.run(
      desk.file('b.csv', `企业名称,统一社会信用代码,税收(万元),用地面积\n甲厂,${uscc},4.5,10\n乙厂,,5,\n`),
      'enterprises',
      { year: 2021 },
    )
    expect(second).toMatchObject({ inserted: 1, updated: 1 })
    expect(years().map(row => [row['year'], row['tax']])).toEqual([
      [2020, 3],
      [2021, 4.5],
      [2021, 5],
    ])
    await undoBatch(desk.store, second.batch!)
    expect(years().map(row => [row['year'], row['tax']])).toEqual([[2020, 3]])
    expect(enterprises().map(row => row['name'])).toEqual(['甲厂'])
  })

  test('the proposal for a code with letters for digits, and a name is required', async () => {
    const result = await desk.run(
      desk.file(
        'a.csv',
        `企业名称;统一社会信用代码;产值\n甲厂;${uscc.replaceAll('0', 'O')};1\n;${uscc.slice(0, 17)};2\n`,
      ),
      'enterprises',
      { year: 2021 },
    )
    expect(result.issues.find(issue => issue.code === 'uscc_invalid')!.message).toContain(
      `建议核对是否为 ${uscc}(未自动修改)`,
    )
    expect(byCode(result)).toMatchObject({ required: 1 })
    expect(result).toMatchObject({ inserted: 1, rejected: 1 })
  })

  test('the same name with another valid credit code is another enterprise', async () => {
    const otherBody = '91330781MA28D1A21'
    const other = otherBody + usccCheckCharacter(otherBody)
    await desk.run(desk.file('a.csv', `企业名称,统一社会信用代码\n甲厂,${uscc}\n`), 'enterprises', {})
    const result = await desk.run(
      desk.file('b.csv', `企业名称,统一社会信用代码\n甲厂,${other}\n甲厂,\n`),
      'enterprises',
      {},
    )
    expect(result).toMatchObject({ inserted: 1, rejected: 1 })
    expect(byCode(result)).toMatchObject({ ambiguous_match: 1 })
  })
})

describe('encodings and units', () => {
  test.each(['jinhua_townships_gbk.csv', 'jinhua_townships_utf8.csv', 'jinhua_townships_utf8_bom.csv'])(
    '%s gives 146 townships',
    async name => {
      const file = join(FIXTURES, 'tables/china-jinhua', name)
      const mapping = { code: '乡镇街道代码', name: '乡镇街道名称' }
      const result = await desk.run(file, 'units', { mapping })
      // The 16 townships of Lanxi are there already, under the same codes and names.
      expect(result).toMatchObject({ read: 146, inserted: 130, updated: 0, unchanged: 16, rejected: 0 })
      await undoBatch(desk.store, result.batch!)
      expect(
        (desk.store.read.prepare('SELECT count(*) AS n FROM report_unit WHERE deleted = 0').get() as { n: number }).n,
      ).toBe(18)
    },
  )

  test('360 villages in GBK are read whole', async () => {
    const { source } = await openSource(join(FIXTURES, 'tables/china-jinhua/lanxi_villages_gbk.csv'), {})
    expect(source.encoding).toBe('gb18030')
    let rows = 0
    for await (const chunk of source.features()) rows += chunk.length
    expect(rows).toBe(360)
  })

  test('GeoJSON in GBK, whose bytes contain braces and quotes inside characters', async () => {
    const text = collection([{ rings: [box(0, 0, 100, 50)], properties: { code: 'P1', name: '亄亇仈亹俒俻俕偆' } }])
    const file = desk.file('gbk.geojson', iconv.encode(text, 'gb18030'))
    expect(await desk.run(file)).toMatchObject({ inserted: 1 })
    expect(desk.store.read.prepare('SELECT name FROM parcel').get()).toEqual({ name: '亄亇仈亹俒俻俕偆' })
  })

  test('GBK that begins far behind plain letters is not garbled but asked about, and read when told', async () => {
    const plain = Array.from({ length: 2000 }, (_, index) => ({
      rings: [box((index % 50) * 20, Math.floor(index / 50) * 20, 15, 15)],
      properties: { code: `N${index}` },
    }))
    const named = { rings: [box(-500, 0, 15, 15)], properties: { code: 'X', name: '某厂' } }
    const file = desk.file('late.geojson', iconv.encode(collection([...plain, named]), 'gb18030'))
    expect((await refusalOf(desk.run(file))).details.reason).toBe('encoding_mixed')
    expect(desk.count('parcel')).toBe(0)
    expect(await desk.run(file, 'parcels', { encoding: 'GBK' })).toMatchObject({ inserted: 2001 })
    const rows = 'abcdefghij,1234567890\n'.repeat(20_000)
    const csv = desk.file('late.csv', iconv.encode(`name,tax\n${rows}某厂,1\n`, 'gb18030'))
    expect((await refusalOf(desk.run(csv, 'enterprises', { year: 2021 }))).details.reason).toBe('encoding_mixed')
  })

  test('UTF-16 is refused in words', async () => {
    const utf16 = iconv.encode('企业名称,税收\n甲,1\n', 'utf16-le', { addBOM: true })
    expect((await refusalOf(desk.run(desk.file('a.csv', utf16), 'enterprises', {}))).message).toContain('UTF-16')
    const geojson = iconv.encode(collection([]), 'utf16-le')
    expect((await refusalOf(desk.run(desk.file('a.geojson', geojson)))).message).toContain('UTF-16')
  })
})

describe('XLSX of others', () => {
  const rowsOf = async (name: string) => {
    const { source } = await openSource(join(FIXTURES, 'tables/gdal', name), {})
    const rows: Record<string, unknown>[] = []
    for await (const chunk of source.features()) rows.push(...chunk.map(feature => feature.properties))
    return { source, rows }
  }

  test('inline strings', async () => {
    const { source, rows } = await rowsOf('inlineStr.xlsx')
    expect(source.headings.length).toBeGreaterThan(1)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.some(row => Object.values(row).some(value => typeof value === 'string' && value.length > 0))).toBe(true)
  })

  test('dates stay dates', async () => {
    const { rows } = await rowsOf('datetime.xlsx')
    expect(rows.some(row => Object.values(row).some(value => value instanceof Date))).toBe(true)
  })

  test('CSV of the GDAL test suite: BOM, quotes', async () => {
    expect((await rowsOf('csv_with_utf8_bom.csv')).source.headings[0]).toBe('id')
    const { rows } = await rowsOf('testdatetime.csv')
    expect(rows).toHaveLength(7)
    expect(rows[0]).toEqual({ name: 'foo1', timestamp: '2010/05/15 12:00:00' })
  })
})
