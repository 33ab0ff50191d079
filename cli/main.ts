/** Entry of the terminal in a clone: `npm run -s lowland -- <command> …`. Packages enter by packaged.ts. */
import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

// Most of a short command is spent on reading the sources; from the second command on this halves it.
enableCompileCache()
const { runTerminal } = await import('./terminal.ts')

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

process.exitCode = await runTerminal(process.argv.slice(2), {
  resourcesFolder: join(root, 'resources'),
  rendererFolder: join(root, 'out', 'renderer'),
  appVersion: (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
})
