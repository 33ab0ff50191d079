/** What is done on a page and timed by its own stopwatch, with a real mouse and wheel. */
import { median } from '../measure.ts'
import type { Figures } from './figures.ts'
import type { HandPage } from './weigh.ts'

/** Puts what it measured into the figures. */
export type Step = (page: HandPage, figures: Figures, zoom: number) => Promise<void>

/** The middle of the page. */
const X = 640
const Y = 400
const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
const idle = (page: HandPage): Promise<number> => page.evaluate(() => window.__stopwatch.idle())

/** Four drags across the view and back, a step each 14 ms. */
export async function pan(page: HandPage, figures: Figures): Promise<void> {
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
export async function zoom(page: HandPage, figures: Figures, level: number): Promise<void> {
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
export async function click(page: HandPage, figures: Figures): Promise<void> {
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

export async function status(page: HandPage, figures: Figures): Promise<void> {
  const times: number[] = []
  for (let k = 0; k < 5; k++) {
    times.push(await page.evaluate(n => window.__stopwatch.setStatus(n), k))
    await sleep(400)
  }
  figures.statusPainted = median(times)
}

export async function theme(page: HandPage, figures: Figures): Promise<void> {
  const times: number[] = []
  for (let k = 0; k < 4; k++) {
    times.push(await page.evaluate(n => window.__stopwatch.setTheme(n), (k + 1) % 2))
    await sleep(300)
  }
  figures.recoloured = median(times)
}

export const STEPS: readonly (readonly [string, Step])[] = [
  ['pan', pan],
  ['zoom', zoom],
  ['click', click],
  ['status', status],
  ['theme', theme],
]
