/**
 * Addresses of online tile services as people paste them: a template with {z}, {x}, {y} (or the WMTS words), or a WMTS
 * capabilities document. Pure: nothing is fetched here.
 */

/** `geographic`: 2^z columns and 2^(z−1) rows over degrees (EPSG:4490, 4326; 天地图 `_c`); `mercator`: the usual web tiles (`_w`). */
export const TILE_GRIDS = ['mercator', 'geographic'] as const
export type TileGrid = (typeof TILE_GRIDS)[number]

export type AddressProblem =
  | 'online_address'
  | 'online_address_login'
  | 'online_address_places'
  | 'online_key_missing'
  | 'online_key_no_place'

export interface OnlineAddress {
  readonly kind: 'template' | 'capabilities'
  /** With a place for the key where one was given. */
  readonly address: string
  /** Of the first server; the only part of an address that is ever shown. */
  readonly host: string
  readonly grid: TileGrid
}

const COLUMN = /\{(x|TileCol)\}/i
const ROW = /\{(-?y|TileRow)\}/i
const LEVEL = /\{(z|TileMatrix)\}/i
const KEY = /\{(tk|key|token|apikey|api_key)\}/i
const SERVERS = /\{(?:s|([0-9a-z])-([0-9a-z]))\}/i
const TIANDITU = /(^|\.)tianditu\.(gov\.cn|com)$/i

/** The address with what it needs, or what is wrong with it. `key` may be empty. */
export function readAddress(text: string, key: string): OnlineAddress | { problem: AddressProblem } {
  let address = text.trim()
  const first = serverOf(fill(address, { z: 0, x: 0, y: 0, level: '0', key: 'k' }))
  if (!first || /\s/.test(address)) return { problem: 'online_address' }
  if (first.login !== '') return { problem: 'online_address_login' }
  // A place in the name of the server is for its servers alone: no key and no tile may choose where a request goes.
  const authority = /^https?:\/\/([^/?#]*)/i.exec(address)?.[1] ?? ''
  if (authority.replace(new RegExp(SERVERS.source, 'gi'), '').includes('{')) return { problem: 'online_address' }
  const isTemplate = COLUMN.test(address) || ROW.test(address) || LEVEL.test(address)
  if (isTemplate && !(COLUMN.test(address) && ROW.test(address) && LEVEL.test(address)))
    return { problem: 'online_address_places' }
  const isTianditu = TIANDITU.test(first.hostname)
  const hasKey = KEY.test(address) || (isTianditu && /[?&]tk=[^&]/i.test(address))
  if (isTianditu && !hasKey) address = withParameter(address.replace(/[?&]tk=(?=&|$)/i, ''), 'tk={tk}')
  if (KEY.test(address) && key === '') return { problem: 'online_key_missing' }
  if (key !== '' && !KEY.test(address)) return { problem: 'online_key_no_place' }
  const isDegrees = /[a-z]{3}_c\/wmts/i.test(address) || /tilematrixset=(c|[^&]*(4490|4326)[^&]*)(&|$)/i.test(address)
  return {
    kind: isTemplate ? 'template' : 'capabilities',
    address,
    host: first.host,
    grid: isDegrees ? 'geographic' : 'mercator',
  }
}

export interface TilePlace {
  readonly z: number
  readonly x: number
  /** Rows from the north. */
  readonly y: number
  /** What the service calls the level; the number of z mostly. */
  readonly level: string
  readonly key: string
}

/** The address of one tile. Servers ({s}, {0-7}) take turns by place, so that a tile always has the same one. */
export function tileAddress(template: string, place: TilePlace): string {
  return fill(template, place)
}

function fill(template: string, { z, x, y, level, key }: TilePlace): string {
  const host = /^https?:\/\/[^/]*/i.exec(template)?.[0] ?? ''
  const rest = template.slice(host.length)
  const isTianditu = /tianditu/i.test(host)
  const turn = (from: string, to: string): string => {
    const count = Math.max(1, to.charCodeAt(0) - from.charCodeAt(0) + 1)
    return String.fromCharCode(from.charCodeAt(0) + ((x + y) % count))
  }
  const servers = (text: string): string =>
    text.replace(new RegExp(SERVERS.source, 'gi'), (_all, from?: string, to?: string) =>
      from && to ? turn(from, to) : isTianditu ? turn('0', '7') : turn('a', 'c'),
    )
  return (
    servers(host) +
    rest
      .replace(/\{z\}/gi, String(z))
      .replace(/\{TileMatrix\}/gi, encodeURIComponent(level))
      .replace(/\{(x|TileCol)\}/gi, String(x))
      .replace(/\{-y\}/gi, String(2 ** z - 1 - y))
      .replace(/\{(y|TileRow)\}/gi, String(y))
      .replace(new RegExp(KEY.source, 'gi'), encodeURIComponent(key))
      .replace(new RegExp(SERVERS.source, 'gi'), found => servers(found))
  )
}

/** `parameter` as `name=value`, put behind the others. */
export function withParameter(address: string, parameter: string): string {
  return `${address}${address.includes('?') ? (/[?&]$/.test(address) ? '' : '&') : '?'}${parameter}`
}

/** Only http and https have tiles. */
function serverOf(text: string): { login: string; hostname: string; host: string } | null {
  const match = /^https?:\/\/([^/?#@]*@)?([\p{L}\p{N}.-]+|\[[0-9a-f:]+\])(:\d{1,5})?(?=[/?#]|$)/iu.exec(text)
  return match
    ? { login: match[1] ?? '', hostname: match[2]!, host: `${match[2]}${match[3] ?? ''}`.toLowerCase() }
    : null
}

/** What people may take over with a click; the key is their own. Layer names as in the service's documentation. */
export const TIANDITU_LAYERS = ['img', 'cia', 'vec', 'cva', 'ter', 'cta'] as const
export type TiandituLayer = (typeof TIANDITU_LAYERS)[number]

export function tiandituTemplate(layer: TiandituLayer, grid: TileGrid): string {
  const set = grid === 'geographic' ? 'c' : 'w'
  return `https://t{0-7}.tianditu.gov.cn/${layer}_${set}/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=${layer}&STYLE=default&TILEMATRIXSET=${set}&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={tk}`
}
