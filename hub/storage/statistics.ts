/**
 * PostgreSQL looks at a table's size once a minute at best. A county that goes up in that minute would be read as if it
 * were a table of some hundred rows: sorted anew for every page of every first download.
 */
import { PostgresAdapter, sql } from 'kysely'
import type { HubDb } from './tables.ts'

const FIRST = 5000
const due = new WeakMap<HubDb, number>()

/** Has the tables looked at whenever the sequence has doubled. Goes on beside the pushes; a failure costs speed only. */
export function keepStatistics(db: HubDb, head: number): void {
  if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return
  const at = due.get(db) ?? FIRST
  if (head < at) return
  due.set(db, Math.max(FIRST, head * 2))
  sql`ANALYZE row_state, row_history, code_key, reference, receipt`.execute(db).catch(() => undefined)
}
