/**
 * Recognises the headings of staff's tables: which column holds which field, in which unit, for which year. Pure; the
 * aliases stand in the field tables (shared/model/entities).
 */
import { ENTITIES, type EntityName } from '../model/entity.ts'
import type { Field, FieldTable } from '../model/field.ts'

/** Half width, lower case, without blanks, leading numbering, asterisks and trailing colons. */
function foldHeading(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/^[*★☆]+|[*★☆::]+$/g, '')
    .replace(/^\(?\d{1,2}[.、)](?=\D)/, '')
}

/** The folded heading without brackets and what stands in them (units, notes). */
export function plainHeading(heading: string): string {
  return foldHeading(heading).replace(/[([【[〔{][^)\]】〕}]*[)\]】〕}]/g, '')
}

interface Heading {
  /** Last part of a grouped heading ('2021年/税收' → '税收'), folded. */
  folded: string
  plain: string
  /** Unit in brackets or after a slash, folded: '亩', '万元'. */
  unit: string | null
  /** Year named in the heading or its group. */
  year: number | null
}

export function readHeading(heading: string): Heading {
  const whole = foldHeading(heading)
  const parts = whole.replace(/#\d+$/, '').split(/\/(?![^([【]*[)\]】])/)
  const known = isAlias(whole)
  const last = known ? whole : (parts[parts.length - 1] ?? whole)
  const year = /((?:19|20)\d{2})年?度?/.exec(whole)
  const unit = /[([【〔]([^)\]】〕]*)[)\]】〕]$/.exec(whole)
  const withoutYear = last.replace(/(19|20)\d{2}年?度?/, '')
  const folded = withoutYear === '' ? last : withoutYear
  return { folded, plain: plainHeading(folded) || folded, unit: unit?.[1] ?? null, year: year ? Number(year[1]) : null }
}

/** Target fields of an import: entity fields by name, plus fields of its own. */
export type TargetFields = Readonly<Record<string, Field>>

/** Columns named like these hold codes of linked parcels, several in a cell. */
export const LINKED_PARCELS: Field = {
  kind: 'text',
  zh: '地块编号',
  en: 'Parcels',
  aliases: ['地块编号', '地块', '所用地块', '关联地块', '涉及地块', 'parcels', 'parcel_codes', 'parcel_code', 'parcel'],
}

/** 'stated_area_m2' is compared with the outline, never stored. */
export const STATED_AREA: Field = {
  kind: 'real',
  zh: '面积',
  en: 'Area',
  unit: 'm²',
  min: 0,
  aliases: ['面积', '图斑面积', '地块面积', 'mj', 'tbmj', 'dkmj', 'area', 'area_m2', '椭球面积'],
}

const aliasesOf = (name: string, field: Field): string[] => [
  ...new Set([...(field.aliases ?? []), field.zh, name, field.en].map(foldHeading)),
]

let everyAlias: Set<string> | undefined

function isAlias(folded: string): boolean {
  if (!everyAlias) {
    everyAlias = new Set()
    const tables: EntityName[] = ['parcel', 'enterprise', 'enterprise_year', 'report_unit', 'boundary_feature']
    for (const table of tables) {
      for (const [name, field] of Object.entries(ENTITIES[table].fields as FieldTable)) {
        for (const alias of aliasesOf(name, field)) everyAlias.add(alias)
      }
    }
    for (const alias of [...LINKED_PARCELS.aliases!, ...STATED_AREA.aliases!, '序号'])
      everyAlias.add(foldHeading(alias))
  }
  return everyAlias.has(folded)
}

/** True for a heading that some field of the trade is known by. */
export function isKnownHeading(text: string): boolean {
  if (text.trim() === '' || text.length > 60) return false
  const { folded, plain } = readHeading(text)
  return isAlias(folded) || isAlias(plain)
}

/**
 * Proposes target field → source column. The nearest name wins (exact before bracketless, earlier alias before later);
 * each column serves one field. `year` prefers columns headed with that year and passes over those of other years.
 */
export function proposeMapping(
  targets: TargetFields,
  columns: readonly string[],
  year?: number,
): Record<string, string> {
  const candidates: { field: string; column: string; cost: number }[] = []
  const read = columns.map(column => ({ column, heading: readHeading(column) }))
  for (const [name, field] of Object.entries(targets)) {
    if (field.kind === 'geometry' || (field.derived && name !== 'stated_area_m2')) continue
    const aliases = aliasesOf(name, field)
    read.forEach(({ column, heading }, position) => {
      if (year !== undefined && heading.year !== null && heading.year !== year) return
      const exact = aliases.indexOf(heading.folded)
      const loose = aliases.indexOf(heading.plain)
      const rank = exact >= 0 ? exact : loose >= 0 ? loose + 100 : -1
      if (rank < 0) return
      const dated = year !== undefined && heading.year === year ? -50 : 0
      candidates.push({ field: name, column, cost: (rank + dated) * 10_000 + position })
    })
  }
  candidates.sort((a, b) => a.cost - b.cost)
  const mapping: Record<string, string> = {}
  const used = new Set<string>()
  for (const { field, column } of candidates) {
    if (Object.hasOwn(mapping, field) || used.has(column)) continue
    mapping[field] = column
    used.add(column)
  }
  return mapping
}

/** Identity of a source by its columns, under which a mapping is remembered. */
export function columnSignature(kind: string, columns: readonly string[]): string {
  return `${kind}:${[...columns].map(foldHeading).sort().join('|')}`
}
