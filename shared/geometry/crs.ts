/**
 * The coordinate reference systems that files of the trade come in, and the way from them to lng/lat CGCS2000 and back.
 * Axis order here is always x, y = longitude, latitude or easting, northing. Datums that need parameters nobody has
 * (1980 西安, 1954 北京) are known by name so that they can be refused in words, never silently taken for CGCS2000.
 */

import { forwardInPlace, inverseInPlace, type TransverseMercator } from './gauss-kruger.ts'
import { fromBd09, fromGcj02, toBd09, toGcj02 } from './gcj02.ts'
import type { Box } from './types.ts'

export type CrsKind = 'geographic' | 'gcj02' | 'bd09' | 'gauss_kruger' | 'web_mercator' | 'needs_parameters'

export interface Crs {
  /** `EPSG:4549`, `GCJ02`, `BD09` … */
  readonly id: string
  readonly zh: string
  readonly kind: CrsKind
  readonly projection?: TransverseMercator
}

const RADIUS_M = 6_378_137
const DEGREES = 180 / Math.PI

const catalogue = new Map<string, Crs>()
const add = (crs: Crs): void => {
  catalogue.set(crs.id, crs)
}

add({ id: 'EPSG:4490', zh: 'CGCS2000 经纬度', kind: 'geographic' })
add({ id: 'EPSG:4326', zh: 'WGS 84 经纬度', kind: 'geographic' })
add({ id: 'EPSG:3857', zh: 'Web 墨卡托', kind: 'web_mercator' })
add({ id: 'GCJ02', zh: 'GCJ-02(火星坐标)', kind: 'gcj02' })
add({ id: 'BD09', zh: 'BD-09(百度坐标)', kind: 'bd09' })
// EPSG registry: 4491-4501 6° zones 13-23 with number, 4502-4512 the same by central meridian,
// 4513-4533 3° zones 25-45 with number, 4534-4554 the same by central meridian.
for (let zone = 13; zone <= 23; zone++) {
  const centralMeridianDegrees = zone * 6 - 3
  add({
    id: `EPSG:${4491 + zone - 13}`,
    zh: `CGCS2000 6度带 第${zone}带`,
    kind: 'gauss_kruger',
    projection: { centralMeridianDegrees, falseEastingM: zone * 1e6 + 5e5 },
  })
  add({
    id: `EPSG:${4502 + zone - 13}`,
    zh: `CGCS2000 6度带 中央经线${centralMeridianDegrees}°`,
    kind: 'gauss_kruger',
    projection: { centralMeridianDegrees, falseEastingM: 5e5 },
  })
}
for (let zone = 25; zone <= 45; zone++) {
  const centralMeridianDegrees = zone * 3
  add({
    id: `EPSG:${4513 + zone - 25}`,
    zh: `CGCS2000 3度带 第${zone}带(带号)`,
    kind: 'gauss_kruger',
    projection: { centralMeridianDegrees, falseEastingM: zone * 1e6 + 5e5 },
  })
  add({
    id: `EPSG:${4534 + zone - 25}`,
    zh: `CGCS2000 3度带 中央经线${centralMeridianDegrees}°`,
    kind: 'gauss_kruger',
    projection: { centralMeridianDegrees, falseEastingM: 5e5 },
  })
}
// Ranges of the EPSG registry: Gauss-Krüger zones of the older datums. New Beijing's 3° zones are scattered.
for (const [first, last, zh] of [
  [2327, 2390, '1980西安坐标系'],
  [4610, 4610, '1980西安坐标系'],
  [2401, 2442, '1954北京坐标系'],
  [21413, 21423, '1954北京坐标系'],
  [21453, 21463, '1954北京坐标系'],
  [21473, 21483, '1954北京坐标系'],
  [4214, 4214, '1954北京坐标系'],
  [4555, 4555, '新1954北京坐标系'],
  [4568, 4589, '新1954北京坐标系'],
  [4652, 4656, '新1954北京坐标系'],
  [4766, 4800, '新1954北京坐标系'],
  [4812, 4812, '新1954北京坐标系'],
  [4822, 4822, '新1954北京坐标系'],
] as const) {
  for (let code = first; code <= last; code++)
    add({ id: `EPSG:${code}`, zh: `${zh}(EPSG:${code})`, kind: 'needs_parameters' })
}

/** Datums with Gauss-Krüger zones: the EPSG code of the first zone (6°: 13 or 75°E, 3°: 25 or 75°E) of each sort. */
interface ZoneFamily {
  name: RegExp
  six: { zone: number; meridian: number }
  three: { zone: number; meridian: number }
  /** What a name without a zone means; undefined when it could mean anything. */
  otherwise: number | undefined
}

