/** Identification rules as a table that staff keep in Excel: a row per number with where it holds, and rows for exclusions. */
import type { TableProblem } from '../../shared/contract/scoring.ts'
import { readUnit } from '../../shared/import/values.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import {
  EXCLUSIONS,
  type Exclusion,
  RULE_IDS,
  type Rule,
  type RuleEffect,
  type RuleId,
  type RuleSet,
  type Threshold,
} from '../../shared/rules/identify/rule-set.ts'
import type { Db } from '../db/open.ts'
import { all } from '../db/sql.ts'
import { readTable, type TableRow, writeTable } from '../formats/plain-table.ts'

const COLUMNS = {
  rule: ['规则', '规则编号'],
  enabled: ['启用', '是否启用'],
  effect: ['作用'],
  value: ['阈值', '数值', '标准'],
  unit: ['考核单位', '适用单位', '区域'],
  industry: ['行业代码', '行业'],
  scale: ['规上/规下', '企业规模'],
  year: ['年度', '年份'],
  source: ['依据', '来源'],
  name: ['规则名称', '说明'],
} as const

const EFFECTS: Readonly<Record<RuleEffect, string>> = {
  list: '列入清单',
  watch: '关注',
  flag: '仅提示',
  priority: '优先腾退',
}
const SCALES = { above: '规上', below: '规下' } as const

/** What each rule asks and in what its number is measured; for people who read the table. */
const NAMES: Readonly<Record<RuleId, string>> = {
  'R-01': '规上企业亩均税收低于(万元/亩)',
  'R-02': '规下企业亩均税收低于(万元/亩)',
  'R-03': '园区内企业亩均税收低于(万元/亩)',
  'R-04': '亩均评价连续 D 类达到(年)',
  'R-05': '规下企业占地达到(亩)',
  'R-06': '单位增加值能耗高于(tce/万元)',
  'R-07': '亩均税收低于行业平均的(倍)',
  'R-08': '疑似闲置土地',
  'R-09': '合规检查不合格',
  'R-10': '开发边界外低效用地',
}
const SCREENED = '规下最小用地'

type Unit = { code: string; name: string }
type Draft = Omit<{ -readonly [K in keyof Rule]: Rule[K] }, 'thresholds'> & { thresholds: Threshold[] }

interface Reading {
  readonly rules: Map<RuleId, Draft>
  readonly exclusions: Set<Exclusion>
  readonly units: readonly Unit[]
  screened: number
}

function unitsOf(db: Db): Unit[] {
  return all(db, 'SELECT code, name FROM report_unit WHERE deleted = 0')
}

/**
 * A draft over `now`: a rule that the table names has the table's numbers alone, the others stay as they are. Rows that
 * cannot be used are named with their reason and change nothing.
 */
export async function readRuleTable(
  db: Db,
  file: string,
  sheet: string | undefined,
  now: RuleSet,
): Promise<{ rule_set: RuleSet; rows: number; problems: TableProblem[] }> {
  const { rows, problems } = await readTable(file, { sheet }, COLUMNS, ['rule'])
  const reading: Reading = {
    rules: new Map(),
    exclusions: new Set(now.exclusions),
    units: unitsOf(db),
    screened: now.screened_land_mu,
  }
  let taken = 0
  for (const row of rows) if (takeRow(reading, row, now)) taken++
  const rules = now.rules.map(rule => {
    const read = reading.rules.get(rule.id)
    if (!read) return rule
    // A rule that is only switched on or off keeps its numbers.
    return read.thresholds.length > 0 ? read : { ...read, thresholds: rule.thresholds }
  })
  const exclusions = EXCLUSIONS.filter(code => reading.exclusions.has(code))
  return { rule_set: { rules, screened_land_mu: reading.screened, exclusions }, rows: taken, problems }
}

function takeRow(reading: Reading, row: TableRow, now: RuleSet): boolean {
  const named = row.text('rule')
  if (named === SCREENED) {
    const land = row.number('value')
    if (land == null || land < 0) return refuseValue(row, named, land)
    reading.screened = land
    return true
  }
  const exclusion = EXCLUSIONS.find(code => named === `排除：${labelOf('exclusion_reason', code)}`.normalize('NFKC'))
  if (exclusion) return takeExclusion(reading, row, exclusion)
  const id = RULE_IDS.find(code => code === named.toUpperCase())
  const before = now.rules.find(rule => rule.id === id)
  if (!id || !before) {
    row.refuse('rule_unknown', `没有“${named.slice(0, 40)}”这条规则，可用：${RULE_IDS.join('、')}`, {
      value: named.slice(0, 40),
    })
    return false
  }
  const enabled = yesOrNo(row, 'enabled', before.enabled)
  const effect = effectOf(row, before.effect)
  const threshold = thresholdOf(reading, row, id, before.thresholds.length > 0)
  if (enabled === undefined || effect === undefined || threshold === undefined) return false
  const draft = reading.rules.get(id) ?? { ...before, thresholds: [] }
  reading.rules.set(id, {
    ...draft,
    enabled,
    effect,
    source: row.words('source').slice(0, 300) || draft.source,
    thresholds: threshold === null ? draft.thresholds : [...draft.thresholds, threshold],
  })
  return true
}

