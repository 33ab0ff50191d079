/** 考核评分表 from Excel: read with every row that cannot be used named, saved as a new version of the year, written back. */
import { AppError } from '../../shared/contract/errors.ts'
import type { TableProblem } from '../../shared/contract/scoring.ts'
import { foldValue } from '../../shared/import/values.ts'
import { type AssessmentItem, type AssessmentMethod, MEASURED, parseSteps } from '../../shared/rules/assessment.ts'
import type { Db } from '../db/open.ts'
import { get } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { readTable, type TableRow, writeTable } from '../formats/plain-table.ts'

const COLUMNS = {
  indicator: ['指标', '考核指标', '指标名称'],
  weight: ['权重', '分值', '满分'],
  target: ['目标值', '目标'],
  method: ['计分办法', '计分方法', '评分办法'],
  parameter: ['计分参数', '参数', '评分标准'],
  cap: ['封顶倍数', '封顶'],
  value: ['完成值', '完成情况'],
  evidence: ['依据附件', '依据', '评分依据'],
} as const
const METHODS: Readonly<Record<string, AssessmentMethod>> = { 线性: 'linear', 阶梯: 'steps', 扣分: 'deduct' }
const METHOD_NAMES: Readonly<Record<AssessmentMethod, string>> = { linear: '线性', steps: '阶梯', deduct: '扣分' }

export interface AssessmentTable {
  readonly id: string
  readonly year: number
  readonly name: string
  readonly version: number
  readonly items: readonly AssessmentItem[]
}

export function activeAssessment(db: Db, year: number): AssessmentTable | undefined {
  const row = get<Omit<AssessmentTable, 'items'> & { items: string }>(
    db,
    `SELECT id, year, name, version, items FROM assessment_table WHERE deleted = 0 AND active = 1 AND year = ?
     ORDER BY version DESC, updated_at DESC LIMIT 1`,
    [year],
  )
  return row && { ...row, items: JSON.parse(row.items) as AssessmentItem[] }
}

/** Rows that can be used and those that cannot, each with its number and reason. */
export async function readAssessment(
  file: string,
  sheet?: string,
): Promise<{ items: AssessmentItem[]; problems: TableProblem[] }> {
  const { rows, problems } = await readTable(file, { sheet }, COLUMNS, ['indicator', 'weight', 'method'])
  const items: AssessmentItem[] = []
  for (const row of rows) {
    const item = itemOf(row, items)
    if (item) items.push(item)
  }
  return { items, problems }
}

function itemOf(row: TableRow, before: readonly AssessmentItem[]): AssessmentItem | undefined {
  const indicator = row.text('indicator').slice(0, 60)
  const [weight, target, cap, value] = (['weight', 'target', 'cap', 'value'] as const).map(name => row.number(name))
  if ([weight, target, cap, value].includes(undefined)) return undefined
  const refuse = (code: string, message: string, more: Record<string, string | number> = {}): undefined => {
    row.refuse(code, message, { value: indicator, ...more })
    return undefined
  }
  if (indicator === '') return refuse('indicator_missing', '没有写指标')
  // The last line of such tables.
  if (indicator === '合计' || indicator === '总分') return undefined
  if (before.some(item => foldValue(item.indicator) === indicator))
    return refuse('indicator_twice', `“${indicator}”在表中重复`)
  if (weight === null || weight! <= 0) return refuse('weight_missing', `“${indicator}”没有大于 0 的权重`)
  const written = row.text('method')
  const method = METHODS[written]
  if (!method)
    return refuse('assessment_method', `“${indicator}”的计分办法“${written.slice(0, 20)}”应为线性、阶梯或扣分`, {
      method: written.slice(0, 20),
    })
  const parameter = row.text('parameter')
  const steps = method === 'steps' ? parseSteps(parameter) : []
  if (!steps) return refuse('assessment_steps', `“${indicator}”的阶梯应写成“≥100%:100%;≥80%:60%”`)
  const per_unit = method === 'deduct' ? Number(parameter) : null
  if (per_unit !== null && (parameter === '' || !Number.isFinite(per_unit) || per_unit <= 0))
    return refuse('assessment_deduct', `“${indicator}”扣分须在计分参数写每单位扣几分`)
  if (method !== 'deduct' && (target === null || target! <= 0))
    return refuse('assessment_target', `“${indicator}”没有大于 0 的目标值`)
  if (cap !== null && cap! < 1) return refuse('assessment_cap', `“${indicator}”的封顶倍数不能小于 1`)
  return {
    // A measured indicator is known by its name, the others are words of the table.
    indicator: Object.hasOwn(MEASURED, indicator) ? indicator : row.words('indicator').slice(0, 60),
    weight: weight!,
    target: target!,
    method,
    steps,
    per_unit,
    cap: cap ?? 1,
    value: value!,
    evidence: row.words('evidence').slice(0, 400) || null,
  }
}

/** Saves a table as the newest version of the year, as one step; nothing is written while a row cannot be used. */
export async function importAssessment(
  store: Store,
  input: { file: string; fileName: string; year: number; sheet?: string | undefined; dryRun: boolean },
): Promise<{ items: AssessmentItem[]; problems: TableProblem[]; version: number | null; edit: string | null }> {
  const { items, problems } = await readAssessment(input.file, input.sheet)
  if (input.dryRun) return { items, problems, version: null, edit: null }
  if (problems.length > 0 || items.length === 0) {
    const first = problems[0]
    throw new AppError(
      'bad_input',
      first
        ? `评分表“${input.fileName}”第 ${first.row} 行：${first.message}；共 ${problems.length} 处，未写入`
        : `评分表“${input.fileName}”没有评分项`,
      {
        reason: first ? 'assessment_rows' : 'assessment_empty',
        file: input.fileName,
        ...(first ? { row: first.row } : {}),
        values: { file: input.fileName, row: first?.row ?? 0, count: problems.length },
      },
    )
  }
  const { year } = input
  const newest = get<{ version: number | null }>(
    store.read,
    'SELECT max(version) AS version FROM assessment_table WHERE year = ?',
    [year],
  )!.version
  const version = (newest ?? 0) + 1
  const { edit } = await store.mutate({ label: 'assessment_imported', values: { year: String(year) } }, tx => {
    const old = activeAssessment(tx.db, year)
    if (old) tx.update('assessment_table', old.id, { active: false })
    tx.create('assessment_table', { year, name: input.fileName.slice(0, 200), version, items, active: true })
  })
  return { items, problems, version, edit }
}

/** The table of the year as `readAssessment` reads it; without one the measured indicators with empty weights. */
export async function writeAssessment(store: Store, year: number, file: string): Promise<number> {
  const table = activeAssessment(store.read, year)
  const headings = Object.values(COLUMNS).map(([heading]) => heading)
  const rows = table
    ? table.items.map(item => [
        item.indicator,
        item.weight,
        item.target,
        METHOD_NAMES[item.method],
        item.method === 'deduct'
          ? item.per_unit
          : item.steps.map(step => `≥${step.from * 100}%:${step.share * 100}%`).join(';') || null,
        item.cap === 1 ? null : item.cap,
        item.value,
        item.evidence,
      ])
    : Object.entries(MEASURED).map(([indicator, unit]) => [
        indicator,
        null,
        null,
        null,
        null,
        null,
        null,
        `单位：${unit}`,
      ])
  await writeTable(file, `${year}年考核评分表`, headings, rows)
  return rows.length
}
