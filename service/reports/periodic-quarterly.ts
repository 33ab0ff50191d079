/** 季度通报 (domain §11.7, 6): units by rank, last quarter beside it, and the text that goes with it. */
import { type CellValue, printNumber, type ReportSection } from '../../shared/report/model.ts'
import { periodBefore, periodRange } from '../../shared/report/periods.ts'
import { assessmentSum, itemScore } from '../../shared/rules/assessment.ts'
import { type Period, progressOf } from '../../shared/rules/progress.ts'
import { createJobControl } from '../boundary/job-stream.ts'
import { detectZones } from '../zones/zone-detect.ts'
import { quotaRows } from '../zones/zones-repo.ts'
import { activeAssessment } from './assessment-table.ts'
import { itemsOfUnit, itemValues } from './assessment-values.ts'
import {
  CITY,
  CONTIGUOUS_MU,
  ENTERPRISES,
  LAND,
  ofUnit,
  otherLand,
  type PeriodicData,
  type PeriodicPart,
  share,
  targetOf,
} from './periodic-parts.ts'
import { checksByUnit } from './progress-repo.ts'
import { numberColumn, textColumn } from './zone-report-parts.ts'

const COLUMNS = [
  numberColumn('排名', '', 0),
  textColumn('单位', 3),
  numberColumn('家数完成率', '%', 1),
  numberColumn('亩数完成率', '%', 1),
  numberColumn('50亩连片率', '%', 1),
  numberColumn('连片区域谋划数', '个', 0),
  numberColumn('逾期方案数', '个', 0),
  numberColumn('合规问题闭环率', '%', 1),
  numberColumn('综合得分', '', 1),
  numberColumn('上季排名', '', 0),
  numberColumn('升降', '', 0),
]

interface Standing {
  readonly unit: string
  readonly done: number | null
  readonly land: number | null
}

function standings(data: PeriodicData, period: Period): Standing[] {
  const { names, entries } = data
  const list = [...names.keys()].map(unit => {
    const sum = progressOf(ofUnit(entries, unit), period)
    return {
      unit,
      done: share(sum.done, targetOf(data, unit, ENTERPRISES)),
      land: share(sum.mu, targetOf(data, unit, LAND)),
    }
  })
  return list.sort(
    (a, b) => (b.done ?? -1) - (a.done ?? -1) || (b.land ?? -1) - (a.land ?? -1) || (a.unit < b.unit ? -1 : 1),
  )
}

/**
 * Place of every entry of a sorted list: equal ones share the place of the first (1, 2, 2, 4). An order of codes is no judgement.
 */
export function sharedRanks<T>(order: readonly T[], isEqual: (a: T, b: T) => boolean): number[] {
  const ranks: number[] = []
  for (const [index, entry] of order.entries()) {
    const before = order[index - 1]
    ranks.push(before !== undefined && isEqual(before, entry) ? ranks[index - 1]! : index + 1)
  }
  return ranks
}

const isSameRate = (a: Standing, b: Standing): boolean => a.done === b.done && a.land === b.land

/** Rank of each unit by name in the quarter before: as published, otherwise by the data of today within the year. */
function ranksBefore(data: PeriodicData): ReadonlyMap<string, number> {
  const { former, input, names } = data
  if (former) {
    const { columns, rows } = former.report.summary
    const place = (title: string) => columns.findIndex(column => column.title === title)
    const [rank, name] = [place('排名'), place('单位')]
    return new Map(
      rows.flatMap(cells => (typeof cells[rank] === 'number' ? [[String(cells[name]), cells[rank]] as const] : [])),
    )
  }
  const before = periodBefore(input)
  if (before.year !== input.year) return new Map()
  const order = standings(data, periodRange(before))
  const ranks = sharedRanks(order, isSameRate)
  return new Map(
    order.flatMap(({ unit, done, land }, index) =>
      done === null && land === null ? [] : [[names.get(unit) ?? unit, ranks[index]!] as const],
    ),
  )
}

/** Points of every unit by the scoring table of the year; empty without one. */
function unitScores(data: PeriodicData, rates: ReadonlyMap<string, number>): Map<string, number> {
  const table = activeAssessment(data.db, data.input.year)
  const points = new Map<string, number>()
  if (!table) return points
  for (const unit of data.names.keys()) {
    const items = itemsOfUnit(data, table.items, unit, data.period)
    const values = itemValues(data, items, unit, data.period, rates.get(unit) ?? null)
    const sum = assessmentSum(
      items,
      items.map((item, index) => itemScore(item, values[index] ?? null)),
    )
    if (sum.points !== null) points.set(unit, sum.points)
  }
  return points
}

