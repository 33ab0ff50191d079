/** Column kinds, the map and the boundary points of a zone report. Reads only. */
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { projectToPlane } from '../../shared/geometry/plane.ts'
import { boxOf } from '../../shared/geometry/types.ts'
import type { CellValue, ReportColumn, ReportFigure, ReportTable } from '../../shared/report/model.ts'
import { boundaryFeaturesIn } from '../boundary/boundary-repo.ts'
import type { Store } from '../db/store.ts'
import type { ZoneRow } from '../zones/zones-repo.ts'
import { mapFigure } from './map-figure.ts'
import * as repo from './report-repo.ts'

export const textColumn = (title: string, width = 2): ReportColumn => ({ key: title, title, kind: 'text', width })
export const numberColumn = (title: string, unit = '', decimals = 2): ReportColumn => ({
  key: title,
  title,
  kind: 'number',
  decimals,
  width: 1.4,
  ...(unit === '' ? {} : { unit }),
})
export const mu = (title: string) => numberColumn(title, '亩')

export function figures(
  store: Store,
  zone: ZoneRow,
  parcels: readonly repo.ReportParcel[],
  boundaryId: string | undefined,
): ReportFigure[] {
  if (parcels.length === 0) return []
  const plane = (blob: Uint8Array) => projectToPlane(decodeGeometry(blob), store.plane)
  const boxes = parcels.map(parcel => boxOf(decodeGeometry(parcel.geometry)))
  const pad = 0.003
  const box: [number, number, number, number] = [
    Math.min(...boxes.map(b => b[0])) - pad,
    Math.min(...boxes.map(b => b[1])) - pad,
    Math.max(...boxes.map(b => b[2])) + pad,
    Math.max(...boxes.map(b => b[3])) + pad,
  ]
  const own = new Set(parcels.map(parcel => parcel.id))
  return [
    mapFigure({
      title: `${zone.name}现状图`,
      members: parcels.map((parcel, index) => ({
        number: index + 1,
        side: parcel.side,
        outline: plane(parcel.geometry),
      })),
      neighbours: repo
        .outlinesNear(store.read, box, 2000)
        .filter(row => !own.has(row.id))
        .map(row => plane(row.geometry)),
      boundary:
        boundaryId === undefined
          ? []
          : boundaryFeaturesIn(store.read, boundaryId, box).map(row => ({
              subzone: row.subzone ?? 'unspecified',
              outline: plane(row.geometry),
            })),
      outline: zone.geometry ? plane(zone.geometry) : null,
    }),
  ]
}

/** 四至 by coordinates when nobody has described them: northing and easting of the outline's extremes, metres. */
export function extentInWords(store: Store, outline: Uint8Array): string {
  const [west, south, east, north] = boxOf(projectToPlane(decodeGeometry(outline), store.plane))
  const at = (axis: string, value: number): string => `${axis} ${value.toFixed(1)} 米`
  return `东至 ${at('Y', east)},西至 ${at('Y', west)},南至 ${at('X', south)},北至 ${at('X', north)}(按坐标)`
}

export function pointTable(store: Store, outline: Uint8Array): ReportTable {
  const flat = projectToPlane(decodeGeometry(outline), store.plane)
  const rows: CellValue[][] = []
  let from = 0
  flat.ringEnds.forEach((end, ring) => {
    for (let at = from; at < end - 1; at++) {
      const [y, x, nextY, nextX] = flat.coordinates.subarray(at * 2, at * 2 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ]
      rows.push([`J${rows.length + 1}`, x, y, Math.hypot(nextX - x, nextY - y), ring + 1])
    }
    from = end
  })
  return {
    title: '表F 界址点成果表',
    columns: [
      textColumn('点号'),
      numberColumn('X', 'm', 3),
      numberColumn('Y', 'm', 3),
      numberColumn('边长', 'm'),
      numberColumn('圈号', '', 0),
    ],
    rows,
  }
}
