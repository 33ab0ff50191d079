/** 企业清单台账 as XLSX, streamed: two years of class and tax per 亩, land by side, the newest plan; totals are Σ/Σ. */
import ExcelJS from 'exceljs'
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { type EnumerationName, labelOf } from '../../shared/model/enumerations.ts'
import { printedClass } from '../../shared/rules/scoring/rated.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Store } from '../db/store.ts'
import { asText } from '../exports/spreadsheet-text.ts'
import { type LedgerRow, ledgerLand, ledgerRows, newestFiguresYear, unitName } from './ledger-repo.ts'

/** Headings wrap; codes, names and words have to stand whole. In characters; what is not named is a figure or a short word. */
const WIDTHS: Readonly<Record<string, number>> = {
  序号: 5,
  企业名称: 32,
  统一社会信用代码: 20.5,
  行业: 6,
  '规上/规下': 6,
  是否园区内: 6,
  经营状态: 7,
  命中规则: 22,
  整治提升理由: 20,
  整治方式: 16,
  整治措施: 29.5,
  计划完成时间: 11,
  牵头单位: 13,
  销号日期: 11,
  备注: 14,
}
const WIDTH = 10.5
const LINE_HEIGHT = 14
const THIN = { style: 'thin' } as const
const BOX = { top: THIN, left: THIN, bottom: THIN, right: THIN }
/** The footnote is merged over what stands on the first of the three sheets. */
const ON_FIRST_SHEET = 13

type Value = string | number | null
type Column = readonly [title: string, read: (row: LedgerRow, index: number) => Value, sum?: true]
const label = (name: EnumerationName, code: Value): Value => (code === null ? null : labelOf(name, String(code)))
const perMu = (tax: number | null, land: number | null) => (tax === null || !land ? null : tax / land)
const inMu = (area: number | null) => (area === null ? null : squareMetersToMu(area))
const list = (name: EnumerationName, json: string | null) =>
  json === null ? null : [...new Set(JSON.parse(json) as string[])].map(code => labelOf(name, code)).join('、') || null

function columnsOf(year: number): Column[] {
  return [
    ['序号', (_, index) => index + 1],
    ['考核单位', row => row.unit_name],
    ['乡镇', row => row.town_name],
    ['企业名称', row => row.name],
    ['统一社会信用代码', row => row.uscc],
    ['行业', row => row.industry_code],
    ['规上/规下', row => label('scale', row.scale)],
    ['是否园区内', row => (row.in_park === null ? null : row.in_park === 1 ? '是' : '否')],
    [`评价等级(${year - 1})`, row => printedClass(row.class_before, row.class_source_before)],
    [`评价等级(${year})`, row => printedClass(row.class, row.class_source)],
    ['实际用地(亩)', row => row.land, true],
    ['评价税收(万元)', row => row.tax, true],
    [`亩均税收(${year - 1}，万元/亩)`, row => perMu(row.tax_before, row.land_before)],
    [`亩均税收(${year}，万元/亩)`, row => perMu(row.tax, row.land)],
    ['增加值(万元)', row => row.value_added, true],
    ['能耗(tce)', row => row.energy, true],
    ['单位增加值能耗', row => perMu(row.energy, row.value_added)],
    ['经营状态', row => label('operating_status', row.op_status)],
    ['命中规则', row => ruleNames(row.hit_rules)],
    ['整治提升理由', row => row.problems],
    ['整治方式', row => list('measure_type', row.measures)],
    ['整治措施', row => textsOf(row.descriptions)],
    ['开发边界', row => list('side', row.sides)],
    ['界内亩', row => inMu(row.area_in_m2), true],
    ['界外亩', row => inMu(row.area_out_m2), true],
    ['预计腾出用地(亩)', row => row.freed_mu, true],
    ['预计腾出能耗(tce)', row => row.freed_tce, true],
    ['计划完成时间', row => row.due_date],
    ['牵头单位', row => list('department', row.departments)?.split('、')[0] ?? null],
    ['责任人', row => row.responsible],
    ['状态', row => label('state', row.state)],
    ['销号日期', row => row.counted_at],
    ['备注', row => row.remark],
  ]
}

/** Different texts of a list, one after the other. */
function textsOf(json: string | null): string | null {
  return json === null ? null : [...new Set(JSON.parse(json) as string[])].join('；') || null
}

/** Rule ids of a list entry, or unknown when none were hit. */
function ruleNames(json: string | null): string | null {
  const rules = json === null ? [] : (JSON.parse(json) as unknown[])
  return (
    rules
      .map(rule => (typeof rule === 'object' && rule !== null && 'id' in rule ? String(rule.id) : String(rule)))
      .join('、') || null
  )
}

/** Lines that a text takes in a column of so many characters; a Chinese sign takes the room of two. */
function linesOf(text: string, width: number): number {
  let room = 0
  for (const sign of text) room += sign > '\u00ff' ? 2 : 1
  return Math.ceil(room / (width - 1))
}

