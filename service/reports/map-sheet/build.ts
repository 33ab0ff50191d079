/**
 * Composes a map sheet from the survey: basemap, parcels in the colours of a theme, boundary, zones, labels that do not lie
 * on each other, and everything around them. Reads only; the writers make files of it.
 */

import { AppError } from '../../../shared/contract/errors.ts'
import type { MapSheetInput } from '../../../shared/contract/map-sheet.ts'
import { forwardInPlace, inverseInPlace } from '../../../shared/geometry/gauss-kruger.ts'
import { decodeGeometry } from '../../../shared/geometry/geopackage-blob.ts'
import { interiorPoint } from '../../../shared/geometry/interior-point.ts'
import { type PlaneProjection, projectToPlane } from '../../../shared/geometry/plane.ts'
import { type Box, boxOf, type FlatPolygons, toFlat } from '../../../shared/geometry/types.ts'
import { chinaDate } from '../../../shared/lib/china-time.ts'
import { labelOf } from '../../../shared/model/enumerations.ts'
import { BOUNDARY_COLOURS, SIDE_COLOURS } from '../../../shared/tiles/theme-colours.ts'
import { type ThemeEntry, themeEntries } from '../../../shared/tiles/theme-entries.ts'
import { CLASS_CODES, FREED_CODES, TAX_CODES, YEAR_CODES } from '../../../shared/tiles/tile-values.ts'
import { activeBoundary, boundaryFeaturesIn, findBoundary } from '../../boundary/boundary-repo.ts'
import type { JobControl } from '../../boundary/job-stream.ts'
import { parcelExtent } from '../../db/parcel-boxes.ts'
import type { Store } from '../../db/store.ts'
import { listUnits } from '../../survey/survey-repo.ts'
import { ratingsByParcel, UNRATED } from '../../tiles/ratings.ts'
import { listZones } from '../../zones/zones-repo.ts'
import { campaignHead } from '../report-repo.ts'
import { basemapShapes, type SheetTiles } from './basemap.ts'
import { drawFoot, drawFrame, drawGrid, drawLegend, drawNorth, drawTitle, type LegendRow } from './frame.ts'
import { hatch, type Segment } from './hatch.ts'
import { type LabelWish, placeLabels } from './labels.ts'
import { layoutOf, type Rect, scaleFor, sheetPlane } from './layout.ts'
import { countSheetParcels, enterpriseNames, type SheetParcel, sheetParcels } from './repo.ts'
import { type MapSheet, mm, type SheetFonts, sheetPen } from './sheet.ts'

const MOST_PARCELS = 100_000
const LABEL_MM = 2.1
const ZONE_LABEL_MM = 2.8
/** Names of the basemap. */
const BASE_LABEL_MM = 2
const BASE_LABEL_COLOUR = '#65707b'
const NO_BASEMAP = { shapes: '', names: [] } as const
/** From one stripe of a crossing parcel to the next. */
const STRIPE_MM = 1.4
const ZONE_COLOUR = '#b00020'
const DASHES: Readonly<Record<string, string>> = { flexible: '2 1.2', special: '0.6 1', unspecified: '2 0.8 0.5 0.8' }

const THEME_TITLES: Readonly<Record<MapSheetInput['theme'], readonly [title: string, heading: string]>> = {
  side: ['低效工业用地与开发边界关系图', '开发边界'],
  state: ['低效工业用地整治状态图', '整治状态'],
  class: ['低效工业用地亩均评价图', '亩均评价等级'],
  tax: ['低效工业用地亩均税收图', '亩均税收'],
  unit: ['低效工业用地考核单位分布图', '考核单位'],
  year: ['低效工业用地整治年度图', '整治年度'],
  freed: ['可供地分布图', '可供地'],
}

