/** Takes parcels into the survey: codes, matching, insert or update, and the checks of the trade on each of them. */
import { AppError } from '../../shared/contract/errors.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Row } from '../db/rows.ts'
import { prepare } from '../db/sql.ts'
import type { RawFeature } from '../formats/format.ts'
import type { Geos } from '../geos/geos.ts'
import { checkAreas } from './area-checks.ts'
import { checkOutline } from './check-outline.ts'
import type { Action, RunContext, Sink } from './context.ts'
import type { MappedValues } from './map-fields.ts'
import { findOverlaps, type Overlap } from './overlaps.ts'
import { ParcelCodes } from './parcel-codes.ts'
import { ParcelWriter } from './parcel-writer.ts'
import { changedValues, keepBefore, mergedExtra, sameGeometry } from './record-matching.ts'

const BREATHE_MS = 25

export class ParcelsSink implements Sink {
  private readonly context: RunContext
  private readonly geos: Geos
  private readonly codes: ParcelCodes
  private readonly writer: ParcelWriter
  /** Nothing to match with: codes need not be looked up before the insert. */
  private readonly fresh: boolean
  private readonly matched = new Set<string>()

  constructor(context: RunContext, geos: Geos) {
    this.context = context
    this.geos = geos
    this.writer = new ParcelWriter(context.tx)
    const { tx, options } = context
    this.codes = new ParcelCodes(tx.db, options.year ?? Number(tx.at.slice(0, 4)))
    this.fresh = prepare(tx.db, 'SELECT 1 FROM parcel WHERE deleted = 0 LIMIT 1').get() === undefined
  }

