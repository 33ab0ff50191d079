/** Takes the polygons of a boundary (城镇开发边界) into the survey as one new version. It becomes active when there is none. */

import { type Crs, resolveCrs, toGeographicInPlace } from '../../shared/geometry/crs.ts'
import { projectToPlane, unprojectFromPlane } from '../../shared/geometry/plane.ts'
import { ribbonParts } from '../../shared/geometry/ribbon.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { createBoundaryIndexCache } from '../boundary/boundary-index-cache.ts'
import { activeLayer } from '../boundary/boundary-repo.ts'
import { measureConstraints } from '../boundary/constraints.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import { prepare } from '../db/sql.ts'
import type { RawFeature } from '../formats/format.ts'
import type { Geos } from '../geos/geos.ts'
import { checkOutline } from './check-outline.ts'
import type { RunContext, Sink } from './context.ts'
import type { MappedValues } from './map-fields.ts'

export class BoundarySink implements Sink {
  private readonly context: RunContext
  private readonly geos: Geos
  private version: string | undefined

  constructor(context: RunContext, geos: Geos) {
    this.context = context
    this.geos = geos
  }

  take(feature: RawFeature, mapped: MappedValues): void {
    const { log, counts, outlines, crs, guard, options, tx, batch } = this.context
    const at = { index: feature.index, row: feature.row }
    const raw = feature.lines && this.layer === 'barrier' ? this.ribbonOf(feature.lines, crs) : feature.geometry
    if (!raw) {
      const type = feature.geometryType
      const message = type === null ? '没有几何，未导入' : `几何类型是 ${type.slice(0, 40)}，边界须为面，未导入`
      const found =
        type === null ? { code: 'geometry_missing' } : { code: 'geometry_type', values: { type: type.slice(0, 40) } }
      log.add({ ...at, ...found, severity: 'error', message })
      counts.rejected++
      return
    }
    const outline = checkOutline(raw, feature.lines ? GEOGRAPHIC : crs, options.outside_guard ? null : guard, this.geos)
    if (!outline.geometry) {
      for (const issue of outline.issues) log.add({ ...at, ...issue })
      counts.rejected++
      outlines.add(feature.index, 'reject', raw)
      return
    }
    const { values } = mapped
    const { id } = tx.insert(
      'boundary_feature',
      {
        boundary_id: this.versionId(),
        subzone: values['subzone'] ?? subzoneNamed(values['zone_name'], values['zone_code']),
        zone_code: values['zone_code'] ?? null,
        zone_name: values['zone_name'] ?? null,
        source_row: feature.row,
        import_batch: batch,
      },
      outline.geometry,
    )
    counts.inserted++
    if (outline.before) counts.repaired++
    outline.issues.forEach((issue, position) => {
      const shapes = position === 0 && outline.before ? { before: outline.before, after: outline.geometry! } : {}
      log.add({ ...at, ...issue, record: id, ...shapes })
    })
    outlines.add(feature.index, outline.before ? 'repair' : 'insert', outline.geometry)
  }

  private get layer(): NonNullable<RunContext['options']['layer']> {
    return this.context.options.layer ?? 'development'
  }

  /** Lines of a barrier as thin polygons in degrees; null when they have no length. */
  private ribbonOf(lines: readonly Float64Array[], crs: Crs): FlatPolygons | null {
    const { tx } = this.context
    const parts = lines.flatMap(line => {
      const degrees = Float64Array.from(line)
      toGeographicInPlace(crs, degrees)
      if (!degrees.every(Number.isFinite)) return []
      return ribbonParts(inPlane(tx, degrees), BARRIER_HALF_WIDTH_M)
    })
    if (parts.length === 0) return null
    const first = Float64Array.from(lines[0]!.subarray(0, 2))
    toGeographicInPlace(crs, first)
    return unprojectFromPlane(this.geos.union(parts), tx.planeFor([first[0]!, first[1]!, first[0]!, first[1]!]))
  }

  private versionId(): string {
    if (this.version) return this.version
    const { tx, options, fileName, batch, checksum } = this.context
    const effective = options.effective ?? tx.at.slice(0, 10)
    const layer = this.layer
    // A new version of the boundary waits until somebody activates it; a new warning layer replaces the one before.
    if (layer !== 'development') {
      const before = activeLayer(tx.db, layer)
      if (before) tx.replace('boundary_version', before.id, { status: 'archived' })
    }
    const active = prepare(
      tx.db,
      "SELECT 1 FROM boundary_version WHERE status = 'active' AND deleted = 0 AND coalesce(kind, 'development') = ?",
    ).get(layer)
    this.version = tx.insert('boundary_version', {
      code: this.freeCode(`${CODE_LETTERS[layer]}${effective}`),
      name: options.name ?? fileName.replace(/\.[^.]+$/, ''),
      effective_date: effective,
      checksum,
      kind: layer,
      status: active ? 'archived' : 'active',
      source_doc: null,
      source_file: fileName,
      import_batch: batch,
    }).id
    return this.version
  }

  private freeCode(wanted: string): string {
    const taken = prepare(this.context.tx.db, 'SELECT 1 FROM boundary_version WHERE code = ? AND deleted = 0')
    for (let copy = 1; ; copy++) {
      const code = copy === 1 ? wanted : `${wanted}-${copy}`
      if (!taken.get(code)) return code
    }
  }

  async finish(control: JobControl): Promise<void> {
    const warns = this.layer === 'farmland' || this.layer === 'eco_redline'
    if (warns && this.version) await measureConstraints(this.context.tx, createBoundaryIndexCache(), control)
  }
}

/** Lines become 0.5 m wide, far below any gap that matters. */
const BARRIER_HALF_WIDTH_M = 0.25
const GEOGRAPHIC = resolveCrs('EPSG:4490')!
const CODE_LETTERS = { development: 'B', farmland: 'N', eco_redline: 'E', barrier: 'Z' } as const

/** A line in degrees, in the survey plane. */
function inPlane(tx: BulkTransaction, degrees: Float64Array): Float64Array {
  const vertices = degrees.length / 2
  const flat = { coordinates: degrees, ringEnds: Uint32Array.of(vertices), polygonEnds: Uint32Array.of(1) }
  return projectToPlane(flat, tx.planeFor(boxOf(flat))).coordinates
}

/** Sub-zone by the words of 规划分区名称 (GHFQMC). */
function subzoneNamed(...names: unknown[]): string {
  const text = names.filter(name => typeof name === 'string').join(' ')
  if (text.includes('集中建设')) return 'concentrated'
  if (text.includes('弹性')) return 'flexible'
  if (text.includes('特别用途') || text.includes('特殊用途')) return 'special'
  return 'unspecified'
}