/** Throws `refused` where there is nothing to show or too much for one sheet. */
export async function buildMapSheet(
  store: Store,
  input: MapSheetInput,
  fonts: SheetFonts,
  tiles: SheetTiles,
  control: JobControl,
): Promise<MapSheet> {
  const db = store.read
  const wanted = input.box ?? parcelExtent(db)
  if (!wanted) throw new AppError('refused', '调查里还没有地块，请给出图幅范围', { reason: 'sheet_no_extent' })
  if (!(wanted[0] < wanted[2] && wanted[1] < wanted[3]))
    throw new AppError('bad_input', '图幅范围应为 西，南，东，北，且西小于东、南小于北', { reason: 'sheet_bad_box' })
  const layout = layoutOf(input)
  const view = viewOn(store, wanted, layout.map, input.scale)
  const count = countSheetParcels(db, input.filter, view.box)
  if (count > MOST_PARCELS)
    throw new AppError('refused', `图幅内有 ${count} 个地块，超过 ${MOST_PARCELS} 个，请缩小范围或加筛选`, {
      reason: 'sheet_too_many',
      values: { count, most: MOST_PARCELS },
    })

  const pen = sheetPen(fonts)
  const base = input.basemap ? await basemapShapes(tiles, view.box, view.scale, view.toPaper, control) : NO_BASEMAP
  pen.shapes.push(base.shapes)
  const codeOf = codesOf(store, input.theme)
  const byCode = new Map<string, string[]>()
  const stripes: string[] = []
  const labelled: { parcel: SheetParcel; outline: FlatPolygons }[] = []
  let parcels = 0
  for (const parcel of sheetParcels(db, input.filter, view.box)) {
    await control.checkpoint()
    const outline = view.onPaper(decodeGeometry(parcel.geometry))
    if (!meets(boxOf(outline), layout.map)) continue
    parcels += 1
    const code = codeOf(parcel)
    const paths = byCode.get(code)
    if (paths) paths.push(pathOf(outline))
    else byCode.set(code, [pathOf(outline)])
    if (input.theme === 'side' && code === 'crossing')
      for (const line of hatch(outline, STRIPE_MM)) stripes.push(lineOf(line))
    if (input.labels !== 'none') labelled.push({ parcel, outline })
  }
  const entries = themeEntries(input.theme, listUnits(db), byCode.keys()).filter(entry => byCode.has(entry.code))
  const known = new Set(entries.map(entry => entry.code))
  // A code of a newer version, or a unit that is gone: shown as it is, never left out.
  for (const code of byCode.keys()) if (!known.has(code)) entries.push({ code, zh: code, en: code, colour: '#b9bec5' })
  const opacity = base.shapes === '' ? 0.6 : 0.42
  for (const entry of entries)
    pen.shapes.push(
      `<path d="${byCode.get(entry.code)!.join('')}" fill="${fillOf(input.theme, entry)}" fill-opacity="${opacity}" fill-rule="evenodd" stroke="${entry.colour}" stroke-width="0.18" stroke-linejoin="round"/>`,
    )

  pen.shapes.push(stripesOf(stripes.join(''), 0.8))
  const boundary = activeBoundary(db)
  const subzones = new Map<string, string[]>()
  for (const feature of boundary ? boundaryFeaturesIn(db, boundary.id, view.box) : []) {
    const path = pathOf(view.onPaper(decodeGeometry(feature.geometry)))
    subzones.set(feature.subzone, [...(subzones.get(feature.subzone) ?? []), path])
  }
  for (const [subzone, paths] of subzones) pen.shapes.push(`<path d="${paths.join('')}" ${boundaryStroke(subzone)}/>`)

  const zones = input.zones === undefined ? [] : zonesOn(store, input.zones, view, layout.map)
  for (const { path } of zones) pen.shapes.push(`<path d="${path}" ${ZONE_STROKE}/>`)

  const grid = drawGrid(pen, layout.map, view.scale, view.corner)
  pen.shapes.push(grid.lines)
  const names = input.labels === 'enterprise' ? enterpriseNames(db) : new Map<number, string>()
  // Zone names come first: parcels are labelled where these leave room, places of the basemap where there is room left.
  const wishes = [
    ...zones.flatMap(zone =>
      wishFor([zone.name], zone.at, Number.POSITIVE_INFINITY, ZONE_LABEL_MM, text =>
        pen.width(text, ZONE_LABEL_MM, true),
      ),
    ),
    ...labelled.flatMap(({ parcel, outline }) => {
      const box = boxOf(outline)
      const texts = textsOf(parcel, input.labels, names)
      return wishFor(texts, interiorPoint(outline), (box[2] - box[0]) * 1.05, LABEL_MM, text =>
        pen.width(text, LABEL_MM),
      )
    }),
    ...base.names.flatMap(({ text, x, y }) =>
      wishFor([text], [x, y], Number.POSITIVE_INFINITY, BASE_LABEL_MM, name => pen.width(name, BASE_LABEL_MM)),
    ),
  ]
  const labels = placeLabels(wishes, layout.map, 0.4)
  for (const { text, x, y, height } of labels) {
    const isZone = height === ZONE_LABEL_MM
    const colour = isZone ? ZONE_COLOUR : height === BASE_LABEL_MM ? BASE_LABEL_COLOUR : '#111111'
    const style = { align: 'middle', hasHalo: true, isBold: isZone, colour } as const
    // The middle of digits and Chinese letters lies this far above the baseline.
    pen.write(text, x, y + height * 0.36, height, style)
  }

  drawFrame(pen, layout)
  grid.label()
  drawNorth(pen, layout.map)
  const [defaultTitle, heading] = THEME_TITLES[input.theme]
  const campaign = campaignHead(db)?.name ?? ''
  const title = input.title || defaultTitle
  drawTitle(pen, layout, title, campaign)
  const rows: LegendRow[] = [
    ...entries.map(entry => ({
      sign: `<rect width="7" height="4" fill="${fillOf(input.theme, entry)}" fill-opacity="0.6" stroke="${entry.colour}" stroke-width="0.18"/>${input.theme === 'side' && entry.code === 'crossing' ? SIGN_STRIPES : ''}`,
      label: entry.zh,
      count: `${byCode.get(entry.code)!.length} 宗`,
    })),
    ...[...subzones.keys()].map(subzone => ({
      sign: `<path d="M0 2H7" ${boundaryStroke(subzone)}/>`,
      label: subzone === 'unspecified' ? '城镇开发边界' : labelOf('subzone', subzone),
      count: '',
    })),
    ...(zones.length > 0
      ? [
          {
            sign: `<path d="M0 2H7" ${ZONE_STROKE}/>`,
            label: `${input.zones} 年连片整治区域`,
            count: `${zones.length} 片`,
          },
        ]
      : []),
  ]
  drawLegend(pen, layout.legend, heading, rows, `图内地块 ${parcels} 宗`)
  const version = boundary && findBoundary(db, boundary.id)
  drawFoot(pen, layout.foot, {
    scale: view.scale,
    plane: view.plane,
    date: chinaDate(store.now()),
    source: version ? `开发边界：${version.name}(${version.effective_date} 起施行)` : '开发边界：无',
  })
  return {
    title,
    ...sizeOf(layout),
    scale: view.scale,
    parcels,
    labels: labels.filter(({ height }) => height !== BASE_LABEL_MM).length,
    shapes: pen.shapes.join('\n'),
    words: pen.words,
  }
}

