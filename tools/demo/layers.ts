/** What the demo has beside its boundary: an earlier trial version of it, and some permanent farmland that reaches into parcels. */
import { createBoundaryIndexCache } from '../../service/boundary/boundary-index-cache.ts'
import { measureConstraints } from '../../service/boundary/constraints.ts'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import type { BulkTransaction } from '../../service/db/bulk.ts'
import { all } from '../../service/db/sql.ts'
import type { Store } from '../../service/db/store.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { EPSG_4549, projectToPlane, unprojectFromPlane } from '../../shared/geometry/plane.ts'
import { boxOf, type FlatPolygons, type Position, toFlat } from '../../shared/geometry/types.ts'

const SOURCE = { source_doc: '示例数据，非法定成果', source_file: '示例数据生成器' }
/** The trial line lay a little further in. */
const TRIAL_SCALE = 0.94
/** Every so many parcels outside have a field behind them that reaches this far into them. */
const EVERY = 29
const REACH_M = 12

export async function insertLayers(store: Store): Promise<void> {
  await store.bulk({ label: 'demo_boundary', kind: 'system' }, async tx => {
    insertTrialVersion(tx)
    insertFarmland(tx)
    await measureConstraints(tx, createBoundaryIndexCache(), createJobControl())
  })
}

function insertTrialVersion(tx: BulkTransaction): void {
  const version = tx.insert('boundary_version', {
    ...SOURCE,
    code: 'KFBJ-2021',
    name: '城镇开发边界(2021 试划，示例)',
    effective_date: '2021-06-01',
    status: 'archived',
  })
  const features = all<{ subzone: string; zone_name: string; zone_code: string; geometry: Uint8Array }>(
    tx.db,
    `SELECT subzone, zone_name, zone_code, geometry FROM boundary_feature WHERE subzone = 'concentrated' ORDER BY pk`,
  )
  features.forEach(({ geometry, ...values }, source_row) => {
    const outline = scaled(projectToPlane(decodeGeometry(geometry), EPSG_4549), TRIAL_SCALE)
    tx.insert(
      'boundary_feature',
      { ...values, boundary_id: version.id, source_row },
      unprojectFromPlane(outline, EPSG_4549),
    )
  })
}

function scaled(polygons: FlatPolygons, factor: number): FlatPolygons {
  const [west, south, east, north] = boxOf(polygons)
  const middle = [(west + east) / 2, (south + north) / 2] as const
  const coordinates = polygons.coordinates.map(
    (value, at) => middle[at % 2 === 0 ? 0 : 1] + (value - middle[at % 2 === 0 ? 0 : 1]) * factor,
  )
  return { ...polygons, coordinates }
}

function insertFarmland(tx: BulkTransaction): void {
  const version = tx.insert('boundary_version', {
    ...SOURCE,
    code: 'YN-2022',
    name: '永久基本农田(示例)',
    effective_date: '2022-11-01',
    status: 'active',
    kind: 'farmland',
  })
  const parcels = all<{ geometry: Uint8Array }>(
    tx.db,
    `SELECT geometry FROM parcel WHERE side = 'outside' AND deleted = 0 ORDER BY code`,
  )
  parcels.forEach(({ geometry }, index) => {
    if (index % EVERY !== 0) return
    const [west, south, east] = boxOf(projectToPlane(decodeGeometry(geometry), EPSG_4549))
    const field: Position[] = [
      [west - 40, south - 160],
      [east + 40, south - 150],
      [east + 30, south + REACH_M],
      [west - 30, south + REACH_M],
      [west - 40, south - 160],
    ]
    const outline = unprojectFromPlane(toFlat({ type: 'Polygon', coordinates: [field] }), EPSG_4549)
    const values = { boundary_id: version.id, subzone: 'unspecified', zone_name: '永久基本农田', source_row: index }
    tx.insert('boundary_feature', values, outline)
  })
}
