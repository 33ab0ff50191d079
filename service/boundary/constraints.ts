/**
 * Overlap of parcels with the layers that warn (永久基本农田, 生态保护红线; domain §4: any overlap is a red flag for 退出). Same
 * method as the side: share of the equal-area plane times the ellipsoidal area. Without a layer a figure that came with the
 * data is left as it is; with one, what is measured counts.
 */
import { boxToEqualAreaPlane, toEqualAreaPlane } from '../../shared/geometry/equal-area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { Box, FlatPolygons } from '../../shared/geometry/types.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import type { Db } from '../db/open.ts'
import { readParcelBoxes } from '../db/parcel-boxes.ts'
import type { BoundaryIndexCache } from './boundary-index-cache.ts'
import {
  activeLayer,
  forgetOverlaps,
  type LayerKind,
  measuredParcel,
  type OverlapColumn,
  writeOverlap,
} from './boundary-repo.ts'
import type { JobControl } from './job-stream.ts'

const LAYERS: readonly (readonly [LayerKind, OverlapColumn])[] = [
  ['farmland', 'overlap_farmland_m2'],
  ['eco_redline', 'overlap_eco_m2'],
]

interface Subject {
  readonly pk: number
  /** Degrees. */
  readonly box: Readonly<Box>
  readonly areaM2: number
  readPolygons(): FlatPolygons
}

/** Measures one parcel against every layer that is there; returns whether anything changed. */
export type ConstraintMeasure = (db: Db, parcel: Subject) => boolean

/** Looks the layers up once; to be made anew for every edit. Undefined when there is no layer. */
export function createConstraintMeasure(db: Db, cache: BoundaryIndexCache): ConstraintMeasure | undefined {
  const layers = LAYERS.flatMap(([kind, column]) => {
    const version = activeLayer(db, kind)
    return version ? [{ column, index: cache.indexOf(db, version.id) }] : []
  })
  if (layers.length === 0) return undefined
  return (target, parcel) => {
    let changed = false
    for (const { column, index } of layers) {
      const { share } = index.classify(boxToEqualAreaPlane(parcel.box), () => toEqualAreaPlane(parcel.readPolygons()))
      if (writeOverlap(target, parcel.pk, column, parcel.areaM2 * share)) changed = true
    }
    return changed
  }
}

/** All parcels against the layers of a kind that was just imported; inside the import's transaction. */
export async function measureConstraints(
  tx: BulkTransaction,
  cache: BoundaryIndexCache,
  control: JobControl,
): Promise<number> {
  const { db } = tx
  const measure = createConstraintMeasure(db, cache)
  if (!measure) return 0
  const { count, pks, boxes } = readParcelBoxes(db)
  let changed = 0
  for (let at = 0; at < count; at++) {
    if (at % 256 === 0) {
      control.report({ phase: 'constraints', done: at, total: count })
      await control.checkpoint()
    }
    const pk = pks[at]!
    const box: Box = [boxes[at * 4]!, boxes[at * 4 + 1]!, boxes[at * 4 + 2]!, boxes[at * 4 + 3]!]
    const { area_m2, geometry } = measuredParcel(db, pk)!
    if (measure(db, { pk, box, areaM2: area_m2, readPolygons: () => decodeGeometry(geometry) })) {
      changed++
      tx.widen(box)
    }
  }
  return changed
}

/** After a layer of `kind` went away: its figures are unknown, or those of the version before it. */
export async function remeasureAfterRemoval(
  tx: BulkTransaction,
  kind: string,
  cache: BoundaryIndexCache,
  control: JobControl,
): Promise<void> {
  const layer = LAYERS.find(([name]) => name === kind)
  if (!layer) return
  forgetOverlaps(tx.db, layer[1])
  await measureConstraints(tx, cache, control)
}
