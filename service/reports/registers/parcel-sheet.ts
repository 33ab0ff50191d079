/**
 * 地块台账 (domain §11.7, 3): the 39 columns of 表1-2 in their order and four of our own, headings in row 5, data from row 6,
 * so that it can be pasted upward. Streamed. What is unknown stays an empty cell here: a dash is no value of that form.
 * Totals stand on a sheet of their own for the same reason.
 */
import ExcelJS from 'exceljs'
import { squareMetersToMu } from '../../../shared/geometry/area.ts'
import { labelOf } from '../../../shared/model/enumerations.ts'
import { landClassName } from '../../../shared/model/land-classes.ts'
import { BLANK, type ReportTable, sumKnown } from '../../../shared/report/model.ts'
import type { JobControl } from '../../boundary/job-stream.ts'
import { iterate } from '../../db/sql.ts'
import type { Store } from '../../db/store.ts'
import { asText } from '../../exports/spreadsheet-text.ts'
import { unitNames } from '../../zones/zones-repo.ts'
import { newestFiguresYear } from '../ledger-repo.ts'
import { muCells, type RegisterColumn, registerTable, summedCells, textCells } from './frame.ts'

export interface ParcelRow {
  readonly unit: string | null
  readonly town: string | null
  readonly [column: string]: string | number | null
}

type Value = string | number | null
type Read = (row: ParcelRow, other: (name: string) => Value) => Value

const muOf = (value: Value): Value => (typeof value === 'number' ? squareMetersToMu(value) : null)
const field =
  (name: string): Read =>
  row =>
    row[name] ?? null
const area =
  (name: string): Read =>
  row =>
    muOf(row[name] ?? null)
/** An attribute that came with an import and has no field here. */
const kept =
  (...names: string[]): Read =>
  (_, other) =>
    names.map(other).find(value => value !== null) ?? null
const labelled =
  (enumeration: Parameters<typeof labelOf>[0], name: string): Read =>
  row =>
    row[name] === null ? null : labelOf(enumeration, String(row[name]))

/** Heading, field name of the provincial layer, decimals of numbers, value. */
export const PARCEL_COLUMNS: readonly (readonly [heading: string, code: string, decimals: number, read: Read])[] = [
  ['调查单元编号', 'DCDYBH', 0, row => row['dcdybh'] ?? row['code'] ?? null],
  ['所在镇(街道)', 'XZMC', 0, row => row['town_name'] ?? null],
  ['所在调查区编号', 'DCQBH', 0, field('dcqbh')],
  ['包含宗地编号', 'ZDBH', 0, field('zdbh')],
  ['面积(亩)', 'MJ', 4, area('area_m2')],
  ['使用状况', 'SYZK', 0, labelled('use_state', 'use_state')],
  [
    '历史遗留用地面积(亩)',
    'QZLSYLYDMJ',
    4,
    (_, other) => {
      const value = other('QZLSYLYDMJ')
      return muOf(value === null || value === '' || !Number.isFinite(Number(value)) ? null : Number(value))
    },
  ],
  ['是否纳入城中村改造', 'SFCZC', 0, kept('SFCZC')],
  ['拟改造模式', 'GZMS', 0, kept('GZMS')],
  [
    '工作进展',
    'GZJZ',
    0,
    (row, other) => other('GZJZ') ?? (row['state'] === null ? null : labelOf('state', String(row['state']))),
  ],
  ['规划用途', 'GHYT', 0, field('plan_use')],
  ['是否低效', 'SFDX', 0, (row, other) => other('SFDX') ?? (row['ineff'] === null ? null : '是')],
  ['是否三地', 'SFSD', 0, kept('SFSD')],
  ['是否拆后土地', 'SFCHTD', 0, kept('SFCHTD')],
  ['产权人', 'CQR', 0, field('right_holder')],
  ['土地证/不动产权证号', 'BDCQZ', 0, field('cert_no')],
  ['土地登记时间', 'DJSJ', 0, field('reg_date')],
  ['登记面积(亩)', 'DJMJ', 4, area('area_registered_m2')],
  ['使用权类型(登记)', 'SYQLX', 0, labelled('acquisition', 'acquire')],
  ['登记用途', 'DJYT', 0, kept('DJYT', '登记用途')],
  ['用地单位', 'XZTDSYR', 0, field('holders')],
  ['批准文号', 'PZWH', 0, kept('PZWH', '批准文号')],
  ['批准时间', 'PZSJ', 0, kept('PZSJ', '批准时间')],
  ['批准面积(亩)', 'PZMJ', 4, area('area_approved_m2')],
  ['批准用途', 'PZYT', 0, kept('PZYT', '批准用途')],
  ['使用权类型(审批)', 'SYQLX', 0, kept('SYQLX')],
  ['现状土地使用人', 'XZTDSYR', 0, field('users')],
  ['用地发生时间', 'YDSJ', 0, kept('YDSJ', '用地发生时间')],
  ['处罚文号', 'CFWH', 0, kept('CFWH', '处罚文号')],
  ['现状地类', 'XZDL', 0, row => landClassName(row['land_class'] === null ? null : String(row['land_class']))],
  ['权属性质', 'QSXZ', 0, labelled('ownership', 'ownership')],
  ['现状用途', 'XZYT', 0, field('cur_use')],
  ['产业类型', 'CYLX', 0, kept('CYLX', '产业类型')],
  ['容积率', 'RJL', 2, field('far')],
  ['建筑密度(%)', 'JZMD', 2, field('density')],
  ['地均固定资产投资(万元/亩)', 'DJGDZCTZ', 4, (row, other) => other('DJGDZCTZ') ?? row['invest_intensity'] ?? null],
  ['地均入库税金(万元/亩)', 'DJRKSJ', 6, field('tax_per_mu')],
  ['环境状况', 'HJZK', 0, kept('HJZK', '环境状况')],
  ['基础设施配套', 'JCSSPTSP', 0, kept('JCSSPTSP', '基础设施配套')],
  ['开发边界(边界侧)', '', 0, row => labelOf('side', String(row['side'] ?? 'unknown'))],
  ['界内面积(亩)', '', 4, area('area_in_m2')],
  ['界外面积(亩)', '', 4, area('area_out_m2')],
  ['连片区域', '', 0, field('zones')],
]