const sizeOf = ({ width, height }: { width: number; height: number }) => ({ width, height })

interface SheetView {
  readonly plane: PlaneProjection
  readonly scale: number
  /** Lower left corner of the map. */
  readonly corner: { readonly easting: number; readonly northing: number }
  /** What the map shows, lng/lat degrees. */
  readonly box: Box
  toPaper(lng: number, lat: number): readonly [number, number]
  /** A copy in millimetres of the sheet. */
  onPaper(polygons: FlatPolygons): FlatPolygons
}

/** The plane of the survey, or that of land far from it, laid on the paper, with the middle of the wanted box in the middle of the map. */
function viewOn(
  store: Store,
  [west, south, east, north]: Readonly<Box>,
  map: Rect,
  fixed: number | undefined,
): SheetView {
  const middle = [(west + east) / 2, (south + north) / 2] as const
  const plane = sheetPlane(store.plane, [west, south, east, north])
  const rim = Float64Array.of(
    west,
    south,
    middle[0],
    south,
    east,
    south,
    east,
    middle[1],
    east,
    north,
    middle[0],
    north,
    west,
    north,
    west,
    middle[1],
  )
  forwardInPlace(plane, rim)
  const [left, low, right, high] = extentOf(rim)
  const scale = fixed ?? scaleFor(right - left, high - low, map)
  const perMetre = 1000 / scale
  const easting = (left + right) / 2 - map.width / perMetre / 2
  const northing = (low + high) / 2 - map.height / perMetre / 2
  const [far, top] = [easting + map.width / perMetre, northing + map.height / perMetre]
  const shown = Float64Array.of(
    easting,
    northing,
    far,
    northing,
    far,
    top,
    easting,
    top,
    (easting + far) / 2,
    top,
    (easting + far) / 2,
    northing,
  )
  inverseInPlace(plane, shown)
  const place = (coordinates: Float64Array): void => {
    for (let index = 0; index < coordinates.length; index += 2) {
      coordinates[index] = map.x + (coordinates[index]! - easting) * perMetre
      coordinates[index + 1] = map.y + map.height - (coordinates[index + 1]! - northing) * perMetre
    }
  }
  return {
    plane,
    scale,
    corner: { easting, northing },
    box: extentOf(shown),
    toPaper(lng, lat) {
      const one = Float64Array.of(lng, lat)
      forwardInPlace(plane, one)
      place(one)
      return [one[0]!, one[1]!]
    },
    onPaper(polygons) {
      const projected = projectToPlane(polygons, plane)
      place(projected.coordinates)
      return projected
    },
  }
}