function takeExclusion(reading: Reading, row: TableRow, code: Exclusion): boolean {
  const enabled = yesOrNo(row, 'enabled', true)
  if (enabled === undefined) return false
  if (enabled) reading.exclusions.add(code)
  else reading.exclusions.delete(code)
  return true
}

function refuseValue(row: TableRow, named: string, value: number | null | undefined): false {
  // What is no number was refused by its column.
  if (value === null) row.refuse('value_missing', `${named} 没有阈值`, { value: named })
  else if (value !== undefined) row.refuse('value_negative', `${named} 的阈值不能小于 0`, { value: named })
  return false
}

function yesOrNo(row: TableRow, column: string, otherwise: boolean): boolean | undefined {
  const text = row.text(column)
  if (text === '') return otherwise
  if (['是', '启用', '1', 'true'].includes(text.toLowerCase())) return true
  if (['否', '停用', '0', 'false'].includes(text.toLowerCase())) return false
  row.refuse('not_yes_no', `启用列的“${text.slice(0, 40)}”应为“是”或“否”`, { value: text.slice(0, 40) })
  return undefined
}

function effectOf(row: TableRow, otherwise: RuleEffect): RuleEffect | undefined {
  const text = row.text('effect')
  if (text === '') return otherwise
  const found = (Object.keys(EFFECTS) as RuleEffect[]).find(code => code === text || EFFECTS[code] === text)
  if (!found) {
    const known = Object.values(EFFECTS).join('、')
    row.refuse('effect_unknown', `作用“${text.slice(0, 40)}”应为：${known}`, { value: text.slice(0, 40) })
  }
  return found
}

/** Null for a rule without a number; undefined when the row cannot be used. */
function thresholdOf(reading: Reading, row: TableRow, id: RuleId, hasNumber: boolean): Threshold | null | undefined {
  const value = row.number('value')
  const year = row.number('year')
  if (value === undefined || year === undefined) return undefined
  if (!hasNumber || value === null) return null
  if (value < 0) {
    refuseValue(row, id, value)
    return undefined
  }
  const named = row.text('unit')
  const unit = named === '' ? undefined : readUnit(reading.units, named)
  if (named !== '' && unit === undefined) {
    row.refuse('unit_unknown', `“${named.slice(0, 40)}”不是本次调查的考核单位`, { value: named.slice(0, 40) })
    return undefined
  }
  const industry = row.text('industry').toUpperCase()
  if (industry !== '' && !/^[A-T]?\d{1,4}$/.test(industry)) {
    row.refuse('industry_unknown', `行业代码“${industry.slice(0, 20)}”应为 GB/T 4754 的代码，如 C17、1711`, {
      value: industry.slice(0, 20),
    })
    return undefined
  }
  const size = row.text('scale')
  const scale = (Object.keys(SCALES) as (keyof typeof SCALES)[]).find(code => code === size || SCALES[code] === size)
  if (size !== '' && !scale) {
    row.refuse('scope_unknown', `“${size.slice(0, 40)}”应为“规上”或“规下”`, { value: size.slice(0, 40) })
    return undefined
  }
  return {
    value,
    ...(unit === undefined ? {} : { unit }),
    ...(industry === '' ? {} : { industry }),
    ...(scale === undefined ? {} : { scale }),
    ...(year === null ? {} : { year }),
  }
}

/** The table that `readRuleTable` reads back unchanged. Returns the number of rows. */
export async function writeRuleTable(db: Db, file: string, set: RuleSet): Promise<number> {
  const units = new Map(unitsOf(db).map(unit => [unit.code, unit.name]))
  const rows: (string | number | null)[][] = []
  for (const rule of set.rules) {
    const head = [rule.id, rule.enabled ? '是' : '否', EFFECTS[rule.effect]]
    const thresholds: (Threshold | null)[] = rule.thresholds.length > 0 ? [...rule.thresholds] : [null]
    for (const at of thresholds) {
      const unit = at?.unit === undefined ? null : (units.get(at.unit) ?? at.unit)
      const scale = at?.scale === undefined ? null : SCALES[at.scale]
      const where = [at?.value ?? null, unit, at?.industry ?? null, scale, at?.year ?? null]
      rows.push([...head, ...where, rule.source, NAMES[rule.id]])
    }
  }
  rows.push([SCREENED, null, null, set.screened_land_mu, null, null, null, null, null, '规下企业纳入的最小用地(亩)'])
  for (const code of EXCLUSIONS) {
    const on = set.exclusions.includes(code) ? '是' : '否'
    rows.push([`排除：${labelOf('exclusion_reason', code)}`, on, null, null, null, null, null, null, null, null])
  }
  await writeTable(
    file,
    '识别规则',
    Object.values(COLUMNS).map(names => names[0]),
    rows,
  )
  return rows.length
}