/** 用地单位 own or hold the land; 现状土地使用人 use it: tenants and actual users where there are any. */
function parcelRows(store: Store, unit: string | undefined): IterableIterator<ParcelRow> {
  const names = (
    roles: string,
  ) => `(SELECT group_concat(name, '、') FROM (SELECT DISTINCT e.name AS name FROM occupancy o
      JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
      WHERE o.parcel_id = p.id AND o.deleted = 0 AND o.role IN (${roles}) ORDER BY e.code))`
  return iterate(
    store.read,
    `SELECT p.code, p.unit, p.town, coalesce(t.name, p.town) AS town_name, p.dcdybh, p.dcqbh, p.zdbh, p.area_m2, p.use_state, p.state,
       p.plan_use, CASE WHEN p.ineff_types IS NULL OR p.ineff_types = '[]' THEN NULL ELSE 1 END AS ineff, p.right_holder, p.cert_no,
       p.reg_date, p.area_registered_m2, p.acquire, p.area_approved_m2, p.land_class, p.ownership, p.cur_use, p.far, p.density,
       p.invest_intensity, p.side, p.area_in_m2, p.area_out_m2, p.extra,
       ${names("'OWNER'")} AS holders, coalesce(${names("'TENANT', 'ACTUAL_USER'")}, ${names("'OWNER'")}) AS users,
       (SELECT sum(y.tax) / nullif(sum(y.land_mu_actual), 0) FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id AND e.deleted = 0
         WHERE y.deleted = 0 AND y.year = :year AND y.tax IS NOT NULL AND y.land_mu_actual IS NOT NULL AND y.enterprise_id IN
           (SELECT o.enterprise_id FROM occupancy o WHERE o.parcel_id = p.id AND o.deleted = 0)) AS tax_per_mu,
       (SELECT group_concat(code, '、') FROM (SELECT DISTINCT z.code AS code FROM zone_member m JOIN zone z ON z.id = m.zone_id AND z.deleted = 0
         WHERE m.parcel_id = p.id AND m.deleted = 0 ORDER BY z.code)) AS zones
     FROM parcel p LEFT JOIN report_unit t ON t.code = p.town AND t.deleted = 0
     WHERE p.deleted = 0 AND (:unit IS NULL OR p.unit = :unit) ORDER BY p.unit, p.code`,
    { unit: unit ?? null, year: newestFiguresYear(store.read) ?? 0 },
  )
}

/** By upper-case name; '' is unknown. */
function keptValues(extra: Value): (name: string) => Value {
  const values = new Map<string, Value>()
  if (typeof extra === 'string')
    for (const [name, value] of Object.entries(JSON.parse(extra) as Record<string, unknown>))
      if ((typeof value === 'string' && value !== '') || typeof value === 'number')
        values.set(name.toUpperCase(), value)
  return name => values.get(name.toUpperCase()) ?? null
}

interface UnitSum {
  readonly name: string
  readonly parcels: { readonly area: number | null; readonly inside: number | null; readonly outside: number | null }[]
}

/** Parcels with their cells in the order of the form. */
export function* parcelCells(store: Store, unit: string | undefined): Generator<{ row: ParcelRow; cells: Value[] }> {
  for (const row of parcelRows(store, unit)) {
    const other = keptValues(row['extra'] ?? null)
    yield { row, cells: PARCEL_COLUMNS.map(([, , , read]) => read(row, other)) }
  }
}

