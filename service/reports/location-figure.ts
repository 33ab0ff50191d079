/**
 * Where a zone lies (位置图): the county, the boundary, all zones of the report, the units by name, and this zone with a
 * flag. What is the same for all zones is drawn once. Pure; plane coordinates in m.
 */
import { type Box, boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { FigureWord, ReportFigure } from '../../shared/report/model.ts'
import { createCanvas, type LegendEntry, MAP_FRAME, WORD_PX, widthOf } from './figure-canvas.ts'

export interface LocationInput {
  /** Shown as large as it fits. */
  readonly box: Readonly<Box>
  /** The county's line; null where it is not known. */
  readonly county: FlatPolygons | null
  readonly boundary: readonly FlatPolygons[]
  readonly zones: readonly FlatPolygons[]
  /** Names of units at the middle of their land. */
  readonly places: readonly { readonly name: string; readonly at: readonly [east: number, north: number] }[]
}

/** Vertices nearer than this to the last one cannot be told from it. */
const DETAIL_PX = 0.8
const LABEL_PX = 11
const COUNTY = 'fill="#fafafa" stroke="#777" stroke-width="1.2"'
const BOUNDARY = 'fill="#e3d3ec" stroke="#7a1fa2" stroke-width="0.5"'
const ZONE = 'fill="#e9b9bf" stroke="#b00020" stroke-width="0.7"'

/** A function that draws the map of one zone. */
export function locationMaps(input: LocationInput): (title: string, name: string, zone: FlatPolygons) => ReportFigure {
  const ground = createCanvas(input.box, DETAIL_PX)
  if (input.county) ground.draw([input.county], COUNTY)
  ground.draw(input.boundary, BOUNDARY)
  ground.draw(input.zones, ZONE)
  const background = ground.drawn()
  const legend: LegendEntry[] = [
    { label: '本区域', sign: '<rect width="22" height="11" fill="#b00020"/>' },
    ...(input.zones.length > 1 ? [{ label: '其他连片区域', sign: `<rect width="22" height="11" ${ZONE}/>` }] : []),
    ...(input.boundary.length > 0
      ? [{ label: '城镇开发边界', sign: `<rect width="22" height="11" ${BOUNDARY}/>` }]
      : []),
    ...(input.county ? [{ label: '县(市)界', sign: `<rect width="22" height="11" ${COUNTY}/>` }] : []),
  ]
  return (title, name, zone) => {
    const canvas = createCanvas(input.box, DETAIL_PX)
    canvas.shape(background)
    canvas.draw([zone], 'fill="#b00020" stroke="#b00020" stroke-width="1.5"')
    const [west, south, east, north] = boxOf(zone)
    const [x, y] = [canvas.x((west + east) / 2), canvas.y((south + north) / 2)]
    const flag = flagAt(x, y, widthOf(name, WORD_PX))
    canvas.shape(
      `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="13" fill="none" stroke="#b00020" stroke-width="1.6"/><path d="M${(x + flag.side * 9.2).toFixed(1)} ${(y - flag.up * 9.2).toFixed(1)}L${(x + flag.side * 22).toFixed(1)} ${(y - flag.up * 24).toFixed(1)}" stroke="#b00020" stroke-width="1.4"/>`,
    )
    const taken: Rectangle[] = [{ x: flag.x, y: flag.y - WORD_PX, width: flag.width, height: WORD_PX + 3 }]
    canvas.word(name, flag.x, flag.y, { colour: '#b00020', halo: true })
    for (const place of input.places) placeName(place, taken, canvas)
    return canvas.finish(title, legend)
  }
}

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Beside the zone, on the side where there is more room, wholly inside the frame. */
function flagAt(x: number, y: number, width: number) {
  const side = x < MAP_FRAME.width / 2 ? 1 : -1
  const up = y > 60 ? 1 : -1
  const wanted = side > 0 ? x + 22 : x - 22 - width
  const left = Math.min(Math.max(wanted, MAP_FRAME.x + 4), MAP_FRAME.x + MAP_FRAME.width - width - 4)
  return { side, up, x: left, y: up > 0 ? y - 26 : y + 36, width }
}

function placeName(
  { name, at }: LocationInput['places'][number],
  taken: Rectangle[],
  canvas: ReturnType<typeof createCanvas>,
): void {
  const width = widthOf(name, LABEL_PX)
  const box: Rectangle = {
    x: canvas.x(at[0]) - width / 2,
    y: canvas.y(at[1]) - LABEL_PX / 2,
    width,
    height: LABEL_PX + 1,
  }
  const meets = (other: Rectangle) =>
    box.x < other.x + other.width &&
    other.x < box.x + box.width &&
    box.y < other.y + other.height &&
    other.y < box.y + box.height
  const isInside =
    box.x > MAP_FRAME.x + 2 &&
    box.x + width < MAP_FRAME.x + MAP_FRAME.width - 2 &&
    box.y > MAP_FRAME.y + 2 &&
    box.y + box.height < MAP_FRAME.y + MAP_FRAME.height - 2
  // A name that has no room is left out: the zone is what the map is about.
  if (!isInside || taken.some(meets)) return
  taken.push(box)
  const style: Partial<FigureWord> = { size: LABEL_PX, colour: '#555555', halo: true }
  canvas.word(name, box.x, box.y + LABEL_PX - 1, style)
}
