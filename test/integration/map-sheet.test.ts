/**
 * Map sheets of a real survey: places on the paper agree with PROJ-style coordinates of another library, colours with the
 * pixels, words with what `pdftotext` reads; basemap tiles lie where they belong; what cannot be drawn is said.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import proj4 from 'proj4'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import type { SheetTiles } from '../../service/reports/map-sheet/basemap.ts'
import { buildMapSheet } from '../../service/reports/map-sheet/build.ts'
import type { MapSheet } from '../../service/reports/map-sheet/sheet.ts'
import { sheetFonts, sheetPng, writeSheetPdf } from '../../service/reports/map-sheet/write.ts'
import { mapSheetInputSchema } from '../../shared/contract/map-sheet.ts'
import { colourOfUnit } from '../../shared/tiles/theme-colours.ts'
import { latitudeToTile, longitudeToTile, tileLatitude, tileLongitude } from '../../shared/tiles/tile-address.ts'
import { inProject } from '../../tools/paths.ts'
import { vectorTile } from '../support/vector-tile.ts'
import { createParcels, ORIGIN, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

const RESOURCES = inProject('resources')
const PLANE = '+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m'
const NO_TILES: SheetTiles = { sources: async () => [], tile: async () => null }
const BOX: [number, number, number, number] = [119.448, 29.198, 119.458, 29.205]
const DOTS = 4

const fonts = sheetFonts(RESOURCES)
let survey: SurveyFixture
beforeEach(async () => {
  survey = await openFixture()
  await createParcels(survey.store, [
    { code: '330781001-2026-0001', name: '恒兴一厂', unit: '330781001', geometry: rectangle(0, 0, 200, 150) },
    { code: '330781006-2026-0002', unit: '330781006', geometry: rectangle(300, 0, 120, 150) },
    { code: '330781006-2026-0003', unit: '330781006', geometry: rectangle(9000, 0, 100, 100) },
  ])
})
afterEach(() => survey.close())

const build = (input: Parameters<typeof mapSheetInputSchema.parse>[0], tiles = NO_TILES): Promise<MapSheet> =>
  buildMapSheet(survey.store, mapSheetInputSchema.parse(input), fonts, tiles, createJobControl())

/** Reads places off the sheet as a person would: by the grid's labels, nothing else. */
function ruler({ words }: MapSheet, [lng, lat]: readonly [number, number]): [number, number] {
  const labels = words
    .filter(({ text }) => /^\d{6,7}$/.test(text))
    .map(({ text, x, y, size }) => ({ value: Number(text), x: x + fonts.regular.width(text, size) / 2, y }))
  const east = labels.filter(({ value }) => value < 1e6)
  const top = east.filter(label => label.y === east[0]!.y)
  const north = labels.filter(({ value }) => value > 1e6)
  const along = (value: number, list: { value: number; at: number }[]): number => {
    const [a, b] = list as [{ value: number; at: number }, { value: number; at: number }]
    return a.at + ((value - a.value) / (b.value - a.value)) * (b.at - a.at)
  }
  const [easting, northing] = proj4('EPSG:4326', PLANE, [lng, lat]) as [number, number]
  return [
    along(
      easting,
      top.map(({ value, x }) => ({ value, at: x })),
    ),
    // The letters of a row stand 0.7 mm below its line.
    along(
      northing,
      north.map(({ value, y }) => ({ value, at: y - 0.7 })),
    ),
  ]
}

