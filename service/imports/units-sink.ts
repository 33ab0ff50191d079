/** Takes report units (考核单位) by code: new ones are added, known ones updated. */

import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { Row } from '../db/rows.ts'
import { prepare } from '../db/sql.ts'
import type { RawFeature } from '../formats/format.ts'
import type { Geos } from '../geos/geos.ts'
import { checkOutline } from './check-outline.ts'
import type { RunContext, Sink } from './context.ts'
import type { MappedValues } from './map-fields.ts'
import { changedValues, keepBefore, sameGeometry } from './record-matching.ts'

export class UnitsSink implements Sink {
  private readonly context: RunContext
  private readonly geos: Geos
  private readonly seen = new Set<string>()

  constructor(context: RunContext, geos: Geos) {
    this.context = context
    this.geos = geos
  }

  take(feature: RawFeature, { values }: MappedValues): void {
    const { log, counts, tx, batch, crs } = this.context
    const at = { index: feature.index, row: feature.row }
    const reject = (code: string, field: string, message: string, values?: Record<string, string>): void => {
      log.add({ ...at, code, severity: 'error', field, message, ...(values ? { values } : {}) })
      counts.rejected++
    }
    const code = values['code']
    if (typeof code !== 'string') {
      reject('required', 'code', '没有单位代码，未导入')
      return
    }
    if (this.seen.has(code)) {
      reject('duplicate_code', 'code', `单位代码“${code}”在文件里重复，只导入第一个`, { code })
      return
    }
    this.seen.add(code)
    const outline = feature.geometry ? checkOutline(feature.geometry, crs, null, this.geos) : undefined
    const geometry = outline?.geometry ?? undefined
    for (const issue of outline?.issues ?? []) log.add({ ...at, ...issue })
    const row = prepare(tx.db, 'SELECT * FROM report_unit WHERE code = ? AND deleted = 0').get(code) as Row | undefined
    if (!row) {
      if (typeof values['name'] !== 'string') {
        reject('required', 'name', '没有单位名称，未导入')
        return
      }
      // Units carry no batch of their own: the empty row says that there was nothing before.
      const { id } = tx.insert('report_unit', values, geometry)
      keepBefore(tx.db, batch, 'report_unit', { id, rev: 0 })
      counts.inserted++
      return
    }
    const changed = changedValues('report_unit', row, values)
    const stored = row['geometry'] as Uint8Array | null
    const newOutline = geometry && !(stored && sameGeometry(geometry, decodeGeometry(stored))) ? geometry : undefined
    if (Object.keys(changed).length === 0 && !newOutline) {
      counts.unchanged++
      return
    }
    keepBefore(tx.db, batch, 'report_unit', row)
    tx.replace('report_unit', String(row['id']), changed, newOutline)
    counts.updated++
  }

  async finish(): Promise<void> {
    // Nothing that needs all rows to be there.
  }
}
