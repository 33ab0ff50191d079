/** Land that computers took into the ledger apart: one row stays and takes over what only the others say. */
import { AppError } from '../../shared/contract/errors.ts'
import type { FreedKept } from '../../shared/contract/freed.ts'
import { FREED_LAND_FIELDS } from '../../shared/model/entities/closed-loop.ts'
import { all } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { freedParcels, freedRecords } from './freed-repo.ts'
import { sameLand } from './freed-view.ts'

type Field = keyof typeof FREED_LAND_FIELDS
/** They are the same in all rows, or say nothing about the land. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['parcel_id', 'source', 'source_entity', 'source_id', 'withdrawn'])

/**
 * Keeps a row and removes the other live rows for the same land by the same evidence, as one undoable step. Fields that are
 * empty in the kept row take the first value of the others, in the order they were taken in; a field in which both say
 * something stays as the kept row has it and is named in `lost`. Attachments move to the kept row; the history of the
 * removed rows stays in the log. Refused when the row is gone, withdrawn or alone.
 */
export async function keepOneRow(store: Store, id: string): Promise<FreedKept> {
  const name = nameOf(store, id)
  const { result, edit } = await store.mutate({ label: 'freed_kept_one', values: { name } }, tx => {
    const records = freedRecords(tx.db)
    const kept = records.find(record => record.id === id)
    if (!kept)
      throw new AppError('not_found', '找不到可供地', { reason: 'record_not_found', values: { entity: 'freed_land' } })
    const others = kept.withdrawn === 1 ? [] : sameLand(records, kept).filter(record => record.id !== id)
    if (others.length === 0)
      throw new AppError('refused', `“${name}”没有重复登记的行`, { reason: 'freed_not_twice', values: { name } })
    const values: Partial<Record<Field, unknown>> = {}
    const lost = new Set<Field>()
    for (const field of Object.keys(FREED_LAND_FIELDS) as Field[]) {
      if (NOT_TAKEN.has(field)) continue
      for (const other of others) {
        const [own, theirs] = [values[field] ?? kept[field], other[field]]
        if (theirs === null) continue
        if (own === null) values[field] = theirs
        else if (own !== theirs) lost.add(field)
      }
    }
    if (Object.keys(values).length > 0) tx.update('freed_land', id, values)
    for (const other of others) {
      for (const attachment of attachmentsOf(tx.db, other.id)) tx.update('attachment', attachment, { owner_id: id })
      tx.remove('freed_land', other.id)
    }
    return { removed: others.map(other => other.id), taken: Object.keys(values), lost: [...lost] }
  })
  return { id, edit, ...result }
}

function attachmentsOf(db: Store['read'], id: string): string[] {
  const rows = all<{ id: string }>(
    db,
    "SELECT id FROM attachment WHERE owner_entity = 'freed_land' AND owner_id = ? AND deleted = 0 ORDER BY pk",
    [id],
  )
  return rows.map(row => row.id)
}

function nameOf(store: Store, id: string): string {
  const parcelId = freedRecords(store.read).find(record => record.id === id)?.parcel_id
  return parcelId === undefined ? '' : (freedParcels(store.read, [parcelId]).get(parcelId)?.code ?? '')
}
