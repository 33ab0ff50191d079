/**
 * In which coordinates a GeoTIFF lies, from its geo keys: what the catalogue of CRSs knows, UTM on WGS 84, and a transverse
 * Mercator that is written out. Another datum is refused: its pictures would lie a hundred metres beside the land.
 */
import { AppError } from '../../../shared/contract/errors.ts'
import { type Crs, fromGeographicInPlace, resolveCrs, toGeographicInPlace } from '../../../shared/geometry/crs.ts'

export interface RasterCrs {
  readonly id: string
  readonly kind: Crs['kind']
  /** x, y pairs of the raster to lng/lat degrees, in place. */
  toGeographic(coordinates: Float64Array): void
  /** lng/lat degrees to x, y of the raster, in place. */
  fromGeographic(coordinates: Float64Array): void
}

type GeoKeys = Readonly<Record<string, unknown>>

const USER_DEFINED = 32767
const TRANSVERSE_MERCATOR = 1
/** CGCS2000 and WGS 84 differ by centimetres: no matter for a picture. */
const KNOWN_DATUMS = new Set([4490, 4326, 1024, 6326, 6610, 1043])

/** `chosen` is what a person said and comes first; throws `refused` with a reason when neither is usable. */
export function rasterCrs(keys: GeoKeys | null, chosen: string | null): RasterCrs {
  if (chosen !== null) return known(chosen) ?? unknown(chosen)
  const projected = Number(keys?.['ProjectedCSTypeGeoKey'] ?? Number.NaN)
  const geographic = Number(keys?.['GeographicTypeGeoKey'] ?? Number.NaN)
  if (Number.isFinite(projected) && projected !== USER_DEFINED) {
    return known(`EPSG:${projected}`) ?? utm(projected) ?? unknown(`EPSG:${projected}`)
  }
  const names = [keys?.['PCSCitationGeoKey'], keys?.['GTCitationGeoKey']]
  if (keys?.['GTModelTypeGeoKey'] === 1) {
    for (const name of names) {
      const named =
        typeof name === 'string' ? resolveCrs(name.replace(/^PCS Name = /, '').replace(/\|.*$/, '')) : undefined
      if (named?.kind === 'gauss_kruger') return ofCrs(named)
    }
    const citation = String(keys['GeogCitationGeoKey'] ?? '')
    const isKnownDatum =
      KNOWN_DATUMS.has(geographic) ||
      /CGCS ?2000|China[ _]Geodetic[ _]Coordinate[ _]System[ _]2000|WGS[ _]?(19)?84/i.test(citation)
    if (keys['ProjCoordTransGeoKey'] === TRANSVERSE_MERCATOR && isKnownDatum) return written(keys)
    return unknown(names.find(name => typeof name === 'string' && name !== ''))
  }
  if (Number.isFinite(geographic) && geographic !== USER_DEFINED) {
    return known(`EPSG:${geographic}`) ?? unknown(`EPSG:${geographic}`)
  }
  return unknown(undefined)
}

function unknown(name: unknown): never {
  const shown = typeof name === 'string' ? name.slice(0, 80) : '—'
  throw new AppError('refused', `底图的坐标系未写明或不支持(${shown})，请选择它的坐标系`, {
    reason: 'basemap_crs_unknown',
    values: { crs: shown },
  })
}

function known(name: string): RasterCrs | undefined {
  const crs = resolveCrs(name === 'EPSG:900913' || name === 'EPSG:3785' ? 'EPSG:3857' : name)
  if (!crs) return undefined
  if (crs.kind === 'needs_parameters') {
    throw new AppError('refused', `底图为${crs.zh}，没有转换参数，不能叠放；请先转换为 CGCS2000`, {
      reason: 'basemap_crs_parameters',
      values: { crs: crs.id },
    })
  }
  return ofCrs(crs)
}

function ofCrs(crs: Crs): RasterCrs {
  return {
    id: crs.id,
    kind: crs.kind,
    toGeographic: coordinates => toGeographicInPlace(crs, coordinates),
    fromGeographic: coordinates => fromGeographicInPlace(crs, coordinates),
  }
}

function utm(code: number): RasterCrs | undefined {
  const zone = code % 100
  const isNorth = code >= 32601 && code <= 32660
  if (!isNorth && !(code >= 32701 && code <= 32760)) return undefined
  return scaled(`EPSG:${code}`, {
    meridian: zone * 6 - 183,
    scale: 0.9996,
    east: 5e5,
    north: isNorth ? 0 : 1e7,
    latitude: 0,
  })
}

function written(keys: GeoKeys): RasterCrs {
  const number = (otherwise: number, ...names: string[]): number => {
    const found = names.map(name => keys[name]).find(value => typeof value === 'number')
    return typeof found === 'number' ? found : otherwise
  }
  return scaled('TM', {
    meridian: number(0, 'ProjNatOriginLongGeoKey', 'ProjCenterLongGeoKey'),
    latitude: number(0, 'ProjNatOriginLatGeoKey', 'ProjCenterLatGeoKey'),
    scale: number(1, 'ProjScaleAtNatOriginGeoKey'),
    east: number(0, 'ProjFalseEastingGeoKey'),
    north: number(0, 'ProjFalseNorthingGeoKey'),
  })
}

interface Transverse {
  readonly meridian: number
  readonly latitude: number
  readonly scale: number
  readonly east: number
  readonly north: number
}

function scaled(id: string, { meridian, latitude, scale, east, north }: Transverse): RasterCrs {
  const plain: Crs = {
    id,
    zh: id,
    kind: 'gauss_kruger',
    projection: { centralMeridianDegrees: meridian, falseEastingM: 0 },
  }
  const origin = new Float64Array([meridian, latitude])
  fromGeographicInPlace(plain, origin)
  const base = origin[1]!
  return {
    id,
    kind: 'gauss_kruger',
    toGeographic(coordinates) {
      for (let index = 0; index < coordinates.length; index += 2) {
        coordinates[index] = (coordinates[index]! - east) / scale
        coordinates[index + 1] = (coordinates[index + 1]! - north) / scale + base
      }
      toGeographicInPlace(plain, coordinates)
    },
    fromGeographic(coordinates) {
      fromGeographicInPlace(plain, coordinates)
      for (let index = 0; index < coordinates.length; index += 2) {
        coordinates[index] = coordinates[index]! * scale + east
        coordinates[index + 1] = (coordinates[index + 1]! - base) * scale + north
      }
    },
  }
}
