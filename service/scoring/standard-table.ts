/** The standard of a year as a table that staff keep in Excel: a row per indicator, then rows for the method and the classes. */
import type { TableProblem } from '../../shared/contract/scoring.ts'
import { ENUMERATIONS, labelOf } from '../../shared/model/enumerations.ts'
import {
  DEFAULT_STANDARD,
  parseStandard,
  SCORE_INDICATORS,
  type ScoreGroup,
  type ScoreItem,
  type ScoreStandard,
} from '../../shared/rules/scoring/standard.ts'
import { INDICATOR_NAMES } from '../../shared/rules/scoring/words.ts'
import { readTable, type TableRow, writeTable } from '../formats/plain-table.ts'

const COLUMNS = {
  year: ['年度', '年份'],
  group: ['评价范围', '范围', '企业规模', '规上/规下'],
  indicator: ['指标', '指标名称'],
  weight: ['权重', '分值'],
  base: ['基准值', '基准', '数值'],
  min: ['最低值', '最小值'],
  max: ['最高值', '最大值'],
  cap: ['封顶倍数', '封顶'],
  note: ['说明', '备注'],
} as const

const METHOD_NAMES = { RATIO_TO_BASE: '与基准值之比', MINMAX_20_80: '区间折算(20–100)' } as const
const CUT_NAMES = { score: '得分', share: '比例' } as const
const GROUP_NAMES = { above: '规上', below: '规下' } as const
const GROUP_OF: Readonly<Record<string, ScoreGroup>> = {
  规上: 'above',
  规上企业: 'above',
  规下: 'below',
  规下企业: 'below',
}

type Draft = { -readonly [K in keyof ScoreStandard]: ScoreStandard[K] } & {
  groups: Record<ScoreGroup, ScoreItem[]>
  /** Causes that the table has named. */
  named: Set<string>
}

/** A draft of the standard; what the table does not say is taken from `now`. Rows that cannot be used are named. */
export async function readStandardTable(
  file: string,
  year: number,
  sheet: string | undefined,
  now: ScoreStandard = DEFAULT_STANDARD,
): Promise<{ standard: ScoreStandard; rows: number; problems: TableProblem[] }> {
  const { rows, problems } = await readTable(file, { sheet }, COLUMNS, ['group', 'indicator'])
  const draft: Draft = { ...now, groups: { above: [], below: [] }, classes: { ...now.classes }, named: new Set() }
  let taken = 0
  for (const row of rows) if (takeRow(draft, row, year)) taken++
  for (const group of ['above', 'below'] as const) {
    if (draft.groups[group].length === 0) draft.groups[group] = [...now.groups[group]]
  }
  try {
    return { standard: parseStandard(draft), rows: taken, problems }
  } catch (error) {
    const field = error instanceof RangeError ? error.message : '—'
    problems.push({
      row: 0,
      code: 'standard_unusable',
      message: `表中的数值合在一起不能用(${field})，未采用`,
      values: { field },
    })
    return { standard: now, rows: 0, problems }
  }
}

function takeRow(draft: Draft, row: TableRow, year: number): boolean {
  const ofYear = row.number('year')
  if (ofYear === undefined) return false
  if (ofYear !== null && ofYear !== year) {
    row.refuse('other_year', `是 ${ofYear} 年的数据，不是 ${year} 年，未采用`, { year: ofYear })
    return false
  }
  const scope = row.text('group')
  if (scope === '办法') return takeMethod(draft, row)
  if (scope === '等级') return takeCut(draft, row)
  if (scope === '否决') return takeVeto(draft, row)
  const group = GROUP_OF[scope]
  if (!group) {
    row.refuse('scope_unknown', `评价范围“${scope.slice(0, 40)}”应为“规上”或“规下”`, { value: scope.slice(0, 40) })
    return false
  }
  return takeItem(draft.groups[group], row)
}

function takeItem(items: ScoreItem[], row: TableRow): boolean {
  const named = row.text('indicator')
  const indicator = SCORE_INDICATORS.find(
    code => code === named || INDICATOR_NAMES[code].some(name => name !== '' && name === named),
  )
  const refuse = (reason: string, message: string): false => {
    row.refuse(reason, message, { value: named.slice(0, 40) })
    return false
  }
  if (!indicator) {
    const known = SCORE_INDICATORS.map(code => INDICATOR_NAMES[code][0]).join('、')
    return refuse('indicator_unknown', `没有“${named.slice(0, 40)}”这个指标，可用：${known}`)
  }
  if (items.some(item => item.indicator === indicator)) return refuse('indicator_twice', `“${named}”在表中重复`)
  const [weight, base, min, max, cap] = (['weight', 'base', 'min', 'max', 'cap'] as const).map(name => row.number(name))
  if ([weight, base, min, max, cap].includes(undefined)) return false
  if (weight === null || weight! <= 0) return refuse('weight_missing', `“${named}”没有大于 0 的权重`)
  if (base !== null && base! <= 0) return refuse('base_not_positive', `“${named}”的基准值应大于 0`)
  items.push({ indicator, weight: weight!, base: base!, min: min!, max: max!, cap: cap! })
  return true
}