  take(feature: RawFeature, mapped: MappedValues): void {
    const { log, counts, outlines, crs, guard, options } = this.context
    const at = { index: feature.index, row: feature.row }
    const raw = feature.geometry
    if (!raw) {
      if (!feature.problems.some(problem => problem.severity === 'error')) {
        const type = feature.geometryType
        log.add(
          type === null
            ? { ...at, code: 'geometry_missing', severity: 'error', message: '没有几何，未导入' }
            : {
                ...at,
                code: 'geometry_type',
                severity: 'error',
                message: `几何类型是 ${type.slice(0, 40)}，地块须为面，未导入`,
                values: { type: type.slice(0, 40) },
              },
        )
      }
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
    const stored = this.store(feature, mapped, outline.geometry)
    outline.issues.forEach((issue, position) => {
      const shapes = position === 0 && outline.before ? { before: outline.before, after: outline.geometry! } : {}
      log.add({ ...at, ...issue, record: stored.id, ...shapes })
    })
    if (stored.action === 'reject') counts.rejected++
    else if (outline.before) counts.repaired++
    outlines.add(
      feature.index,
      stored.action !== 'reject' && outline.before ? 'repair' : stored.action,
      outline.geometry,
    )
  }

  private store(
    feature: RawFeature,
    mapped: MappedValues,
    geometry: FlatPolygons,
  ): { action: Action; id: string | null } {
    const { log, counts, options, profileUnit } = this.context
    const at = { index: feature.index, row: feature.row }
    const { stated_area_m2: stated, ...values } = mapped.values
    const given = values['code'] as string | undefined
    const row = this.fresh ? undefined : given === undefined ? this.sameOutline(at, geometry) : this.liveParcel(given)
    if (row && (row['import_batch'] === this.context.batch || this.matched.has(String(row['id']))))
      return this.duplicate(at, given ?? String(row['code']))
    if (row && options.match === 'none') {
      log.add({
        ...at,
        code: 'code_exists',
        severity: 'error',
        message: `编号“${given}”已有地块使用，未导入`,
        values: { code: given ?? '' },
        field: 'code',
        record: String(row['id']),
      })
      return { action: 'reject', id: null }
    }
    if (row) return this.update(feature, mapped, geometry, row, values)
    const unit = (values['unit'] ?? this.unitOfTown(values['town']) ?? null) as string | null
    if (unit !== null) values['unit'] = unit
    if (given === undefined) {
      values['code'] = this.codes.next(unit ?? profileUnit)
      log.add({
        ...at,
        code: 'code_proposed',
        severity: 'info',
        message: `没有地块编号，已拟定“${values['code']}”`,
        values: { code: String(values['code']) },
        field: 'code',
      })
    }
    try {
      const written = this.writer.insert(
        { ...values, ...this.provenance(feature), extra: mapped.extra ?? null },
        geometry,
      )
      counts.inserted++
      checkAreas(log, at, geometry, written, stated, values['area_registered_m2'])
      return { action: 'insert', id: written.id }
    } catch (error) {
      if (isDuplicate(error)) return this.duplicate(at, String(values['code']))
      if (error instanceof AppError && error.code === 'bad_input') {
        log.add({
          ...at,
          code: 'invalid_value',
          severity: 'error',
          message: `${error.message}，未导入`,
          field: error.details.field ?? null,
        })
        return { action: 'reject', id: null }
      }
      throw error
    }
  }

  private update(
    feature: RawFeature,
    mapped: MappedValues,
    geometry: FlatPolygons,
    row: Row,
    values: Record<string, unknown>,
  ): { action: Action; id: string | null } {
    const { tx, batch, counts, log } = this.context
    const id = String(row['id'])
    const { code: _code, ...rest } = values
    const stated = mapped.values['stated_area_m2']
    const extra = mergedExtra(row['extra'], mapped.extra)
    const changed = changedValues('parcel', row, extra ? { ...rest, extra } : rest)
    const sameOutline = sameGeometry(geometry, decodeGeometry(row['geometry'] as Uint8Array))
    this.matched.add(id)
    if (sameOutline && Object.keys(changed).length === 0) {
      counts.unchanged++
      return { action: 'unchanged', id }
    }
    keepBefore(tx.db, batch, 'parcel', row)
    tx.replace('parcel', id, { ...changed, ...this.provenance(feature) }, sameOutline ? undefined : geometry)
    if (sameOutline) tx.widen(boxOf(geometry))
    counts.updated++
    const { area_m2, area_planar_m2 } = prepare(tx.db, 'SELECT area_m2, area_planar_m2 FROM parcel WHERE id = ?').get(
      id,
    ) as { area_m2: number; area_planar_m2: number }
    const measured = { id, areaM2: area_m2, areaPlanarM2: area_planar_m2 }
    const at = { index: feature.index, row: feature.row }
    checkAreas(log, at, geometry, measured, stated, rest['area_registered_m2'])
    return { action: 'update', id }
  }

  private liveParcel(code: string): Row | undefined {
    return prepare(this.context.tx.db, 'SELECT * FROM parcel WHERE code = ? AND deleted = 0').get(code) as
      | Row
      | undefined
  }

  /** Without a code, a parcel with the very same outline is the same parcel: a file imported twice changes nothing. */
  private sameOutline(at: { index: number; row: number }, geometry: FlatPolygons): Row | undefined {
    const { tx, batch, options, log } = this.context
    if (options.match === 'none') return undefined
    const box = boxOf(geometry)
    const middle = { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 }
    const rows = prepare(
      tx.db,
      `SELECT p.* FROM parcel_box b JOIN parcel p ON p.pk = b.pk
       WHERE b.min_x <= :x AND b.max_x >= :x AND b.min_y <= :y AND b.max_y >= :y AND p.deleted = 0`,
    ).all(middle) as Row[]
    const row = rows.find(
      candidate =>
        candidate['import_batch'] !== batch &&
        !this.matched.has(String(candidate['id'])) &&
        sameGeometry(geometry, decodeGeometry(candidate['geometry'] as Uint8Array)),
    )
    if (row) {
      const message = `没有地块编号，图形与已有地块“${String(row['code'])}”相同，按同一地块处理`
      const values = { code: String(row['code']) }
      log.add({ ...at, code: 'matched_by_geometry', severity: 'info', message, values, record: String(row['id']) })
    }
    return row
  }

  private unitOfTown(town: unknown): string | undefined {
    return this.context.units.find(unit => unit.code === town)?.code
  }

  private provenance(feature: RawFeature): Record<string, unknown> {
    return { source_file: this.context.fileName, source_row: feature.row, import_batch: this.context.batch }
  }

  private duplicate(at: { index: number; row: number }, code: string): { action: Action; id: null } {
    this.context.log.add({
      ...at,
      code: 'duplicate_code',
      severity: 'error',
      message: `编号“${code}”在文件里重复，只导入第一个`,
      values: { code },
      field: 'code',
    })
    return { action: 'reject', id: null }
  }

  /** Overlaps among the new parcels and with those that were there, found when all of them are in. */
  async finish(control: JobControl): Promise<void> {
    const { tx, batch, counts, outlines } = this.context
    if (counts.inserted + counts.updated === 0 || !outlines.extent) return
    const state = { done: 0, total: 0 }
    let last = performance.now()
    for (const overlap of findOverlaps(tx.db, batch, tx.planeFor(outlines.extent), state)) {
      if (overlap) this.reportOverlap(overlap)
      if (performance.now() - last < BREATHE_MS) continue
      control.report({ phase: 'overlaps', ...state })
      await control.checkpoint()
      last = performance.now()
    }
  }

  private reportOverlap({ row, otherCode, otherRow, areaM2, identical, lng, lat, id }: Overlap): void {
    const other = otherRow === null ? `已有地块“${otherCode}”` : `第 ${otherRow} 个要素(“${otherCode}”)`
    this.context.log.add({
      index: row - 1,
      row,
      code: identical ? 'duplicate_geometry' : 'overlap',
      severity: 'warning',
      message: identical ? `与${other}的图形完全相同` : `与${other}重叠 ${areaM2.toFixed(2)} m²`,
      values: {
        other: otherCode,
        ...(otherRow === null ? {} : { other_row: otherRow }),
        ...(identical ? {} : { overlap_m2: areaM2.toFixed(2) }),
      },
      record: id,
      lng,
      lat,
    })
  }
}

function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return (
    error.code === 'duplicate_code' ||
    (error.code === 'SQLITE_CONSTRAINT_UNIQUE' && error.message.includes('parcel.code'))
  )
}
