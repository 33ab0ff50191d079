/**
 * Typed or pasted corner coordinates: lines of numbers in degrees, Gauss-Krüger metres, 度分秒, or the corner tables of
 * land surveys (domain §10.2), where X is the northing. What the numbers were taken for is said, never only assumed.
 */
import { type Crs, resolveCrs, toGeographicInPlace } from '../crs.ts'
import type { PlaneProjection } from '../plane.ts'
import { type Outline, type Place, samePlace } from './outline.ts'
import { type NumberRow, readRows, type TypedProblem } from './typed-rows.ts'

export interface TypedOutline {
  readonly outline: Outline
  /** The system that the numbers were read in. */
  readonly crs: Pick<Crs, 'id' | 'zh'>
  /** Which number came first in a line. */
  readonly order: 'lng_lat' | 'lat_lng' | 'northing_easting' | 'easting_northing'
  /** Things that a person should know: differences between what the text declares and what its numbers say. */
  readonly notes: readonly ('zone_differs' | 'not_closed' | 'count_differs')[]
  readonly corners: number
}

export type TypedResult = TypedOutline | { readonly problem: TypedProblem }

/**
 * @param plane the survey's plane, for eastings without a zone number. Order of metres is told by magnitude: northings in
 * China have 7 digits, eastings 6 or, with the zone number, 8. Degrees: longitudes of China lie above 73, latitudes below 54.
 */
export function readTypedCoordinates(text: string, plane: PlaneProjection): TypedResult {
  const { rows, declared, problem } = readRows(text)
  if (problem) return { problem }
  if (rows.length === 0) return { problem: { kind: 'empty' } }
  if (declared.datum && /80|54|西安|北京/.test(declared.datum))
    return { problem: { kind: 'needs_parameters', name: declared.datum } }
  const kinds = rows.map(kindOf)
  const other = kinds.findIndex(kind => kind !== kinds[0])
  const [kind] = kinds
  if (!kind) return { problem: { kind: 'unknown_range', line: rows[0]!.line } }
  if (other >= 0) return { problem: { kind: kinds[other] ? 'mixed' : 'unknown_range', line: rows[other]!.line } }
  const isSwapped = kind === 'lat_lng' || kind === 'northing_easting'
  const places = rows.map(({ a, b }): Place => (isSwapped ? [b, a] : [a, b]))
  const crs = systemOf(kind, places, plane)
  if (!crs) return { problem: { kind: 'unknown_range', line: rows[0]!.line } }
  const coordinates = Float64Array.from(places.flat())
  toGeographicInPlace(crs, coordinates)
  const geographic = rows.map((row, index) => ({
    row,
    place: [coordinates[index * 2]!, coordinates[index * 2 + 1]!] as Place,
    raw: places[index]!,
  }))
  const rings = ringsOf(geographic)
  const small = rings.findIndex(ring => ring.places.length < 3)
  if (small >= 0) return { problem: { kind: 'too_few', part: small + 1 } }
  const notes = new Set<TypedOutline['notes'][number]>()
  const zone = Math.floor(places[0]![0] / 1e6)
  if (declared.zone !== undefined && zone > 0 && kind.includes('easting') && zone !== declared.zone)
    notes.add('zone_differs')
  if (rings.some(ring => !ring.isClosed) && rows.some(row => row.ring !== undefined)) notes.add('not_closed')
  if (declared.counts.some((count, part) => count !== countOf(rings, part))) notes.add('count_differs')
  return {
    outline: outlineOfRings(rings),
    crs: { id: crs.id, zh: crs.zh },
    order: kind,
    notes: [...notes],
    corners: rings.reduce((sum, ring) => sum + ring.places.length, 0),
  }
}

export interface TypedPlace {
  readonly lng: number
  readonly lat: number
  readonly crs: Pick<Crs, 'id' | 'zh'>
}