/** Sums of areas by unit, raw until they are printed. */
export function unitSums(store: Store): { add(row: ParcelRow): void; table(): ReportTable } {
  const names = unitNames(store.read)
  const units = new Map<string, UnitSum>()
  return {
    add(row) {
      const key = row.unit ?? ''
      const sum = units.get(key) ?? { name: names.get(key) ?? (key || '未分单位'), parcels: [] }
      units.set(key, sum)
      const number = (name: string) => (typeof row[name] === 'number' ? row[name] : null)
      sum.parcels.push({ area: number('area_m2'), inside: number('area_in_m2'), outside: number('area_out_m2') })
    },
    table: () => sumTable([...units.values()]),
  }
}

/** Codes, names and classes are longer than their headings; a cut code is another parcel's. */
const WIDTHS: Readonly<Record<string, number>> = { DCDYBH: 22, CQR: 28, XZTDSYR: 28, XZDL: 16, QSXZ: 16 }

/** Writes the sheet; returns the number of parcels and the sums by unit. `head` is the line above the headings. */
export async function writeParcelSheet(
  store: Store,
  unit: string | undefined,
  file: string,
  head: readonly (readonly [string, string])[],
  notes: readonly string[],
  control: JobControl,
): Promise<{ rows: number; sums: ReportTable }> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useStyles: true })
  const sheet = book.addWorksheet('表1-2 地块台账', {
    views: [{ state: 'frozen', ySplit: 5, xSplit: 1 }],
    pageSetup: {
      // A3; the list of sizes that the types know ends before it.
      paperSize: 8 as ExcelJS.PaperSize,
      orientation: 'landscape',
      fitToPage: true,
      // Forty-three columns on one sheet of A3 are not readable: three sheets beside each other, the code on each.
      fitToWidth: 3,
      fitToHeight: 0,
      pageOrder: 'overThenDown',
      printTitlesRow: '5:5',
      printTitlesColumn: 'A:A',
    },
  })
  sheet.columns = PARCEL_COLUMNS.map(([heading, code]) => ({
    width: WIDTHS[code] ?? Math.max(10, Math.min(26, heading.length * 2.1)),
  }))
  const line = (cells: readonly Value[], bold = false) => {
    const row = sheet.addRow([...cells])
    if (bold) row.font = { bold: true }
    row.eachCell(asText)
    row.commit()
  }
  const title = sheet.addRow(['低效用地地块台账(表1-2)'])
  title.font = { bold: true, size: 16 }
  title.commit()
  line([head.map(([label, value]) => `${label}：${value}`).join('  ')])
  line([`空格为未知。面积由平方米换算，保留四位。${notes.join(' ')}`])
  line(PARCEL_COLUMNS.map(([, code]) => code))
  line(
    PARCEL_COLUMNS.map(([heading]) => heading),
    true,
  )
  const units = unitSums(store)
  let rows = 0
  for (const { row, cells } of parcelCells(store, unit)) {
    const added = sheet.addRow(cells)
    PARCEL_COLUMNS.forEach(([, , decimals], at) => {
      if (typeof cells[at] === 'number' && decimals > 0) added.getCell(at + 1).numFmt = `0.${'0'.repeat(decimals)}`
    })
    added.eachCell(asText)
    added.commit()
    units.add(row)
    if (++rows % 500 === 0) {
      control.report({ phase: 'report', done: rows, total: null })
      await control.checkpoint()
    }
  }
  sheet.commit()
  const sums = units.table()
  const second = book.addWorksheet('汇总', { views: [{ state: 'frozen', ySplit: 1 }] })
  second.columns = sums.columns.map(() => ({ width: 18 }))
  const heads = second.addRow(
    sums.columns.map(column => (column.unit ? `${column.title}(${column.unit})` : column.title)),
  )
  heads.font = { bold: true }
  heads.commit()
  for (const cells of [...sums.rows, ...(sums.totals ? [sums.totals] : [])]) {
    const row = second.addRow(cells.map(value => (value === BLANK ? '' : (value ?? '—'))))
    row.eachCell((cell, at) => {
      if (typeof cell.value === 'number') cell.numFmt = at > 2 ? '0.00' : '0'
    })
    row.commit()
  }
  second.commit()
  await book.commit()
  return { rows, sums }
}

function sumTable(units: readonly UnitSum[]): ReportTable {
  const of = (name: 'area' | 'inside' | 'outside') => (unit: UnitSum) =>
    sumKnown(unit.parcels.map(parcel => parcel[name]))
  const columns: RegisterColumn<UnitSum>[] = [
    textCells('考核单位', 3, unit => unit.name),
    summedCells('地块', '宗', 0, unit => unit.parcels.length),
    muCells('面积', of('area')),
    muCells('界内面积', of('inside')),
    muCells('界外面积', of('outside')),
    summedCells('未判定内外', '宗', 0, unit => unit.parcels.filter(parcel => parcel.inside === null).length),
  ]
  return registerTable('地块汇总', columns, units)
}
