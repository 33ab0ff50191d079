/** 年度考核评分表 (domain §11.7, 7). */
import { caution } from '../../shared/report/cautions.ts'
import { BLANK, type CellValue, type ReportColumn, type ReportTable } from '../../shared/report/model.ts'
import { assessmentSum, itemScore, MEASURED, methodInWords } from '../../shared/rules/assessment.ts'
import { progressOf } from '../../shared/rules/progress.ts'
import { createJobControl } from '../boundary/job-stream.ts'
import { detectZones } from '../zones/zone-detect.ts'
import { quotaRows } from '../zones/zones-repo.ts'
import { activeAssessment } from './assessment-table.ts'
import { groupFigures, itemValues } from './assessment-values.ts'
import {
  CARBON,
  CONTIGUOUS_MU,
  ENERGY,
  ENTERPRISES,
  LAND,
  type PeriodicData,
  type PeriodicPart,
  share,
  ZONES,
} from './periodic-parts.ts'
import { campaignOf, parksBuilt } from './progress-repo.ts'
import { numberColumn, textColumn } from './zone-report-parts.ts'

/** Rows of different units stand in these: 家 and 个 are whole. */
const trimmed = (title: string): ReportColumn => ({ ...numberColumn(title), trim: true })

/** 目标值 and 完成值 are of different units from row to row; those of the table's own words carry theirs in the words. */
function withUnit(indicator: string): string {
  const unit = Object.entries(MEASURED).find(([name]) => name === indicator)?.[1]
  return unit === undefined ? indicator : `${indicator}(${unit})`
}

/** By the scoring table of the year; without one the targets and what was achieved, without points. */
export async function annualPart(data: PeriodicData): Promise<PeriodicPart> {
  const targets = targetTable(data)
  const table = activeAssessment(data.db, data.input.year)
  if (!table) return { table: targets, notes: ['尚未导入考核评分表：不计权重和得分。'], sections: [] }
  const { items } = table
  const rate = items.some(item => item.indicator === '50亩连片率') ? await countyContiguity(data) : null
  const values = itemValues(data, items, null, data.period, rate)
  const scores = items.map((item, index) => itemScore(item, values[index] ?? null))
  const sum = assessmentSum(items, scores)
  const missing = items.filter((_, index) => scores[index] === null).map(item => item.indicator)
  return {
    table: {
      title: '年度考核评分表',
      columns: [
        textColumn('指标', 3.4),
        trimmed('权重'),
        trimmed('目标值'),
        trimmed('完成值'),
        textColumn('计分办法', 3.4),
        numberColumn('得分'),
        textColumn('依据附件', 3),
      ],
      rows: items.map((item, index) => [
        withUnit(item.indicator),
        item.weight,
        item.target,
        values[index] ?? null,
        methodInWords(item),
        scores[index] ?? null,
        item.evidence,
      ]),
      totals: ['合计', sum.weight, BLANK, BLANK, BLANK, sum.points, BLANK],
      footnote: '注：权重、目标值和计分办法取自导入的评分表；没有完成值的指标不计分，也不折算。',
    },
    notes: [`评分表：${table.name} 第 ${table.version} 版；已计分权重 ${sum.scored_weight}，总权重 ${sum.weight}。`],
    cautions: missing.length > 0 ? [caution('not_scored', { count: missing.length, names: missing.join('、') })] : [],
    sections: [{ heading: '目标完成情况', paragraphs: [], tables: [targets], figures: [] }],
  }
}

async function countyContiguity({ store, input }: PeriodicData): Promise<number> {
  const found = await detectZones(
    store,
    { year: input.year, min_mu: CONTIGUOUS_MU, cross_unit: false, save: false, outlines: false },
    createJobControl(),
  )
  return 100 * found.contiguity_rate
}

function targetTable({ db, input: { year }, names, entries, targets, period }: PeriodicData): ReportTable {
  const campaign = campaignOf(db)
  // What is owed over the campaign is measured from its first year on.
  const whole = { ...period, yearFrom: `${campaign.start_year ?? year}-01-01` }
  const zones = quotaRows(db, year, period.asOf)
  const figures = groupFigures(db, year, null)
  const parks = parksBuilt(db, period.to)
  const achieved = (indicator: string, isYearly: boolean): number | null => {
    const sum = progressOf(entries, isYearly ? period : whole)
    if (indicator === ENTERPRISES) return sum.done
    if (indicator === LAND) return sum.mu
    if (indicator === ENERGY) return sum.tce
    if (indicator === CARBON)
      return sum.tce === null || campaign.carbon_factor === null ? null : sum.tce * campaign.carbon_factor
    if (indicator in parks) return parks[indicator]!
    return figures[indicator] ?? null
  }
  // Of several for the same thing the newest, which comes first; the rows in the order in which they were set.
  const city = targets
    .filter(row => !names.has(row.scope))
    .filter((row, at, all) => at === all.findIndex(one => one.indicator === row.indicator && one.year === row.year))
    .reverse()
  const rows: CellValue[][] = city.map(row => {
    const value = achieved(row.indicator, row.year !== null)
    return [
      row.indicator,
      row.unit_symbol,
      row.year !== null ? `${row.year} 年` : row.indicator in figures ? `行动期目标，${year} 年值` : '行动期累计',
      row.value,
      value,
      value === null ? null : share(value, row.value),
    ]
  })
  const owed = zones.length
  const met = zones.filter(row => row.zones > 0).length
  rows.push([`${ZONES}(每单位每年至少 1 个)`, '个单位', `${year} 年`, owed, met, share(met, owed)])
  return {
    title: '目标完成情况',
    columns: [
      textColumn('指标', 4),
      textColumn('单位', 1.4),
      textColumn('口径', 2.6),
      trimmed('目标值'),
      trimmed('完成值'),
      numberColumn('完成率', '%', 1),
    ],
    rows,
    footnote: '注：本系统没有数据来源的指标记“—”；规上亩均税收、亩均增加值和劳动生产率为 Σ/Σ，只计两项均已知的企业。',
  }
}
