/**
 * What a WMTS offers, from its capabilities document (OGC 07-057r7): layers with those of their tile grids that can be
 * shown, and the address template of one. Grids are judged by their numbers, not by their names.
 */
import { AppError } from '../../../shared/contract/errors.ts'
import type { WmtsLayer } from '../../../shared/contract/online-basemaps.ts'
import type { TileGrid } from '../../../shared/tiles/online-address.ts'
import { readXml, type XmlElement } from './xml-tree.ts'

/** Metres of a pixel at scale 1: of the standard, and of services that count 96 to the inch (天地图). */
const PIXELS_M = [0.00028, 0.0254 / 96]
/** Of a degree, as the standard fixes it. */
const DEGREE_M = (Math.PI * 6_378_137) / 180
const HALF_WORLD_M = Math.PI * 6_378_137
const MOST_LEVEL = 24

interface MatrixSet {
  readonly id: string
  readonly grid: TileGrid
  /** Level names by z. */
  readonly levels: Readonly<Record<string, string>>
}

export interface WmtsTemplate {
  readonly address: string
  readonly grid: TileGrid
  readonly levels: Readonly<Record<string, string>>
  readonly minZoom: number
  readonly maxZoom: number
}

interface ReadLayer {
  readonly element: XmlElement
  readonly layer: string
  readonly title: string
  readonly sets: readonly MatrixSet[]
}

/** Layers that can be shown. Throws `refused` when there are none, `file_unreadable` when it is no capabilities document. */
export function wmtsLayers(text: string): WmtsLayer[] {
  return readLayers(text).map(({ layer, title, sets }) => ({
    layer,
    title,
    sets: sets.map(({ id, grid, levels }) => ({ id, grid, ...zoomsOf(levels) })),
  }))
}

/**
 * The template of a layer. Requests by parameters go to `address` itself, whatever the document says: services behind a
 * gateway often name an inner host. Addresses in path form are taken from the document if they stay on that host.
 */
export function wmtsTemplate(text: string, address: string, wanted: { layer: string; set: string }): WmtsTemplate {
  const layers = readLayers(text)
  const found = layers.find(each => each.layer === wanted.layer)
  const set = found?.sets.find(each => each.id === wanted.set)
  if (!found || !set) throw noLayers()
  const formats = children(found.element, 'Format').map(textOf)
  const format =
    formats.find(each => /png/i.test(each)) ?? formats.find(each => /jpe?g|webp|tiles/i.test(each)) ?? formats[0]
  const style = children(found.element, 'Style')
  const usual = style.find(each => each.attributes['isDefault'] === 'true') ?? style[0]
  const styleName = (usual && textOf(children(usual, 'Identifier')[0])) || 'default'
  const base = {
    grid: set.grid,
    levels: set.levels,
    minZoom: zoomsOf(set.levels).min_zoom,
    maxZoom: zoomsOf(set.levels).max_zoom,
  }
  const resource = children(found.element, 'ResourceURL').find(
    each => each.attributes['resourceType'] === 'tile' && /\{TileMatrix\}/i.test(each.attributes['template'] ?? ''),
  )
  const speaksParameters = /GetTile/.test(text) && /<(\w+:)?Value>\s*KVP\s*</i.test(text)
  if (resource && !speaksParameters) {
    const template = (resource.attributes['template'] ?? '')
      .replace(/\{Style\}/gi, encodeURIComponent(styleName))
      .replace(/\{TileMatrixSet\}/gi, encodeURIComponent(set.id))
    // Anything else in braces is a dimension that this does not know.
    if (hostOf(template) !== hostOf(address))
      throw new AppError('refused', '该服务的图块在另一台服务器上，请直接填写图块地址模板', {
        reason: 'online_other_host',
      })
    return { ...base, address: template }
  }
  const [path, query = ''] = address.split('?') as [string, string?]
  const own = query
    .split('&')
    .filter(
      part => part !== '' && !/^(service|request|version|layer|style|format|tilematrixset|acceptversions)=/i.test(part),
    )
  const parameters = [
    'SERVICE=WMTS',
    'REQUEST=GetTile',
    'VERSION=1.0.0',
    `LAYER=${encodeURIComponent(found.layer)}`,
    `STYLE=${encodeURIComponent(styleName)}`,
    `FORMAT=${encodeURIComponent(format ?? 'image/png')}`,
    `TILEMATRIXSET=${encodeURIComponent(set.id)}`,
    'TILEMATRIX={TileMatrix}',
    'TILEROW={TileRow}',
    'TILECOL={TileCol}',
  ]
  return { ...base, address: `${path}?${[...own, ...parameters].join('&')}` }
}

