/**
 * A tile service on this machine as 天地图 and others behave: XYZ and WMTS in both grids, a key that is checked, and every
 * kind of bad answer on request. Tiles are noise in the colour of their level, so that none is blank.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encodePng } from '../../service/basemaps/png.ts'

export const TILE_KEY = 'k3y/with+signs=0123456789abcdef'

export type TileServerMode =
  | 'ok'
  | 'html'
  | 'huge'
  | 'hang'
  | 'limited'
  | 'xml-error'
  | 'redirect-same'
  | 'redirect-host'
  | 'redirect-file'
  | 'missing'

export interface TileServer {
  readonly origin: string
  mode: TileServerMode
  /** Path and query of every request so far. */
  readonly asked: string[]
  stop(): Promise<void>
}

const SIDE = 64

/** The very bytes of a tile. */
export function tileBytes(z: number, x: number, y: number): Uint8Array {
  const rgba = new Uint8Array(SIDE * SIDE * 4)
  let seed = (z * 73_856_093) ^ (x * 19_349_663) ^ (y * 83_492_791)
  for (let index = 0; index < rgba.length; index += 4) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    rgba.set([(z * 40) % 256, 128 + (seed >>> 25), seed >>> 24, 255], index)
  }
  return encodePng(rgba, SIDE, SIDE)
}

export async function startTileServer(mode: TileServerMode = 'ok', port = 0): Promise<TileServer> {
  const asked: string[] = []
  const state = { mode }
  const server = createServer((request, response) => {
    asked.push(request.url!)
    answer(request, response, state.mode)
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    asked,
    get mode() {
      return state.mode
    },
    set mode(value) {
      state.mode = value
    },
    stop: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function answer(request: IncomingMessage, response: ServerResponse, mode: TileServerMode): ServerResponse | undefined {
  const url = new URL(request.url!, 'http://tiles.invalid')
  const parameter = (name: string): string | null =>
    [...url.searchParams].find(([key]) => key.toLowerCase() === name)?.[1] ?? null
  const end = (status: number, type: string, body: string | Uint8Array): ServerResponse =>
    response.writeHead(status, { 'content-type': type }).end(body)
  if (mode === 'hang') return undefined
  if (parameter('request')?.toLowerCase() === 'getcapabilities')
    return end(200, 'text/xml', mode === 'html' ? '<html><body>login</body></html>' : capabilitiesXml())
  if (url.pathname.endsWith('/wmts') && parameter('tk') !== TILE_KEY)
    return end(
      403,
      'application/json',
      JSON.stringify({ msg: '非法Key', resolve: `tk=${parameter('tk')}`, code: 301012 }),
    )
  if (mode === 'html') return end(200, 'text/html', '<html><head><title>welcome</title></head></html>')
  if (mode === 'limited') return end(418, 'text/html', '')
  if (mode === 'missing') return end(404, 'text/plain', 'no tile')
  if (mode === 'xml-error')
    return end(
      200,
      'text/xml',
      `<ExceptionReport><ExceptionText>tk ${parameter('tk')} 无权限</ExceptionText></ExceptionReport>`,
    )
  if (mode === 'huge') {
    response.writeHead(200, { 'content-type': 'image/png' })
    const part = new Uint8Array(1024 ** 2).fill(0x89)
    let sent = 0
    const more = (): void => {
      if (sent++ < 64 && !response.destroyed) response.write(part, more)
      else response.end()
    }
    more()
    return response
  }
  const place =
    /^\/(?:xyz|moved)\/(\d+)\/(\d+)\/(\d+)/.exec(url.pathname)?.slice(1) ??
    ['tilematrix', 'tilecol', 'tilerow'].map(name => parameter(name)?.replace(/^.*:/, '') ?? '')
  const [z, x, y] = place.map(Number) as [number, number, number]
  const elsewhere = {
    'redirect-same': `/moved/${z}/${x}/${y}`,
    'redirect-host': 'http://localhost:1/x',
    'redirect-file': 'file:///etc/hostname',
  }
  if (mode in elsewhere && !url.pathname.startsWith('/moved/')) {
    return response.writeHead(302, { location: elsewhere[mode as keyof typeof elsewhere] }).end()
  }
  if (![z, x, y].every(Number.isInteger)) return end(400, 'text/plain', 'bad request')
  return end(200, 'image/png', tileBytes(z, x, y))
}

/** Two grids as 天地图 has them, and one that no map of ours can show. */
function capabilitiesXml(): string {
  const matrix = (id: string, scale: number, corner: string): string =>
    `<TileMatrix><ows:Identifier>${id}</ows:Identifier><ScaleDenominator>${scale}</ScaleDenominator><TopLeftCorner>${corner}</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight></TileMatrix>`
  const set = (id: string, crs: string, matrices: string): string =>
    `<TileMatrixSet><ows:Identifier>${id}</ows:Identifier><ows:SupportedCRS>${crs}</ows:SupportedCRS>${matrices}</TileMatrixSet>`
  const levels = Array.from({ length: 18 }, (_, index) => index + 1)
  const web = levels.map(z => matrix(`L:${z}`, 559_082_264.0287178 / 2 ** z, '-20037508.3428 20037508.3428')).join('')
  // 天地图 counts with pixels of 96 to the inch.
  const degrees = levels.map(z => matrix(String(z), 5.916587109091312e8 / 2 ** z, '90.0 -180.0')).join('')
  const plane = matrix('0', 50_000, '4000000 500000')
  return `<?xml version="1.0" encoding="UTF-8"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" version="1.0.0">
<ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP><ows:Get><ows:Constraint name="GetEncoding"><ows:AllowedValues><ows:Value>KVP</ows:Value></ows:AllowedValues></ows:Constraint></ows:Get></ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>
<Contents>
<Layer><ows:Title>影像 &amp; 底图</ows:Title><ows:Identifier>img</ows:Identifier><Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style><Format>tiles</Format>
<TileMatrixSetLink><TileMatrixSet>w</TileMatrixSet></TileMatrixSetLink><TileMatrixSetLink><TileMatrixSet>c</TileMatrixSet></TileMatrixSetLink></Layer>
<Layer><ows:Title>平面</ows:Title><ows:Identifier>plane</ows:Identifier><Format>image/png</Format><TileMatrixSetLink><TileMatrixSet>p</TileMatrixSet></TileMatrixSetLink></Layer>
${set('w', 'urn:ogc:def:crs:EPSG::3857', web)}${set('c', 'urn:ogc:def:crs:EPSG::4490', degrees)}${set('p', 'urn:ogc:def:crs:EPSG::4549', plane)}
</Contents></Capabilities>`
}
