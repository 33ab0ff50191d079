/**
 * The records behind a number of the dashboard, and the parcels behind those. The same entries and the same book as the
 * number itself: the amounts add up to it.
 */
import type { Figure, FigureItem } from '../../shared/contract/dashboard.ts'
import { M2_PER_MU } from '../../shared/rules/closed-loop/counting.ts'
import { entriesOnce, periodUntil } from '../../shared/rules/dashboard.ts'
import { isOverdue, type ProgressEntry, stateOn } from '../../shared/rules/progress.ts'
import type { Db } from '../db/open.ts'
import { freedParcels, livePartsOf } from '../freed/freed-repo.ts'
import { quotaParcels, quotaZones, unitNames } from '../zones/zones-repo.ts'
import { campaignFacts, namedEnterprises, parcelsOfEnterprises } from './dashboard-repo.ts'
import { entriesOf } from './entries-cache.ts'

interface Found {
  readonly items: FigureItem[]
  readonly pks: number[]
}

/** First and last day of a figure. */
function windowOf(db: Db, { year, to, month }: Figure): { from: string; to: string; years: readonly number[] } {
  const campaign = campaignFacts(db)
  const [start, end] = [
    campaign.start ?? year ?? Number(to.slice(0, 4)),
    campaign.end ?? year ?? Number(to.slice(0, 4)),
  ]
  const period = periodUntil(year, { start, end }, to, to)
  if (month === undefined) return period
  const last = `${month}-31`
  return { from: `${month}-01`, to: last < period.to ? last : period.to, years: period.years }
}

export function figureItems(db: Db, figure: Figure): Found & { sum: number } {
  const found = figure.indicator === 'zones' ? zoneItems(db, figure) : entryItems(db, figure)
  const sum = found.items.reduce((total, item) => total + (item.amount ?? 0), 0)
  return { ...found, sum: figure.indicator === 'land' ? sum / M2_PER_MU : sum }
}

/** Local keys of the live parcels behind a figure, for the filter of parcels. */
export function figureParcelKeys(db: Db, figure: Figure): number[] {
  return figureItems(db, figure).pks
}

function zoneItems(db: Db, figure: Figure): Found {
  const { to, years } = windowOf(db, figure)
  const zones = years.flatMap(year => quotaZones(db, year, figure.unit, to))
  const items = zones.map(
    (zone): FigureItem => ({
      entity: 'zone',
      id: zone.id,
      name: `${zone.code} ${zone.name}`,
      unit: zone.unit,
      state: zone.status,
      on: null,
      amount: 1,
      parcel_id: null,
      parcel_code: null,
      basis: null,
    }),
  )
  return {
    items,
    pks: quotaParcels(
      db,
      items.map(item => item.id),
      to,
    ),
  }
}

const OPEN_STATES: Readonly<Record<string, readonly string[]>> = {
  remediating: ['S5'],
  awaiting: ['S6'],
  overdue: ['S5', 'S6'],
}

function entryItems(db: Db, figure: Figure): Found {
  const { from, to } = windowOf(db, figure)
  const units = unitNames(db)
  const isOfUnit = ({ unit }: ProgressEntry): boolean =>
    figure.unit === null || (figure.unit === '' ? unit === null || !units.has(unit) : unit === figure.unit)
  const entries = entriesOnce(entriesOf(db)).filter(isOfUnit)
  const states = OPEN_STATES[figure.indicator]
  if (states) {
    const open = entries.filter(
      entry => states.includes(stateOn(entry, to) ?? '') && (figure.indicator !== 'overdue' || isOverdue(entry, to)),
    )
    const rows = open.map(entry => ({ entry, on: entry.due_date, amount: 1, parcel_id: null, basis: null }))
    return named(db, rows, [])
  }
  const what = { enterprises: 'enterprise', land: 'land' }[figure.indicator as string] ?? 'energy'
  const factor = figure.indicator === 'carbon' ? campaignFacts(db).carbon_factor : 1
  const rows = entries.flatMap(entry =>
    entry.events
      .filter(event => event.what === what && event.on >= from && event.on <= to)
      .map(({ on, amount, parcel_id, basis }) => {
        const known = amount === null || factor === null ? null : amount * factor
        return { entry, on, amount: known, parcel_id, basis: basis as string | null }
      }),
  )
  // What was closed and taken back within the period is not in the number, nor in its list.
  const net = netByEnterprise(rows)
  const kept = what === 'land' ? rows : rows.filter(row => net.get(row.entry.enterprise_id) !== 0)
  const parcelIds = [...new Set(kept.flatMap(row => row.parcel_id ?? []))]
  return named(db, kept, parcelIds)
}

type Row = {
  readonly entry: ProgressEntry
  readonly on: string | null
  readonly amount: number | null
  readonly parcel_id: string | null
  readonly basis: string | null
}

/** Sums over the rows of each enterprise; one whose amount is not known is not nothing as long as it was not taken back. */
function netByEnterprise(rows: readonly Row[]): Map<string, number> {
  const sums = new Map<string, number>()
  const unknown = new Map<string, number>()
  for (const { entry, amount } of rows) {
    const id = entry.enterprise_id
    sums.set(id, (sums.get(id) ?? 0) + (amount ?? 0))
    if (amount === null) unknown.set(id, (unknown.get(id) ?? 0) + 1)
  }
  for (const [id, count] of unknown) if (count % 2 === 1) sums.set(id, sums.get(id) || 1)
  return sums
}

function named(db: Db, rows: readonly Row[], parcelIds: readonly string[]): Found {
  const enterprises = namedEnterprises(db, [...new Set(rows.map(row => row.entry.enterprise_id))])
  const parcels = freedParcels(db, parcelIds)
  const items = rows.map((row): FigureItem => {
    const { enterprise_id, unit } = row.entry
    const known = enterprises.get(enterprise_id)
    return {
      entity: 'enterprise',
      id: enterprise_id,
      name: known?.name ?? '',
      unit,
      state: row.entry.state,
      on: row.on,
      amount: row.amount,
      parcel_id: row.parcel_id,
      parcel_code: row.parcel_id === null ? null : (parcels.get(row.parcel_id)?.code ?? null),
      basis: row.basis,
    }
  })
  // Land that names its parcel lies there; everything else lies where its enterprise works.
  const whole = [...new Set(items.filter(item => item.parcel_id === null).map(item => item.id))]
  const pks = new Set([...livePartsOf(db, parcelIds).values()].flat())
  for (const pk of parcelsOfEnterprises(db, whole)) pks.add(pk)
  return { items, pks: [...pks].sort((a, b) => a - b) }
}
