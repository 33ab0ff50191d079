/** Takes the polygons of a boundary (城镇开发边界) into the survey as one new version. It becomes active when there is none. */

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
    const raw = feature.geometry
    if (!raw) {
      const type = feature.geometryType
      const message = type === null ? '没有几何,未导入' : `几何类型是 ${type.slice(0, 40)},边界须为面,未导入`
      log.add({ ...at, code: type === null ? 'geometry_missing' : 'geometry_type', severity: 'error', message })
      counts.rejected++
      return
    }
    const outline = checkOutline(raw, crs, options.outside_guard ? null : guard, this.geos)
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

  private versionId(): string {
    if (this.version) return this.version
    const { tx, options, fileName, batch, checksum } = this.context
    const effective = options.effective ?? tx.at.slice(0, 10)
    const active = prepare(tx.db, "SELECT 1 FROM boundary_version WHERE status = 'active' AND deleted = 0").get()
    this.version = tx.insert('boundary_version', {
      code: this.freeCode(`B${effective}`),
      name: options.name ?? fileName.replace(/\.[^.]+$/, ''),
      effective_date: effective,
      checksum,
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

  async finish(): Promise<void> {
    // Nothing that needs all features to be there.
  }
}

/** Sub-zone by the words of 规划分区名称 (GHFQMC). */
function subzoneNamed(...names: unknown[]): string {
  const text = names.filter(name => typeof name === 'string').join(' ')
  if (text.includes('集中建设')) return 'concentrated'
  if (text.includes('弹性')) return 'flexible'
  if (text.includes('特别用途') || text.includes('特殊用途')) return 'special'
  return 'unspecified'
}
