/**
 * Reading cut to the own unit (`shared/rules/roles/reading.ts`) for every procedure: lists are asked for the own unit, records of others
 * are refused by what the call names, and what still stands in an answer is left out.
 */
import { AppError } from '../../shared/contract/errors.ts'
import { ENTITIES, type EntityName, isEntityName } from '../../shared/model/entity.ts'
import { boundUnit, isForeign, isOpenToAll, NARROWED } from '../../shared/rules/roles/reading.ts'
import { isForAll } from '../../shared/rules/roles/roles.ts'
import type { Db } from '../db/open.ts'
import type { Profile, Store } from '../db/store.ts'
import { personOf, unitOfRecord } from './role-guard.ts'

type Fields = Record<string, unknown>

/** Keys of inputs and rows that name a record. */
const NAMES: Readonly<Record<string, EntityName>> = {
  enterprise_id: 'enterprise',
  plan_id: 'plan',
  visit_id: 'survey_visit',
  zone_id: 'zone',
}
/** What a bare `id` (or `from` and `to`) means in an area. */
const AREAS: Readonly<Record<string, EntityName>> = {
  enterprises: 'enterprise',
  plans: 'plan',
  visits: 'survey_visit',
  attachments: 'attachment',
}

export interface ReadingCut {
  /** Input narrowed to the own unit; throws for a record of another one. Called before the procedure. */
  input(input: unknown): void
  /** The answer without what is of others; throws when it is itself of others. Streams are cut event by event. */
  output(answer: unknown): unknown
}

/** Null when this person's reading is not cut, or not in this procedure. */
export function readingCut(store: Store | undefined, profile: Profile, path: readonly string[]): ReadingCut | null {
  const bound = boundUnit(personOf(profile))
  const [area = '', name = ''] = path
  // What only some may call writes; whose rows those may be is judged at the commit.
  if (bound === null || store === undefined || !isForAll(area, name) || isOpenToAll(area, name)) return null
  const cut = new Cut(store.read, bound, area, name)
  return { input: input => cut.narrow(input), output: answer => cut.without(answer) }
}

/** Refuses a record of another unit by its id: for what travels outside the procedures, such as pictures. */
export function refuseForeignRecord(store: Store, profile: Profile, entity: EntityName, id: string): void {
  const bound = boundUnit(personOf(profile))
  if (bound === null) return
  const unit = unitOfRecord(store.read, entity, id)
  if (isForeign(bound, unit)) throw refusedUnit(unit!, entity)
}

function refusedUnit(unit: string, entity?: EntityName): AppError {
  const what = entity ? ENTITIES[entity].zh : '数据'
  return new AppError('refused', `您的角色只能查看本单位的${what}`, {
    reason: 'role_read_unit',
    values: { unit, entity: entity ?? '' },
  })
}

class Cut {
  private readonly db: Db
  private readonly bound: string
  private readonly area: string
  private readonly name: string
  /** What the rows of `loop.related` are. */
  private related: EntityName | undefined

  constructor(db: Db, bound: string, area: string, name: string) {
    this.db = db
    this.bound = bound
    this.area = area
    this.name = name
  }

  narrow(input: unknown): void {
    if (!isFields(input)) return
    const place = NARROWED[`${this.area}.${this.name}`]
    if (place !== undefined) this.narrowAt(input, place)
    // Land is for everybody; what stands on it is left out of the answer.
    if (this.area === 'parcels') return
    this.refuseNamed(input)
  }

  private narrowAt(input: Fields, place: string): void {
    const [outer, inner] = place.split('.') as [string, string | undefined]
    const holder: Fields = inner === undefined ? input : { ...(isFields(input[outer]) ? input[outer] : {}) }
    const key = inner ?? outer
    const asked = holder[key]
    const wanted = Array.isArray(asked) ? asked : asked === undefined || asked === null ? [] : [asked]
    if (wanted.length > 0 && !wanted.includes(this.bound)) throw refusedUnit(String(wanted[0]))
    holder[key] = key === 'units' ? [this.bound] : this.bound
    if (inner !== undefined) input[outer] = holder
  }

  private refuseNamed(input: Fields): void {
    const { entity, id, owner } = input
    if (this.name === 'related' && typeof entity === 'string' && isEntityName(entity)) this.related = entity
    const own = AREAS[this.area]
    if (typeof entity === 'string' && isEntityName(entity) && typeof id === 'string' && this.name !== 'related')
      this.refuseForeign(entity, id)
    else if (own)
      for (const key of ['id', 'from', 'to']) if (typeof input[key] === 'string') this.refuseForeign(own, input[key])
    if (isFields(owner) && typeof owner['entity'] === 'string' && isEntityName(owner['entity']))
      this.refuseForeign(owner['entity'], String(owner['id']))
    for (const [key, named] of Object.entries(NAMES)) {
      if (typeof input[key] === 'string') this.refuseForeign(named, input[key])
    }
    if (typeof input['parcel_id'] === 'string') this.refuseForeign('parcel', input['parcel_id'])
    if (Array.isArray(input['plan_ids'])) for (const plan of input['plan_ids']) this.refuseForeign('plan', String(plan))
  }

