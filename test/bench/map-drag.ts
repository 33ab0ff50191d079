/**
 * `node test/bench/map-drag.ts [--rounds 5]`: frames of the window while a corner is dragged among 200 neighbours, beside the
 * same gesture without snapping (Alt) in the same page. Frames as the browser draws them; compare the two, not machines.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { openStore } from '../../service/db/store.ts'
import { parcelsMethods } from '../../service/parcels/parcels-methods.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { type Position, toFlat } from '../../shared/geometry/types.ts'
import { uuidV7 } from '../../shared/lib/uuid.ts'
import { launch } from '../e2e/support/launch.ts'

const at = process.argv.indexOf('--rounds')
const ROUNDS = at < 0 ? 5 : Number(process.argv[at + 1])
const SIDE = 40
const CELL_M = 12
/** Corners on each side of a lot, so that outlines are as long as real ones. */
const STEPS = 6
const MOVES = 150

/** Lots with winding shared sides round a place in Lanxi. */
function lots(): { code: string; ring: Position[] }[] {
  const corner = (x: number, y: number): Position => {
    const wave = Math.sin(x * 1.7 + y * 2.3) * 0.12
    return [119.45 + ((x + wave) * CELL_M) / 97_300, 29.2 + ((y + wave) * CELL_M) / 110_800]
  }
  return Array.from({ length: SIDE * SIDE }, (_, index) => {
    const [x, y] = [index % SIDE, Math.floor(index / SIDE)]
    const steps = Array.from({ length: STEPS }, (_unused, step) => step / STEPS)
    const ring = [
      ...steps.map(step => corner(x + step, y)),
      ...steps.map(step => corner(x + 1, y + step)),
      ...steps.map(step => corner(x + 1 - step, y + 1)),
      ...steps.map(step => corner(x, y + 1 - step)),
    ]
    return { code: `L${String(index).padStart(4, '0')}`, ring: [...ring, ring[0]!] }
  })
}

const folder = mkdtempSync(join(tmpdir(), 'lowland-drag-'))
const file = join(folder, 'drag.lowland')
let made = 0
const store = openStore(
  file,
  {
    now: () => new Date(),
    newId: () =>
      uuidV7(Date.now(), bytes => {
        made++
        for (let index = 0; index < 4; index++) bytes[15 - index] = (made >>> (8 * index)) & 255
      }),
    profile: () => ({ user: 'bench', role: 'manager', unit: null, device: 'bench' }),
  },
  { create: true },
)
await fillNewSurvey(store, 'blank', 'drag')
await store.mutate({ label: 'parcels_created' }, tx => {
  for (const { code, ring } of lots()) tx.create('parcel', { code }, toFlat({ type: 'Polygon', coordinates: [ring] }))
})
const middle = `L${String((SIDE / 2) * SIDE + SIDE / 2).padStart(4, '0')}`
const reach = 160 * 0.52
const box: [number, number, number, number] = [
  119.45 + ((SIDE / 2) * CELL_M - reach) / 97_300,
  29.2 + ((SIDE / 2) * CELL_M - reach) / 110_800,
  119.45 + ((SIDE / 2) * CELL_M + reach) / 97_300,
  29.2 + ((SIDE / 2) * CELL_M + reach) / 110_800,
]
const parcels = createRouterClient(
  parcelsMethods({
    store: () => store,
    dataFolder: folder,
    resourcesFolder: folder,
    resolveInput: name => name,
    resolveOutput: (name, fallback) => name ?? fallback,
    resolveSurvey: name => name,
    appVersion: '0',
  }),
)
const neighbours = (await parcels.neighbours({ box })).length
store.close()

const app = await launch('browser', { survey: file })
const { page } = app
await page.getByTestId('save-state').waitFor()
await page.keyboard.press('/')
await page.keyboard.type(middle)
await page.locator('.search-result').filter({ hasText: middle }).first().click()
await page.locator('.map-selected').waitFor()
await page.waitForTimeout(1500)
/** The outline's first corner on the screen. */
const corner = await page.locator('.map-selected').evaluate(path => {
  const { x, y } = (path as SVGPathElement)
    .getPointAtLength(0)
    .matrixTransform((path as SVGPathElement).getScreenCTM()!)
  return { x, y }
})
await page.keyboard.press('e')
await page.locator('.map-hint').filter({ hasText: '拖动' }).waitFor()
const outline = (await page.locator('.map-canvas').boundingBox())!
const centre = { x: outline.x + outline.width / 2, y: outline.y + outline.height / 2 }

/** Frame times of one drag, ms: the 95th percentile and the worst. */
async function drag(isFree: boolean): Promise<{ p95: number; worst: number; frames: number }> {
  await page.mouse.move(corner.x, corner.y)
  if (isFree) await page.keyboard.down('Alt')
  await page.mouse.down()
  await page.evaluate(() => {
    const frames: number[] = []
    let last = performance.now()
    const state = { frames, isOn: true }
    Object.assign(window, { dragFrames: state })
    const tick = (): void => {
      const now = performance.now()
      frames.push(now - last)
      last = now
      if (state.isOn) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  for (let move = 0; move < MOVES; move++) {
    const angle = (move / MOVES) * 6 * Math.PI
    await page.mouse.move(centre.x + Math.cos(angle) * 60, centre.y + Math.sin(angle) * 60)
  }
  const frames = await page.evaluate(() => {
    const state = (window as unknown as { dragFrames: { frames: number[]; isOn: boolean } }).dragFrames
    state.isOn = false
    return state.frames.slice(1)
  })
  // Two sides and an angle are only told while a corner is dragged.
  const note = await page.locator('.map-note').textContent()
  if (!note?.includes('转角')) throw new Error(`no corner was dragged: ${note}`)
  await page.keyboard.press('Escape')
  await page.mouse.up()
  if (isFree) await page.keyboard.up('Alt')
  const sorted = [...frames].sort((a, b) => a - b)
  return { p95: sorted[Math.floor(sorted.length * 0.95)]!, worst: sorted.at(-1)!, frames: sorted.length }
}

const medianOf = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const snapping: number[] = []
const free: number[] = []
let worst = 0
await drag(false)
for (let round = 0; round < ROUNDS; round++) {
  const one = await drag(false)
  snapping.push(one.p95)
  worst = Math.max(worst, one.worst)
  free.push((await drag(true)).p95)
}
console.log(
  JSON.stringify({
    neighbours,
    rounds: ROUNDS,
    snapping_p95_ms: Number(medianOf(snapping).toFixed(1)),
    snapping_worst_ms: Number(worst.toFixed(1)),
    without_snapping_p95_ms: Number(medianOf(free).toFixed(1)),
  }),
)
await app.close()
rmSync(folder, { recursive: true, force: true })
