/**
 * Which rows a device gets and may write. Every row belongs to a report unit, or to everybody (the county's own tables),
 * or, while nobody has said to which unit, to the county alone. Devices of the county (unit null) get and write all.
 */
import { ENTITIES, type EntityName, isEntityName } from '../model/entity.ts'
import type { FieldTable } from '../model/field.ts'
import type { ColumnValue } from './merge.ts'

/** Read by everybody, written by the county only. */
export const COUNTY_TABLES: readonly EntityName[] = [
  'campaign',
  'report_unit',
  'boundary_version',
  'boundary_feature',
  'rule_set',
  'score_standard',
  'target',
  'published_report',
  'assessment_table',
  'plan_template',
]
const SHARED: ReadonlySet<EntityName> = new Set(COUNTY_TABLES)

/** Their `unit` field says it. */
const OWN_UNIT: ReadonlySet<EntityName> = new Set([
  'enterprise',
  'parcel',
  'zone',
  'monthly_snapshot',
  'report_note',
  'app_user',
  'small_park',
  'two_high',
])

/** A child belongs where its first named parent belongs. */
const PARENTS: Partial<Record<EntityName, readonly string[]>> = {
  enterprise_year: ['enterprise_id'],
  occupancy: ['parcel_id'],
  survey_visit: ['parcel_id', 'enterprise_id'],
  compliance_check: ['plan_id', 'visit_id', 'enterprise_id'],
  list_entry: ['enterprise_id'],
  plan: ['enterprise_id'],
  measure: ['plan_id'],
  milestone: ['plan_id'],
  reclamation: ['parcel_id'],
  standard_land: ['parcel_id'],
  freed_land: ['parcel_id'],
  idle_case: ['parcel_id'],
  zone_member: ['zone_id'],
  acceptance: ['plan_id', 'parcel_id', 'zone_id'],
  look_back: ['list_entry_id'],
  state_change: ['list_entry_id'],
  approval: ['plan_id'],
}

/** For everybody. */
export const UNIT_OF_ALL = null
/** Not yet of any unit: only the county sees it. */
export const UNIT_OF_NONE = ''

export type Fields = Readonly<Record<string, ColumnValue>>

export interface Reference {
  readonly field: string
  readonly entity: EntityName
  readonly id: string
}

const pointers = new Map<EntityName, readonly Omit<Reference, 'id'>[]>()

/** Fields that point at a record of another table, in their order. */
function pointersOf(entity: EntityName): readonly Omit<Reference, 'id'>[] {
  const known = pointers.get(entity)
  if (known) return known
  const found: Omit<Reference, 'id'>[] = []
  for (const [field, { kind, ref }] of Object.entries(ENTITIES[entity].fields as FieldTable))
    if (kind === 'ref' && ref !== undefined && isEntityName(ref)) found.push({ field, entity: ref })
  pointers.set(entity, found)
  return found
}

/** The records that a record points at, in the order of its fields. */
export function referencesOf(entity: EntityName, fields: Fields): Reference[] {
  const found: Reference[] = []
  for (const pointer of pointersOf(entity)) {
    const id = fields[pointer.field]
    if (typeof id === 'string' && id !== '') found.push({ ...pointer, id })
  }
  const [owner, ownerId] = [fields['owner_entity'], fields['owner_id']]
  if (entity === 'attachment' && typeof owner === 'string' && typeof ownerId === 'string' && isEntityName(owner))
    found.push({ field: 'owner_id', entity: owner, id: ownerId })
  return found
}

/** Where a row's unit is to be read: said by the row itself, or by that parent. */
export function unitSource(entity: EntityName, fields: Fields): { unit: string | null } | { parent: Reference } {
  if (SHARED.has(entity)) return { unit: UNIT_OF_ALL }
  if (OWN_UNIT.has(entity)) {
    const unit = fields['unit']
    return { unit: typeof unit === 'string' ? unit : UNIT_OF_NONE }
  }
  const names = entity === 'attachment' ? ['owner_id'] : (PARENTS[entity] ?? [])
  const references = referencesOf(entity, fields)
  for (const name of names) {
    const parent = references.find(reference => reference.field === name)
    if (parent) return { parent }
  }
  return { unit: UNIT_OF_NONE }
}

/** True when a device of `device` (null: the county) gets rows of `unit`. */
export function mayRead(device: string | null, unit: string | null): boolean {
  return device === null || unit === UNIT_OF_ALL || unit === device
}

/** True when a device of `device` may write a row that was of `before` (undefined: new) and would be of `after`. */
export function mayWrite(device: string | null, before: string | null | undefined, after: string | null): boolean {
  return device === null || ((before === undefined || before === device) && after === device)
}
