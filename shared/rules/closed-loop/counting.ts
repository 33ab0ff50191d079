/**
 * What counts towards the targets (domain §11.4), as a book of events that can each be traced to their record: an
 * enterprise once per campaign at 销号, land once per parcel or part of it, tenants none; a rebound takes back everything
 * that its entry had counted, in the month of its finding and never backwards. Areas in m², energy in tce, days ISO.
 * Pure; every report and dashboard sums these events and nothing else.
 */

export interface CountStep {
  readonly from: string | null
  readonly to: string
  /** Day of the step. */
  readonly on: string
}

export interface CountParcel {
  readonly parcel_id: string
  readonly area_m2: number
}

export interface CountPlan {
  readonly id: string
  readonly status: string
  readonly route: string | null
  readonly parcels: readonly CountParcel[]
  readonly measures: readonly {
    readonly id: string
    readonly type: string
    readonly done_at: string | null
    readonly area_mu: number | null
  }[]
  readonly milestones: readonly { readonly type: string; readonly date_actual: string | null }[]
  readonly acceptances: readonly {
    readonly id: string
    readonly on: string | null
    readonly conclusion: string | null
    /** Parts of parcels that were accepted; null when the group named none. */
    readonly land: readonly CountParcel[] | null
    readonly freed_tce: number | null
  }[]
}

export interface CountEntry {
  readonly id: string
  readonly enterprise_id: string
  readonly unit: string | null
  /** In order of time. */
  readonly steps: readonly CountStep[]
  /** Live plans, oldest first. */
  readonly plans: readonly CountPlan[]
  /** Parcels that this enterprise only rents: they never count for it. */
  readonly rented: readonly string[]
  readonly reclamations: readonly {
    readonly id: string
    readonly parcel_id: string
    /** Null: the whole parcel. */
    readonly area_m2: number | null
    readonly accepted_on: string | null
    readonly acceptance_doc: string | null
  }[]
  /** What was counted before steps were recorded (imported lists); only used while no step into S7 is recorded. */
  readonly earlier: {
    readonly counted_at: string | null
    readonly counted_mu: number | null
    readonly counted_tce: number | null
    readonly rebound_at: string | null
  }
}

export type CountBasis =
  | 'closing'
  | 'reclamation'
  | 'vacated'
  | 'recovered'
  | 'acceptance'
  | 'rebound'
  | 'removal'
  | 'earlier'

export interface CountEvent {
  readonly on: string
  readonly unit: string | null
  readonly enterprise_id: string
  readonly entry_id: string
  readonly what: 'enterprise' | 'land' | 'energy'
  /** 家, m² or tce; negative when taken back; null when it is not known (energy only). */
  readonly amount: number | null
  readonly parcel_id: string | null
  readonly basis: CountBasis
  /** Of land: reclaimed outside, upgraded inside, or not decided by plan and evidence. */
  readonly use: 'reclaimed' | 'upgraded' | null
  /** The record that proves it: reclamation, measure, acceptance; null for steps. */
  readonly record_id: string | null
}

/** m² of one 亩, exact. */
export const M2_PER_MU = 2000 / 3
/** Below this a rest of a parcel is rounding, not land. */
const REST_M2 = 1e-6

/** Measures that count once the land is vacated and cleared, or taken back. */
const CLEARING: ReadonlySet<string> = new Set(['M4', 'M9'])

interface Occurrence {
  readonly on: string
  /** Within a day: evidence first, then the closing, then what is taken back. */
  readonly rank: number
  readonly entry: CountEntry
  run(book: Book): void
}

/**
 * Counts all entries of a campaign; their order does not matter. `areas` holds every parcel that is named, also one that was
 * divided since; `rootOf` leads from a part to the undivided parcel, so that land counted before a split is not counted again.
 */
export function countEvents(
  entries: readonly CountEntry[],
  areas: ReadonlyMap<string, number>,
  rootOf: ReadonlyMap<string, string> = new Map(),
): CountEvent[] {
  const book = new Book(areas, rootOf)
  const occurrences = entries.flatMap(occurrencesOf)
  occurrences.sort((a, b) => compare(a.on, b.on) || a.rank - b.rank || compare(a.entry.id, b.entry.id))
  for (const occurrence of occurrences) occurrence.run(book)
  return book.events
}