const ZONE_FAMILIES: readonly ZoneFamily[] = [
  {
    name: /CGCS ?2000|CHINA GEODETIC COORDINATE SYSTEM 2000|2000国家大地坐标系/,
    six: { zone: 4491, meridian: 4502 },
    three: { zone: 4513, meridian: 4534 },
    otherwise: undefined,
  },
  {
    name: /XI'?AN ?(19)?80|(19)?80 ?(年)?西安|西安 ?(19)?80/,
    six: { zone: 2327, meridian: 2338 },
    three: { zone: 2349, meridian: 2370 },
    otherwise: 4610,
  },
  {
    name: /(BEIJING|PEKING) ?(19)?54|(19)?54 ?(年)?北京|北京 ?(19)?54/,
    six: { zone: 21413, meridian: 21453 },
    three: { zone: 2401, meridian: 2422 },
    otherwise: 4214,
  },
]

/** What the import desk offers first. */
export const COMMON_CRS: readonly string[] = [
  'EPSG:4490',
  'EPSG:4326',
  'EPSG:4549',
  'EPSG:4528',
  'GCJ02',
  'BD09',
  'EPSG:3857',
]

/**
 * The CRS that a name means: `EPSG:4549`, `4549`, `urn:ogc:def:crs:EPSG::4549`, `…/EPSG/0/4549`, `CRS84`, `GCJ-02`, or the
 * names of zones in EPSG, in .prj files and in Chinese. Undefined when it is not in the catalogue.
 */
export function resolveCrs(name: string): Crs | undefined {
  const text = name.trim()
  const upper = text.toUpperCase().replace(/\s+/g, ' ')
  if (/CRS ?84H?$/.test(upper) || upper === 'WGS84' || upper === 'WGS 84' || upper === 'GCS_WGS_1984')
    return catalogue.get('EPSG:4326')
  if (upper === 'CGCS2000' || upper === 'GCS_CHINA_GEODETIC_COORDINATE_SYSTEM_2000' || text === '2000国家大地坐标系')
    return catalogue.get('EPSG:4490')
  if (/^GCJ[-_ ]?02$/.test(upper)) return catalogue.get('GCJ02')
  if (/^BD[-_ ]?09(LL)?$/.test(upper)) return catalogue.get('BD09')
  const code =
    /^(?:EPSG[:/ ]{0,2})?(\d{4,5})$/.exec(upper) ??
    /EPSG:[^:]*:(\d{4,5})$/.exec(upper) ??
    /EPSG\/[^/]*\/(\d{4,5})$/.exec(upper)
  if (code) return catalogue.get(`EPSG:${code[1]}`)
  return zoneByName(upper.replace(/[_/-]+/g, ' ').replace(/ +/g, ' '))
}

/** Names like `CGCS2000 / 3-degree Gauss-Kruger CM 120E`, `Xian_1980_GK_Zone_20`, `CGCS2000 3度带 第40带`. */
function zoneByName(name: string): Crs | undefined {
  const family = ZONE_FAMILIES.find(candidate => candidate.name.test(name))
  if (!family) return undefined
  const isThreeDegree = /3 ?(DEGREE|度)/.test(name)
  const first = isThreeDegree ? family.three : family.six
  const meridian = /(?:\bCM|中央经线|中央子午线) ?(\d{2,3})(?!\d)/.exec(name)?.[1]
  const zone = /(?:\bZONE|第) ?(\d{2})(?!\d)/.exec(name)?.[1]
  let step: number | undefined
  if (meridian) step = isThreeDegree ? Number(meridian) / 3 - 25 : (Number(meridian) + 3) / 6 - 13
  else if (zone) step = Number(zone) - (isThreeDegree ? 25 : 13)
  if (step === undefined) return family.otherwise === undefined ? undefined : catalogue.get(`EPSG:${family.otherwise}`)
  if (!Number.isInteger(step) || step < 0 || step > (isThreeDegree ? 20 : 10)) return undefined
  return catalogue.get(`EPSG:${(meridian ? first.meridian : first.zone) + step}`)
}

/** All systems that can be used, for a choice list. */
export function usableCrs(): Crs[] {
  return [...catalogue.values()].filter(crs => crs.kind !== 'needs_parameters')
}

/** Replaces coordinates (x0, y0, x1, y1 …) of `crs` by lng/lat CGCS2000 in place. Throws for systems that need parameters. */
export function toGeographicInPlace(crs: Crs, coordinates: Float64Array): void {
  transform(crs, coordinates, 'to')
}

/** Replaces lng/lat CGCS2000 by coordinates of `crs` in place. */
export function fromGeographicInPlace(crs: Crs, coordinates: Float64Array): void {
  transform(crs, coordinates, 'from')
}

function transform(crs: Crs, coordinates: Float64Array, direction: 'to' | 'from'): void {
  switch (crs.kind) {
    case 'geographic':
      return
    case 'gauss_kruger':
      if (direction === 'to') inverseInPlace(crs.projection!, coordinates)
      else forwardInPlace(crs.projection!, coordinates)
      return
    case 'gcj02':
      eachPosition(coordinates, direction === 'to' ? fromGcj02 : toGcj02)
      return
    case 'bd09':
      eachPosition(coordinates, direction === 'to' ? fromBd09 : toBd09)
      return
    case 'web_mercator':
      eachPosition(coordinates, direction === 'to' ? fromWebMercator : toWebMercator)
      return
    case 'needs_parameters':
      throw Object.assign(new Error(`no transformation for ${crs.id}`), { code: 'crs_needs_parameters' })
  }
}

