/**
 * Dates what people do to zones, whichever way they do it: every step of a zone's state, its end, and when parcels joined and
 * left it (docs/decisions/0151-days-of-zones.md). Undo, redo and what comes from other computers bring their own days.
 */
import { daysOfChange, type ZoneDayField } from '../../shared/rules/zone-days.ts'
import type { Row } from './rows.ts'
import { get } from './sql.ts'
import type { Transaction } from './transaction.ts'

/** `today` is a day of China. A zone taken in for a year that is over gets no day of planning: nobody planned it today. */
export function datingZones(tx: Transaction, today: string): Transaction {
  const undated = new Set<string>()
  const create: Transaction['create'] = (entity, values, geometry, id) => {
    if (entity === 'zone') {
      const isOver = Number(values['year']) < Number(today.slice(0, 4))
      const days = isOver ? {} : daysOfChange(null, values['status'], values, today)
      const made = tx.create(entity, { ...values, ...days }, geometry, id)
      if (isOver && values['planned_on'] == null) undated.add(made)
      return made
    }
    if (entity !== 'zone_member') return tx.create(entity, values, geometry, id)
    const joined = undated.has(String(values['zone_id'])) ? null : today
    return tx.create(entity, { ...values, joined_on: values['joined_on'] ?? joined }, geometry, id)
  }
  const update: Transaction['update'] = (entity, id, values, options) => {
    const row = entity === 'zone' && values['status'] !== undefined ? rowOf(tx, 'zone', id) : undefined
    if (!row || row['status'] === values['status']) return tx.update(entity, id, values, options)
    const days = daysOfChange(row['status'], values['status'], { ...row, ...values }, today)
    // What is written by hand in the same step stands.
    const open = Object.entries(days).filter(([field]) => values[field as ZoneDayField] == null)
    return tx.update(entity, id, { ...values, ...Object.fromEntries(open) }, options)
  }
  const remove: Transaction['remove'] = (entity, id) => {
    if (entity === 'zone') tx.update(entity, id, { ended_on: today })
    if (entity === 'zone_member') tx.update(entity, id, { left_on: today })
    return tx.remove(entity, id)
  }
  return { ...tx, create, update, remove }
}

function rowOf(tx: Transaction, entity: 'zone', id: string): Row | undefined {
  return get<Row>(tx.db, `SELECT * FROM ${entity} WHERE id = ?`, [id])
}
