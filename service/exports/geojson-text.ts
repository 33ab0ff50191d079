/** GeoJSON text of stored outlines in a wanted reference system. Pure text; files are written elsewhere. */
import { AppError } from '../../shared/contract/errors.ts'
import { type Crs, fromGeographicInPlace, resolveCrs } from '../../shared/geometry/crs.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'

/** The usable system of that name; `bad_input` for unknown ones and for those whose parameters are not public. */
export function exportCrs(name: string): Crs {
  const crs = resolveCrs(name)
  if (!crs || crs.kind === 'needs_parameters')
    throw new AppError('bad_input', `不支持的坐标系：${name.slice(0, 40)}`, { reason: 'crs_unknown', field: 'crs' })
  return crs
}

/** Opening of a feature collection. The `crs` member is left out for WGS 84 only, which is what GeoJSON means without it. */
export function collectionHead(crs: Crs): string {
  if (crs.id === 'EPSG:4326') return '{"type":"FeatureCollection","features":['
  const name = crs.id.startsWith('EPSG:') ? `urn:ogc:def:crs:EPSG::${crs.id.slice(5)}` : crs.id
  return `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":${JSON.stringify(name)}}},"features":[`
}

/** A blob as MultiPolygon text, x before y, rounded to 1e-9 degrees or 0.1 mm; null stays null. */
export function geometryText(blob: Uint8Array | null, crs: Crs): string {
  if (blob === null) return 'null'
  const flat = decodeGeometry(blob)
  const coordinates = flat.coordinates.slice()
  fromGeographicInPlace(crs, coordinates)
  const degrees = crs.kind === 'geographic' || crs.kind === 'gcj02' || crs.kind === 'bd09'
  const scale = degrees ? 1e9 : 1e4
  const polygons: string[] = []
  let ring = 0
  let vertex = 0
  for (const polygonEnd of flat.polygonEnds) {
    const rings: string[] = []
    for (; ring < polygonEnd; ring++) {
      const points: string[] = []
      for (const end = flat.ringEnds[ring]!; vertex < end; vertex++) {
        const x = Math.round(coordinates[vertex * 2]! * scale) / scale
        const y = Math.round(coordinates[vertex * 2 + 1]! * scale) / scale
        points.push(`[${x},${y}]`)
      }
      rings.push(`[${points.join(',')}]`)
    }
    polygons.push(`[${rings.join(',')}]`)
  }
  return `{"type":"MultiPolygon","coordinates":[${polygons.join(',')}]}`
}
