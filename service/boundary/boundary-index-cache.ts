/** The search structure of boundary versions (grid and slabs, shared/geometry/boundary-index), kept until features change. */
import { type BoundaryIndex, createBoundaryIndex } from '../../shared/geometry/boundary-index.ts'
import { toEqualAreaPlane } from '../../shared/geometry/equal-area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { Db } from '../db/open.ts'
import { boundaryFeatures, featureStamp } from './boundary-repo.ts'

export interface BoundaryIndexCache {
  /** The index of a version; built once and again only when its features have changed. */
  indexOf(db: Db, boundaryId: string): BoundaryIndex
}

/** Keeps the indexes of the versions used last: the active one, the one it is compared with, and the two warning layers. */
const KEPT_VERSIONS = 4

export function createBoundaryIndexCache(): BoundaryIndexCache {
  const entries = new Map<string, { stamp: string; index: BoundaryIndex }>()
  return {
    indexOf(db, boundaryId) {
      const stamp = featureStamp(db, boundaryId)
      const known = entries.get(boundaryId)
      if (known?.stamp === stamp) return known.index
      const features = boundaryFeatures(db, boundaryId).map(row => ({
        subzone: row.subzone,
        polygons: toEqualAreaPlane(decodeGeometry(row.geometry)),
      }))
      const index = createBoundaryIndex(features)
      entries.delete(boundaryId)
      entries.set(boundaryId, { stamp, index })
      for (const oldest of entries.keys()) if (entries.size > KEPT_VERSIONS) entries.delete(oldest)
      return index
    },
  }
}
