/** `npm run dev`: the window from source with hot reload, in the browser, over the real service and a data folder of its own. */
import { type AddressInfo, createServer } from 'node:net'
import { createServer as createVite } from 'vite'
import { startLoopback } from '../cli/http/server.ts'
import { createService } from '../service/service.ts'
import { inProject } from './paths.ts'
import { rendererConfig } from './vite-renderer.ts'

/** A TCP port of this machine that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

const dataFolder = process.env['LOWLAND_DATA'] ?? inProject('.lowland-dev')
const surveyFile = process.argv.slice(2).find(argument => argument.endsWith('.lowland'))
const vite = await createVite({
  ...rendererConfig({ dev: true }),
  appType: 'spa',
  // A port of its own for hot reload: two of these may run side by side.
  server: { middlewareMode: true, hmr: { port: await freePort() } },
  // All packages at once: one found later would be bundled with a second copy of React.
  optimizeDeps: { entries: ['main.tsx', 'map/tile-painter.worker.ts'] },
})
const service = await createService({
  dataFolder,
  resourcesFolder: inProject('resources'),
  appVersion: 'dev',
  confined: true,
  ...(surveyFile === undefined ? {} : { surveyFile }),
})
const loopback = await startLoopback({
  service,
  rendererFolder: inProject('out/renderer'),
  dataFolder,
  port: 0,
  // Without our Content-Security-Policy: hot reload needs inline scripts. The built window is what the tests look at.
  page: (request, response) => vite.middlewares(request, response),
})
console.log(`Lowland (dev): ${loopback.newUrl()}`)
process.once('SIGINT', () => {
  void loopback
    .close()
    .then(() => vite.close())
    .then(() => service.close())
})