const FOOTNOTE =
  '注：评价等级以公布为准，尚未公布的按本次测算并注明“(测算)”。同一地块由多家企业使用时，各企业行分别列示，合计只计一次；税收或实际用地未知的企业不计入亩均税收的合计。合计因四舍五入略有出入。'

/**
 * Writes the ledger of live enterprises; returns their number. Each row shows the land that its enterprise uses; the
 * totals count every parcel once.
 */
export async function writeLedger(
  store: Store,
  input: { year?: number | undefined; unit?: string | undefined },
  file: string,
  control: JobControl,
): Promise<number> {
  const year = input.year ?? newestFiguresYear(store.read) ?? store.now().getFullYear()
  const columns = columnsOf(year)
  const rows = ledgerRows(store.read, year, input.unit)
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useStyles: true })
  const sheet = book.addWorksheet('企业清单台账', {
    views: [{ state: 'frozen', ySplit: 3, xSplit: 4 }],
    pageSetup: {
      paperSize: 9,
      orientation: 'landscape',
      margins: { left: 0.4, right: 0.4, top: 0.5, bottom: 0.6, header: 0.3, footer: 0.3 },
      fitToPage: true,
      // 33 columns on one sheet are not readable: three of A4 beside each other, each with the name of the enterprise.
      fitToWidth: 3,
      fitToHeight: 0,
      pageOrder: 'overThenDown',
      printTitlesRow: '3:3',
      printTitlesColumn: 'A:D',
    },
    headerFooter: { oddFooter: '&C第 &P 页，共 &N 页' },
  })
  sheet.columns = columns.map(([title]) => ({ width: WIDTHS[title] ?? WIDTH }))
  const bold = (cells: Value[]) => {
    const row = sheet.addRow(cells)
    row.font = { bold: true }
    return row
  }
  const title = bold(['企业清单台账'])
  title.font = { bold: true, size: 16 }
  title.commit()
  sheet
    .addRow([
      `单位：${input.unit === undefined ? '全市' : unitName(store.read, input.unit)}  年度：${year}  截至日期：${chinaDate(store.now())}  面积口径：椭球面积  填表人：${store.profile().user}  审核人：`,
    ])
    .commit()
  const heads = bold(columns.map(([title]) => title))
  heads.alignment = { wrapText: true, horizontal: 'center', vertical: 'middle' }
  heads.font = { bold: true, size: 9 }
  heads.height = 3 * LINE_HEIGHT
  heads.eachCell(cell => (cell.border = BOX))
  heads.commit()
  const sums = columns.map(() => null as number | null)
  const both = { before: [0, 0], now: [0, 0] }
  for (const [index, row] of rows.entries()) {
    await control.checkpoint()
    const cells = columns.map(([, read, sum], at) => {
      const value = read(row, index)
      if (sum && typeof value === 'number') sums[at] = (sums[at] ?? 0) + value
      return value ?? '—'
    })
    const line = sheet.addRow(cells)
    let lines = 1
    cells.forEach((value, at) => {
      const cell = line.getCell(at + 1)
      cell.border = BOX
      if (typeof value === 'number') {
        cell.alignment = { vertical: 'middle' }
        if (at > 0) cell.numFmt = '0.00'
        return
      }
      asText(cell)
      // What is longer than its column goes on below; a short word beside a figure would read as part of it.
      const needed = linesOf(value, WIDTHS[columns[at]![0]] ?? WIDTH)
      lines = Math.max(lines, needed)
      const isProse = needed > 1 || columns[at]![0] === '企业名称'
      cell.alignment = { wrapText: true, vertical: 'middle', horizontal: isProse ? 'left' : 'center' }
    })
    // Streamed rows are not measured by whoever opens them.
    if (lines > 1) line.height = lines * LINE_HEIGHT
    line.commit()
    for (const [pair, tax, land] of [
      [both.before, row.tax_before, row.land_before],
      [both.now, row.tax, row.land],
    ] as const) {
      if (tax === null || land === null) continue
      pair[0]! += tax
      pair[1]! += land
    }
    if (index % 500 === 0) control.report({ phase: 'report', done: index, total: rows.length })
  }
  const totals: Value[] = [...sums]
  totals[0] = '合计'
  const land = ledgerLand(store.read, input.unit)
  totals[columns.findIndex(([title]) => title === '界内亩')] = inMu(land.area_in_m2)
  totals[columns.findIndex(([title]) => title === '界外亩')] = inMu(land.area_out_m2)
  totals[12] = perMu(both.before[0]!, both.before[1]!)
  totals[13] = perMu(both.now[0]!, both.now[1]!)
  const line = bold(totals)
  line.eachCell({ includeEmpty: true }, cell => {
    cell.numFmt = '0.00'
    cell.border = BOX
  })
  line.commit()
  const note = sheet.addRow([FOOTNOTE])
  sheet.mergeCells(note.number, 1, note.number, ON_FIRST_SHEET)
  note.getCell(1).alignment = { wrapText: true, vertical: 'top' }
  note.height = 45
  note.commit()
  await book.commit()
  return rows.length
}
