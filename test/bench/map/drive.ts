/** One visit of a page: a fresh browser without a GPU, real mouse and wheel, everything measured in the page's own clock. */
import { type Browser, chromium } from '@playwright/test'
import { findBrowser, HOW_TO_GET_BROWSER, sandboxArguments } from '../../../tools/runtimes.ts'
import { DRAG_ZOOM, dragCorner } from './drag.ts'
import type { Figures } from './figures.ts'
import { pan, STEPS, type Step } from './steps.ts'
import { ours, recorders } from './stopwatch.ts'
import { bareBrowser } from './weigh.ts'

export interface DriveOptions {
  readonly url: string
  readonly zoom: number
  /** Ours: the view to remember, with the survey's file. */
  readonly remembered: string | null
  readonly timeoutSeconds: number
  /** What is done after opening: only panning and memory, everything, or dragging a corner and nothing else. */
  readonly steps: 'short' | 'all' | 'drag'
}

const WIDTH = 1280
const HEIGHT = 800
const SWITCHES = [
  ...sandboxArguments(),
  '--headless=new',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--enable-precise-memory-info',
  '--js-flags=--expose-gc',
]
/** Until a page that was worked with is at rest: the browser gives back what it keeps for the next seconds. */
const REST_MS = 10_000
const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** A fixed loop of arithmetic: compare visits only where it took the same time. */
function calibrate(): number {
  const began = performance.now()
  let x = 0
  for (let i = 0; i < 4e7; i++) x = (x * 31 + i) | 0
  return performance.now() - began + (x & 0)
}

/** The window at a zoom at which a corner has some 200 neighbours to snap to. */
export const driveDrag = (options: Omit<DriveOptions, 'zoom' | 'steps'>): Promise<Figures> =>
  drive({ ...options, zoom: DRAG_ZOOM, steps: 'drag' })

function launch(): Promise<Browser> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error(HOW_TO_GET_BROWSER)
  return chromium.launch({
    executablePath,
    ignoreDefaultArgs: ['--enable-unsafe-swiftshader'],
    args: [...SWITCHES],
  })
}

/** One visit. What a page cannot do or does not finish is missing from the figures and named in `errors`. */
export async function drive(options: DriveOptions): Promise<Figures> {
  const figures: Figures = { calibration: calibrate(), errors: [] }
  const browser = await launch()
  try {
    const page = await (await browser.newContext({ viewport: { width: WIDTH, height: HEIGHT } })).newPage()
    page.setDefaultTimeout(options.timeoutSeconds * 1000)
    page.on('pageerror', error => figures.errors.push(String(error).slice(0, 200)))
    await page.addInitScript(recorders)
    if (options.remembered !== null) {
      await page.addInitScript(view => localStorage.setItem('map-view', view), options.remembered)
      await page.addInitScript(ours)
    }
    await page.goto(options.url, { waitUntil: 'commit' })
    await page.waitForFunction(() => window.__stopwatch?.done, null, { polling: 50 })
    figures.firstPaint = await page.evaluate(() => window.__stopwatch.firstPaint)
    figures.fromNavigation = await page.evaluate(() => window.__stopwatch.fromNavigation)
    // The frame of our window comes after the picture; nobody pans before it is there.
    if (options.remembered !== null) {
      await page.locator('.map-legend select').waitFor()
      figures.usable = await page.evaluate(() => performance.now())
    } else {
      figures.surveyRead = await page.evaluate(() => {
        const [data] = performance.getEntriesByName(new URL('data.geojson', location.href).href)
        return (data as PerformanceResourceTiming | undefined)?.serverTiming[0]?.duration ?? 0
      })
    }
    await sleep(1500)
    const step = stepper(options.timeoutSeconds, figures.errors)
    if (options.steps === 'drag') {
      await step('drag', () => dragCorner(page, figures))
      return figures
    }
    for (const [name, work] of stepsOf(options)) await step(name, () => work(page, figures, options.zoom))
  } catch (error) {
    figures.errors.push(String(error).split('\n')[0]!.slice(0, 200))
  } finally {
    await browser.close()
  }
  return figures
}

/**
 * The same work in a visit that nothing listens to, then at rest: PSS (Linux) and heap of the page's process in MB. Empty where a
 * page did not open.
 *
 * @param options null for a page with nothing on it: the part of every page's figure that is the browser's own.
 */
export async function weigh(
  options: DriveOptions | null,
): Promise<{ pssMB?: number; heapMB?: number; errors: string[] }> {
  const errors: string[] = []
  const browser = await bareBrowser(SWITCHES, WIDTH, HEIGHT)
  const { page } = browser
  const open = async (url: string, before: readonly string[], isThere: () => boolean): Promise<void> => {
    await browser.open(url, before)
    // A page that is being loaded has nothing to ask.
    while (!(await page.evaluate(isThere).catch(() => false))) await sleep(50)
    await sleep(1500)
  }
  try {
    if (options === null) await open('data:text/html,<p>nothing</p>', [], () => document.body !== null)
    else {
      const step = stepper(options.timeoutSeconds, errors)
      const isOurs = options.remembered !== null
      const before = [
        `(${recorders})()`,
        ...(isOurs ? [`localStorage.setItem('map-view', ${JSON.stringify(options.remembered)})`, `(${ours})()`] : []),
      ]
      await step('open', () => open(options.url, before, () => window.__stopwatch.done))
      for (const [name, work] of stepsOf(options))
        await step(name, () => work(page, { calibration: 0, errors: [] }, options.zoom))
    }
    await sleep(REST_MS)
    return { ...(await browser.weigh()), errors }
  } catch (error) {
    return { errors: [...errors, `weigh: ${String(error).slice(0, 200)}`] }
  } finally {
    await browser.close()
  }
}

function stepsOf({ steps }: DriveOptions): readonly (readonly [string, Step])[] {
  return steps === 'all' ? STEPS : [['pan', pan]]
}

/** Runs steps, each within the time; a page that hangs is not asked again: its next steps would wait as long and measure the hanging. */
function stepper(timeoutSeconds: number, errors: string[]): (name: string, work: () => Promise<void>) => Promise<void> {
  let isLate = false
  return async (name, work) => {
    if (isLate) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true
        reject(new Error(`${name} not finished`))
      }, timeoutSeconds * 1000)
    })
    await Promise.race([work(), late])
      .catch(error => errors.push(String(error).slice(0, 200)))
      .finally(() => clearTimeout(timer))
  }
}
