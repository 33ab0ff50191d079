/** Finds what a window needs on this machine: an Electron runtime, a browser, a display. Looks only; installs nothing. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inProject } from './paths.ts'

export interface ElectronRuntime {
  readonly executable: string
  /** better-sqlite3 binary that fits the runtime, when the package's own does not. */
  readonly sqliteBinding: string | undefined
}

const ELECTRON_NAME =
  process.platform === 'win32'
    ? 'electron.exe'
    : process.platform === 'darwin'
      ? 'Electron.app/Contents/MacOS/Electron'
      : 'electron'

function runtimeIn(folder: string): ElectronRuntime | undefined {
  const executable = join(folder, ELECTRON_NAME)
  if (!existsSync(executable)) return undefined
  const binding = process.env['LOWLAND_SQLITE_BINDING'] ?? join(folder, 'better_sqlite3.node')
  return { executable, sqliteBinding: existsSync(binding) ? binding : undefined }
}

/** The folder named by ELECTRON_OVERRIDE_DIST_PATH, else the one that the `electron` package downloaded. */
export function findElectron(): ElectronRuntime | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (override) return runtimeIn(override)
  const named = inProject('node_modules/electron/path.txt')
  if (!existsSync(named)) return undefined
  const executable = inProject('node_modules/electron/dist', readFileSync(named, 'utf8').trim())
  return existsSync(executable) ? { executable, sqliteBinding: process.env['LOWLAND_SQLITE_BINDING'] } : undefined
}

/** For tests only: also a stand-in runtime that was set up on this machine before. */
export function findTestElectron(): ElectronRuntime | undefined {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return findElectron() ?? runtimeIn(join(cache, 'electron-test-runtime', '25.1.1'))
}

export const HOW_TO_GET_ELECTRON =
  'Electron runtime missing: run `npx install-electron` (or `node node_modules/electron/install.js`), or set ELECTRON_OVERRIDE_DIST_PATH to a folder with one.'
export const HOW_TO_GET_BROWSER =
  'No Chromium, Chrome or Edge found: install one (Debian: apt-get install chromium) or set CHROMIUM to its path.'

const BROWSERS: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/microsoft-edge',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(name => {
    const folder = process.env[name]
    return folder
      ? [
          join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
          join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
        ]
      : []
  }),
}

/** CHROMIUM, else the usual places. */
export function findBrowser(): string | undefined {
  const named = process.env['CHROMIUM']
  if (named) return existsSync(named) ? named : undefined
  return BROWSERS[process.platform]?.find(path => existsSync(path))
}

export function hasDisplay(): boolean {
  return process.platform !== 'linux' || !!process.env['DISPLAY'] || !!process.env['WAYLAND_DISPLAY']
}

/** Chromium refuses its sandbox to root; nobody else goes without it. */
export function sandboxArguments(): string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
}