function eachPosition(coordinates: Float64Array, convert: (x: number, y: number) => readonly [number, number]): void {
  for (let index = 0; index < coordinates.length; index += 2) {
    const [x, y] = convert(coordinates[index]!, coordinates[index + 1]!)
    coordinates[index] = x
    coordinates[index + 1] = y
  }
}

function fromWebMercator(x: number, y: number): [number, number] {
  return [(x / RADIUS_M) * DEGREES, Math.atan(Math.sinh(y / RADIUS_M)) * DEGREES]
}

function toWebMercator(longitude: number, latitude: number): [number, number] {
  return [(longitude / DEGREES) * RADIUS_M, Math.asinh(Math.tan(latitude / DEGREES)) * RADIUS_M]
}

export type CrsFinding =
  | 'looks_geographic'
  | 'looks_projected'
  | 'swapped_axes'
  /** Eastings begin with a zone number where the system has none, or has another one. */
  | 'zone_prefix_present'
  | 'zone_prefix_missing'
  | 'outside_guard'
  | 'out_of_range'

/**
 * What is suspicious about raw coordinates under a declared CRS. `extent` is of the raw coordinates, `guard` the lng/lat
 * box where the survey's data must lie (null: no guard). GCJ-02 cannot be seen from coordinates and is never guessed.
 */
export function crsFindings(crs: Crs, extent: Readonly<Box>, guard: Readonly<Box> | null): CrsFinding[] {
  const looksGeographic =
    Math.abs(extent[0]) <= 180 && Math.abs(extent[2]) <= 180 && Math.abs(extent[1]) <= 180 && Math.abs(extent[3]) <= 180
  const expectsDegrees = crs.kind === 'geographic' || crs.kind === 'gcj02' || crs.kind === 'bd09'
  if (expectsDegrees && !looksGeographic) return ['looks_projected']
  if (!expectsDegrees && looksGeographic) return ['looks_geographic']
  const findings: CrsFinding[] = []
  if (expectsDegrees) {
    const yBeyond = extent[1] < -90 || extent[3] > 90
    if (yBeyond && Math.abs(extent[0]) <= 90 && Math.abs(extent[2]) <= 90) return ['swapped_axes']
    if (yBeyond) findings.push('out_of_range')
  } else if (crs.kind === 'gauss_kruger') {
    const { falseEastingM } = crs.projection!
    const easting = (extent[0] + extent[2]) / 2
    const northing = (extent[1] + extent[3]) / 2
    // Northings in China are 0.4-6 million; eastings 6 digits, or 8 with the zone's number in front.
    if (northing > 1e7 && easting < 6.2e6) return ['swapped_axes']
    if (falseEastingM < 1e6 && northing < 1e6 && easting > 1e6 && easting < 6.2e6) return ['swapped_axes']
    // Also the number of another zone: a file of zone 39 read in zone 40 would land 1,000 km to the west.
    if (easting > 1e7 && Math.floor(easting / 1e6) !== Math.floor(falseEastingM / 1e6)) return ['zone_prefix_present']
    if (falseEastingM > 1e6 && easting < 1e7) return ['zone_prefix_missing']
  }
  if (guard) {
    const corners = new Float64Array([
      extent[0],
      extent[1],
      extent[2],
      extent[3],
      extent[0],
      extent[3],
      extent[2],
      extent[1],
    ])
    transform(crs, corners, 'to')
    let outside = false
    let swappedFits = true
    for (let index = 0; index < corners.length; index += 2) {
      const x = corners[index]!
      const y = corners[index + 1]!
      if (!(x >= guard[0] && x <= guard[2] && y >= guard[1] && y <= guard[3])) outside = true
      if (!(y >= guard[0] && y <= guard[2] && x >= guard[1] && x <= guard[3])) swappedFits = false
    }
    if (outside) findings.push(swappedFits && expectsDegrees ? 'swapped_axes' : 'outside_guard')
  }
  return findings
}

/** The CRS that raw coordinates most likely have, when they fall into the guard box under exactly one of the usual ones. */
export function guessCrs(extent: Readonly<Box>, guard: Readonly<Box> | null): Crs | undefined {
  const looksGeographic =
    Math.abs(extent[0]) <= 180 && Math.abs(extent[2]) <= 180 && Math.abs(extent[1]) <= 90 && Math.abs(extent[3]) <= 90
  if (looksGeographic) return catalogue.get('EPSG:4490')
  const candidates = [
    'EPSG:4549',
    'EPSG:4528',
    'EPSG:3857',
    ...[...catalogue.values()].filter(crs => crs.kind === 'gauss_kruger').map(crs => crs.id),
  ]
  return candidates
    .map(id => catalogue.get(id)!)
    .find(crs => guard !== null && crsFindings(crs, extent, guard).length === 0)
}