function extentOf(coordinates: Float64Array): Box {
  const even = coordinates.filter((_, index) => index % 2 === 0)
  const odd = coordinates.filter((_, index) => index % 2 === 1)
  return [Math.min(...even), Math.min(...odd), Math.max(...even), Math.max(...odd)]
}

function meets(box: Readonly<Box>, map: Rect): boolean {
  return box[0] <= map.x + map.width && box[2] >= map.x && box[1] <= map.y + map.height && box[3] >= map.y
}

/** SVG path data to a hundredth of a millimetre; corners that fall together there are left out. */
function pathOf({ coordinates, ringEnds }: FlatPolygons): string {
  let from = 0
  let path = ''
  for (const end of ringEnds) {
    let last = ''
    const points: string[] = []
    for (let index = from; index < end - 1; index++) {
      const point = `${mm(coordinates[2 * index]!)} ${mm(coordinates[2 * index + 1]!)}`
      if (point !== last) points.push(point)
      last = point
    }
    path += `M${points.join('L')}Z`
    from = end
  }
  return path
}

const SIGN_STRIPES = stripesOf(
  hatch(
    toFlat({
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [7, 0],
          [7, 4],
          [0, 4],
          [0, 0],
        ],
      ],
    }),
    STRIPE_MM,
  )
    .map(lineOf)
    .join(''),
  0.8,
)
const ZONE_STROKE = `fill="none" stroke="${ZONE_COLOUR}" stroke-width="0.55"`

/** Crossing parcels are both: blue, with stripes of the other side's colour. */
function fillOf(theme: MapSheetInput['theme'], { code, colour }: ThemeEntry): string {
  return theme === 'side' && code === 'crossing' ? SIDE_COLOURS['inside']! : colour
}

function lineOf([x0, y0, x1, y1]: Segment): string {
  return `M${mm(x0)} ${mm(y0)}L${mm(x1)} ${mm(y1)}`
}

function stripesOf(path: string, opacity: number): string {
  const colour = SIDE_COLOURS['outside']
  return (
    path &&
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${STRIPE_MM / 2}" stroke-opacity="${opacity}"/>`
  )
}

function boundaryStroke(subzone: string): string {
  const colour = BOUNDARY_COLOURS[subzone] ?? BOUNDARY_COLOURS['unspecified']!
  const dash = DASHES[subzone]
  return `fill="none" stroke="${colour}" stroke-width="0.45"${dash ? ` stroke-dasharray="${dash}"` : ''}`
}

/** The theme's code of a parcel, the empty one for no value. */
function codesOf(store: Store, theme: MapSheetInput['theme']): (parcel: SheetParcel) => string {
  if (theme === 'side') return parcel => parcel.side ?? 'unknown'
  if (theme === 'state') return parcel => parcel.state ?? ''
  if (theme === 'unit') return parcel => parcel.unit ?? ''
  const ratings = ratingsByParcel(store.read)
  const codes = { class: CLASS_CODES, tax: TAX_CODES, year: YEAR_CODES, freed: FREED_CODES }[theme]
  return ({ pk }) => codes[(ratings.get(pk) ?? UNRATED)[theme] - 1] ?? ''
}

function zonesOn(store: Store, year: number, view: SheetView, map: Rect) {
  return listZones(store.read, { year }).flatMap(({ name, geometry }) => {
    if (!geometry) return []
    const outline = view.onPaper(decodeGeometry(geometry))
    return meets(boxOf(outline), map) ? [{ name, path: pathOf(outline), at: interiorPoint(outline) }] : []
  })
}

/** A code in ever shorter forms: whole, without the unit, the running number alone. */
function textsOf({ pk, code, name }: SheetParcel, labels: MapSheetInput['labels'], names: ReadonlyMap<number, string>) {
  if (labels === 'name') return name ? [name] : []
  if (labels === 'enterprise') return names.has(pk) ? [names.get(pk)!] : []
  const parts = code.split('-')
  return [code, ...parts.map((_, index) => parts.slice(index + 1).join('-')).filter(text => text !== '')]
}

function wishFor(
  texts: readonly string[],
  at: readonly number[] | undefined,
  room: number,
  height: number,
  width: (text: string) => number,
): LabelWish[] {
  if (!at || texts.length === 0) return []
  return [{ x: at[0]!, y: at[1]!, room, height, texts: texts.map(text => ({ text, width: width(text) })) }]
}
