/**
 * 可供地清单: which land came free, by which record, and where it stands. Proposals follow from the book of counts and from
 * parts that were split off and left; nothing is proposed without a record that proves it. Areas in m², days ISO. Pure.
 */
import type { CodeOf } from '../model/enumerations.ts'
import type { CountEvent } from './closed-loop/counting.ts'

export type SupplyStatus = CodeOf<'supply_status'>
export type FreedSource = CodeOf<'freed_source'>

export interface SupplyDates {
  readonly signed_on: string | null
  readonly supplied_on: string | null
  readonly started_on: string | null
  readonly completed_on: string | null
  readonly production_on: string | null
  readonly withdrawn: boolean
}

/** Nodes of the project that takes the land, 签约 → 投产, with the status that each leads to. */
export const SUPPLY_NODES = [
  ['signed_on', 'signed'],
  ['supplied_on', 'supplied'],
  ['started_on', 'started'],
  ['completed_on', 'completed'],
  ['production_on', 'in_production'],
] as const satisfies readonly (readonly [keyof SupplyDates, SupplyStatus])[]

/** The furthest node that has a day. */
export function supplyStatus(row: SupplyDates): SupplyStatus {
  if (row.withdrawn) return 'withdrawn'
  return SUPPLY_NODES.filter(([field]) => row[field] !== null).at(-1)?.[1] ?? 'available'
}

/** The first pair of nodes whose days run backwards; null when they are in order. */
export function nodesOutOfOrder(row: SupplyDates): readonly [earlier: string, later: string] | null {
  const dated = SUPPLY_NODES.filter(([field]) => row[field] !== null)
  for (const [index, [field]] of dated.entries()) {
    const before = dated[index - 1]
    if (before && row[before[0]]! > row[field]!) return [before[0], field]
  }
  return null
}

export interface Proposal {
  /** Names the evidence and the parcel; the same as long as the evidence stands. */
  readonly key: string
  readonly source: FreedSource
  readonly source_entity: string
  readonly source_id: string
  readonly parcel_id: string
  readonly enterprise_id: string | null
  readonly area_m2: number
  readonly available_on: string
  readonly condition: CodeOf<'land_condition'> | null
}

export interface PlanFacts {
  readonly measures: readonly string[]
  /** Milestones that have an actual day. */
  readonly reached: readonly string[]
}

/** A part of a divided parcel that nobody uses any more. */
export interface LeftPart {
  readonly parcel_id: string
  readonly area_m2: number
  /** Day on which its last use ended. */
  readonly left_on: string
  readonly enterprise_id: string | null
}

export function proposalKey(entity: string, id: string, parcelId: string): string {
  return `${entity}:${id}:${parcelId}`
}

/** Less is the rest of an area written down with four decimals of 亩, not land that anybody could supply. */
export const LEAST_FREED_M2 = 1

/** Measures after which an enterprise no longer uses the land, when the acceptance itself counts it. */
const LEAVING: ReadonlySet<string> = new Set(['M4', 'M5', 'M7', 'M9'])
/** Measures of an enterprise that stays; beside them a reclamation frees what was reclaimed and no more. */
const STAYING: ReadonlySet<string> = new Set(['M1', 'M2', 'M3', 'M6', 'M8'])
const ENTITY_OF: Readonly<Record<string, string>> = {
  reclamation: 'reclamation',
  vacated: 'measure',
  recovered: 'measure',
  acceptance: 'acceptance',
}

/**
 * Land that stands freed by the book: counted, not taken back, on a known parcel. What an acceptance counts is freed only
 * when the plan makes the enterprise leave (M4, M5, M7, M9, or M10 alone); upgrading in place frees nothing. `planOf` leads from the
 * proving record to its plan.
 */
export function proposalsOf(
  events: readonly CountEvent[],
  planOf: ReadonlyMap<string, PlanFacts>,
  parts: readonly LeftPart[],
): Proposal[] {
  const standing = new Map<string, Proposal[]>()
  for (const event of events) {
    if (event.what !== 'land' || event.parcel_id === null || event.amount === null) continue
    // What is taken back is all that the entry had counted.
    if (event.amount < 0) standing.delete(event.entry_id)
    const found = event.amount > 0 ? proposalOf(event, planOf) : null
    if (found) standing.set(event.entry_id, [...(standing.get(event.entry_id) ?? []), found])
  }
  const proposals = [...standing.values()].flat()
  const named = new Set(proposals.map(proposal => proposal.parcel_id))
  for (const { parcel_id, area_m2, left_on, enterprise_id } of parts) {
    if (named.has(parcel_id)) continue
    const evidence = { source_entity: 'parcel', source_id: parcel_id, key: proposalKey('parcel', parcel_id, parcel_id) }
    proposals.push({
      ...evidence,
      source: 'split',
      parcel_id,
      enterprise_id,
      area_m2,
      available_on: left_on,
      condition: null,
    })
  }
  return proposals
}

function leaves({ measures }: PlanFacts): boolean {
  if (measures.some(type => LEAVING.has(type))) return true
  return measures.includes('M10') && !measures.some(type => STAYING.has(type))
}

function proposalOf(event: CountEvent, planOf: ReadonlyMap<string, PlanFacts>): Proposal | null {
  const entity = ENTITY_OF[event.basis]
  const { record_id: id, parcel_id } = event
  if (entity === undefined || id === null || parcel_id === null) return null
  if (event.amount! < LEAST_FREED_M2) return null
  const plan = planOf.get(id) ?? { measures: [], reached: [] }
  if (event.basis === 'acceptance' && !leaves(plan)) return null
  return {
    key: proposalKey(entity, id, parcel_id),
    source: sourceOf(event, plan),
    source_entity: entity,
    source_id: id,
    parcel_id,
    enterprise_id: event.enterprise_id,
    area_m2: event.amount!,
    available_on: event.on,
    condition: conditionOf(event, plan),
  }
}

function sourceOf({ basis }: CountEvent, { measures }: PlanFacts): FreedSource {
  if (basis === 'reclamation') return 'reclaimed'
  if (basis === 'recovered') return 'recovered'
  if (basis === 'acceptance' && measures.includes('M10')) return 'reclaimed'
  return measures.includes('M9') && !measures.includes('M4') ? 'recovered' : 'vacated'
}

/** Only what a day in the plan's milestones says; unknown otherwise. */
function conditionOf({ basis }: CountEvent, { reached }: PlanFacts): Proposal['condition'] {
  if (basis === 'reclamation' || reached.includes('reclaimed')) return 'reclaimed'
  if (reached.includes('levelled')) return 'cleared'
  return reached.includes('demolished') ? 'demolished' : null
}
