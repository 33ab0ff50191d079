/**
 * Whose records a person reads (domain §11.2: 外业巡查员 township rows only). Inspectors and township reviewers of a unit read the
 * enterprises, plans, visits and figures of their unit and of nobody else; the map, parcels as land, rules, and tables that are sums by
 * unit are for everybody. Closed by default: what is not named open here is cut. Pure; `service/roles/reading-guard.ts` enforces it.
 */
import type { Person } from './roles.ts'

/** The unit that bounds what the person reads; null when nothing does. */
export function boundUnit(person: Person): string | null {
  return person.role === 'inspector' || person.role === 'township' ? person.unit : null
}

/** True for a record of somebody else's unit; one of which nobody has said whose it is, is for all. */
export function isForeign(bound: string, unit: unknown): boolean {
  return typeof unit === 'string' && unit !== '' && unit !== bound
}

/** Lists whose input names units, and where: they are asked for the own unit alone, so that totals are right too. */
export const NARROWED: Readonly<Record<string, 'filter.units' | 'filter.unit' | 'units' | 'unit'>> = {
  'parcels.list': 'filter.units',
  'enterprises.list': 'filter.units',
  'enterprises.groups': 'filter.units',
  'freed.list': 'filter.units',
  'freed.report': 'filter.units',
  'plans.list': 'units',
  'loop.list': 'units',
  'loop.work': 'unit',
  'visits.waiting': 'unit',
  'identify.run': 'unit',
  'books.checks': 'unit',
  'exports.run': 'unit',
  'reports.plan': 'unit',
  'reports.ledger': 'unit',
  'reports.register': 'unit',
  'reports.registerCheck': 'unit',
  'reports.zones': 'unit',
  'reports.zonesCheck': 'unit',
}

/** Not cut: land on the map, rules and settings, and figures that are sums by unit and are published as such. */
const OPEN_AREAS: ReadonlySet<string> = new Set([
  'survey',
  'events',
  'edits',
  'basemaps',
  'themes',
  'boundaries',
  'sync',
])
const OPEN: ReadonlySet<string> = new Set([
  'parcels.previewGeometry',
  'parcels.neighbours',
  'parcels.keys',
  'parcels.outlines',
  'parcels.at',
  'parcels.proposeCode',
  'zones.bounds',
  'zones.contiguity',
  'zones.quota',
  'zones.detect',
  'reports.periodic',
  'reports.published',
  'reports.publishCheck',
  'reports.notes',
  'reports.assessmentTable',
  'reports.map',
  'reports.mapPreview',
  'dashboard.figures',
  'dashboard.picture',
  'dashboard.targets',
  'dashboard.targetTable',
  'identify.rules',
  'identify.versions',
  'scoring.standard',
  'plans.templates',
])

export function isOpenToAll(area: string, name: string): boolean {
  return OPEN_AREAS.has(area) || OPEN.has(`${area}.${name}`)
}
