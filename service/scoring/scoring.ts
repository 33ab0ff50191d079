/**
 * Evaluates all enterprises of a year by the standard of that year and keeps score, class and what they were made of beside
 * the published ones, which are never touched. One run is one step that can be undone.
 */
import { AppError } from '../../shared/contract/errors.ts'
import type { ScoringResult, StandardVersion } from '../../shared/contract/scoring.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { packBasis, type ScoreBasis } from '../../shared/rules/scoring/basis.ts'
import { type ScoreResult, scoreAll } from '../../shared/rules/scoring/score.ts'
import { DEFAULT_STANDARD, parseStandard, type ScoreStandard } from '../../shared/rules/scoring/standard.ts'
import { scoreInWords } from '../../shared/rules/scoring/words.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import type { Saved } from '../enterprises/enterprises.ts'
import { newestYear } from '../identify/identify-repo.ts'
import {
  activeStandard,
  newestStandardVersion,
  type SubjectRow,
  subjectRows,
  tiesOfTenants,
  yearsWithStandard,
} from './scoring-repo.ts'

export interface ScoringInput {
  year?: number | undefined
  dry_run: boolean
  /** An unsaved standard to be tried. */
  standard?: ScoreStandard | undefined
}

/** The standard of a year; until one is saved, the default as version 0. */
export function currentStandard(db: Db, year: number): StandardVersion & { standard: ScoreStandard } {
  const row = activeStandard(db, year)
  const years = yearsWithStandard(db)
  if (!row) return { id: null, year, name: '默认评价办法', version: 0, standard: DEFAULT_STANDARD, years }
  try {
    return {
      id: row.id,
      year,
      name: row.name,
      version: row.version,
      standard: parseStandard(row.standard ?? ''),
      years,
    }
  } catch (error) {
    throw brokenStandard(error, row.name, row.version)
  }
}

function brokenStandard(error: unknown, name: string, version: number): AppError {
  const field = error instanceof RangeError ? error.message : 'JSON'
  return new AppError('bad_input', `评价办法“${name}”第 ${version} 版不可用(${field})，请修改后重新保存`, {
    reason: 'standard_broken',
    values: { name, version, field },
    field,
  })
}

/** A new version of the year's standard beside the old ones, in one step of undo. */
export async function saveStandard(
  store: Store,
  input: { year: number; name: string; standard: unknown; reason?: string | undefined },
): Promise<Saved> {
  const standard = checkedStandard(input.standard, input.name)
  const label = { label: 'standard_saved', values: { year: String(input.year) }, reason: input.reason }
  const { result, edit } = await store.mutate<string>(label, tx => {
    const before = activeStandard(tx.db, input.year)
    if (before) tx.update('score_standard', before.id, { active: false })
    const version = newestStandardVersion(tx.db, input.year) + 1
    return tx.create('score_standard', { year: input.year, name: input.name, version, standard, active: true })
  })
  return { id: result, rev: 1, edit }
}

function checkedStandard(given: unknown, name: string): ScoreStandard {
  try {
    return parseStandard(given)
  } catch (error) {
    throw brokenStandard(error, name, 0)
  }
}

interface Scored {
  readonly row: SubjectRow
  readonly result: ScoreResult
  readonly basis: ScoreBasis
}

export async function scoreYear(store: Store, input: ScoringInput, control: JobControl): Promise<ScoringResult> {
  const started = performance.now()
  const db = store.read
  const year = input.year ?? newestYear(db)
  if (year === null) {
    throw new AppError('refused', '还没有企业年度数据，请先导入企业及其年度数据', { reason: 'no_yearly_figures' })
  }
  control.report({ phase: 'score', done: 0, total: null })
  await control.checkpoint()
  const version = currentStandard(db, year)
  const standard = input.standard ? checkedStandard(input.standard, version.name) : version.standard
  const rows = subjectRows(db, year, chinaDate(store.now()))
  const results = scoreAll(
    standard,
    rows.map(row => ({
      ...row,
      overdue_construction: row.overdue === 1,
      veto_causes: row.veto_causes === null ? null : (JSON.parse(row.veto_causes) as string[]),
    })),
    standard.combine.tenants ? tiesOfTenants(db) : [],
  )
  await control.checkpoint()
  const scored = rows.map((row, index): Scored => {
    const result = results[index]!
    return { row, result, basis: packBasis(result, version.version) }
  })
  const changed = scored.filter(isChanged)
  if (!input.dry_run && changed.length > 0) {
    control.report({ phase: 'save', done: 0, total: changed.length })
    await control.checkpoint()
    await store.mutate({ label: 'scored', values: { year: String(year) } }, tx => {
      for (const { row, result, basis } of changed) {
        tx.update('enterprise_year', row.year_id, {
          computed_class: result.class,
          computed_score: result.score,
          score_basis: basis,
        })
      }
    })
  }
  return {
    year,
    version: version.version,
    enterprises: rows.length,
    scored: results.filter(result => result.score !== null).length,
    classes: countBy(results, result => result.class),
    published: rows.filter(row => row.class !== null).length,
    differing: scored.filter(({ row, result }) => isDiffering(row.class, result.class)).length,
    changed: changed.length,
    rows: scored.map(rowOf),
    seconds: (performance.now() - started) / 1000,
  }
}

function isChanged({ row, result, basis }: Scored): boolean {
  if (row.computed_class !== result.class || row.computed_score !== result.score) return true
  return row.score_basis !== JSON.stringify(basis)
}

/** Published otherwise than computed: to be looked at, never to be changed. */
function isDiffering(given: string | null, computed: string | null): boolean {
  return given !== null && computed !== null && given !== computed
}

function rowOf({ row, result, basis }: Scored): ScoringResult['rows'][number] {
  return {
    enterprise_id: row.id,
    code: row.code,
    name: row.name,
    unit: row.unit,
    scale: row.scale,
    score: result.score,
    computed: result.class,
    published: row.class,
    published_score: row.score,
    differs: isDiffering(row.class, result.class),
    rank: result.rank,
    zh: scoreInWords(basis, result.score, 'zh'),
    en: scoreInWords(basis, result.score, 'en'),
  }
}

function countBy(results: readonly ScoreResult[], keyOf: (result: ScoreResult) => string | null) {
  const counts: Record<string, number> = {}
  for (const result of results) {
    const key = keyOf(result)
    if (key !== null) counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}
