/**
 * SQL of searching: the condition that a record's search keys match a text, and ranked hits over all kinds of records.
 * `instr` instead of LIKE: nothing to escape, and short Chinese words are found as well as long ones.
 */
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'
import { foldText } from './search-keys.ts'

export interface SearchCondition {
  /** Condition over columns `text` and `initials` of the given alias. */
  readonly sql: string
  readonly parameters: Record<string, string>
}

const MAX_WORDS = 5

/**
 * Every word of `text` must occur: in code, names, credit code or place, or as initials, or as full pinyin (from its
 * beginning, or anywhere from three letters on). Null when the text is blank. Parameters are named `:w0 … :w4`, `:p0 … :p4`.
 */
export function searchCondition(text: string, alias: string): SearchCondition | null {
  const words = foldText(text)
    .split(' ')
    .slice(0, MAX_WORDS)
    .filter(word => word !== '')
  if (words.length === 0) return null
  const parameters: Record<string, string> = {}
  const parts = words.map((word, index) => {
    parameters[`w${index}`] = word
    const alternatives = [`instr(${alias}.text, :w${index}) > 0`]
    if (/^[a-z0-9]+$/.test(word)) {
      parameters[`p${index}`] = (word.length >= 3 ? '' : '\n') + word.toUpperCase()
      alternatives.push(`instr(${alias}.initials, :w${index}) > 0`, `instr(${alias}.initials, :p${index}) > 0`)
    }
    return `(${alternatives.join(' OR ')})`
  })
  return { sql: `(${parts.join(' AND ')})`, parameters }
}

export interface SearchHit {
  readonly entity: 'parcel' | 'enterprise' | 'zone' | 'report_unit'
  readonly pk: number
}

/** The best hits: exact code or value, prefix of the code, prefix of a name, part of a name, initials, full pinyin. */
export function findHits(db: Db, text: string, limit: number): SearchHit[] {
  const condition = searchCondition(text, 'k')
  if (!condition) return []
  const line = `char(10) || :w0`
  return all<SearchHit>(
    db,
    `SELECT k.entity, k.pk FROM search_key k
     WHERE k.entity IN ('parcel', 'enterprise', 'zone', 'report_unit') AND ${condition.sql}
     ORDER BY CASE
         WHEN instr(k.text, ${line} || char(10)) = 1 THEN 0
         WHEN instr(k.text, ${line} || char(10)) > 1 THEN 1
         WHEN instr(k.text, ${line}) = 1 THEN 2
         WHEN instr(k.text, ${line}) > 1 THEN 3
         WHEN instr(k.text, :w0) > 0 THEN 4
         WHEN instr(k.initials, ${line}) > 0 THEN 5
         WHEN instr(k.initials, char(10) || upper(:w0)) > 0 THEN 6
         WHEN instr(k.initials, :w0) > 0 THEN 7
         ELSE 8 END,
       CASE k.entity WHEN 'report_unit' THEN 0 WHEN 'enterprise' THEN 1 WHEN 'parcel' THEN 2 ELSE 3 END,
       length(k.text), k.text
     LIMIT :limit`,
    { ...condition.parameters, limit },
  )
}

type BoxRow = { min_x: number | null; min_y: number | null; max_x: number | null; max_y: number | null }
export type Box4 = [number, number, number, number]

const BOX_OF = 'min(b.min_x) AS min_x, min(b.min_y) AS min_y, max(b.max_x) AS max_x, max(b.max_y) AS max_y'

function toBox(row: BoxRow | undefined): Box4 | null {
  if (!row || row.min_x === null || row.min_y === null || row.max_x === null || row.max_y === null) return null
  return [row.min_x, row.min_y, row.max_x, row.max_y]
}

/** Box of one parcel, lng/lat [west, south, east, north]; null when it has none. */
export function boxOfParcel(db: Db, pk: number): Box4 | null {
  return toBox(get<BoxRow>(db, `SELECT ${BOX_OF} FROM parcel_box b WHERE b.pk = ?`, [pk]))
}

/** Box of all live parcels of an enterprise. */
export function boxOfEnterprise(db: Db, id: string): Box4 | null {
  return toBox(
    get<BoxRow>(
      db,
      `SELECT ${BOX_OF} FROM occupancy o JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0
       JOIN parcel_box b ON b.pk = p.pk WHERE o.enterprise_id = ? AND o.deleted = 0`,
      [id],
    ),
  )
}

/** Box of all members of a zone. */
export function boxOfZone(db: Db, id: string): Box4 | null {
  return toBox(
    get<BoxRow>(
      db,
      `SELECT ${BOX_OF} FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
       JOIN parcel_box b ON b.pk = p.pk WHERE m.zone_id = ? AND m.deleted = 0`,
      [id],
    ),
  )
}

/** Box of all parcels of a scored unit. */
export function boxOfUnit(db: Db, code: string): Box4 | null {
  return toBox(
    get<BoxRow>(
      db,
      `SELECT ${BOX_OF} FROM parcel p JOIN parcel_box b ON b.pk = p.pk WHERE p.unit = ? AND p.deleted = 0`,
      [code],
    ),
  )
}

export interface TitleRow {
  readonly id: string
  readonly code: string
  readonly name: string | null
  readonly unit: string | null
  readonly unit_name: string | null
  readonly area_m2: number | null
  readonly place: string | null
}

const TITLES = {
  parcel: `SELECT r.id, r.code, r.name, r.unit, u.name AS unit_name, r.area_m2, r.location AS place
    FROM parcel r LEFT JOIN report_unit u ON u.code = r.unit AND u.deleted = 0 WHERE r.pk = ?`,
  enterprise: `SELECT r.id, r.code, r.name, r.unit, u.name AS unit_name, NULL AS area_m2, r.uscc AS place
    FROM enterprise r LEFT JOIN report_unit u ON u.code = r.unit AND u.deleted = 0 WHERE r.pk = ?`,
  zone: `SELECT r.id, r.code, r.name, r.unit, u.name AS unit_name, NULL AS area_m2, CAST(r.year AS TEXT) AS place
    FROM zone r LEFT JOIN report_unit u ON u.code = r.unit AND u.deleted = 0 WHERE r.pk = ?`,
  report_unit: `SELECT r.id, r.code, r.name, r.code AS unit, r.name AS unit_name, NULL AS area_m2, NULL AS place
    FROM report_unit r WHERE r.pk = ?`,
} as const

/** What is shown of a hit. */
export function titleOf(db: Db, hit: SearchHit): TitleRow | undefined {
  return get<TitleRow>(db, TITLES[hit.entity], [hit.pk])
}
