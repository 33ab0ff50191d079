/** One visit of a page: a fresh browser without a GPU, real mouse and wheel, everything measured in the page's own clock. */
import { readFileSync } from 'node:fs'
import { type Browser, chromium, type Page } from '@playwright/test'
import { findBrowser, HOW_TO_GET_BROWSER, sandboxArguments } from '../../../tools/runtimes.ts'
import { median } from '../measure.ts'
import { DRAG_ZOOM, dragCorner } from './drag.ts'
import type { Figures } from './figures.ts'
import { ours, recorders } from './stopwatch.ts'

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
const X = WIDTH / 2
const Y = HEIGHT / 2
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

/** What the process of a page with nothing on it takes, MB: the part of every page's figure that is the browser's own. */
export async function emptyPage(): Promise<number> {
  const browser = await launch()
  try {
    const page = await (await browser.newContext({ viewport: { width: WIDTH, height: HEIGHT } })).newPage()
    await page.setContent('<p>nothing</p>')
    await sleep(1500)
    const figures: Figures = { calibration: 0, errors: [] }
    await memory(browser, page, figures)
    return figures.pssMB ?? 0
  } finally {
    await browser.close()
  }
}

function launch(): Promise<Browser> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error(HOW_TO_GET_BROWSER)
  return chromium.launch({
    executablePath,
    ignoreDefaultArgs: ['--enable-unsafe-swiftshader'],
    args: [
      ...sandboxArguments(),
      '--headless=new',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-precise-memory-info',
      '--js-flags=--expose-gc',
    ],
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
    let isLate = false
    const step = async (name: string, work: () => Promise<void>): Promise<void> => {
      // A page that hangs is not asked again: its next steps would wait as long and measure the hanging.
      if (isLate) return
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          isLate = true
          reject(new Error(`${name} not finished`))
        }, options.timeoutSeconds * 1000)
      })
      await Promise.race([work(), late])
        .catch(error => figures.errors.push(String(error).slice(0, 200)))
        .finally(() => clearTimeout(timer))
    }
    if (options.steps === 'drag') {
      await step('drag', () => dragCorner(page, figures))
      return figures
    }
    await step('pan', () => pan(page, figures))
    if (options.steps === 'all') {
      await step('zoom', () => zoom(page, figures, options.zoom))
      await step('click', () => click(page, figures))
      await step('status', () => status(page, figures))
      await step('theme', () => theme(page, figures))
    }
    isLate = false
    await step('memory', () => memory(browser, page, figures))
  } catch (error) {
    figures.errors.push(String(error).split('\n')[0]!.slice(0, 200))
  } finally {
    await browser.close()
  }
  return figures
}

const idle = (page: Page): Promise<number> => page.evaluate(() => window.__stopwatch.idle())

/** Four drags across the view and back, a step each 14 ms. */
async function pan(page: Page, figures: Figures): Promise<void> {
  await page.evaluate(() => window.__stopwatch.frames.start())
  for (const [dx, dy] of [
    [-600, 0],
    [0, -320],
    [600, 0],
    [0, 320],
  ] as const) {
    await page.mouse.move(X - dx / 2, Y - dy / 2)
    await page.mouse.down()
    for (let i = 1; i <= 40; i++) {
      const began = Date.now()
      await page.mouse.move(X - dx / 2 + (dx * i) / 40, Y - dy / 2 + (dy * i) / 40)
      await sleep(Math.max(0, 14 - (Date.now() - began)))
    }
    await page.mouse.up()
    await sleep(250)
  }
  await idle(page)
  const { frames, tasks } = await page.evaluate(() => window.__stopwatch.frames.stop())
  figures.panWorstFrame = Math.max(...frames)
  figures.panLongestTask = Math.max(0, ...tasks)
  figures.panTasks = tasks.reduce((sum, task) => sum + task, 0)
}

/** Wheel steps out and in; settled is from the turn of the wheel to everything visible drawn. */
async function zoom(page: Page, figures: Figures, level: number): Promise<void> {
  await page.mouse.move(X + 37, Y + 23)
  await page.evaluate(() => window.__stopwatch.frames.start())
  const settled: number[] = []
  for (const turn of level <= 12 ? [-120, -120, 120, 120] : [-120, -120, 120, 120, 120, -120]) {
    const began = await page.evaluate(() => performance.now())
    const zoomed = page.evaluate(() => window.__stopwatch.zoomed())
    await page.mouse.wheel(0, turn)
    await zoomed
    settled.push((await idle(page)) - began)
    await sleep(80)
  }
  figures.zoomSettled = median(settled)
  figures.zoomWorstFrame = Math.max(...(await page.evaluate(() => window.__stopwatch.frames.stop())).frames)
}

/** Twelve clicks: from the event to the outline in the document, and to the frame after the one that shows it. */
async function click(page: Page, figures: Figures): Promise<void> {
  const selected: number[] = []
  const painted: number[] = []
  for (let i = 0; i < 12; i++) {
    await page.evaluate(() => Object.assign(window.__stopwatch, { tClick: 0, tSelected: 0, tShown: 0 }))
    await page.mouse.click(X - 180 + ((i * 67) % 360), Y - 150 + ((i * 97) % 300), { delay: 20 })
    const times = await page.evaluate(async () => {
      const watch = window.__stopwatch
      const began = performance.now()
      while (watch.tShown === 0) {
        if (performance.now() - began > 3000) return null
        await new Promise(resolve => setTimeout(resolve, 1))
      }
      return [watch.tSelected - watch.tClick, watch.tShown - watch.tClick] as const
    })
    if (times) {
      selected.push(times[0])
      painted.push(times[1])
    }
    await sleep(400)
  }
  if (selected.length === 0) return
  figures.clickSelected = median(selected)
  figures.clickPainted = median(painted)
}

async function status(page: Page, figures: Figures): Promise<void> {
  const times: number[] = []
  for (let k = 0; k < 5; k++) {
    times.push(await page.evaluate(n => window.__stopwatch.setStatus(n), k))
    await sleep(400)
  }
  figures.statusPainted = median(times)
}

async function theme(page: Page, figures: Figures): Promise<void> {
  const times: number[] = []
  for (let k = 0; k < 4; k++) {
    times.push(await page.evaluate(n => window.__stopwatch.setTheme(n), (k + 1) % 2))
    await sleep(300)
  }
  figures.recoloured = median(times)
}

/** After a collection of garbage, when the page has calmed down. */
async function memory(browser: Browser, page: Page, figures: Figures): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  figures.heapMB = (metrics.find(metric => metric.name === 'JSHeapUsedSize')?.value ?? 0) / 1e6
  const system = await browser.newBrowserCDPSession()
  const { processInfo } = await system.send('SystemInfo.getProcessInfo')
  const sizes = processInfo.filter(process => process.type === 'renderer').map(process => pssOf(process.id))
  figures.pssMB = Math.max(...sizes)
}

/** Proportional set size, MB; Linux only. */
function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