function readLayers(text: string): ReadLayer[] {
  const root = parse(text)
  const contents = children(root, 'Contents')[0]
  if (!contents) throw noCapabilities()
  const sets = new Map(
    children(contents, 'TileMatrixSet').flatMap(element => {
      const set = matrixSet(element)
      return set ? [[set.id, set] as const] : []
    }),
  )
  const layers = children(contents, 'Layer').flatMap(element => {
    const layer = textOf(children(element, 'Identifier')[0])
    const usable = children(element, 'TileMatrixSetLink')
      .map(link => sets.get(textOf(children(link, 'TileMatrixSet')[0])))
      .filter(set => set !== undefined)
    if (layer === '' || usable.length === 0) return []
    return [{ element, layer, title: textOf(children(element, 'Title')[0]).slice(0, 200) || layer, sets: usable }]
  })
  if (layers.length === 0) throw noLayers()
  return layers
}

/** Levels by z, when they are those of the usual pyramids (256 px tiles, whole world from the upper left); else undefined. */
function matrixSet(element: XmlElement): MatrixSet | undefined {
  const id = textOf(children(element, 'Identifier')[0])
  const crs = textOf(children(element, 'SupportedCRS')[0])
  const isDegrees = /(4490|4326|CRS84)$/.test(crs)
  if (!isDegrees && !/(3857|900913|3785|102100)$/.test(crs)) return undefined
  const levels: Record<string, string> = {}
  for (const matrix of children(element, 'TileMatrix')) {
    const scale = Number(textOf(children(matrix, 'ScaleDenominator')[0]))
    const side = Number(textOf(children(matrix, 'TileWidth')[0]))
    const corner = textOf(children(matrix, 'TopLeftCorner')[0]).split(/\s+/).map(Number)
    const world = isDegrees ? 360 * DEGREE_M : 2 * HALF_WORLD_M
    const z = PIXELS_M.map(pixel => Math.log2(world / (scale * pixel * side))).find(
      exact => Math.abs(exact - Math.round(exact)) < 0.002,
    )
    const [first, second] = isDegrees ? [180, 90] : [HALF_WORLD_M, HALF_WORLD_M]
    const isCorner =
      corner.length === 2 &&
      [corner, [...corner].reverse()].some(
        ([a, b]) => Math.abs(a! + first) < first * 1e-4 && Math.abs(b! - second) < second * 1e-4,
      )
    if (isCorner && z !== undefined && z > -0.5 && z < MOST_LEVEL + 0.5)
      levels[String(Math.round(z))] = textOf(children(matrix, 'Identifier')[0])
  }
  const isWhole = id !== '' && Object.keys(levels).length > 0
  return isWhole ? { id, grid: isDegrees ? 'geographic' : 'mercator', levels } : undefined
}

function zoomsOf(levels: Readonly<Record<string, string>>): { min_zoom: number; max_zoom: number } {
  const zooms = Object.keys(levels).map(Number)
  return { min_zoom: Math.min(...zooms), max_zoom: Math.max(...zooms) }
}

function parse(text: string): XmlElement {
  const root = readXml(text)
  if (root?.name !== 'Capabilities') throw noCapabilities()
  return root
}

function children(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter(child => child.name === name)
}

function textOf(element: XmlElement | undefined): string {
  return element?.text.trim() ?? ''
}

function hostOf(address: string): string {
  return /^https?:\/\/([^/?#]*)/i.exec(address)?.[1]?.toLowerCase() ?? ''
}

function noCapabilities(): AppError {
  return new AppError('refused', '对方的回答不是 WMTS 能力文档，请检查地址', { reason: 'online_no_capabilities' })
}

function noLayers(): AppError {
  return new AppError('refused', '该 WMTS 没有可显示的图层(需要 Web 墨卡托或经纬度的全球分级)', {
    reason: 'online_no_layers',
  })
}
