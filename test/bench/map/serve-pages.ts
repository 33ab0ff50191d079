/**
 * `node test/bench/map/serve-pages.ts [--parcels 100000] [--port 5190]`: the real window and plain Leaflet over the same
 * parcels, ready for a harness that drives Chromium and knows `__map` and `__mapbench`:
 *   http://127.0.0.1:5190/ours?z=15     the window over the data service on a survey of its own
 *   http://127.0.0.1:5190/leaflet?z=15  plain Leaflet, canvas renderer, all parcels as GeoJSON
 * Every visit of `ours` gets a fresh session of the loopback host, as a person would who opens the application.
 */
import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { build } from 'vite'
import { startLoopback } from '../../../cli/http/server.ts'
import { createService } from '../../../service/service.ts'
import { inProject } from '../../../tools/paths.ts'
import { rendererConfig } from '../../../tools/vite-renderer.ts'
import { lots, windingBoundary, writeCounty } from '../county.ts'

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const count = option('parcels', 100_000)
const port = option('port', 5190)
const folder = join(tmpdir(), `lowland-mapbench-${count}`)
const geojson = join(folder, 'county.geojson')
const survey = join(folder, 'county.lowland')
mkdirSync(folder, { recursive: true })
if (!existsSync(geojson)) await writeCounty(geojson, count)
const numbered = join(folder, 'numbered.geojson')
if (!existsSync(numbered)) {
  const features = Array.from(lots(count), ({ ring }, id) => {
    return JSON.stringify({ type: 'Feature', id, properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } })
  })
  writeFileSync(numbered, `{"type":"FeatureCollection","features":[${features.join(',\n')}]}`)
}

/** The window with the stopwatch in place of its entry, and the baseline page. */
async function buildPages(): Promise<void> {
  const config = rendererConfig()
  await build({
    ...config,
    logLevel: 'warn',
    plugins: [
      {
        name: 'stopwatch',
        transformIndexHtml: {
          order: 'pre',
          handler: html => html.replace('./main.tsx', `/@fs${inProject('test/bench/map/pages/window.ts')}`),
        },
      },
      ...(config.plugins ?? []),
    ],
    build: { ...config.build, outDir: join(folder, 'ours') },
  })
  await build({
    configFile: false,
    root: inProject('test/bench/map/pages'),
    logLevel: 'warn',
    base: './',
    build: {
      target: 'esnext',
      outDir: join(folder, 'leaflet'),
      emptyOutDir: true,
      rolldownOptions: { input: inProject('test/bench/map/pages/leaflet.html') },
    },
  })
}
await buildPages()

const service = await createService({
  dataFolder: join(folder, 'data'),
  resourcesFolder: inProject('resources'),
  appVersion: 'bench',
  ...(existsSync(survey) ? { surveyFile: survey } : {}),
})
const client = createRouterClient(service.router, { context: {} })
if (!existsSync(survey)) await fill()

async function fill(): Promise<void> {
  try {
    await client.survey.create({ file: survey, campaign: 'lanxi-2021-2023', name: 'mapbench' })
    const boundary = join(folder, 'boundary.geojson')
    writeFileSync(boundary, JSON.stringify({ type: 'Polygon', coordinates: [windingBoundary(20_000)] }))
    const run = async (stream: AsyncIterator<unknown>): Promise<void> => {
      while (!(await stream.next()).done);
    }
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

const info = await client.survey.info()
const [west, south, east, north] = info.extent as [number, number, number, number]
const centre = { lng: (west + east) / 2, lat: (south + north) / 2 }

createServer((request, response) => {
  const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`)
  const zoom = Number(url.searchParams.get('z') ?? 15)
  if (url.pathname === '/ours') {
    void startLoopback({
      service,
      rendererFolder: join(folder, 'ours'),
      dataFolder: join(folder, 'data'),
      port: 0,
    }).then(loopback => {
      const view = encodeURIComponent(JSON.stringify({ zoom, file: info.file, ...centre }))
      response.writeHead(302, { 'set-cookie': `mapbench=${view}; Path=/`, location: loopback.newUrl() }).end()
    })
    return
  }
  if (url.pathname === '/leaflet') {
    const query = `z=${zoom}&lng=${centre.lng}&lat=${centre.lat}`
    response.writeHead(302, { location: `/leaflet.html?${query}` }).end()
    return
  }
  if (url.pathname === '/data.geojson') {
    response.writeHead(200, { 'content-type': 'application/json' })
    createReadStream(numbered).pipe(response)
    return
  }
  const file = join(folder, 'leaflet', url.pathname.replaceAll('..', ''))
  if (!existsSync(file)) {
    response.writeHead(404).end()
    return
  }
  const type = file.endsWith('.js') ? 'text/javascript' : file.endsWith('.css') ? 'text/css' : 'text/html'
  response.writeHead(200, { 'content-type': type }).end(readFileSync(file))
}).listen(port, '127.0.0.1', () =>
  console.log(`ready: ${count} parcels, http://127.0.0.1:${port}/ours?z=15 and /leaflet?z=15`),
)
