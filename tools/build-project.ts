/** Builds the window, the Electron side, the terminal and the demo survey, each only when its sources changed. */
import { existsSync, mkdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { isCurrent, sourceDigest, writeStamp } from './build-stamp.ts'
import { inProject } from './paths.ts'
import { nodeConfig } from './vite-node.ts'
import { rendererConfig } from './vite-renderer.ts'

const NODE_ENTRIES: Readonly<Record<string, string>> = {
  main: 'electron/main/main.ts',
  preload: 'electron/preload/preload.ts',
  'service-host': 'electron/service-host/main.ts',
  terminal: 'cli/packaged.ts',
  'thumbnail-worker': 'service/attachments/thumbnail-worker.ts',
  'basemap-worker': 'service/basemaps/basemap-worker.ts',
  'print-worker': 'service/reports/print-worker.ts',
}

const COMMON_FILES = ['package.json', 'package-lock.json', 'tools/vite-node.ts', 'tools/vite-renderer.ts']

export interface Part {
  readonly name: string
  readonly built: boolean
  readonly seconds: number
}

async function part(
  name: string,
  sources: { folders: readonly string[]; files: readonly string[] },
  products: readonly string[],
  force: boolean,
  work: () => Promise<void>,
): Promise<Part> {
  const digest = sourceDigest(sources.folders, [...COMMON_FILES, ...sources.files])
  const stamp = inProject('out', `.${name}.stamp`)
  if (!force && isCurrent(stamp, digest, products)) return { name, built: false, seconds: 0 }
  const started = Date.now()
  await work()
  writeStamp(stamp, digest)
  return { name, built: true, seconds: (Date.now() - started) / 1000 }
}

/** Throws when a part cannot be built. `force` builds all of it. */
export async function buildProject(options: { force?: boolean } = {}): Promise<Part[]> {
  const force = options.force ?? false
  const parts = [
    await part(
      'window',
      {
        folders: ['renderer', 'shared', 'resources/basemap'],
        files: ['tools/adopted-styles.ts', 'tools/vite-adopted-styles.ts'],
      },
      [inProject('out/renderer/index.html')],
      force,
      async () => void (await build({ ...rendererConfig(), logLevel: 'warn' })),
    ),
    await part(
      'programs',
      { folders: ['electron', 'service', 'cli', 'hub', 'shared'], files: [] },
      Object.keys(NODE_ENTRIES).map(name => inProject('out/main', `${name}.cjs`)),
      force,
      async () => {
        for (const [name, entry] of Object.entries(NODE_ENTRIES)) await build(nodeConfig(name, entry))
      },
    ),
  ]
  const generator = inProject('tools/demo/build-demo.ts')
  if (!existsSync(generator)) return parts
  const demo = inProject('resources/demo/demo.lowland')
  const demoPart = await part(
    'demo',
    { folders: ['tools/demo', 'service', 'shared', 'resources/basemap'], files: [] },
    [demo],
    force,
    async () => {
      mkdirSync(inProject('resources/demo'), { recursive: true })
      const { buildDemo } = (await import(pathToFileURL(generator).href)) as {
        buildDemo: (file: string) => unknown
      }
      await buildDemo(demo)
    },
  )
  return [...parts, demoPart]
}

export function partsInWords(parts: readonly Part[]): string {
  return parts.map(({ name, built, seconds }) => `${name} ${built ? `${seconds.toFixed(1)} s` : 'current'}`).join(', ')
}