/** Land and enterprises as counted so far; knows how much of every parcel is left to be counted. */
class Book {
  readonly events: CountEvent[] = []
  readonly #areas: ReadonlyMap<string, number>
  readonly #rootOf: ReadonlyMap<string, string>
  /** m² counted of an undivided parcel, and of each of its parts, over all entries. */
  readonly #taken = new Map<string, number>()
  readonly #land = new Map<string, { parcel_id: string | null; area: number; use: CountEvent['use'] }[]>()
  /** m² claimed by entry, then by parcel and group; by parcel alone what was held when the entry was closed. */
  readonly #claims = new Map<string, Map<string, number>>()
  readonly #energy = new Map<string, number>()
  /** Enterprises that stand counted, by the entry that counted them. */
  readonly #counted = new Map<string, string>()

  constructor(areas: ReadonlyMap<string, number>, rootOf: ReadonlyMap<string, string>) {
    this.#areas = areas
    this.#rootOf = rootOf
  }

  /**
   * Counts a claim on a parcel. Claims of one `group` lie beside each other (parts, projects); another group is further proof of
   * the same land, as a reclamation after the clearing, or a newer version of the plan, and adds only what goes beyond. What is
   * proved after a closing is other land: a closing wants the proof of its own first. Returns what the entry holds of the parcel.
   */
  land(
    entry: CountEntry,
    on: string,
    part: CountParcel,
    group: string,
    basis: CountBasis,
    use: CountEvent['use'],
    record: string | null,
  ): number {
    const { parcel_id } = part
    if (entry.rented.includes(parcel_id)) return 0
    const key = `${parcel_id} ${group}`
    const claims = this.#claims.get(entry.id) ?? new Map<string, number>()
    this.#claims.set(entry.id, claims)
    const claimed = (claims.get(key) ?? claims.get(parcel_id) ?? 0) + part.area_m2
    claims.set(key, claimed)
    const held = this.#held(entry, parcel_id)
    const area = Math.min(claimed - held, this.#left(parcel_id), this.#left(this.#root(parcel_id)))
    if (area <= REST_M2) return held
    this.#take(parcel_id, area)
    this.#keep(entry, { parcel_id, area, use })
    this.#add(entry, { on, what: 'land', amount: area, parcel_id, basis, use, record_id: record })
    return held + area
  }

  /** From here on proof is of other land. */
  settle(entry: CountEntry): void {
    const parcels = new Set((this.#land.get(entry.id) ?? []).flatMap(piece => piece.parcel_id ?? []))
    this.#claims.set(entry.id, new Map([...parcels].map(id => [id, this.#held(entry, id)])))
  }

  /** m² of a parcel that this entry has counted and still holds. */
  #held(entry: CountEntry, parcelId: string): number {
    return (this.#land.get(entry.id) ?? [])
      .filter(piece => piece.parcel_id === parcelId)
      .reduce((sum, piece) => sum + piece.area, 0)
  }

  /** Land of an imported closing, of which the parcels are not known. */
  earlierLand(entry: CountEntry, on: string, area: number, use: CountEvent['use']): void {
    this.#keep(entry, { parcel_id: null, area, use })
    this.#add(entry, { on, what: 'land', amount: area, parcel_id: null, basis: 'earlier', use, record_id: null })
  }

  close(entry: CountEntry, on: string, basis: CountBasis, tce: number | null, record: string | null): void {
    if (this.#counted.has(entry.enterprise_id)) return
    this.#counted.set(entry.enterprise_id, entry.id)
    const base = { on, parcel_id: null, use: null, basis, record_id: record }
    this.#add(entry, { ...base, what: 'enterprise', amount: 1 })
    this.#add(entry, { ...base, what: 'energy', amount: tce })
    if (tce !== null) this.#energy.set(entry.id, tce)
  }

  takeBack(entry: CountEntry, on: string, basis: CountBasis): void {
    const base = { on, parcel_id: null, use: null, basis, record_id: null }
    if (this.#counted.get(entry.enterprise_id) === entry.id) {
      this.#counted.delete(entry.enterprise_id)
      this.#add(entry, { ...base, what: 'enterprise', amount: -1 })
      const tce = this.#energy.get(entry.id)
      this.#add(entry, { ...base, what: 'energy', amount: tce === undefined ? null : -tce })
      this.#energy.delete(entry.id)
    }
    for (const { parcel_id, area, use } of this.#land.get(entry.id) ?? []) {
      if (parcel_id !== null) this.#take(parcel_id, -area)
      this.#add(entry, { ...base, what: 'land', amount: -area, parcel_id, use })
    }
    this.#land.delete(entry.id)
    this.#claims.delete(entry.id)
  }

  #root(parcelId: string): string {
    return this.#rootOf.get(parcelId) ?? parcelId
  }

  #left(parcelId: string): number {
    return (this.#areas.get(parcelId) ?? 0) - (this.#taken.get(parcelId) ?? 0)
  }

  #take(parcelId: string, area: number): void {
    for (const id of new Set([parcelId, this.#root(parcelId)])) this.#taken.set(id, (this.#taken.get(id) ?? 0) + area)
  }

  #keep(entry: CountEntry, piece: { parcel_id: string | null; area: number; use: CountEvent['use'] }): void {
    const pieces = this.#land.get(entry.id)
    if (pieces) pieces.push(piece)
    else this.#land.set(entry.id, [piece])
  }

  #add(entry: CountEntry, event: Omit<CountEvent, 'unit' | 'enterprise_id' | 'entry_id'>): void {
    this.events.push({ unit: entry.unit, enterprise_id: entry.enterprise_id, entry_id: entry.id, ...event })
  }
}

function occurrencesOf(entry: CountEntry): Occurrence[] {
  const found: Occurrence[] = []
  const removed = entry.steps.find(step => step.to === 'S9')?.on
  const at = (on: string, rank: number, run: (book: Book) => void): void => {
    // What is proved after the removal from the list is not the list's any more.
    if (removed === undefined || on <= removed) found.push({ on: on.slice(0, 10), rank, entry, run })
  }
  const closings = entry.steps.filter(step => step.to === 'S7' && step.from === 'S6')
  // A list from before steps were recorded says itself what it counted; its evidence would count the same land again.
  const isEarlier = closings.length === 0 && entry.earlier.counted_at !== null
  if (!isEarlier) {
    const reclaimed = new Set<string>()
    for (const plan of entry.plans) if (plan.status === 'approved') landOfPlan(entry, plan, reclaimed, at)
  }
  let before = { on: '', rank: 0 }
  for (const step of entry.steps) {
    const isClosing = closings.includes(step)
    const takesBack = step.to === 'S9' ? 'removal' : step.from === 'S8' && step.to === 'S5' ? 'rebound' : null
    if (!isClosing && takesBack === null) continue
    // Steps of one entry stay in their order, also when it was found back and closed anew on one day.
    const own = isClosing ? 1 : 2
    const rank = step.on === before.on ? Math.max(own, before.rank + 1) : own
    before = { on: step.on, rank }
    at(step.on, rank, book => {
      if (takesBack === null) closeBy(book, entry, step.on)
      else book.takeBack(entry, step.on, takesBack)
    })
  }
  const { counted_at, counted_mu, counted_tce, rebound_at } = entry.earlier
  if (closings.length === 0 && counted_at !== null) {
    const use = landUse(entry.plans.at(-1)?.route ?? null)
    at(counted_at, 1, book => {
      book.close(entry, counted_at, 'earlier', counted_tce, null)
      if (counted_mu !== null) book.earlierLand(entry, counted_at, counted_mu * M2_PER_MU, use)
    })
    const isRecorded = entry.steps.some(step => step.from === 'S8' && step.to === 'S5')
    if (rebound_at !== null && !isRecorded) at(rebound_at, 2, book => book.takeBack(entry, rebound_at, 'rebound'))
  }
  return found
}

type At = (on: string, rank: number, run: (book: Book) => void) => void

/**
 * Land that counts by its own evidence before the closing: M10 at its 验收文号, M4 and M9 at 腾空 + 拆除 or 收回. Several versions of
 * a plan may stand approved: a reclamation (`reclaimed`) is taken once.
 */
function landOfPlan(entry: CountEntry, plan: CountPlan, reclaimed: Set<string>, at: At): void {
  const types = new Set(plan.measures.map(measure => measure.type))
  if (types.has('M10')) {
    const own = new Set(plan.parcels.map(parcel => parcel.parcel_id))
    for (const { id, parcel_id, area_m2, accepted_on, acceptance_doc } of entry.reclamations) {
      if (accepted_on === null || isBlank(acceptance_doc) || !own.has(parcel_id) || reclaimed.has(id)) continue
      reclaimed.add(id)
      const part = { parcel_id, area_m2: area_m2 ?? Number.POSITIVE_INFINITY }
      at(accepted_on, 0, book => void book.land(entry, accepted_on, part, 'M10', 'reclamation', 'reclaimed', id))
    }
  }
  const cleared = latest(dayOf(plan, 'vacated'), dayOf(plan, 'demolished'))
  for (const { id, type, done_at, area_mu } of plan.measures) {
    if (!CLEARING.has(type)) continue
    const recovered = type === 'M9' ? done_at : null
    const on = recovered !== null && (cleared === null || recovered < cleared) ? recovered : cleared
    if (on === null) continue
    const basis = on === cleared ? 'vacated' : 'recovered'
    at(on, 0, book => {
      let left = area_mu === null ? Number.POSITIVE_INFINITY : area_mu * M2_PER_MU
      for (const { parcel_id, area_m2 } of plan.parcels) {
        if (left <= REST_M2) return
        const part = { parcel_id, area_m2: Math.min(left, area_m2) }
        left -= Math.min(part.area_m2, book.land(entry, on, part, plan.id, basis, landUse(plan.route), id))
      }
    })
  }
}

/** The closing: the enterprise, its energy, and of the accepted land what was not counted by its own evidence before. */
function closeBy(book: Book, entry: CountEntry, on: string): void {
  const passed = entry.plans
    .flatMap(plan => plan.acceptances.map(acceptance => ({ plan, acceptance })))
    .filter(({ acceptance }) => acceptance.conclusion === 'passed' && acceptance.on !== null && acceptance.on <= on)
    .sort((a, b) => compare(a.acceptance.on!, b.acceptance.on!))
    .at(-1)
  book.close(entry, on, 'closing', passed?.acceptance.freed_tce ?? null, passed?.acceptance.id ?? null)
  for (const part of passed?.acceptance.land ?? []) {
    book.land(entry, on, part, 'acceptance', 'acceptance', landUse(passed!.plan.route), passed!.acceptance.id)
  }
  book.settle(entry)
}

export interface CountTotals {
  /** 家, net of rebounds. */
  readonly enterprises: number
  readonly land_m2: number
  /** Of it 界外复垦 and 界内提升. */
  readonly reclaimed_m2: number
  readonly upgraded_m2: number
  /** Null when something was closed but its energy is unknown throughout; 0 when nothing was closed. */
  readonly energy_tce: number | null
  readonly rebounds: number
}

/** Sums of the events from `from` to `to` (ISO days, inclusive). Raw m²: convert to 亩 once, after summing. */
export function countTotals(events: Iterable<CountEvent>, from: string, to: string): CountTotals {
  const sum = { enterprises: 0, land_m2: 0, reclaimed_m2: 0, upgraded_m2: 0, rebounds: 0 }
  let energy = 0
  let energyEvents = 0
  let energyKnown = 0
  for (const event of events) {
    if (event.on < from || event.on > to) continue
    if (event.what === 'energy') {
      energyEvents++
      if (event.amount !== null) energyKnown++
      energy += event.amount ?? 0
      continue
    }
    const amount = event.amount ?? 0
    if (event.what === 'enterprise') {
      sum.enterprises += amount
      if (event.basis === 'rebound') sum.rebounds++
    } else {
      sum.land_m2 += amount
      if (event.use === 'reclaimed') sum.reclaimed_m2 += amount
      if (event.use === 'upgraded') sum.upgraded_m2 += amount
    }
  }
  return { ...sum, energy_tce: energyEvents > 0 && energyKnown === 0 ? null : energy }
}

function landUse(route: string | null): CountEvent['use'] {
  if (route === 'EXIT_RECLAIM') return 'reclaimed'
  return route === 'UPGRADE' ? 'upgraded' : null
}

function dayOf(plan: CountPlan, type: string): string | null {
  return (
    plan.milestones.find(milestone => milestone.type === type && milestone.date_actual !== null)?.date_actual ?? null
  )
}

function latest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null
  return a > b ? a : b
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === ''
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
