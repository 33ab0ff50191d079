/**
 * Runs the identification over all enterprises and keeps the list of candidates in step with it. What people have taken
 * further than S0 is never touched: it keeps the hits, and their inputs, for which it was listed.
 */
import { AppError } from '../../shared/contract/errors.ts'
import type { Candidate, IdentifyResult } from '../../shared/contract/identify.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { evaluate, type Hit, type IdentifyYear, type Verdict } from '../../shared/rules/identify/evaluate.ts'
import { DEFAULT_RULE_SET, digitsOf, parseRuleSet, type RuleSet } from '../../shared/rules/identify/rule-set.ts'
import { hitInWords } from '../../shared/rules/identify/words.ts'
import { idleReasons } from '../../shared/rules/idle.ts'
import { groupRatio } from '../../shared/rules/indicators.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import type { Transaction } from '../db/transaction.ts'
import type { Saved } from '../enterprises/enterprises.ts'
import {
  activeRuleSet,
  type EnterpriseRow,
  type EntryRow,
  enterpriseRows,
  type FiguresRow,
  failedChecks,
  figuresUpTo,
  idleRows,
  listEntries,
  newestRuleVersion,
  newestYear,
  ruleSetById,
} from './identify-repo.ts'

export interface IdentifyInput {
  year?: number | undefined
  unit?: string | undefined
  dry_run: boolean
  rule_set?: RuleSet | undefined
}

/** The active rule set (or the version `id`); until one is saved, the default as version 0. */
export function currentRules(
  db: Db,
  id?: string,
): { id: string | null; name: string; version: number; rule_set: RuleSet } {
  const row = id === undefined ? activeRuleSet(db) : ruleSetById(db, id)
  if (!row) return { id: null, name: '默认规则', version: 0, rule_set: DEFAULT_RULE_SET }
  try {
    return { id: row.id, name: row.name, version: row.version, rule_set: parseRuleSet(row.rules ?? '') }
  } catch (error) {
    const field = error instanceof RangeError ? error.message : 'JSON'
    throw new AppError('bad_input', `规则集“${row.name}”第 ${row.version} 版无法读取(${field})，请重新保存规则`, {
      reason: 'rule_set_broken',
      values: { name: row.name, version: row.version, field },
    })
  }
}

/** A new version beside the old ones, in one step of undo. */
export async function saveRules(
  store: Store,
  input: { name: string; rule_set: RuleSet; reason?: string | undefined },
): Promise<Saved> {
  const { result, edit } = await store.mutate<string>({ label: 'rules_saved', reason: input.reason }, tx => {
    const before = activeRuleSet(tx.db)
    if (before) tx.update('rule_set', before.id, { active: false })
    const version = newestRuleVersion(tx.db) + 1
    return tx.create('rule_set', { name: input.name, version, rules: input.rule_set, active: true })
  })
  return { id: result, rev: 1, edit }
}

export async function identify(store: Store, input: IdentifyInput, control: JobControl): Promise<IdentifyResult> {
  const started = performance.now()
  const year = input.year ?? newestYear(store.read)
  if (year === null) {
    throw new AppError('refused', '还没有企业年度数据，请先导入企业及其年度数据', { reason: 'no_yearly_figures' })
  }
  const rules = currentRules(store.read)
  const set = input.rule_set ?? rules.rule_set
  const judged = await judge(store, set, year, input.unit, control)
  const entries = new Map(listEntries(store.read).map(entry => [entry.enterprise_id, entry]))
  const steps = stepsOf(judged, entries)
  const isQuiet = steps.added.length + steps.updated.length + steps.withdrawn.length === 0
  if (!input.dry_run && !isQuiet) {
    control.report({ phase: 'save', done: 0, total: steps.added.length })
    await control.checkpoint()
    await store.mutate({ label: 'identified', values: { year: String(year) } }, tx =>
      write(tx, steps, year, rules.version),
    )
  }
  const count = (outcome: string): number => judged.filter(({ verdict }) => verdict.outcome === outcome).length
  const wasListed = (id: string): boolean => isListing(entries.get(id)?.hit_rules)
  return {
    year,
    rule_set_version: rules.version,
    enterprises: judged.length,
    listed: count('list'),
    watch: count('watch'),
    flagged: count('flag'),
    excluded: count('excluded'),
    undecided: judged.filter(({ verdict }) => verdict.undecided.length > 0).length,
    added: steps.added.length,
    updated: steps.updated.length,
    withdrawn: steps.withdrawn.length,
    incoming: judged
      .filter(({ row, verdict }) => verdict.outcome === 'list' && !wasListed(row.id))
      .map(({ row }) => row.code),
    outgoing: judged
      .filter(({ row, verdict }) => verdict.outcome !== 'list' && wasListed(row.id))
      .map(({ row }) => row.code),
    candidates: judged
      .filter(({ verdict }) => verdict.outcome !== 'none' || verdict.undecided.length > 0)
      .map(candidateOf),
    seconds: (performance.now() - started) / 1000,
  }
}

/** What the active rules find for every enterprise of a year, as it is kept with an entry. */
export async function hitsOf(store: Store, year: number, control: JobControl): Promise<Map<string, StoredHit[]>> {
  const judged = await judge(store, currentRules(store.read).rule_set, year, undefined, control)
  return new Map(judged.map(({ row, verdict }) => [row.id, verdict.hits.map(storedHit)]))
}

