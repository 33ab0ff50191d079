/**
 * The land that zones are found on: parcels in the survey plane with what ranks a candidate. Reading and projecting take
 * nearly all the time of a detection, so what was read last is kept until the survey changes: a slider asks many times for
 * the same land.
 */

import { type BarrierIndex, createBarrierIndex } from '../../shared/geometry/barrier-index.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { projectToPlane } from '../../shared/geometry/plane.ts'
import { barrierGeometries } from '../boundary/boundary-repo.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Store } from '../db/store.ts'
import { type ZoneParcel, zoneParcelOf } from './zone-parcels.ts'
import { countParcels, type LandFigures, landFigures, type ZoneParcelRow, zoneParcelPage } from './zones-repo.ts'

export interface ZoneLand {
  readonly parcels: readonly ZoneParcel[]
  /** Undefined while no barrier was imported. */
  readonly barriers: BarrierIndex | undefined
  readonly figures: LandFigures
}

/** Parcels read between two breaths. */
const PAGE_PARCELS = 512
/** More land than this is read anew each time: about 1 kB a parcel would stay in memory for a question asked once. */
const MOST_KEPT = 20_000

interface Kept {
  readonly revision: number
  readonly unit: string | undefined
  readonly land: ZoneLand
}
const kept = new WeakMap<Store, Kept>()

/** The land of one unit, or of all. */
export async function readLand(store: Store, unit: string | undefined, control: JobControl): Promise<ZoneLand> {
  const revision = store.revision()
  const known = kept.get(store)
  if (known && known.revision === revision && known.unit === unit) return known.land
  const land = {
    parcels: await readParcels(store, unit, control),
    barriers: readBarriers(store),
    figures: landFigures(store.read, unit),
  }
  if (land.parcels.length <= MOST_KEPT && store.revision() === revision) kept.set(store, { revision, unit, land })
  else kept.delete(store)
  return land
}

async function readParcels(store: Store, unit: string | undefined, control: JobControl): Promise<ZoneParcel[]> {
  const total = countParcels(store.read, unit)
  const { plane } = store
  const parcels: ZoneParcel[] = []
  let page: ZoneParcelRow[]
  let lastPk = 0
  do {
    page = zoneParcelPage(store.read, unit, lastPk, PAGE_PARCELS)
    for (const row of page) parcels.push(zoneParcelOf(row, plane))
    lastPk = page[page.length - 1]?.pk ?? lastPk
    control.report({ phase: 'read', done: parcels.length, total })
    await control.checkpoint()
  } while (page.length === PAGE_PARCELS)
  return parcels
}

/** Barriers as they keep neighbours apart, in the survey plane. */
export function readBarriers(store: Store): BarrierIndex | undefined {
  const rows = barrierGeometries(store.read)
  if (rows.length === 0) return undefined
  return createBarrierIndex(rows.map(row => projectToPlane(decodeGeometry(row.geometry), store.plane)))
}