function takeMethod(draft: Draft, row: TableRow): boolean {
  const value = row.text('note')
  if (row.text('indicator') === '计分方法') {
    const method = (Object.keys(METHOD_NAMES) as (keyof typeof METHOD_NAMES)[]).find(
      code => code === value || METHOD_NAMES[code].normalize('NFKC') === value,
    )
    if (method) {
      draft.method = method
      return true
    }
  }
  if (row.text('indicator') === '至少已知权重') {
    const needed = row.number('base')
    if (needed != null && needed >= 0 && needed <= 1) {
      draft.needed_weight = needed
      return true
    }
  }
  if (row.text('indicator') === '单宗多家合并评价' && (value === '是' || value === '否')) {
    draft.combine = { ...draft.combine, tenants: value === '是' }
    return true
  }
  if (row.text('indicator') === '规上租户单独评价' && (value === '是' || value === '否')) {
    draft.combine = { ...draft.combine, apart_above: value === '是' }
    return true
  }
  if (row.text('indicator') === '租户单独评价面积(亩)') {
    const limit = row.number('base')
    if (limit === null || (limit !== undefined && limit > 0)) {
      draft.combine = { ...draft.combine, apart_mu: limit }
      return true
    }
  }
  if (row.text('indicator') === '依据') {
    draft.source = row.words('note').slice(0, 300)
    return true
  }
  row.refuse('method_unknown', `看不懂这一行：${row.text('indicator').slice(0, 40)} ${value.slice(0, 40)}`, {
    value: `${row.text('indicator')} ${value}`.slice(0, 80),
  })
  return false
}

function takeCut(draft: Draft, row: TableRow): boolean {
  const letter = /^([ABC])类?$/.exec(row.text('indicator'))?.[1]?.toLowerCase() as 'a' | 'b' | 'c' | undefined
  const by = (Object.keys(CUT_NAMES) as (keyof typeof CUT_NAMES)[]).find(code => CUT_NAMES[code] === row.text('note'))
  const value = row.number('base')
  if (value === undefined) return false
  if (!letter || !by || value === null) {
    row.refuse('cut_unknown', '等级行应写 A类、B类或 C类，数值写在基准值列，说明列写“得分”或“比例”')
    return false
  }
  draft.classes = { ...draft.classes, by, [letter]: value }
  return true
}

/** The rows of vetoes replace those of before: what the table does not name vetoes nothing. */
function takeVeto(draft: Draft, row: TableRow): boolean {
  const named = row.text('indicator')
  const cause = ENUMERATIONS.veto_cause.find(item => item.code === named || item.zh === named)?.code
  const to = /^([BCD])类?$/.exec(row.text('note'))?.[1] as 'B' | 'C' | 'D' | undefined
  if (!cause || !to || draft.named.has(cause)) {
    const known = ENUMERATIONS.veto_cause.map(item => item.zh).join('、')
    row.refuse('veto_unknown', `否决行的指标列应写${known}之一(各一行)，说明列写 B、C 或 D`, { known })
    return false
  }
  if (draft.named.size === 0) draft.vetoes = []
  draft.named.add(cause)
  draft.vetoes = [...draft.vetoes, { cause, to }]
  return true
}

/** The table that `readStandardTable` reads back unchanged. Returns the number of rows. */
export async function writeStandardTable(file: string, year: number, standard: ScoreStandard): Promise<number> {
  const rows: (string | number | null)[][] = []
  for (const group of ['above', 'below'] as const) {
    for (const { indicator, weight, base, min, max, cap } of standard.groups[group]) {
      const [name, , unit] = INDICATOR_NAMES[indicator]
      rows.push([year, GROUP_NAMES[group], name, weight, base, min, max, cap, unit])
    }
  }
  rows.push([year, '办法', '计分方法', null, null, null, null, null, METHOD_NAMES[standard.method]])
  rows.push([year, '办法', '至少已知权重', null, standard.needed_weight, null, null, null, ''])
  const yes = (value: boolean): string => (value ? '是' : '否')
  const { tenants, apart_above, apart_mu } = standard.combine
  rows.push([year, '办法', '单宗多家合并评价', null, null, null, null, null, yes(tenants)])
  rows.push([year, '办法', '规上租户单独评价', null, null, null, null, null, yes(apart_above)])
  rows.push([year, '办法', '租户单独评价面积(亩)', null, apart_mu, null, null, null, ''])
  for (const { cause, to } of standard.vetoes) {
    rows.push([year, '否决', labelOf('veto_cause', cause), null, null, null, null, null, `${to}类`])
  }
  rows.push([year, '办法', '依据', null, null, null, null, null, standard.source])
  for (const letter of ['a', 'b', 'c'] as const) {
    const { by } = standard.classes
    rows.push([
      year,
      '等级',
      `${letter.toUpperCase()}类`,
      null,
      standard.classes[letter],
      null,
      null,
      null,
      CUT_NAMES[by],
    ])
  }
  const headings = Object.values(COLUMNS).map(names => names[0])
  await writeTable(file, `${year}年评价办法`, headings, rows)
  return rows.length
}