interface Judged {
  readonly row: EnterpriseRow
  readonly verdict: Verdict
}

async function judge(
  store: Store,
  set: RuleSet,
  year: number,
  unit: string | undefined,
  control: JobControl,
): Promise<Judged[]> {
  const db = store.read
  const figures = groupBy(figuresUpTo(db, year), row => row.enterprise_id)
  const industry = industryMeans([...figures.values()].flat(), year)
  const idle = groupBy(idleRows(db), row => row.enterprise_id)
  const failed = groupBy(failedChecks(db), row => row.enterprise_id)
  const today = chinaDate(store.now())
  const rows = enterpriseRows(db, unit)
  const judged: Judged[] = []
  for (const row of rows) {
    const cases = idle.get(row.id) ?? []
    judged.push({
      row,
      verdict: evaluate(set, {
        unit: row.unit,
        industry: row.industry_code,
        in_park: row.in_park === null ? null : row.in_park === 1,
        op_status: row.op_status,
        year,
        years: (figures.get(row.id) ?? []) as readonly IdentifyYear[],
        sides: row.sides === null ? [] : (JSON.parse(row.sides) as string[]),
        industry_tax_per_mu: row.industry_code === null ? null : (industry.get(divisionOf(row.industry_code)) ?? null),
        idle_suspect: cases.some(entry => idleReasons(entry, today).length > 0),
        obsolete: row.obsolete === 1,
        failed_dimensions: (failed.get(row.id) ?? []).map(check => check.dimension),
        overdue_construction: cases.some(entry => entry.agreed_completion !== null && entry.agreed_completion < today),
      }),
    })
    if (judged.length % 200 === 0) {
      control.report({ phase: 'identify', done: judged.length, total: rows.length })
      await control.checkpoint()
    }
  }
  return judged
}

/** 亩均税收 of each two-digit industry in the year: Σ/Σ over all its enterprises with both figures. */
function industryMeans(rows: readonly FiguresRow[], year: number): Map<string, number> {
  const means = new Map<string, number>()
  const ofYear = rows.filter(row => row.year === year && row.industry_code !== null)
  for (const [division, members] of groupBy(ofYear, row => divisionOf(row.industry_code!))) {
    const { value } = groupRatio(
      members,
      row => row.tax,
      row => row.land_mu_actual,
    )
    if (value !== null) means.set(division, value)
  }
  return means
}

function divisionOf(industry: string): string {
  return digitsOf(industry).slice(0, 2)
}

interface StoredHit {
  id: string
  effect: string
  inputs: Hit['inputs']
  zh: string
  en: string
}

interface Steps {
  readonly added: readonly { enterpriseId: string; hits: StoredHit[] }[]
  readonly updated: readonly { entry: EntryRow; hits: StoredHit[] }[]
  readonly withdrawn: readonly EntryRow[]
}

/** What has to be written so that the S0 entries are those that the rules find now. */
function stepsOf(judged: readonly Judged[], entries: ReadonlyMap<string, EntryRow>): Steps {
  const added: { enterpriseId: string; hits: StoredHit[] }[] = []
  const updated: { entry: EntryRow; hits: StoredHit[] }[] = []
  const withdrawn: EntryRow[] = []
  for (const { row, verdict } of judged) {
    const entry = entries.get(row.id)
    const isFound = verdict.outcome === 'list' || verdict.outcome === 'watch' || verdict.outcome === 'flag'
    const hits = verdict.hits.map(storedHit)
    if (!entry) {
      if (isFound) added.push({ enterpriseId: row.id, hits })
    } else if (entry.state === 'S0') {
      if (!isFound) withdrawn.push(entry)
      else if (entry.hit_rules !== JSON.stringify(hits)) updated.push({ entry, hits })
    }
  }
  return { added, updated, withdrawn }
}

/** In the transaction of one edit, so that a person can undo a run as a whole. */
function write(tx: Transaction, steps: Steps, year: number, version: number): void {
  const batch = `${year}-识别(规则第 ${version} 版)`
  for (const { enterpriseId, hits } of steps.added) {
    tx.create('list_entry', { enterprise_id: enterpriseId, batch, hit_rules: hits, state: 'S0' })
  }
  for (const { entry, hits } of steps.updated) tx.update('list_entry', entry.id, { hit_rules: hits, batch })
  for (const entry of steps.withdrawn) tx.remove('list_entry', entry.id)
}

function storedHit(hit: Hit): StoredHit {
  const { rule, effect, inputs } = hit
  return { id: rule, effect, inputs, zh: hitInWords(hit, 'zh'), en: hitInWords(hit, 'en') }
}

function isListing(hits: string | null | undefined): boolean {
  return hits != null && (JSON.parse(hits) as { effect?: string }[]).some(hit => hit.effect === 'list')
}

function candidateOf({ row, verdict }: Judged): Candidate {
  return {
    enterprise_id: row.id,
    code: row.code,
    name: row.name,
    unit: row.unit,
    state: row.state,
    outcome: verdict.outcome,
    exclusion: verdict.exclusion,
    rules: verdict.hits.map(hit => {
      const { id, effect, zh, en } = storedHit(hit)
      return { id, effect, zh, en }
    }),
    undecided: verdict.undecided.map(({ rule, missing }) => ({ id: rule, missing: [...missing] })),
  }
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}
