/** Checks on the size of a parcel: slivers, and areas stated in the file against the outline. Reports; changes nothing. */
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { Finding, IssueLog } from './issue-log.ts'

/** Smaller parcels are digitising leftovers (碎片). */
const SLIVER_M2 = 100
/** Official checks allow 1 m² between the stated area and the outline (domain §3). */
const STATED_TOLERANCE_M2 = 1
const REGISTERED_TOLERANCE = 0.01

interface MeasuredParcel {
  id: string
  areaM2: number
  areaPlanarM2: number
}

export function checkAreas(
  log: IssueLog,
  at: { index: number; row: number },
  geometry: FlatPolygons,
  parcel: MeasuredParcel,
  stated: unknown,
  registered: unknown,
): void {
  const { areaM2, areaPlanarM2, id } = parcel
  const report = (finding: Pick<Finding, 'code' | 'message' | 'field' | 'values'>): void => {
    const box = boxOf(geometry)
    log.add({
      ...at,
      severity: 'warning',
      record: id,
      lng: (box[0] + box[2]) / 2,
      lat: (box[1] + box[3]) / 2,
      ...finding,
    })
  }
  if (areaM2 < SLIVER_M2) {
    const message = `面积 ${areaM2.toFixed(2)} m²，小于 ${SLIVER_M2} m²，可能是碎片`
    report({ code: 'sliver', message, values: { measured_m2: areaM2.toFixed(2) } })
  }
  const words = (label: string, value: number, difference: number) =>
    `${label} ${value.toFixed(2)} m² 与图形面积 ${areaM2.toFixed(2)} m² 相差 ${difference.toFixed(2)} m²(${((difference / areaM2) * 100).toFixed(2)}%)`
  const named = (value: number, difference: number) => ({
    stated_m2: value.toFixed(2),
    measured_m2: areaM2.toFixed(2),
    difference_m2: difference.toFixed(2),
  })
  if (typeof stated === 'number' && stated > 0) {
    // Files state ellipsoidal or planar areas without saying which; the nearer one counts.
    const difference = Math.min(Math.abs(stated - areaM2), Math.abs(stated - areaPlanarM2))
    if (difference > STATED_TOLERANCE_M2) {
      const message = words('面积', stated, difference)
      report({ code: 'area_mismatch', field: 'stated_area_m2', message, values: named(stated, difference) })
    }
  }
  if (typeof registered === 'number' && registered > 0) {
    const difference = Math.abs(registered - areaM2)
    if (difference > areaM2 * REGISTERED_TOLERANCE) {
      const message = words('登记面积', registered, difference)
      report({ code: 'area_mismatch', field: 'area_registered_m2', message, values: named(registered, difference) })
    }
  }
}
