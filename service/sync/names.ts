/** Records by the names that people know them by. */
import { ENTITIES, type EntityName } from '../../shared/model/entity.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import type { Db } from '../db/open.ts'
import type { Row } from '../db/rows.ts'
import { get } from '../db/sql.ts'

/** Code and name, or those of the record that it belongs to; '' when it is not here. */
export function nameOf(db: Db, entity: EntityName, id: string, depth = 0): string {
  const row = get<Row>(db, `SELECT * FROM ${entity} WHERE id = ?`, [id])
  if (!row) return ''
  const own = [row['code'], row['name'] ?? row['file_name']].filter(part => typeof part === 'string' && part !== '')
  if (own.length > 0) return own.join(' ')
  if (depth > 2) return ''
  const year = typeof row['year'] === 'number' ? ` ${row['year']}` : ''
  const parents: string[] = []
  for (const [name, field] of Object.entries(ENTITIES[entity].fields as FieldTable)) {
    const target = row[name]
    if (field.kind !== 'ref' || typeof target !== 'string' || !field.ref || !(field.ref in ENTITIES)) continue
    const parent = nameOf(db, field.ref as EntityName, target, depth + 1)
    if (parent !== '' && parents.length < 2) parents.push(parent)
  }
  return parents.join(' · ') + year
}
