/** Who did what, from where, and what was refused: enrolment, push, pull and every refusal with its reason. */
import { insertAll } from './recordset.ts'
import { newId } from './survey-state.ts'
import type { HubDb, HubTables } from './tables.ts'

export type AuditEntry = Omit<HubTables['audit'], 'id' | 'at'>

const AUDIT = {
  id: 'text',
  at: 'text',
  device: 'text',
  address: 'text',
  action: 'text',
  outcome: 'text',
  detail: 'text',
} as const

interface Pending {
  entries: AuditEntry[]
  written: Promise<void>
}
const pending = new WeakMap<HubDb, Pending>()

/** On disk when the promise is kept; what comes in the same moment shares a commit. */
export function audit(db: HubDb, entry: AuditEntry): Promise<void> {
  const open = pending.get(db)
  if (open) {
    open.entries.push(entry)
    return open.written
  }
  const entries = [entry]
  const written = new Promise<void>(next => setImmediate(next)).then(() => {
    pending.delete(db)
    return auditAll(db, entries)
  })
  pending.set(db, { entries, written })
  return written
}

export async function auditAll(db: HubDb, entries: readonly AuditEntry[]): Promise<void> {
  const at = new Date().toISOString()
  const rows = entries.map(entry => ({ id: newId(), at, ...entry }))
  await insertAll(db, 'audit', AUDIT, rows)
}