export async function quarterlyPart(data: PeriodicData): Promise<PeriodicPart> {
  const { store, db, input, names, entries, period } = data
  const rates = new Map<string, number>()
  for (const unit of names.keys()) {
    const found = await detectZones(
      store,
      { unit, year: input.year, min_mu: CONTIGUOUS_MU, cross_unit: false, save: false, outlines: false },
      createJobControl(),
    )
    rates.set(unit, 100 * found.contiguity_rate)
  }
  const scores = unitScores(data, rates)
  // A stable sort: units of equal points keep the order of their completion.
  const order = standings(data, period).sort((a, b) => (scores.get(b.unit) ?? -1) - (scores.get(a.unit) ?? -1))
  const ranks = sharedRanks(order, (a, b) => isSameRate(a, b) && scores.get(a.unit) === scores.get(b.unit))
  const planned = new Map(quotaRows(db, input.year, period.asOf).map(row => [row.unit, row.zones]))
  const checks = new Map(checksByUnit(db, period.asOf).map(row => [row.unit, row]))
  const before = ranksBefore(data)
  const rows: CellValue[][] = []
  for (const [index, { unit, done, land }] of order.entries()) {
    const name = names.get(unit) ?? unit
    // Without a rate there is no rank: an order of codes is not a judgement.
    const rank = done === null && land === null && !scores.has(unit) ? null : ranks[index]!
    const last = rank === null ? null : (before.get(name) ?? null)
    const check = checks.get(unit)
    rows.push([
      rank,
      name,
      done,
      land,
      rates.get(unit) ?? null,
      planned.get(unit) ?? 0,
      progressOf(ofUnit(entries, unit), period).overdue,
      check ? (100 * check.rectified) / check.failed : null,
      scores.get(unit) ?? null,
      last,
      last === null || rank === null ? null : last - rank,
    ])
  }
  return {
    table: {
      title: '季度通报',
      columns: COLUMNS,
      rows,
      footnote:
        '注：目标未下达的单位不排名，数值相同的并列；连片率 = 成片不少于 50 亩的地块面积 ÷ 全部地块面积；没有不合格检查项的单位闭环率记“—”。',
    },
    notes: [
      scores.size > 0
        ? '综合得分按导入的考核评分表，只计本系统有数据的指标；累计类指标以本单位年度目标乘已过月份为目标。排名按综合得分，其次家数完成率。'
        : '综合得分须导入考核评分表后计算；排名按家数完成率，其次亩数完成率。',
    ],
    sections: text(data, rows),
  }
}

/** 进展、先进、滞后 from the figures; 存在问题、下步要求 as somebody wrote them. */
function text({ entries, period, names, notes }: PeriodicData, rows: readonly CellValue[][]): ReportSection[] {
  const sum = progressOf(entries, period)
  const rest = otherLand(sum)
  const others = rest === null ? '' : `，分类处置等 ${printNumber(rest, 2)} 亩`
  const ranked = rows.filter(row => typeof row[0] === 'number')
  const named = (list: readonly CellValue[][]) => list.map(row => String(row[1])).join('、')
  const section = (heading: string, paragraph: string): ReportSection => ({
    heading,
    paragraphs: [paragraph],
    tables: [],
    figures: [],
  })
  const written = (field: 'problems' | 'next_steps'): string => {
    const county = notes.get(CITY)?.[field]
    if (county) return county
    const lines = [...names].flatMap(([code, name]) => {
      const value = notes.get(code)?.[field]
      return value ? [`${name}：${value}`] : []
    })
    return lines.join('；') || '(未填写)'
  }
  // Three at each end; of units that share a place all are named or, where that is half of them or more, none.
  const half = Math.floor(ranked.length / 2)
  const place = (row: readonly CellValue[]) => row[0] as number
  const front = ranked.filter(row => place(row) <= 3)
  const bottom = ranked.at(-3)
  const back = bottom === undefined ? [] : ranked.filter(row => place(row) >= place(bottom))
  const words = (list: readonly CellValue[][], which: string): string => {
    if (half === 0) return '目标未下达，不排名。'
    if (list.length <= Math.max(3, half)) return `排名${which}：${named(list)}。`
    return `${list.length} 个单位并列，不分先后。`
  }
  return [
    section(
      '一、进展',
      `本季度新增列入 ${sum.listed_now} 家，完成整治 ${sum.done_now} 家，盘活 ${printNumber(sum.mu_now, 2)} 亩；本年累计完成 ${sum.done} 家，盘活 ${printNumber(sum.mu, 2)} 亩(其中界外复垦 ${printNumber(sum.mu_reclaimed, 2)} 亩、界内提升 ${printNumber(sum.mu_upgraded, 2)} 亩${others})，在整治 ${sum.under_remediation} 家，待验收 ${sum.awaiting} 家，逾期 ${sum.overdue} 家，反弹 ${sum.rebounds} 家。`,
    ),
    section('二、先进单位', words(front, '靠前')),
    section('三、滞后单位', words(back, '靠后')),
    section('四、存在问题', written('problems')),
    section('五、下步要求', written('next_steps')),
  ]
}
