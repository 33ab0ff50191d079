/**
 * The role table enforced: every procedure before it runs, every edit before it is committed, and personal data in every
 * answer. Roles come from the profile of this computer.
 */
import { AppError } from '../../shared/contract/errors.ts'
import { ENTITIES, type EntityName } from '../../shared/model/entity.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import {
  isOwnRow,
  masked,
  mayCall,
  maySeePersonal,
  mayWriteRecord,
  type Person,
} from '../../shared/rules/roles/roles.ts'
import { type Fields, unitSource } from '../../shared/sync/scope.ts'
import { changesOfEdit, type Patch } from '../db/change-log.ts'
import type { Db } from '../db/open.ts'
import { type ColumnValue, fromColumn, type Row, selectColumns } from '../db/rows.ts'
import { get } from '../db/sql.ts'
import type { Commit, Profile, Store } from '../db/store.ts'

export function personOf(profile: Profile): Person {
  return { role: profile.role as Person['role'], unit: profile.unit, department: profile.department ?? null }
}

/** Refuses a procedure that the role may not call. */
export function refuseProcedure(profile: Profile, path: readonly string[]): void {
  const [area = '', name = ''] = path
  const { role } = personOf(profile)
  if (mayCall(role, area, name)) return
  throw new AppError('refused', `“${labelOf('role', role)}”不能办理这项工作`, {
    reason: 'role_procedure',
    values: { role },
  })
}

export function installRoleGuard(store: Store): void {
  store.addCommitHook(judge)
}

/** Undo and redo too: what a role may not write it may not write backwards. */
const JUDGED: ReadonlySet<string> = new Set(['user', 'undo', 'redo'])

function judge({ db, before, edit, profile, touched }: Commit): void {
  if (!touched || !JUDGED.has(edit.kind)) return
  const changes = changesOfEdit(db, edit.seq)
  // A step of the closed loop has its own competences and moves what belongs to it.
  if (changes.some(change => change.entity === 'state_change')) return
  const person = personOf(profile)
  for (const { entity, entity_id: id, patch, op } of changes) {
    const fields = Object.keys(JSON.parse(patch) as Patch)
    const row = rowOf(db, entity, id)
    const barred = mayWriteRecord(person, entity, fields, valuesOf(entity, row))
    if (barred !== null) throw notAllowed(person, entity, barred)
    // Corners that come to lie on a neighbour's edge become its corners too: its outline is not its row.
    if (op === 'update' && fields.length === 0) continue
    for (const source of [db, before]) {
      const unit = unitOf(source, entity, rowOf(source, entity, id))
      if (!isOwnRow(person, unit)) {
        throw new AppError('refused', `不能修改其他单位的${ENTITIES[entity].zh}`, {
          reason: 'role_unit',
          values: { entity, unit: unit ?? '' },
        })
      }
    }
  }
}

function notAllowed(person: Person, entity: EntityName, barred: string): AppError {
  const message = `“${labelOf('role', person.role)}”不能修改${ENTITIES[entity].zh}`
  return new AppError('refused', message, { reason: `role_${barred}`, values: { entity, role: person.role } })
}

function rowOf(db: Db, entity: EntityName, id: string): Row | undefined {
  return get<Row>(db, `SELECT ${selectColumns(entity, 'r')} FROM ${entity} r WHERE r.id = ?`, [id])
}

function valuesOf(entity: EntityName, row: Row | undefined): Record<string, unknown> {
  const fields = ENTITIES[entity].fields as FieldTable
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [name, fromColumn(fields[name], value as ColumnValue)]),
  )
}

/** Parents of parents: a measure belongs to a plan, that to an enterprise. */
const MAX_PARENTS = 4

function unitOf(db: Db, entity: EntityName, row: Row | undefined, depth = 0): string | null {
  if (!row) return null
  const source = unitSource(entity, row as Fields)
  if ('unit' in source) return source.unit
  if (depth >= MAX_PARENTS) return null
  return unitOf(db, source.parent.entity, rowOf(db, source.parent.entity, source.parent.id), depth + 1)
}

/** The unit that a stored record belongs to; null when nobody has said, '' for the county's own. */
export function unitOfRecord(db: Db, entity: EntityName, id: string): string | null {
  return unitOf(db, entity, rowOf(db, entity, id))
}

const PERSONAL: ReadonlySet<string> = new Set(['legal_person', 'phone', 'contact'])

/** A flat record of one unit with personal data masked where the person may not see them. */
export function maskRecord(profile: Profile, record: Record<string, unknown>): Record<string, unknown> {
  return maskPersonal(profile, record) as Record<string, unknown>
}

/** An answer with personal data masked where the person may not see them; streams and bytes pass. */
export function maskPersonal(profile: Profile, answer: unknown): unknown {
  const person = personOf(profile)
  const isBound = (person.role === 'inspector' || person.role === 'township') && person.unit !== null
  if (!isBound && maySeePersonal(person, null)) return answer
  return walk(person, answer)
}

function walk(person: Person, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(item => walk(person, item))
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  const record = value as Record<string, unknown>
  const unit = typeof record['unit'] === 'string' ? record['unit'] : null
  const hides = !maySeePersonal(person, unit)
  // An item of a history names its field and carries both values.
  const isPersonalChange = hides && typeof record['field'] === 'string' && PERSONAL.has(record['field'])
  return Object.fromEntries(
    Object.entries(record).map(([name, inner]) => {
      const isPersonal = (hides && PERSONAL.has(name)) || (isPersonalChange && (name === 'from' || name === 'to'))
      if (isPersonal && typeof inner === 'string') return [name, masked(inner)]
      return [name, typeof inner === 'object' ? walk(person, inner) : inner]
    }),
  )
}
