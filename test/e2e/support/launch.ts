/** Starts the built product for a test: in Electron, or in a browser over `lowland serve`, each with a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type ElectronApplication, _electron as electron, type Page } from '@playwright/test'
import { inProject, PROJECT_FOLDER } from '../../../tools/paths.ts'
import {
  findBrowser,
  findTestElectron,
  HOW_TO_GET_BROWSER,
  HOW_TO_GET_ELECTRON,
  sandboxArguments,
} from '../../../tools/runtimes.ts'

export type HostName = 'desktop' | 'browser'

export interface LaunchOptions {
  /** `demo` (a private copy), `none`, or a survey file to open. */
  readonly survey?: string
  readonly locale?: 'zh-CN' | 'en-US'
}

export interface RunningApp {
  readonly host: HostName
  readonly page: Page
  readonly dataFolder: string
  /** The survey opened at the start, if any. */
  readonly surveyFile: string | undefined
  /** Desktop only. */
  readonly electron: ElectronApplication | undefined
  /** Browser only: `http://127.0.0.1:port`. */
  readonly origin: string | undefined
  /** Texts of `securitypolicyviolation` events, errors of the page and uncaught exceptions so far. */
  readonly violations: () => Promise<string[]>
  readonly errors: readonly string[]
  close(): Promise<void>
}

/** Usual laptop of an inspector: 1366x768. */
const VIEWPORT = { width: 1366, height: 728 }

/**
 * On a busy machine the handshake of Playwright with a fresh Electron does not end in one of some fifteen starts, and then
 * never does; another start answers in seconds. A slow machine gets its time at the last try.
 */
const LAUNCH_TRIES_MS = [10_000, 15_000, 40_000]

const COUNT_VIOLATIONS = `
  window.__violations = []
  document.addEventListener('securitypolicyviolation', event =>
    window.__violations.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber))
`

async function prepare(options: LaunchOptions): Promise<{ dataFolder: string; surveyFile: string | undefined }> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'lowland-e2e-'))
  const survey = options.survey ?? 'demo'
  if (survey === 'none') return { dataFolder, surveyFile: undefined }
  if (survey !== 'demo') return { dataFolder, surveyFile: survey }
  const demo = inProject('resources/demo/demo.lowland')
  if (!existsSync(demo)) return { dataFolder, surveyFile: undefined }
  mkdirSync(join(dataFolder, 'surveys'))
  const surveyFile = join(dataFolder, 'surveys', 'demo.lowland')
  await copyFile(demo, surveyFile)
  return { dataFolder, surveyFile }
}

function watch(page: Page): { errors: string[]; violations: () => Promise<string[]> } {
  const errors: string[] = []
  page.on('pageerror', error => errors.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return {
    errors,
    violations: () =>
      page.evaluate(() => (window as unknown as { __violations?: string[] }).__violations ?? ['not counted']),
  }
}

async function startElectron(start: Parameters<typeof electron.launch>[0]): Promise<ElectronApplication> {
  for (const timeout of LAUNCH_TRIES_MS) {
    try {
      return await electron.launch({ ...start, timeout })
    } catch (error) {
      console.log(`Electron did not answer: ${String(error).split('\n')[0]}`)
    }
  }
  throw new Error(`Electron did not start in ${LAUNCH_TRIES_MS.length} tries`)
}

export async function launchDesktop(options: LaunchOptions = {}): Promise<RunningApp> {
  const runtime = findTestElectron()
  if (!runtime) throw new Error(HOW_TO_GET_ELECTRON)
  const { dataFolder, surveyFile } = await prepare(options)
  const start = {
    executablePath: runtime.executable,
    args: [
      ...sandboxArguments(),
      '--disable-gpu',
      `--lang=${options.locale ?? 'zh-CN'}`,
      `--user-data-dir=${join(dataFolder, 'profile')}`,
      PROJECT_FOLDER,
      ...(surveyFile ? [surveyFile] : []),
    ],
    env: {
      ...(process.env as Record<string, string>),
      LOWLAND_DATA: dataFolder,
      ...(runtime.sqliteBinding ? { LOWLAND_SQLITE_BINDING: runtime.sqliteBinding } : {}),
    },
  }
  const app = await startElectron(start)
  const page = await app.firstWindow()
  // The page was already loading: count from a fresh load, so that nothing is missed.
  await page.addInitScript(COUNT_VIOLATIONS)
  const watched = watch(page)
  // A reload in the middle of the first load is aborted now and then.
  await page.waitForLoadState('load')
  await page.reload()
  await page.waitForLoadState('load')
  return {
    host: 'desktop',
    page,
    dataFolder,
    surveyFile,
    electron: app,
    origin: undefined,
    ...watched,
    async close() {
      await app.close()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

export interface ServedHost {
  /** With the one-time token. */
  readonly url: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

/** `lowland serve` on a free port. */
export async function serve(dataFolder: string, surveyFile: string | undefined): Promise<ServedHost> {
  const child = spawn(
    process.execPath,
    [inProject('cli/main.ts'), 'serve', '--json', ...(surveyFile ? ['--survey', surveyFile] : [])],
    { env: { ...process.env, LOWLAND_DATA: dataFolder }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  child.stderr?.on('data', chunk => {
    said += String(chunk)
  })
  const url = await new Promise<string>((resolve, reject) => {
    let printed = ''
    child.stdout?.on('data', chunk => {
      printed += String(chunk)
      if (printed.includes('\n')) resolve((JSON.parse(printed.split('\n')[0]!) as { url: string }).url)
    })
    child.once('exit', code => reject(new Error(`serve ended with ${code}: ${said}`)))
  })
  return {
    url,
    process: child,
    stop: () =>
      new Promise(resolve => {
        if (child.exitCode !== null) return resolve()
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

export async function launchBrowser(options: LaunchOptions = {}): Promise<RunningApp> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error(HOW_TO_GET_BROWSER)
  const { dataFolder, surveyFile } = await prepare(options)
  const host = await serve(dataFolder, surveyFile)
  let browser: Browser | undefined
  try {
    browser = await chromium.launch({ executablePath, args: sandboxArguments() })
    const context = await browser.newContext({ viewport: VIEWPORT, locale: options.locale ?? 'zh-CN' })
    const page = await context.newPage()
    await page.addInitScript(COUNT_VIOLATIONS)
    const watched = watch(page)
    await page.goto(host.url)
    const opened = browser
    return {
      host: 'browser',
      page,
      dataFolder,
      surveyFile,
      electron: undefined,
      origin: new URL(host.url).origin,
      ...watched,
      async close() {
        await opened.close()
        await host.stop()
        rmSync(dataFolder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await browser?.close()
    await host.stop()
    throw error
  }
}

export function launch(host: HostName, options: LaunchOptions = {}): Promise<RunningApp> {
  return host === 'desktop' ? launchDesktop(options) : launchBrowser(options)
}
