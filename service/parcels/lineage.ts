/**
 * What follows the land when parcels are divided or joined, in the transaction of the edit itself.
 *
 * Divided: the children take over the parent's values, enterprises (used area by share of area), zones and plans. Figures
 * that were written down for the whole (registered, approved, used, floor area) are unknown for a part. Visits, photos,
 * checks and cases stay with the parent, which is kept as deleted and named by `parent_id` (domain §4, §11.2).
 * Joined: the survivor keeps code and values, and takes visits and photos over; figures of the whole are summed where all
 * are known.
 */
import { ENTITIES } from '../../shared/model/entity.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import type { Transaction } from '../db/transaction.ts'
import { findRecord } from '../records/records-repo.ts'
import {
  codesBeginning,
  membershipsOf,
  membersLinkedTo,
  occupanciesOf,
  photosOn,
  plansWith,
  visitsOn,
} from './lineage-repo.ts'

type Values = Record<string, unknown>

/** Written down for the whole parcel: no part has them, and a union has their sum. */
const FIGURES_OF_THE_WHOLE = ['area_registered_m2', 'area_approved_m2', 'area_used_m2', 'floor_area_m2'] as const
/** Red flags: a part may have all of it, so it is never dropped. */
const WARNING_AREAS = ['overlap_farmland_m2', 'overlap_eco_m2'] as const
const MARK = ['side_marked', 'side_mark_reason', 'side_mark_note', 'side_marked_by', 'side_marked_at'] as const

/** Values of a parcel that a person or a file gave it. */
export function ownValues(record: Readonly<Values>): Values {
  const values: Values = {}
  for (const [name, field] of Object.entries(ENTITIES.parcel.fields as FieldTable))
    if (field.kind !== 'geometry' && !field.derived) values[name] = record[name] ?? null
  return values
}

/**
 * Values of a part of `parent`. The batch stays with the parent: rolling an import back must not take parts with it.
 * A mark "crossing" is answered by the split; `keepsMark` is false where the split follows the boundary itself.
 */
export function valuesOfPart(parent: Readonly<Values>, code: string, areaM2: number, keepsMark: boolean): Values {
  const values: Values = { ...ownValues(parent), code, parent_id: parent['id'], import_batch: null }
  for (const name of FIGURES_OF_THE_WHOLE) values[name] = null
  for (const name of WARNING_AREAS) {
    const whole = parent[name]
    values[name] = typeof whole === 'number' ? Math.min(whole, areaM2) : null
  }
  if (!keepsMark || parent['side_marked'] === 'crossing') for (const name of MARK) values[name] = null
  return values
}

/** Figures of a union: sums of what is known for all; red flags are summed as far as they are known. */
export function figuresOfUnion(records: readonly Readonly<Values>[]): Values {
  const values: Values = {}
  for (const name of [...FIGURES_OF_THE_WHOLE, ...WARNING_AREAS]) {
    const known = records.map(record => record[name]).filter((value): value is number => typeof value === 'number')
    const isFlag = (WARNING_AREAS as readonly string[]).includes(name)
    const counts = isFlag ? known.length > 0 : known.length === records.length
    values[name] = counts ? known.reduce((sum, value) => sum + value, 0) : null
  }
  return values
}

/** `CODE-1`, `CODE-2` …, leaving out what is taken (domain §4). */
export function childCodes(tx: Pick<Transaction, 'db'>, code: string, count: number): string[] {
  const taken = codesBeginning(tx.db, `${code}-`)
  const codes: string[] = []
  for (let number = 1; codes.length < count; number++) {
    const candidate = `${code}-${number}`
    if (!taken.has(candidate)) codes.push(candidate)
  }
  return codes
}

/** Gives what hung on the parent to its children; the parent itself is removed by the caller. */
export function handDown(
  tx: Transaction,
  parentId: string,
  children: readonly { readonly id: string; readonly areaM2: number }[],
): void {
  const total = children.reduce((sum, child) => sum + child.areaM2, 0)
  for (const row of occupanciesOf(tx.db, parentId)) {
    const values = valuesOf(tx, 'occupancy', row.id)
    tx.remove('occupancy', row.id)
    for (const child of children) {
      const used = row.used_area_m2 === null ? null : (row.used_area_m2 * child.areaM2) / total
      tx.create('occupancy', { ...values, parcel_id: child.id, used_area_m2: used })
    }
  }
  const [first] = children
  for (const row of membershipsOf(tx.db, parentId)) {
    const values = valuesOf(tx, 'zone_member', row.id)
    tx.remove('zone_member', row.id)
    for (const child of children) tx.create('zone_member', { ...values, parcel_id: child.id, joined_on: null })
  }
  for (const member of membersLinkedTo(tx.db, parentId))
    tx.update('zone_member', member.id, { linked_to: first && member.parcel_id !== first.id ? first.id : null })
  for (const plan of plansWith(tx.db, parentId)) {
    const ids = plan.parcel_ids.flatMap(id => (id === parentId ? children.map(child => child.id) : [id]))
    tx.update('plan', plan.id, { parcel_ids: ids })
  }
}

/** Gives what hung on the absorbed parcels to the survivor. A zone of a year in which the survivor has one is left. */
export function takeOver(tx: Transaction, survivorId: string, absorbedIds: readonly string[]): void {
  for (const absorbedId of absorbedIds) {
    const present = occupanciesOf(tx.db, survivorId)
    for (const row of occupanciesOf(tx.db, absorbedId)) {
      const same = present.find(other => other.enterprise_id === row.enterprise_id && other.role === row.role)
      if (!same) {
        tx.update('occupancy', row.id, { parcel_id: survivorId })
        continue
      }
      tx.remove('occupancy', row.id)
      const known = same.used_area_m2 !== null && row.used_area_m2 !== null
      tx.update('occupancy', same.id, { used_area_m2: known ? same.used_area_m2! + row.used_area_m2! : null })
    }
    const years = new Set(membershipsOf(tx.db, survivorId).map(member => member.year))
    for (const row of membershipsOf(tx.db, absorbedId)) {
      if (years.has(row.year)) tx.remove('zone_member', row.id)
      else {
        const isSelf = row.linked_to === survivorId
        tx.update('zone_member', row.id, { parcel_id: survivorId, ...(isSelf ? { linked_to: null } : {}) })
      }
    }
    for (const member of membersLinkedTo(tx.db, absorbedId))
      tx.update('zone_member', member.id, { linked_to: member.parcel_id === survivorId ? null : survivorId })
    // No parent names an absorbed parcel: what was seen there is the survivor's now.
    for (const visit of visitsOn(tx.db, absorbedId)) tx.update('survey_visit', visit, { parcel_id: survivorId })
    for (const photo of photosOn(tx.db, absorbedId)) tx.update('attachment', photo, { owner_id: survivorId })
    for (const plan of plansWith(tx.db, absorbedId)) {
      const ids = plan.parcel_ids.map(id => (id === absorbedId ? survivorId : id))
      tx.update('plan', plan.id, { parcel_ids: [...new Set(ids)] })
    }
  }
}

function valuesOf(tx: Transaction, entity: 'occupancy' | 'zone_member', id: string): Values {
  const record = findRecord(tx.db, entity, { id })!
  const names = Object.keys(ENTITIES[entity].fields)
  return Object.fromEntries(names.map(name => [name, record[name] ?? null]))
}