  private refuseForeign(entity: EntityName, id: string): void {
    const unit = unitOfRecord(this.db, entity, id)
    if (isForeign(this.bound, unit)) throw refusedUnit(unit!, entity)
  }

  without(answer: unknown): unknown {
    if (isStream(answer)) return this.stream(answer)
    if (!isFields(answer)) return Array.isArray(answer) ? this.list(answer) : answer
    if (this.area === 'parcels') {
      // Somebody else's land: its outline and side, not who works there; a zone is of its own unit, whatever its land.
      const isLandOfOthers = isFields(answer['record']) && isForeign(this.bound, answer['record']['unit'])
      const zones = Array.isArray(answer['zones'])
        ? { zones: answer['zones'].filter(zone => !this.isZoneOfOthers(zone)) }
        : {}
      return isLandOfOthers ? { ...answer, ...zones, enterprises: [], plans: [] } : { ...answer, ...zones }
    }
    for (const part of [answer, answer['record'], answer['enterprise']]) {
      if (isFields(part) && isForeign(this.bound, part['unit'])) throw refusedUnit(String(part['unit']))
    }
    const parts = this.parts(answer)
    // A page that holds all of them is counted exactly; lists that come in pages are narrowed before.
    if (Array.isArray(answer['rows']) && Array.isArray(parts['rows']) && typeof parts['total'] === 'number')
      parts['total'] -= answer['rows'].length - parts['rows'].length
    if (!isFields(parts['names'])) return parts
    // Names of what the rows point at: of those that are left.
    const left = JSON.stringify(parts['rows'])
    return { ...parts, names: Object.fromEntries(Object.entries(parts['names']).filter(([id]) => left.includes(id))) }
  }

  private parts(answer: Fields): Fields {
    return Object.fromEntries(
      Object.entries(answer).map(([key, value]) => {
        if (Array.isArray(value)) return [key, this.list(value)]
        return [key, isFields(value) ? this.parts(value) : value]
      }),
    )
  }

  private list(rows: readonly unknown[]): unknown[] {
    return rows
      .filter(row => !isFields(row) || !this.isOfOthers(row))
      .map(row => (isFields(row) ? this.parts(row) : row))
  }

  private isZoneOfOthers(zone: unknown): boolean {
    return isFields(zone) && isForeign(this.bound, unitOfRecord(this.db, 'zone', String(zone['id'])))
  }

  /** By its unit, or by what it names. Sums by unit hold a unit and no record. */
  private isOfOthers(row: Fields): boolean {
    if ('totals' in row) return false
    if (this.related && typeof row['id'] === 'string')
      return isForeign(this.bound, unitOfRecord(this.db, this.related, row['id']))
    if (typeof row['unit'] === 'string') return isForeign(this.bound, row['unit'])
    const { entity, id, owner } = row
    const named: [EntityName, string][] = []
    if (typeof entity === 'string' && isEntityName(entity) && entity !== 'parcel' && typeof id === 'string')
      named.push([entity, id])
    if (isFields(owner) && typeof owner['entity'] === 'string' && isEntityName(owner['entity']))
      named.push([owner['entity'], String(owner['id'])])
    const holder = row['owner_entity']
    if (typeof holder === 'string' && isEntityName(holder)) named.push([holder, String(row['owner_id'])])
    for (const [key, target] of Object.entries(NAMES)) if (typeof row[key] === 'string') named.push([target, row[key]])
    if (named.length === 0 && typeof row['parcel_id'] === 'string') named.push(['parcel', row['parcel_id']])
    return named.some(([target, key]) => isForeign(this.bound, unitOfRecord(this.db, target, key)))
  }

  private async *stream(events: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    const source = events[Symbol.asyncIterator]()
    let isOver = false
    try {
      for (;;) {
        const { done, value } = await source.next()
        const seen = isFields(value) ? this.parts(value) : value
        if (done) {
          isOver = true
          // The result of a job is what its stream returns.
          return seen
        }
        yield seen
      }
    } finally {
      // Whoever stops listening cancels the job.
      if (!isOver) await source.return?.()
    }
  }
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return value !== null && typeof value === 'object' && Symbol.asyncIterator in value
}
