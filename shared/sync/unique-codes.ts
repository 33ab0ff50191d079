/**
 * What may stand only once among live records: the UNIQUE indexes of the survey file (service/db/migrations/0010). Two
 * laptops that are apart can give the same code twice; hub and bundle notice it by this table.
 */
import type { EntityName } from '../model/entity.ts'
import type { MergeState } from './merge.ts'

export interface UniqueCode {
  readonly name: string
  readonly entity: EntityName
  readonly fields: readonly string[]
  /**
   * What becomes of the later one of twins until a person decides. `rename`: it keeps living under a provisional code;
   * `clear`: the field is emptied; `delete`: the record is kept as a deleted one. The wanted value is in the conflict.
   */
  readonly twin: 'rename' | 'clear' | 'delete'
}

export const UNIQUE_CODES: readonly UniqueCode[] = [
  { name: 'report_unit_code', entity: 'report_unit', fields: ['code'], twin: 'rename' },
  { name: 'enterprise_code', entity: 'enterprise', fields: ['code'], twin: 'rename' },
  { name: 'enterprise_uscc', entity: 'enterprise', fields: ['uscc'], twin: 'clear' },
  { name: 'parcel_code', entity: 'parcel', fields: ['code'], twin: 'rename' },
  { name: 'boundary_version_code', entity: 'boundary_version', fields: ['code'], twin: 'rename' },
  { name: 'plan_code', entity: 'plan', fields: ['code'], twin: 'rename' },
  { name: 'zone_code', entity: 'zone', fields: ['code'], twin: 'rename' },
  { name: 'enterprise_year_key', entity: 'enterprise_year', fields: ['enterprise_id', 'year'], twin: 'delete' },
  { name: 'occupancy_key', entity: 'occupancy', fields: ['enterprise_id', 'parcel_id', 'role'], twin: 'delete' },
  { name: 'zone_member_key', entity: 'zone_member', fields: ['zone_id', 'parcel_id'], twin: 'delete' },
  { name: 'plan_version', entity: 'plan', fields: ['enterprise_id', 'year', 'version'], twin: 'delete' },
  { name: 'list_entry_live', entity: 'list_entry', fields: ['enterprise_id'], twin: 'delete' },
]

export function uniqueCodesOf(entity: EntityName): readonly UniqueCode[] {
  return UNIQUE_CODES.filter(code => code.entity === entity)
}

/** The key under which a live record holds the code, or undefined when it holds none (deleted, or a part is null). */
export function codeKey(code: UniqueCode, state: MergeState): string | undefined {
  if (state.deleted) return undefined
  const parts = code.fields.map(field => state.fields[field] ?? null)
  return parts.includes(null) ? undefined : JSON.stringify(parts)
}

/** A code that nobody else has: the wanted one and the end of the record's id (its random part). */
export function provisionalCode(wanted: string, id: string): string {
  return `${wanted}~${id.slice(-8)}`
}
