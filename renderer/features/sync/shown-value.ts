/** Values of conflicts and patches as people read them. */
import { type EntityName, fieldOf } from '../../../shared/model/entity.ts'
import { UNKNOWN, wordList } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'

/** Terms for codes, lists joined, a dash for unknown. */
export function shownValue(entity: EntityName, field: string | null, value: unknown): string {
  if (value === null || value === undefined || value === '') return UNKNOWN
  const name = field === null ? undefined : fieldOf(entity, field)?.enumeration
  if (Array.isArray(value))
    return wordList(value.map(entry => (name ? term(name, String(entry)) : String(entry)))) || UNKNOWN
  if (name) return term(name, String(value))
  if (typeof value === 'boolean') return value ? '✓' : '✗'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
