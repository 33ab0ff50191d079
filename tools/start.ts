/** `npm start`: builds what changed, then opens the desktop, or the browser when there is no Electron or no display. */
import { buildProject, partsInWords } from './build-project.ts'
import { inProject, PROJECT_FOLDER } from './paths.ts'
import { run, runNode } from './run.ts'
import { findElectron, HOW_TO_GET_ELECTRON, hasDisplay, sandboxArguments } from './runtimes.ts'

const parts = await buildProject()
if (parts.some(part => part.built)) console.log(`built: ${partsInWords(parts)}`)

const given = process.argv.slice(2).filter(argument => argument !== '--browser')
const isBrowserWanted = process.argv.includes('--browser')
const electron = isBrowserWanted ? undefined : (findElectron() ?? (await downloadElectron()))
if (electron && hasDisplay()) {
  const unsafe = sandboxArguments()
  if (unsafe.length > 0) console.log('Running as root: the sandbox of Chromium has to be switched off (--no-sandbox).')
  const { code } = await run(electron.executable, [...unsafe, PROJECT_FOLDER, ...given], {
    show: true,
    env: { ...process.env, ...(electron.sqliteBinding ? { LOWLAND_SQLITE_BINDING: electron.sqliteBinding } : {}) },
  })
  process.exitCode = code
} else {
  if (!isBrowserWanted) console.log(hasDisplay() ? HOW_TO_GET_ELECTRON : 'No display for a desktop window.')
  console.log('Opening in the browser of this machine (npm run lowland -- serve --open).')
  const survey = given.find(argument => argument.endsWith('.lowland'))
  const { code } = await runNode(
    [inProject('cli/main.ts'), 'serve', '--open', ...(survey ? ['--survey', survey] : [])],
    {
      show: true,
      interactive: true,
    },
  )
  process.exitCode = code
}

/** The `electron` package fetches its program on first use, not when it is installed. */
async function downloadElectron() {
  if (!hasDisplay() || process.env['ELECTRON_OVERRIDE_DIST_PATH']) return undefined
  console.log('Fetching the Electron runtime (once, about 120 MB) …')
  await runNode([inProject('node_modules/electron/install.js')], { show: true, timeoutMs: 300_000 })
  return findElectron()
}
