/** The ledger as people see it: rows and proposals together, judged, filtered and sorted. Reads only. */
import type { FreedFilter, FreedRow } from '../../shared/contract/freed.ts'
import { sumKnown } from '../../shared/report/model.ts'
import {
  nodesOutOfOrder,
  type Proposal,
  proposalKey,
  proposalsOf,
  type SupplyDates,
  supplyStatus,
} from '../../shared/rules/freed-land.ts'
import { eventsOf } from '../dashboard/entries-cache.ts'
import type { Db } from '../db/open.ts'
import { foldText } from '../search/search-keys.ts'
import {
  enterpriseNames,
  type FreedParcel,
  type FreedRecord,
  freedParcels,
  freedRecords,
  leftParts,
  livePartsOf,
  planFacts,
} from './freed-repo.ts'

export interface FreedLedger {
  readonly rows: readonly FreedRow[]
  readonly unplaced_m2: number
}

/** Below this, areas are the same: rounding of the ledger's two decimals. */
const SAME_M2 = 0.5

/** Everything that the records prove today, by key. */
export function standingProposals(db: Db): { proposals: Map<string, Proposal>; unplaced_m2: number } {
  const events = eventsOf(db)
  const proposals = proposalsOf(events, planFacts(db), leftParts(db))
  const unplaced = events.filter(event => event.what === 'land' && event.parcel_id === null)
  return {
    proposals: new Map(proposals.map(proposal => [proposal.key, proposal])),
    unplaced_m2: sumKnown(unplaced.map(event => event.amount)) ?? 0,
  }
}

/** All rows of the ledger in the order they were taken in, then what is proposed. */
export function freedLedger(db: Db): FreedLedger {
  const records = freedRecords(db)
  const { proposals, unplaced_m2 } = standingProposals(db)
  const taken = new Set(records.map(keyOf))
  const open = [...proposals.values()].filter(proposal => !taken.has(proposal.key))
  const ids = [...new Set([...records, ...open].map(row => row.parcel_id))]
  const parcels = freedParcels(db, ids)
  const parts = livePartsOf(db, ids)
  const names = enterpriseNames(db, [...new Set([...proposals.values()].flatMap(row => row.enterprise_id ?? []))])
  const times = timesRecorded(records)
  const shown = new Set<string>()
  const areaOfParcel = new Map<string, number>()
  for (const { parcel_id, area_m2 } of countedOnce(records.filter(record => record.withdrawn !== 1)))
    areaOfParcel.set(parcel_id, (areaOfParcel.get(parcel_id) ?? 0) + (area_m2 ?? 0))
  const place = (parcelId: string, planUse: string | null) =>
    placeOf(parcels.get(parcelId), parts.get(parcelId), planUse)
  const rows = records.map((record): FreedRow => {
    const proven = keyOf(record)
    const proposal = proposals.get(proven)
    // A row recorded again has the key of its own id: two rows of a list are told apart by their keys.
    const key = shown.has(proven) ? record.id : proven
    shown.add(proven)
    const isTwice = record.withdrawn !== 1 && (times.get(proven) ?? 0) > 1
    const enterpriseId = proposal?.enterprise_id ?? null
    const dates = { ...record, withdrawn: record.withdrawn === 1 }
    return {
      ...place(record.parcel_id, record.plan_use),
      ...dates,
      key,
      source: record.source as FreedRow['source'],
      plan_use: record.plan_use,
      status: supplyStatus(dates),
      enterprise_id: enterpriseId,
      enterprise: names.get(enterpriseId ?? '') ?? null,
      problems: [
        ...problemsOf(record, dates, proposal, parcels.get(record.parcel_id), parts, areaOfParcel),
        ...(isTwice ? (['recorded_twice'] as const) : []),
      ],
    }
  })
  for (const proposal of open) {
    rows.push({
      ...place(proposal.parcel_id, null),
      ...NO_PROJECT,
      ...proposal,
      id: null,
      rev: 0,
      status: 'proposed',
      enterprise: names.get(proposal.enterprise_id ?? '') ?? null,
      problems: [],
    })
  }
  return { rows, unplaced_m2 }
}

const NO_PROJECT = {
  project_name: null,
  investor: null,
  investment: null,
  signed_on: null,
  supplied_on: null,
  started_on: null,
  completed_on: null,
  production_on: null,
  withdrawn: false,
  remark: null,
} as const

/** The land and what proves it; a row that a person made stands for itself. */
function keyOf(record: Pick<FreedRecord, 'source_entity' | 'source_id' | 'parcel_id'> & { id: string }): string {
  const { source_entity: entity, source_id: id } = record
  return entity === null || id === null ? record.id : proposalKey(entity, id, record.parcel_id)
}

/**
 * Rows of which the land counts: of several live rows for the same land by the same evidence, which computers took in apart,
 * the one with the smallest id, the same on every computer. Withdrawn rows and proposals stay as they are.
 */
