/**
 * A period against the one before as it was published: what was published then, what came in this period, and what is
 * explained by neither (entered late or put right since). The published figure is never recomputed.
 */
import {
  type CellValue,
  columnTitle,
  printNumber,
  type ReportColumn,
  type ReportSection,
  type ReportTable,
} from '../../shared/report/model.ts'
import { periodBefore, periodInWords } from '../../shared/report/periods.ts'
import type { PeriodicData } from './periodic-parts.ts'
import { mu, numberColumn, textColumn } from './zone-report-parts.ts'

interface Comparison {
  readonly notes: readonly string[]
  readonly sections: readonly ReportSection[]
}

/** What is beyond a rounding error. */
const NOTICED = 1e-6

export function comparison(data: PeriodicData, table: ReportTable): Comparison {
  const { input, former } = data
  const before = periodBefore(input)
  const words = periodInWords(before)
  if (!former) return { notes: [`${words}尚未发布，不作衔接比较。`], sections: [] }
  const was = former.report.summary
  if (input.kind === 'quarterly')
    return { notes: [`上季排名取自已发布的 ${words}通报(第 ${former.revision} 号)。`], sections: [] }
  const compared = input.kind === 'annual' ? yearTable(was, table) : monthTable(was, table, before.year === input.year)
  const title = `与已发布的 ${words}(第 ${former.revision} 号)比较`
  return {
    notes: compared.gap === null ? [] : [compared.gap],
    sections: [{ heading: title, paragraphs: [], tables: [{ ...compared.table, title }], figures: [] }],
  }
}

type Line = readonly CellValue[] | undefined

function reader(table: ReportTable): (line: Line, title: string) => CellValue {
  const places = new Map(table.columns.map((column, index) => [columnTitle(column), index]))
  return (line, title) => {
    const place = places.get(title)
    return line === undefined || place === undefined ? null : (line[place] ?? null)
  }
}

const minus = (a: CellValue, ...rest: CellValue[]): number | null =>
  typeof a === 'number' && rest.every(value => typeof value === 'number')
    ? rest.reduce<number>((sum, value) => sum - (value as number), a)
    : null

/** 累计 of this month less 累计 as published less 本月 = what was entered late or put right. */
function monthTable(
  was: ReportTable,
  now: ReportTable,
  sameYear: boolean,
): { table: Omit<ReportTable, 'title'>; gap: string | null } {
  const [then, today] = [reader(was), reader(now)]
  const old = new Map([...was.rows, ...(was.totals ? [was.totals] : [])].map(cells => [String(cells[0]), cells]))
  const pairs = [
    ['累计完成(家)', '本月完成(家)'],
    ['累计盘活(亩)', '本月盘活(亩)'],
  ] as const
  const line = (cells: readonly CellValue[]): CellValue[] => [
    cells[0]!,
    ...pairs.flatMap(([total, month]) => {
      // A year begins at nought.
      const published = sameYear ? then(old.get(String(cells[0])), total) : 0
      const [added, sum] = [today(cells, month), today(cells, total)]
      return [published, added, sum, minus(sum, published, added)]
    }),
  ]
  const columns: ReportColumn[] = [
    textColumn('考核单位', 3),
    numberColumn('上期累计', '家', 0),
    numberColumn('本月完成', '家', 0),
    numberColumn('本期累计', '家', 0),
    numberColumn('补录更正', '家', 0),
    mu('上期累计'),
    mu('本月盘活'),
    mu('本期累计'),
    mu('补录更正'),
  ]
  const rows = now.rows.map(line)
  const totals = now.totals ? line(now.totals) : undefined
  const [firms, land] = [totals?.[4] ?? null, totals?.[8] ?? null]
  const isOff = rows.some(cells =>
    [cells[4], cells[8]].some(value => typeof value === 'number' && Math.abs(value) > NOTICED),
  )
  return {
    table: {
      columns,
      rows,
      ...(totals ? { totals } : {}),
      footnote: '注：上期累计为已发布数，不随以后的修改变动；补录更正 = 本期累计 − 上期累计 − 本月数。',
    },
    gap: isOff
      ? `上期发布以后有补录或更正：全市 ${printNumber(Number(firms ?? 0), 0)} 家、${printNumber(Number(land ?? 0), 2)} 亩，见附表；上期已发布数不变。`
      : null,
  }
}

function yearTable(was: ReportTable, now: ReportTable): { table: Omit<ReportTable, 'title'>; gap: string | null } {
  const [then, today] = [reader(was), reader(now)]
  const keyOf = (read: typeof then, cells: readonly CellValue[]) => String(read(cells, '指标'))
  const old = new Map(was.rows.map(cells => [keyOf(then, cells), cells]))
  const columns = [textColumn('指标', 4), numberColumn('上年完成值'), numberColumn('本年完成值'), numberColumn('增减')]
  const rows = now.rows.map(cells => {
    const [before, value] = [then(old.get(keyOf(today, cells)), '完成值'), today(cells, '完成值')]
    return [keyOf(today, cells), before, value, minus(value, before)]
  })
  return { table: { columns, rows, footnote: '注：上年完成值为已发布数。' }, gap: null }
}
