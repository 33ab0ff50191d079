/** The zones of a report as GeoPackage: outlines in one layer, members in another; head, totals and notes in a table without places. */
import { AppError } from '../../shared/contract/errors.ts'
import { type Crs, fromGeographicInPlace } from '../../shared/geometry/crs.ts'
import { decodeGeometry, encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf } from '../../shared/geometry/types.ts'
import type { Report } from '../../shared/report/model.ts'
import {
  type GeoPackageLayer,
  type GeoPackageTable,
  hasDefinition,
  srsIdOf,
  writeGeoPackage,
} from '../db/geopackage-file.ts'
import { exportCrs } from '../exports/geojson-text.ts'
import { MEMBER_PROPERTIES, membersOf, type Property, reportFacts, ZONE_PROPERTIES } from './zone-properties.ts'

/** The usable system of that name; `bad_input` for those that a GeoPackage has no definition for (GCJ-02, BD-09, Web Mercator). */
export function refuseCrs(crsName: string): Crs {
  const crs = exportCrs(crsName)
  if (hasDefinition(crs)) return crs
  throw new AppError('bad_input', `GeoPackage 不能用坐标系 ${crs.id}，请改用 EPSG:4490 或 EPSG:4549`, {
    reason: 'gpkg_crs',
    values: { crs: crs.id },
    field: 'crs',
  })
}

/** Throws `bad_input` as `refuseCrs` does. `changed` is the time of the data. */
export function writeReportGeoPackage(report: Report, file: string, changed: Date, crsName = 'EPSG:4490'): void {
  const crs = refuseCrs(crsName)
  const layers = [
    layerOf('连片区域', '连片整治区域范围', ZONE_PROPERTIES, report.zones, zone => zone.outline, crs),
    layerOf(
      '成员地块',
      '连片整治区域的成员地块；同属几个区域的地块每个区域一条',
      MEMBER_PROPERTIES,
      report.zones.flatMap(membersOf),
      each => each.member.outline,
      crs,
    ),
  ]
  writeGeoPackage(file, layers, crs, changed.toISOString(), [factsTable(report)])
}

function factsTable(report: Report): GeoPackageTable {
  const { title, header, totals, notes } = reportFacts(report)
  return {
    name: '报告说明',
    description: '表头、合计与提示',
    columns: [
      { name: 'item', title: '项目', kind: 'text' },
      { name: 'text', title: '内容', kind: 'text' },
      { name: 'value', title: '数值', kind: 'real' },
    ],
    rows: [
      ['标题', title, null],
      ...Object.entries(header).map(([item, text]) => [item, text, null]),
      ...Object.entries(totals).map(([item, value]) =>
        typeof value === 'number' ? [`合计 ${item}`, null, value] : [`合计 ${item}`, value, null],
      ),
      ...notes.map(note => ['说明', note, null]),
    ],
  }
}

function layerOf<T>(
  name: string,
  description: string,
  properties: readonly Property<T>[],
  rows: readonly T[],
  outlineOf: (row: T) => Uint8Array | null,
  crs: Crs,
): GeoPackageLayer {
  return {
    name,
    description,
    columns: properties.map(property => ({ name: property.name, title: property.zh, kind: property.kind })),
    features: rows.map(row => {
      const values = properties.map(property => property.read(row))
      const outline = outlineOf(row)
      if (outline === null) return { values, geometry: null, box: null }
      const flat = decodeGeometry(outline)
      const coordinates = flat.coordinates.slice()
      fromGeographicInPlace(crs, coordinates)
      const there = { ...flat, coordinates }
      return { values, geometry: encodeGeometry(there, srsIdOf(crs)), box: boxOf(there) }
    }),
  }
}
