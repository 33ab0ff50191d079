/** The dashboard's answer: rows by the pure rules, outlines of the units for its map. Reads only. */
import type { Dashboard } from '../../shared/contract/dashboard.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { dashboardRows, INDICATOR_NAMES, periodUntil } from '../../shared/rules/dashboard.ts'
import { labelPlace } from '../../shared/tiles/tile-builder.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { quotaRows, unitNames } from '../zones/zones-repo.ts'
import { allTargets, campaignFacts, unitOutlines } from './dashboard-repo.ts'
import { entriesOf } from './entries-cache.ts'

const NAMES: ReadonlySet<string> = new Set(Object.values(INDICATOR_NAMES).map(([name]) => name))

interface Asked {
  readonly year?: number | null | undefined
  readonly to?: string | undefined
}

/** Answers of the newest revision by what was asked on which day; gone with the next edit. */
const answers = new WeakMap<Db, { readonly revision: number; readonly known: Map<string, Dashboard> }>()

export function buildDashboard(store: Store, input: Asked): Dashboard {
  const [db, revision, today] = [store.read, store.revision(), chinaDate(store.now())]
  let kept = answers.get(db)
  if (kept?.revision !== revision) {
    kept = { revision, known: new Map() }
    answers.set(db, kept)
  }
  const asked = JSON.stringify([today, input.year === undefined ? 'usual' : input.year, input.to])
  const found = kept.known.get(asked) ?? answerOf(store, input, today)
  kept.known.set(asked, found)
  return found
}

function answerOf(store: Store, input: Asked, today: string): Dashboard {
  const db = store.read
  const campaign = campaignFacts(db)
  const targets = allTargets(db).filter(row => NAMES.has(row.indicator))
  const entries = entriesOf(db)
  const counted = [...new Set(entries.flatMap(entry => entry.events.map(event => Number(event.on.slice(0, 4)))))]
  const thisYear = Number(today.slice(0, 4))
  const start = campaign.start ?? Math.min(thisYear, ...counted)
  const end = Math.max(start, campaign.end ?? thisYear)
  const within = Array.from({ length: end - start + 1 }, (_, index) => start + index)
  const years = [...new Set([...within, ...targets.flatMap(row => row.year ?? []), ...counted])].sort((a, b) => a - b)
  // The running year, or the last one in which something was counted.
  const usual = years.includes(thisYear) ? thisYear : Math.max(...(counted.length > 0 ? counted : [end]))
  const year = input.year === undefined ? usual : input.year
  const period = periodUntil(year, { start, end }, today, input.to)
  const units = [...unitNames(db).keys()]
  const zones = new Map<string, number>()
  for (const each of period.years)
    for (const row of quotaRows(db, each, period.to)) zones.set(row.unit, (zones.get(row.unit) ?? 0) + row.zones)
  const { total, rows } = dashboardRows({
    units,
    entries,
    targets,
    zones,
    period,
    carbonFactor: campaign.carbon_factor,
    limits: campaign.limits,
  })
  return {
    year,
    years,
    as_of: period.to,
    passed: period.passed,
    limits: campaign.limits,
    carbon_factor: campaign.carbon_factor,
    has_targets: [total, ...rows].some(row =>
      Object.entries(row.figures).some(([name, figure]) => name !== 'zones' && figure.target !== null),
    ),
    revision: store.revision(),
    demo: store.setting('demo') === true,
    name: campaign.name ?? String(store.setting('name') ?? ''),
    total,
    rows,
    outlines: outlinesOf(db),
  }
}

const METRES_PER_DEGREE = 111_195
/** Outlines are drawn some hundred pixels wide: corners nearer than this to the last one are left out. */
const STEP_M = 60

function outlinesOf(db: Db): Dashboard['outlines'] {
  const units = unitOutlines(db).map(({ unit, geometry }) => ({ unit, shape: decodeGeometry(geometry) }))
  if (units.length === 0) return []
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { shape } of units) {
    for (let i = 0; i + 1 < shape.coordinates.length; i += 2) {
      west = Math.min(west, shape.coordinates[i]!)
      east = Math.max(east, shape.coordinates[i]!)
      south = Math.min(south, shape.coordinates[i + 1]!)
      north = Math.max(north, shape.coordinates[i + 1]!)
    }
  }
  const [lng0, lat0] = [(west + east) / 2, (south + north) / 2]
  const scale = Math.cos((lat0 * Math.PI) / 180)
  const place = (lng: number, lat: number): [number, number] => [
    Math.round((lng - lng0) * METRES_PER_DEGREE * scale),
    Math.round((lat - lat0) * METRES_PER_DEGREE),
  ]
  return units.map(({ unit, shape }) => ({ unit, rings: ringsOf(shape, place), at: place(...labelPlace(shape)) }))
}

function ringsOf(shape: FlatPolygons, place: (lng: number, lat: number) => [number, number]): number[][] {
  const rings: number[][] = []
  let vertex = 0
  for (const end of shape.ringEnds) {
    const ring: number[] = []
    for (; vertex < end; vertex++) {
      const [x, y] = place(shape.coordinates[2 * vertex]!, shape.coordinates[2 * vertex + 1]!)
      const [px, py] = [ring.at(-2), ring.at(-1)]
      if (px === undefined || py === undefined || Math.hypot(x - px, y - py) >= STEP_M) ring.push(x, y)
    }
    if (ring.length >= 6) rings.push(ring)
  }
  return rings
}