export function countedOnce<
  Row extends Pick<FreedRecord, 'source_entity' | 'source_id' | 'parcel_id'> & {
    id: string | null
    withdrawn: unknown
  },
>(rows: readonly Row[]): Row[] {
  const isLive = (row: Row): row is Row & { id: string } => row.id !== null && !row.withdrawn
  const counting = new Map<string, string>()
  for (const row of rows.filter(isLive)) {
    const known = counting.get(keyOf(row))
    if (known === undefined || row.id < known) counting.set(keyOf(row), row.id)
  }
  return rows.filter(row => !isLive(row) || counting.get(keyOf(row)) === row.id)
}

/** Live rows for the land of `record` by the same evidence, itself included, in the order they were taken in. */
export function sameLand(records: readonly FreedRecord[], record: FreedRecord): FreedRecord[] {
  return records.filter(each => each.withdrawn !== 1 && keyOf(each) === keyOf(record))
}

/** How often the same land by the same evidence stands in the ledger: computers that took it in apart meet in the hub. */
function timesRecorded(records: readonly FreedRecord[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const record of records)
    if (record.withdrawn !== 1) times.set(keyOf(record), (times.get(keyOf(record)) ?? 0) + 1)
  return times
}

function placeOf(parcel: FreedParcel | undefined, pks: number[] | undefined, planUse: string | null) {
  return {
    parcel_code: parcel?.code ?? '',
    parcel_name: parcel?.name ?? null,
    parcel_pks: pks ?? [],
    unit: parcel?.unit ?? null,
    location: parcel?.location ?? null,
    side: (parcel?.side ?? 'unknown') as FreedRow['side'],
    subzones: parcel?.subzones ? (JSON.parse(parcel.subzones) as string[]) : [],
    // Proposed from the parcel until somebody says otherwise.
    plan_use: planUse ?? parcel?.plan_use ?? null,
  }
}

function problemsOf(
  record: FreedRecord,
  dates: SupplyDates,
  proposal: Proposal | undefined,
  parcel: FreedParcel | undefined,
  parts: ReadonlyMap<string, readonly number[]>,
  areaOfParcel: ReadonlyMap<string, number>,
): FreedRow['problems'] {
  const found: FreedRow['problems'] = []
  if (record.source_id !== null && !proposal) found.push('evidence_gone')
  if (proposal && record.area_m2 !== null && record.area_m2 > proposal.area_m2 + SAME_M2) found.push('evidence_less')
  if (parcel && (areaOfParcel.get(parcel.id) ?? 0) > (parcel.area_m2 ?? 0) + SAME_M2) found.push('area_over')
  if (!parcel || (parts.get(record.parcel_id) ?? []).length === 0) found.push('parcel_gone')
  else if (parcel.deleted === 1) found.push('parcel_divided')
  if (nodesOutOfOrder(dates)) found.push('nodes_order')
  return found
}

/** Fields that the list may be sorted by. */
export const FREED_SORTS = [
  'parcel_code',
  'unit',
  'location',
  'enterprise',
  'area_m2',
  'side',
  'source',
  'condition',
  'plan_use',
  'available_on',
  'status',
  'project_name',
  'investment',
] as const satisfies readonly (keyof FreedRow)[]

export function filterFreed(rows: readonly FreedRow[], filter: FreedFilter): FreedRow[] {
  const oneOf = (wanted: readonly string[] | undefined, value: string | null): boolean =>
    !wanted || wanted.length === 0 || wanted.includes(value ?? '')
  const text = foldText(filter.text ?? '').trim()
  return rows.filter(
    row =>
      oneOf(filter.statuses, row.status) &&
      oneOf(filter.sources, row.source) &&
      oneOf(filter.conditions, row.condition) &&
      oneOf(filter.sides, row.side) &&
      oneOf(filter.units, row.unit) &&
      (filter.year === undefined || row.available_on?.slice(0, 4) === String(filter.year)) &&
      (!filter.problems || row.problems.length > 0) &&
      (text === '' || textOf(row).includes(text)),
  )
}

function textOf(row: FreedRow): string {
  const parts = [row.parcel_code, row.parcel_name, row.location, row.enterprise, row.project_name, row.investor]
  return foldText(parts.filter(part => part !== null).join('\n'))
}

/** Unknown values last in either direction; rows that are alike keep the order of the ledger. */
export function sortFreed(
  rows: readonly FreedRow[],
  sort: { field: string; descending: boolean } | undefined,
): FreedRow[] {
  const field = FREED_SORTS.find(name => name === sort?.field)
  if (!field) return [...rows]
  const sign = sort?.descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const [left, right] = [a[field], b[field]]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right)
    return sign * (String(left) < String(right) ? -1 : String(left) > String(right) ? 1 : 0)
  })
}
