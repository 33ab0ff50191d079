/** The maps of a zone: where it lies, what stands there now, on which side of the boundary. Reads only. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { projectToPlane } from '../../shared/geometry/plane.ts'
import { isInsidePolygons } from '../../shared/geometry/point-in-polygon.ts'
import { type Box, boxOf, type FlatPolygons, type PolygonalGeometry, toFlat } from '../../shared/geometry/types.ts'
import type { ReportFigure } from '../../shared/report/model.ts'
import { CLASS_COLOURS } from '../../shared/tiles/theme-colours.ts'
import { CLASS_CODES } from '../../shared/tiles/tile-values.ts'
import { boundaryFeatures, boundaryFeaturesIn } from '../boundary/boundary-repo.ts'
import type { Store } from '../db/store.ts'
import { ratingsOf } from '../tiles/ratings.ts'
import { boxAround } from './figure-canvas.ts'
import { locationMaps } from './location-figure.ts'
import { type MapFigureInput, type MapTheme, mapFigure } from './map-figure.ts'
import * as repo from './report-repo.ts'
import type { ZoneFacts } from './zone-report-facts.ts'

/** Degrees of surroundings on the maps of a zone. */
const AROUND = 0.003
const MOST_NEIGHBOURS = 2000

/** Lighter than on the screen, so that numbers stay readable. */
const CLASS_THEME: readonly MapTheme[] = [...CLASS_CODES, ''].map(code => ({
  code,
  label: code === '' ? '无企业' : code === 'N' ? '未评' : `${code}类`,
  fill: lighter(CLASS_COLOURS[code] ?? CLASS_COLOURS['']!),
}))

function lighter(colour: string): string {
  const parts = [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16))
  return `#${parts
    .map(part =>
      Math.round(255 - (255 - part) * 0.55)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

/** A function that draws the maps of one of the zones; what they have in common is read once. */
export function zoneMaps(
  store: Store,
  zones: readonly ZoneFacts[],
  boundaryId: string | undefined,
  resourcesFolder: string,
): (facts: ZoneFacts) => ReportFigure[] {
  const plane = (flat: FlatPolygons) => projectToPlane(flat, store.plane)
  const locate = locations(store, zones, boundaryId, resourcesFolder)
  return facts => {
    const { zone, parcels, outline } = facts
    const shown = [...(outline ? [outline] : []), ...parcels.map(parcel => decodeGeometry(parcel.geometry))]
    const around = boxAround(shown)
    if (!around) return []
    const box: Box = [around[0] - AROUND, around[1] - AROUND, around[2] + AROUND, around[3] + AROUND]
    const own = new Set(parcels.map(parcel => parcel.id))
    const ratings = ratingsOf(
      store.read,
      parcels.map(parcel => parcel.pk),
    )
    const common: Omit<MapFigureInput, 'title'> = {
      members: parcels.map((parcel, index) => ({
        number: index + 1,
        side: parcel.side,
        code: CLASS_CODES[(ratings.get(parcel.pk)?.class ?? 0) - 1] ?? '',
        outline: plane(decodeGeometry(parcel.geometry)),
      })),
      neighbours: repo
        .outlinesNear(store.read, box, MOST_NEIGHBOURS)
        .filter(row => !own.has(row.id))
        .map(row => plane(decodeGeometry(row.geometry))),
      boundary: [],
      outline: outline && plane(outline),
    }
    const boundary =
      boundaryId === undefined
        ? []
        : boundaryFeaturesIn(store.read, boundaryId, box).map(row => ({
            subzone: row.subzone ?? 'unspecified',
            outline: plane(decodeGeometry(row.geometry)),
          }))
    return [
      locate(facts, outline ?? shown[0]!),
      mapFigure({ ...common, title: `${zone.name}现状图(亩均效益评价等级，编号同表B序号)`, theme: CLASS_THEME }),
      ...(boundaryId === undefined
        ? []
        : [mapFigure({ ...common, title: `${zone.name}开发边界图(编号同表B序号)`, boundary })]),
    ]
  }
}

function locations(
  store: Store,
  zones: readonly ZoneFacts[],
  boundaryId: string | undefined,
  resourcesFolder: string,
): (facts: ZoneFacts, land: FlatPolygons) => ReportFigure {
  const plane = (flat: FlatPolygons) => projectToPlane(flat, store.plane)
  const outlines = zones.flatMap(({ outline }) => (outline ? [outline] : []))
  const places = repo.unitPlaces(store.read)
  const line = outlines[0] ? countyAround(outlines[0], resourcesFolder) : null
  const county = line && plane(line)
  const middles = places.map(({ name, x, y }) => {
    const { coordinates } = plane(pointAt(x, y))
    return { name, at: [coordinates[0]!, coordinates[1]!] as const }
  })
  const drawn = outlines.map(plane)
  const wide = boxAround([...(county ? [county] : drawn)])
  const draw = locationMaps({
    box: wide ?? [0, 0, 1, 1],
    county,
    boundary:
      boundaryId === undefined
        ? []
        : boundaryFeatures(store.read, boundaryId).map(row => plane(decodeGeometry(row.geometry))),
    zones: drawn,
    places: middles,
  })
  return ({ zone }, land) => draw(`${zone.name}位置图`, zone.name, plane(land))
}

function pointAt(x: number, y: number): FlatPolygons {
  return {
    coordinates: Float64Array.of(x, y),
    ringEnds: Uint32Array.of(1),
    polygonEnds: Uint32Array.of(1),
  }
}

/** The line of the county that the land lies in, of those that came with the program; null elsewhere. */
function countyAround(land: FlatPolygons, resourcesFolder: string): FlatPolygons | null {
  const file = join(resourcesFolder, 'basemap', 'jinhua-counties.geojson')
  if (!existsSync(file)) return null
  const [west, south, east, north] = boxOf(land)
  const { features } = JSON.parse(readFileSync(file, 'utf8')) as { features: { geometry: PolygonalGeometry }[] }
  for (const { geometry } of features) {
    const flat = toFlat(geometry)
    if (isInsidePolygons(flat, (west + east) / 2, (south + north) / 2)) return flat
  }
  return null
}
