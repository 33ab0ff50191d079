/**
 * What the map's harness visits: our window as built over a survey of its own, and the same parcels in plain Leaflet and in
 * MapLibre. Every visit of ours gets a fresh session of the loopback host, as a person would who opens the application.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { build } from 'vite'
import { startLoopback } from '../../../cli/http/server.ts'
import { openForeign } from '../../../service/db/open.ts'
import { createService, type Service } from '../../../service/service.ts'
import { decodeGeometry } from '../../../shared/geometry/geopackage-blob.ts'
import { fromFlat } from '../../../shared/geometry/types.ts'
import { inProject } from '../../../tools/paths.ts'
import { windingBoundary, writeCounty } from '../county.ts'

export type Peer = 'ours' | 'leaflet' | 'maplibre'

export interface Site {
  /** Survey file of ours. */
  readonly survey: string
  readonly view: { readonly lng: number; readonly lat: number }
  /** Holds everything made for this size. */
  readonly folder: string
  /** A fresh address for one visit at a zoom of 256 px tiles. */
  visit(peer: Peer, zoom: number, rendererFolder?: string): Promise<{ url: string; end(): Promise<void> }>
  close(): Promise<void>
}

export async function serveSite(count: number, peers: readonly Peer[]): Promise<Site> {
  const folder = join(tmpdir(), `lowland-mapbench-${count}`)
  const survey = join(folder, 'county.lowland')
  mkdirSync(folder, { recursive: true })
  if (peers.some(peer => peer !== 'ours')) await buildPeers(join(folder, 'peers'))
  const service = await createService({
    dataFolder: join(folder, 'data'),
    resourcesFolder: inProject('resources'),
    appVersion: 'bench',
    ...(existsSync(survey) ? { surveyFile: survey } : {}),
  })
  const client = createRouterClient(service.router, { context: {} })
  if (!existsSync(survey)) await fill(service, folder, survey, count)
  const { extent } = await client.survey.info()
  const [west, south, east, north] = extent as [number, number, number, number]
  const view = { lng: (west + east) / 2, lat: (south + north) / 2 }
  const pages = await servePeers(folder, survey)

  return {
    folder,
    survey,
    view,
    async visit(peer, zoom, rendererFolder = inProject('out/renderer')) {
      if (peer !== 'ours') {
        const query = `z=${zoom}&lng=${view.lng}&lat=${view.lat}`
        return { url: `${pages.origin}/${peer}.html?${query}`, end: async () => undefined }
      }
      const loopback = await startLoopback({
        service,
        rendererFolder,
        dataFolder: join(folder, 'data'),
        port: 0,
      })
      return { url: loopback.newUrl(), end: () => loopback.close() }
    },
    async close() {
      pages.close()
      service.close()
    },
  }
}

/**
 * All parcels of the survey as one GeoJSON, in the plainest way: what an application of plain Leaflet has to do with an
 * existing survey before it can draw. `k` stands for a colour.
 */
function surveyAsGeojson(survey: string): string {
  const db = openForeign(survey)
  try {
    const parts: string[] = []
    for (const [pk, geometry] of db
      .prepare('SELECT pk, geometry FROM parcel WHERE deleted = 0 ORDER BY pk')
      .raw()
      .iterate() as Iterable<[number, Uint8Array]>) {
      const { coordinates } = fromFlat(decodeGeometry(geometry))
      const shape =
        coordinates.length === 1
          ? { type: 'Polygon', coordinates: coordinates[0] }
          : { type: 'MultiPolygon', coordinates }
      parts.push(JSON.stringify({ type: 'Feature', id: pk, properties: { k: pk % 3 }, geometry: shape }))
    }
    return `{"type":"FeatureCollection","features":[${parts.join(',\n')}]}`
  } finally {
    db.close()
  }
}

async function buildPeers(outDir: string): Promise<void> {
  const pages = inProject('test/bench/map/pages')
  await build({
    configFile: false,
    root: pages,
    logLevel: 'warn',
    base: './',
    build: {
      target: 'esnext',
      outDir,
      emptyOutDir: true,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: [join(pages, 'leaflet.html'), join(pages, 'maplibre.html')] },
    },
  })
}

async function fill(service: Service, folder: string, survey: string, count: number): Promise<void> {
  const client = createRouterClient(service.router, { context: {} })
  const geojson = join(folder, 'county.geojson')
  await writeCounty(geojson, count)
  const run = async (stream: AsyncIterator<unknown>): Promise<void> => {
    while (!(await stream.next()).done);
  }
  try {
    await client.survey.create({ file: survey, campaign: 'lanxi-2021-2023', name: 'mapbench' })
    const boundary = join(folder, 'boundary.geojson')
    writeFileSync(boundary, JSON.stringify({ type: 'Polygon', coordinates: [windingBoundary(20_000)] }))
    const options = { match: 'none' as const, outside_guard: true }
    await run(await client.imports.run({ file: geojson, kind: 'parcels', options, dry_run: false }))
    const version = { ...options, name: 'mapbench', effective: '2022-11-01' }
    await run(await client.imports.run({ file: boundary, kind: 'boundary', options: version, dry_run: false }))
    await run(await client.boundaries.classify({}))
  } catch (error) {
    rmSync(survey, { force: true })
    throw error
  }
}

async function servePeers(folder: string, survey: string): Promise<{ origin: string; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (pathname === '/data.geojson') {
      const began = performance.now()
      const body = surveyAsGeojson(survey)
      const spent = performance.now() - began
      response.writeHead(200, { 'content-type': 'application/json', 'server-timing': `read;dur=${spent.toFixed(1)}` })
      response.end(body)
      return
    }
    const file = join(folder, 'peers', pathname)
    if (pathname.includes('..') || !existsSync(file)) {
      response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end()
      return
    }
    const type = { js: 'text/javascript', mjs: 'text/javascript', css: 'text/css', html: 'text/html' }[
      file.split('.').at(-1)!
    ]
    response.writeHead(200, { 'content-type': type ?? 'application/json' })
    response.end(readFileSync(file))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
