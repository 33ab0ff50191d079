/** Whether a patch fits the entity tables. What does not is refused with the name of the reason, never trimmed to fit. */
import { ENTITIES, fieldOf, geometryFieldOf } from '../model/entity.ts'
import type { Field, FieldTable } from '../model/field.ts'
import type { ColumnValue } from './merge.ts'
import type { SyncPatch } from './protocol.ts'

/** Written once: a published figure is never changed, its correction is another record. */
const WRITTEN_ONCE: ReadonlySet<string> = new Set(['published_report', 'monthly_snapshot'])
const LONGEST_TEXT = 200_000

/** The reason for which a patch cannot be taken, or undefined. */
export function invalidity(patch: SyncPatch): string | undefined {
  if (WRITTEN_ONCE.has(patch.entity) && patch.op !== 'create') return 'written_once'
  for (const [name, [, now]] of Object.entries(patch.fields)) {
    const field = fieldOf(patch.entity, name)
    if (!field || field.kind === 'geometry') return `unknown_field ${name}`
    if (field.derived) return `derived_field ${name}`
    if (!fits(field, now)) return `invalid_value ${name}`
  }
  if (patch.op === 'create') {
    for (const [name, field] of Object.entries(ENTITIES[patch.entity].fields as FieldTable)) {
      const isThere = field.kind === 'geometry' ? patch.geometry : Object.hasOwn(patch.fields, name)
      if (field.required && !field.derived && !isThere) return `missing_field ${name}`
    }
  }
  if (patch.geometry) {
    const name = geometryFieldOf(patch.entity)
    if (name === undefined) return 'unknown_field geometry'
    if (fieldOf(patch.entity, name)?.required && patch.geometry.to === null) return 'invalid_value geometry'
  }
  return undefined
}

function fits(field: Field, value: ColumnValue): boolean {
  if (value === null) return !field.required
  switch (field.kind) {
    case 'integer':
    case 'real':
      return typeof value === 'number' && value >= (field.min ?? -Infinity) && value <= (field.max ?? Infinity)
    case 'boolean':
      return value === 0 || value === 1
    case 'codes':
    case 'json':
      return typeof value === 'string' && value.length <= LONGEST_TEXT && isJson(value)
    default:
      return typeof value === 'string' && value.length <= (field.maxLength ?? LONGEST_TEXT)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
