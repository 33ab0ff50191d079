/** Dragging a corner among many neighbours: how long the frames are while every move asks what to snap to. Ours only. */
import type { Page } from '@playwright/test'
import type { Figures } from './figures.ts'

/** Lots of the bench are 20 px wide here, so that some 290 of them lie within reach of the cursor; the service gives up to 200. */
export const DRAG_ZOOM = 16

const STEPS = 120
const STEP_MS = 14

/** Expects the window at `DRAG_ZOOM` with nothing selected. */
export async function dragCorner(page: Page, figures: Figures): Promise<void> {
  const box = (await page.locator('.map-canvas').boundingBox())!
  const neighbours: number[] = []
  page.on('response', response => {
    if (!response.url().endsWith('/rpc/parcels/neighbours')) return
    void response.json().then(
      (answer: { json: unknown[] }) => neighbours.push(answer.json.length),
      () => undefined,
    )
  })
  // Off the street that runs through the middle.
  await page.mouse.click(box.x + box.width / 2 + 40, box.y + box.height / 2 + 40)
  await page.locator('path.map-selected').waitFor({ state: 'attached' })
  await page.waitForTimeout(1500)
  const corner = await page.locator('path.map-selected').evaluate(path => {
    // The box is larger than the outline by half of its stroke.
    const { x, y } = path.getBoundingClientRect()
    const numbers = [...(path.getAttribute('d') ?? '').matchAll(/[ML](-?[\d.]+)[ ,](-?[\d.]+)/g)]
    const across = numbers.map(match => Number(match[1]))
    const down = numbers.map(match => Number(match[2]))
    const half = Number.parseFloat(getComputedStyle(path).strokeWidth) / 2
    return { x: across[0]! - Math.min(...across) + x + half, y: down[0]! - Math.min(...down) + y + half }
  })
  await page.locator('.map-canvas').focus()
  await page.keyboard.press('e')
  await page.locator('.map-canvas[data-tool="edit"]').waitFor()
  await page.waitForTimeout(1500)
  await page.mouse.move(corner.x, corner.y)
  await page.mouse.down()
  await page.mouse.move(corner.x + 4, corner.y + 4)
  await page.waitForTimeout(700)
  await page.evaluate(() => window.__stopwatch.frames.start())
  for (let i = 1; i <= STEPS; i++) {
    const began = Date.now()
    const angle = (i / STEPS) * 6 * Math.PI
    await page.mouse.move(corner.x + 4 + 40 * Math.sin(angle), corner.y + 4 + 30 * (1 - Math.cos(angle)))
    await new Promise(resolve => setTimeout(resolve, Math.max(0, STEP_MS - (Date.now() - began))))
  }
  const { frames, tasks } = await page.evaluate(() => window.__stopwatch.frames.stop())
  const isMoved = await page.evaluate(() => document.querySelector('.map-note')?.textContent ?? '')
  await page.mouse.up()
  for (let level = 0; level < 3; level++) await page.keyboard.press('Escape')
  if (isMoved === '') throw new Error('drag: the corner did not move')
  const sorted = [...frames].sort((a, b) => a - b)
  figures.dragP95 = sorted[Math.ceil(sorted.length * 0.95) - 1]!
  figures.dragWorstFrame = sorted.at(-1)!
  figures.dragLongestTask = Math.max(0, ...tasks)
  figures.dragNeighbours = Math.max(0, ...neighbours)
}
