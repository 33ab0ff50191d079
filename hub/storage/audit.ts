/** Who did what, from where, and what was refused: enrolment, push, pull and every refusal with its reason. */
import { newId } from './survey-state.ts'
import type { HubDb, HubTables } from './tables.ts'

export type AuditEntry = Omit<HubTables['audit'], 'id' | 'at'>

export async function audit(db: HubDb, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({ id: newId(), at: new Date().toISOString(), ...entry })
    .execute()
}