/** The one place that a text means, read like a line of corners; null when it is no pair of coordinates. */
export function readTypedPlace(text: string, plane: PlaneProjection): TypedPlace | null {
  const { rows, problem } = readRows(text)
  const [row] = rows
  const kind = row && kindOf(row)
  if (problem || !kind || rows.length > 1) return null
  const isSwapped = kind === 'lat_lng' || kind === 'northing_easting'
  const place: Place = isSwapped ? [row.b, row.a] : [row.a, row.b]
  const crs = systemOf(kind, [place], plane)
  if (!crs) return null
  const coordinates = Float64Array.from(place)
  toGeographicInPlace(crs, coordinates)
  return { lng: coordinates[0]!, lat: coordinates[1]!, crs: { id: crs.id, zh: crs.zh } }
}

function kindOf({ a, b }: NumberRow): TypedOutline['order'] | undefined {
  const isLng = (value: number): boolean => value >= 73 && value <= 136
  const isLat = (value: number): boolean => value >= 3 && value <= 54
  const isNorthing = (value: number): boolean => value >= 3e5 && value < 6.2e6
  const isEasting = (value: number): boolean => (value >= 1e5 && value < 1e6) || (value >= 1.3e7 && value < 4.6e7)
  if (isLng(a) && isLat(b)) return 'lng_lat'
  if (isLat(a) && isLng(b)) return 'lat_lng'
  if (isNorthing(a) && isEasting(b) && a >= 1e6) return 'northing_easting'
  if (isEasting(a) && isNorthing(b) && b >= 1e6) return 'easting_northing'
  return undefined
}

function systemOf(kind: TypedOutline['order'], places: readonly Place[], plane: PlaneProjection): Crs | undefined {
  if (kind === 'lng_lat' || kind === 'lat_lng') return resolveCrs('EPSG:4490')
  const zone = Math.floor(places[0]![0] / 1e6)
  if (zone >= 25) return resolveCrs(`EPSG:${4513 + zone - 25}`)
  if (zone >= 13) return resolveCrs(`EPSG:${4491 + zone - 13}`)
  const isThreeDegree = plane.centralMeridianDegrees % 3 === 0 && plane.falseEastingM === 500_000
  if (isThreeDegree) return resolveCrs(`EPSG:${4534 + plane.centralMeridianDegrees / 3 - 25}`)
  return { id: 'survey', zh: '', kind: 'gauss_kruger', projection: plane }
}

interface TypedRing {
  readonly part: number
  readonly number: number
  readonly places: Place[]
  isClosed: boolean
}

/** A ring ends where it returns to its first corner (that ends it, whatever numbers say), or where part or ring change. */
function ringsOf(corners: readonly { row: NumberRow; place: Place; raw: Place }[]): TypedRing[] {
  const rings: TypedRing[] = []
  let first: Place | undefined
  let current: TypedRing | undefined
  for (const { row, place, raw } of corners) {
    const number = row.ring ?? 1
    if (!current || current.isClosed || current.part !== row.part || current.number !== number) {
      current = { part: row.part, number, places: [], isClosed: false }
      rings.push(current)
      first = raw
    }
    if (current.places.length >= 3 && first && samePlace(raw, first)) current.isClosed = true
    else current.places.push(place)
  }
  return rings
}

/** Ring 1 of a part is a shell, higher numbers are its holes; a closed ring followed by another ring 1 is a further part. */
function outlineOfRings(rings: readonly TypedRing[]): Outline {
  const polygons: Place[][][] = []
  for (const ring of rings) {
    const last = polygons.at(-1)
    if (ring.number > 1 && last) last.push(ring.places)
    else polygons.push([ring.places])
  }
  return polygons
}

/** Corners of a part, the closing one counted as surveys do where it was written. */
function countOf(rings: readonly TypedRing[], part: number): number {
  return rings
    .filter(ring => ring.part === part + 1)
    .reduce((sum, ring) => sum + ring.places.length + (ring.isClosed ? 1 : 0), 0)
}