/** Colour of the paper at a place in millimetres. */
function pixels(sheet: MapSheet): (x: number, y: number) => [number, number, number] {
  const png = sheetPng(sheet, fonts, DOTS).toString('base64')
  const [width, height] = [sheet.width * DOTS, sheet.height * DOTS]
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image width="${width}" height="${height}" href="data:image/png;base64,${png}"/></svg>`
  const { pixels } = new Resvg(picture).render()
  return (x, y) => {
    const at = 4 * (Math.round(y * DOTS) * width + Math.round(x * DOTS))
    return [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!]
  }
}

const onWhite = (colour: string, opacity: number): number[] =>
  [1, 3, 5].map(at => 255 + (Number.parseInt(colour.slice(at, at + 2), 16) - 255) * opacity)

test('places, colours and counts: parcels lie where the grid says, in the colours of the legend', async () => {
  const sheet = await build({ box: BOX, theme: 'unit', labels: 'none' })
  expect(sheet).toMatchObject({ width: 297, height: 210, scale: 6000, parcels: 2 })
  const colour = pixels(sheet)
  const units = [{ code: '330781001' }, { code: '330781006' }]
  for (const [east, unit] of [
    [100, '330781001'],
    [360, '330781006'],
  ] as const) {
    const [x, y] = ruler(sheet, [ORIGIN[0] + (east + 10) / 97_300, ORIGIN[1] + 60 / 110_800])
    onWhite(colourOfUnit(unit, units), 0.6).forEach((value, index) => {
      expect(Math.abs(colour(x, y)[index]! - value), unit).toBeLessThan(3)
    })
  }
  const [x, y] = ruler(sheet, [ORIGIN[0] + 250 / 97_300, ORIGIN[1] + 60 / 110_800])
  expect(colour(x, y)).toEqual([255, 255, 255])
  // A corner of the first parcel stands in its outline to a tenth of a millimetre.
  const [cornerX, cornerY] = ruler(sheet, ORIGIN)
  const corners = [...sheet.shapes.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, px, py]) => [Number(px), Number(py)])
  expect(Math.min(...corners.map(([px, py]) => Math.hypot(px! - cornerX, py! - cornerY)))).toBeLessThan(0.1)
  const words = sheet.words.map(word => word.text)
  expect(words).toEqual(
    expect.arrayContaining(['兰江街道', '女埠街道', '1 宗', '图内地块 2 宗', '比例尺 1:6,000', '北']),
  )
})

test('labels are shortened to their parcel, and the filter counts', async () => {
  const near = await build({ box: BOX, scale: 4000 })
  expect(near.words.map(word => word.text)).toEqual(
    expect.arrayContaining(['330781001-2026-0001', '330781006-2026-0002']),
  )
  const far = await build({ box: BOX, scale: 20_000 })
  expect(far.scale).toBe(20_000)
  expect(far.words.map(word => word.text)).toEqual(expect.arrayContaining(['2026-0001', '0002']))
  const one = await build({ box: BOX, filter: { units: ['330781006'] }, labels: 'name' })
  expect([one.parcels, one.labels]).toEqual([1, 0])
  expect((await build({})).parcels).toBe(3)
})

test('the PDF is a page of the paper whose words can be read and copied', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-sheet-'))
  try {
    const file = join(folder, 'a.pdf')
    await writeSheetPdf(
      await build({ box: BOX, title: '兰江<一>#号"图', paper: 'A3', orientation: 'portrait' }),
      file,
      RESOURCES,
    )
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
    for (const words of [
      '兰江<一>#号"图',
      '330781001-2026-0001',
      '图例',
      '未判定',
      'EPSG:4549',
      '制图单位',
      '2026-05-01',
    ])
      expect(text).toContain(words)
    // A halo is no second copy.
    expect(text.split('330781001-2026-0001')).toHaveLength(2)
    // Vector and one page of the paper, in points of 1/72 inch.
    const pages = readFileSync(file, 'latin1').match(/\/MediaBox\s*\[[^\]]*\]/g)!
    expect(pages).toHaveLength(1)
    const [, , width, height] = pages[0]!.match(/[\d.]+/g)!.map(Number)
    expect([Math.round((width! / 72) * 25.4), Math.round((height! / 72) * 25.4)]).toEqual([297, 420])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('basemap tiles lie where they belong; a blank one is filled by its parent', async () => {
  const square = (colour: string): Uint8Array =>
    new Resvg(
      `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="${colour}"/></svg>`,
    )
      .render()
      .asPng()
  const [red, blue] = [square('#ff0000'), square('#0000ff')]
  const z = 17
  const tile = [Math.floor(longitudeToTile(119.453, z)), Math.floor(latitudeToTile(29.2025, z))] as const
  const tiles: SheetTiles = {
    sources: async () => [
      { id: 'a', name: 'a', kind: 'raster', grid: 'mercator', min_zoom: 10, max_zoom: z, opacity: 1, gcj02: false },
    ],
    async tile(_id, level, x, y) {
      if (level === z && x === tile[0] && y === tile[1]) return { bytes: red, type: 'image/png' }
      if (level === z - 2 && x === tile[0] >> 2 && y === tile[1] >> 2) return { bytes: blue, type: 'image/png' }
      return null
    },
  }
  const sheet = await build({ box: BOX, scale: 8000, filter: { units: ['nobody'] } }, tiles)
  const colour = pixels(sheet)
  // Pure but for a grid line that may lie over it.
  const at = (column: number, row: number) =>
    colour(...ruler(sheet, [tileLongitude(column, z), tileLatitude(row, z)])).map(value =>
      value > 200 ? 255 : value < 60 ? 0 : value,
    )
  for (const [dx, dy] of [
    [0.06, 0.06],
    [0.94, 0.06],
    [0.5, 0.45],
    [0.94, 0.94],
  ] as const)
    expect(at(tile[0] + dx, tile[1] + dy)).toEqual([255, 0, 0])
  const [left, top] = [(tile[0] >> 2) * 4, (tile[1] >> 2) * 4]
  // Another quarter of the parent, and beyond it nothing.
  const other = tile[0] - left > 1 ? left + 0.5 : left + 3.5
  expect(at(other, tile[1] + 0.3)).toEqual([0, 0, 255])
  expect(at(left - 0.4, top + 1.3)).toEqual([255, 255, 255])
})

test('vector basemaps are drawn as in the window: within their tile, a blank tile by its part of the parent, names where there is room', async () => {
  const z = 16
  const [x, y] = [Math.floor(longitudeToTile(119.453, z)), Math.floor(latitudeToTile(29.2025, z))]
  const water = (west: number, east: number) => ({
    kind: 'polygon' as const,
    points: [
      [west, -200],
      [east, -200],
      [east, 4300],
      [west, 4300],
    ] as const,
  })
  const place = {
    kind: 'point' as const,
    points: [[1000, 2000]] as const,
    properties: { name: 'Youbu', 'name:zh': '游埠镇' },
  }
  // The western half of the tile, with a buffer that must not be seen beside it.
  const tile = vectorTile({ water: [water(-400, 2048)], place: [place] })
  // The tile to the east is blank: its quarter of the parent is all water, the other three are drawn elsewhere or not at all.
  const parent = vectorTile({ water: [water(-400, 4400)] })
  const tiles: SheetTiles = {
    sources: async () => [
      { id: 'v', name: '矢量', kind: 'vector', grid: 'mercator', min_zoom: 12, max_zoom: z, opacity: 1, gcj02: false },
    ],
    async tile(_id, level, column, row) {
      const type = 'application/x-protobuf'
      if (level === z && column === x && row === y) return { bytes: tile, type }
      if (level === z && column === x - 1) return { bytes: vectorTile({}), type }
      if (level === z - 1 && column === (x + 1) >> 1 && row === y >> 1) return { bytes: parent, type }
      return null
    },
  }
  const sheet = await build({ box: BOX, scale: 8000, filter: { units: ['nobody'] } }, tiles)
  const colour = pixels(sheet)
  const at = (column: number, row: number) => colour(...ruler(sheet, [tileLongitude(column, z), tileLatitude(row, z)]))
  const [blue, white] = [
    [0xcf, 0xe3, 0xee],
    [255, 255, 255],
  ]
  expect(at(x + 0.12, y + 0.3)).toEqual(blue)
  expect(at(x + 0.45, y + 0.7)).toEqual(blue)
  expect(at(x + 0.62, y + 0.3)).toEqual(white)
  expect(at(x - 0.06, y + 0.3)).toEqual(white)
  // Another parent than that of the tile itself.
  expect((x + 1) >> 1).not.toBe(x >> 1)
  expect(at(x + 1.1, y + 0.3)).toEqual(blue)
  expect(sheet.words.map(({ text }) => text)).toContain('游埠镇')
  expect(sheet.labels).toBe(0)
})

test('what cannot be drawn is refused in words', async () => {
  await expect(build({ box: [119.5, 29.2, 119.4, 29.3] })).rejects.toMatchObject({
    details: { reason: 'sheet_bad_box' },
  })
  const empty = await openFixture()
  try {
    const input = mapSheetInputSchema.parse({})
    await expect(buildMapSheet(empty.store, input, fonts, NO_TILES, createJobControl())).rejects.toMatchObject({
      details: { reason: 'sheet_no_extent' },
    })
    // A place without parcels is a map all the same.
    const blank = mapSheetInputSchema.parse({ box: BOX })
    expect((await buildMapSheet(empty.store, blank, fonts, NO_TILES, createJobControl())).parcels).toBe(0)
    const abort = new AbortController()
    abort.abort()
    const cancelled = buildMapSheet(survey.store, blank, fonts, NO_TILES, createJobControl(abort.signal))
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  } finally {
    empty.close()
  }
})
