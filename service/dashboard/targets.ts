/** Targets as data: a cell per unit and indicator, written as one step, from the window or from a table. */
import { basename } from 'node:path'
import { TARGET_INDICATORS, type TargetCell } from '../../shared/contract/dashboard.ts'
import { AppError } from '../../shared/contract/errors.ts'
import type { TableProblem } from '../../shared/contract/scoring.ts'
import { foldValue } from '../../shared/import/values.ts'
import { INDICATOR_NAMES } from '../../shared/rules/dashboard.ts'
import type { Db } from '../db/open.ts'
import { get } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { readTable, writeTable } from '../formats/plain-table.ts'
import { unitNames } from '../zones/zones-repo.ts'
import { allTargets } from './dashboard-repo.ts'

/** Words by which a table means the county as a whole. */
const COUNTY_WORDS: ReadonlySet<string> = new Set(['全市', '全县', '合计', '总计', '全市合计'])
const UNIT_HEADINGS = ['考核单位', '单位', '单位代码', '单位名称', '乡镇(街道)', '乡镇']

/** Scope of county-wide targets: the one that the survey uses already, or the first six digits of its units. */
function countyScope(db: Db): string {
  const known = get<{ scope: string }>(
    db,
    `SELECT scope FROM target WHERE deleted = 0 AND scope NOT IN (SELECT code FROM report_unit WHERE deleted = 0)
     ORDER BY pk LIMIT 1`,
  )
  const unit = get<{ code: string }>(db, 'SELECT code FROM report_unit WHERE deleted = 0 ORDER BY code LIMIT 1')
  return known?.scope ?? unit?.code.slice(0, 6) ?? '330781'
}

/** Every unit and the county by every indicator; null where there is no target. */
export function targetCells(db: Db, year: number | null): TargetCell[] {
  const units = unitNames(db)
  const targets = allTargets(db)
  return [null, ...units.keys()].flatMap(unit =>
    TARGET_INDICATORS.map(indicator => ({
      unit,
      indicator,
      value:
        targets.find(
          row =>
            row.year === year &&
            row.indicator === INDICATOR_NAMES[indicator][0] &&
            (unit === null ? !units.has(row.scope) : row.scope === unit),
        )?.value ?? null,
    })),
  )
}

/** Writes what differs; returns how many cells that were. */
export async function saveTargets(
  store: Store,
  year: number | null,
  cells: readonly TargetCell[],
  source: string | null = null,
): Promise<{ edit: string | null; written: number }> {
  const db = store.read
  const units = unitNames(db)
  const stranger = cells.find(cell => cell.unit !== null && !units.has(cell.unit))
  if (stranger) {
    throw new AppError('bad_input', `没有考核单位“${stranger.unit}”`, {
      reason: 'unit_unknown',
      values: { unit: stranger.unit ?? '' },
    })
  }
  const now = targetCells(db, year)
  const changed = cells.filter(
    cell => now.find(known => known.unit === cell.unit && known.indicator === cell.indicator)?.value !== cell.value,
  )
  if (changed.length === 0) return { edit: null, written: 0 }
  const county = countyScope(db)
  const { edit } = await store.mutate(
    { label: 'targets_saved', values: { year: year === null ? '' : String(year), count: String(changed.length) } },
    tx => {
      for (const { unit, indicator, value } of changed) {
        const [name, unit_symbol] = INDICATOR_NAMES[indicator]
        const old = allTargets(tx.db).filter(
          row =>
            row.year === year && row.indicator === name && (unit === null ? !units.has(row.scope) : row.scope === unit),
        )
        const [newest, ...rest] = old
        for (const row of value === null ? old : rest) tx.remove('target', row.id)
        if (value === null) continue
        if (newest) tx.update('target', newest.id, { value, source })
        else tx.create('target', { scope: unit ?? county, year, indicator: name, value, unit_symbol, source })
      }
    },
  )
  return { edit, written: changed.length }
}

/**
 * A table with one row per unit and one column per indicator. Blank cells leave a target as it is. Nothing is written while
 * a row is in doubt: an unknown or repeated unit, a value that is no number or negative.
 */
export async function importTargets(
  store: Store,
  file: string,
  year: number | null,
): Promise<{ edit: string | null; written: number; problems: TableProblem[] }> {
  const units = unitNames(store.read)
  const byName = new Map(
    [...units].flatMap(([code, name]) => [[code, code] as const, [foldValue(name), code] as const]),
  )
  const columns = {
    unit: UNIT_HEADINGS,
    ...Object.fromEntries(TARGET_INDICATORS.map(name => [name, headingsOf(name)])),
  }
  const { rows, problems } = await readTable(file, {}, columns, ['unit'])
  const cells = new Map<string, TargetCell>()
  const seen = new Set<string>()
  for (const row of rows) {
    const word = row.text('unit')
    const unit = COUNTY_WORDS.has(word) ? null : byName.get(word)
    if (unit === undefined) {
      row.refuse('unit_unknown', `没有考核单位“${word.slice(0, 40)}”`, { unit: word.slice(0, 40) })
      continue
    }
    if (seen.has(unit ?? '')) row.refuse('unit_twice', `考核单位“${word}”出现两次`, { unit: word })
    seen.add(unit ?? '')
    for (const indicator of TARGET_INDICATORS) {
      const value = row.number(indicator)
      if (value === null || value === undefined) continue
      if (value < 0)
        row.refuse('target_negative', `“${INDICATOR_NAMES[indicator][0]}”的目标不能小于 0`, {
          indicator: INDICATOR_NAMES[indicator][0],
        })
      else cells.set(`${unit ?? ''} ${indicator}`, { unit, indicator, value })
    }
  }
  if (problems.length === 0 && cells.size === 0) {
    throw new AppError('bad_input', `文件“${basename(file)}”里没有目标值`, {
      reason: 'no_targets',
      file: basename(file),
    })
  }
  if (problems.length > 0) return { edit: null, written: 0, problems }
  return { ...(await saveTargets(store, year, [...cells.values()], basename(file))), problems: [] }
}

/** The usual heading first: 整治高耗低效企业(家). */
function headingsOf(indicator: (typeof TARGET_INDICATORS)[number]): string[] {
  const [name, unit] = INDICATOR_NAMES[indicator]
  return [`${name}(${unit})`, name]
}

/** The table to be filled in: every unit, what is known of the year. */
export async function writeTargetTable(store: Store, year: number | null, file: string): Promise<void> {
  const names = unitNames(store.read)
  const cells = targetCells(store.read, year)
  const rows = [null, ...names.keys()].map(unit => [
    unit === null ? '全市' : (names.get(unit) ?? unit),
    ...TARGET_INDICATORS.map(
      indicator => cells.find(cell => cell.unit === unit && cell.indicator === indicator)?.value ?? null,
    ),
  ])
  const headings = ['考核单位', ...TARGET_INDICATORS.map(indicator => headingsOf(indicator)[0]!)]
  await writeTable(file, year === null ? '行动期目标' : `${year} 年目标`, headings, rows)
}
