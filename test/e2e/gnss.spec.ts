/** A receiver log stands in for the receiver, in both hosts: position on the map, corners, a parcel of exactly the fixes. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { fromFlat } from '../../shared/geometry/types.ts'
import { inProject } from '../../tools/paths.ts'
import { nmeaSentence, type Stop, standingAt } from '../support/nmea-log.ts'
import { expect, test } from './support/app.ts'

/** West of the demo's lots, where nothing is: the corners are 80 m apart. */
const STOPS: readonly Stop[] = [
  { lng: '11922.100000', lat: '2908.500000' },
  { lng: '11922.150000', lat: '2908.500000' },
  { lng: '11922.150000', lat: '2908.550000' },
]
const degrees = (field: string, whole: number): number =>
  Number(field.slice(0, whole)) + Number(field.slice(whole)) / 60
const PLACES = STOPS.map(({ lng, lat }): [number, number] => [degrees(lng, 3), degrees(lat, 2)])

async function open(page: Page, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByTestId('gnss-panel').getByRole('button', { name: '播放日志' }).click()
  await (await chooser).setFiles(file)
}

async function speed(page: Page, words: string): Promise<void> {
  await page.getByRole('combobox', { name: '播放速度' }).click()
  await page.locator('.ant-select-dropdown:visible').getByText(words, { exact: true }).click()
}

async function outlineOf(file: string, label = 'parcel_drawn'): Promise<{ ring: [number, number][]; reason: string }> {
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const row = db
      .prepare(
        `SELECT p.geometry, e.reason FROM parcel p JOIN change c ON c.entity_id = p.id JOIN edit e ON e.seq = c.edit_seq
         WHERE e.label = ? ORDER BY e.seq DESC LIMIT 1`,
      )
      .get(label) as { geometry: Uint8Array; reason: string }
    const [ring] = fromFlat(decodeGeometry(row.geometry)).coordinates[0]!
    return { ring: ring!.map(([lng, lat]): [number, number] => [lng, lat]), reason: row.reason }
  } finally {
    db.close()
  }
}

async function fixOf(file: string): Promise<unknown> {
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const row = db.prepare('SELECT gnss_fix FROM survey_visit ORDER BY pk DESC LIMIT 1').get()
    return JSON.parse(String(row?.['gnss_fix'] ?? null))
  } finally {
    db.close()
  }
}

/** A receiver on the port that will be chosen next. The line alone is played: what reads it, and says what is wrong with it, is the product. */
async function playLine(page: Page, sentences: string): Promise<void> {
  await page.evaluate(text => {
    const lines = { end: (): void => undefined, plugged: true }
    const newPort = () => ({
      readable: null as ReadableStream<Uint8Array> | null,
      open() {
        let timer: ReturnType<typeof setInterval> | undefined
        this.readable = new ReadableStream({
          cancel: () => clearInterval(timer),
          start(controller) {
            const bytes = new TextEncoder().encode(text)
            timer = setInterval(() => controller.enqueue(bytes), 200)
            lines.end = () => {
              clearInterval(timer)
              controller.error(new DOMException('The device has been lost.', 'NetworkError'))
            }
          },
        })
        return Promise.resolve()
      },
      close: () => Promise.resolve(),
      getInfo: () => ({ usbVendorId: 1, usbProductId: 2 }),
    })
    const serial = {
      requestPort: async () => newPort(),
      getPorts: async () => (lines.plugged ? [newPort()] : []),
    }
    Object.defineProperty(navigator, 'serial', { value: serial, configurable: true })
    Object.assign(window, { testLines: lines })
  }, sentences)
}

test('a replay places the position, three corners make a parcel of exactly the fixes', async ({ app }) => {
  test.setTimeout(120_000)
  const { page } = app
  const folder = mkdtempSync(join(tmpdir(), 'lowland-gnss-'))
  const log = join(folder, '外业.nmea')
  writeFileSync(log, STOPS.map((stop, index) => standingAt(stop, index * 30, index < 2 ? 30 : 60)).join(''))
  await expect(page.locator('.map-canvas')).toBeVisible()
  // The map is there before the frame that hears keys.
  await expect(async () => {
    await page.keyboard.press('i')
    await expect(page.getByTestId('gnss-panel')).toBeVisible({ timeout: 1000 })
  }).toPass()
  const panel = page.getByTestId('gnss-panel')
  await page.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)
  await page.keyboard.press('i')
  await expect(panel).toBeVisible()

  await test.step('files that are no log, or hold no position, are refused in words', async () => {
    await open(page, inProject('test/fixtures/nmea/README.md'))
    await expect(panel.getByRole('alert')).toContainText('没有 NMEA 语句')
    const blind = join(folder, '无定位.nmea')
    writeFileSync(blind, nmeaSentence('GNGGA,010203,,,,,0,00,,,M,,M,,'))
    await open(page, blind)
    await expect(panel.getByRole('alert')).toContainText('始终没有定位')
  })

  await open(page, log)
  const shown = page.getByTestId('gnss-degrees')
  await panel.getByRole('checkbox', { name: '地图跟随' }).check()
  await expect(page.locator('.gnss-dot')).toBeVisible()
  await expect(page.locator('.gnss-circle')).toHaveCount(1)
  await expect(page.getByTestId('gnss-position')).toContainText('RTK 固定解')
  await expect(page.getByTestId('gnss-position')).toContainText('精度 0.014 m')
  await expect(page.getByTestId('gnss-status')).toHaveText(/^GNSS 日志 .*RTK 固定解 · 精度 0\.014 m · 卫星 \d+$/)

  for (const [index, [lng, lat]] of PLACES.entries()) {
    await test.step(`corner ${index + 1}`, async () => {
      await speed(page, '10×')
      await expect(shown).toHaveText(`${lng.toFixed(8)}, ${lat.toFixed(8)}`)
      if (index < 2) {
        // Still at the stop: the mean needs no more than the fix that stands.
        await speed(page, '暂停')
        await page.locator('.map-canvas').focus()
        await page.keyboard.press('j')
      } else {
        await panel.getByRole('combobox', { name: '取平均的次数' }).click()
        await page.locator('.ant-select-dropdown:visible').getByText('5 次平均').click()
        await panel.getByRole('button', { name: '在此加界址点' }).click()
      }
      await expect(page.locator('.map-canvas')).toHaveAttribute('data-tool', 'draw')
      await expect(page.getByTestId('gnss-last')).toContainText(`第 ${index + 1} 个界址点`)
    })
  }
  await page.locator('.map-canvas').focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('.panel-title')).toContainText(/-\d{4}-\d{4}/)
  await expect(page.getByTestId('save-state')).toHaveText('已保存')
  const { ring, reason } = await outlineOf(app.surveyFile!)
  // Closed, in either direction, from any corner: the very numbers of the fixes.
  expect(ring).toHaveLength(4)
  expect(new Set(ring.map(String))).toEqual(new Set(PLACES.map(String)))
  expect(reason).toContain('J1 GNSS 实测：RTK 固定解')
  expect(reason).toContain('5 次平均')

  const moved: Stop = { lng: STOPS[2]!.lng, lat: '2908.555000' }
  await test.step('a stored corner moves only when it is asked for, and the distance is told before', async () => {
    const dot = (await page.locator('.gnss-dot').boundingBox())!
    await panel.getByRole('button', { name: '断开' }).click()
    await expect(page.locator('.gnss-dot')).toHaveCount(0)
    writeFileSync(log, standingAt(moved, 0, 60))
    await open(page, log)
    await expect(shown).toContainText(degrees(moved.lat, 2).toFixed(8))
    await speed(page, '暂停')
    await panel.getByRole('combobox', { name: '取平均的次数' }).click()
    await page.locator('.ant-select-dropdown:visible').getByText('取当前一次').click()
    await page.locator('.map-canvas').focus()
    await page.keyboard.press('e')
    await expect(page.locator('.map-hint')).toContainText('拖动界址点')
    await page.keyboard.press('j')
    await expect(page.locator('.ant-message')).toContainText('请先单击要改动的界址点')
    await page.mouse.click(dot.x + dot.width / 2, dot.y + dot.height / 2)
    await page.keyboard.press('j')
    const question = page.getByTestId('gnss-question')
    await expect(question).toContainText(/相距 9\.2\d m/)
    await page.getByRole('button', { name: '保留原界址点' }).click()
    await expect(question).toBeHidden()
    await expect(page.getByRole('button', { name: '保存边线' })).toHaveCount(0)
    await page.locator('.map-canvas').focus()
    await page.keyboard.press('j')
    await question.getByRole('textbox').fill('界桩已移')
    await page.getByRole('button', { name: '改到 GNSS 位置' }).click()
    await page.getByRole('button', { name: '保存边线' }).click()
    await expect(page.getByRole('button', { name: '保存边线' })).toHaveCount(0)
    await expect(page.getByTestId('save-state')).toHaveText('已保存')
    const { ring, reason } = await outlineOf(app.surveyFile!, 'vertex_gnss')
    expect(ring.map(String)).toContain(String([degrees(moved.lng, 3), degrees(moved.lat, 2)]))
    expect(ring.map(String)).not.toContain(String(PLACES[2]))
    expect(reason).toMatch(/原界址点 J\d 9\.2\d m,理由：界桩已移/)
  })
  await test.step('a visit takes the position over by a click, not by itself, and keeps how good it was', async () => {
    await page.getByRole('tab', { name: '核查' }).click()
    const place = page.getByTestId('visit-fix')
    await expect(place).toContainText('未填定位')
    await speed(page, '1×')
    await place.getByRole('button', { name: '填入当前定位' }).click()
    await expect(place).toContainText(/RTK 固定解 · 精度 0\.014 m · 卫星 \d+ · .*日志/)
    await expect
      .poll(() => fixOf(app.surveyFile!))
      .toMatchObject({
        lng: degrees(moved.lng, 3),
        lat: degrees(moved.lat, 2),
        quality: 'rtk_fix',
        accuracy_from: 'receiver',
        source: 'replay',
      })
  })
  await playLine(page, standingAt(moved, 0, 1))
  await panel.getByRole('button', { name: '断开' }).click()
  await expect(page.locator('.gnss-dot')).toHaveCount(0)
  await expect(page.getByTestId('gnss-status')).toHaveCount(0)
  await test.step('a receiver that is unplugged says so, keeps what was measured, and goes on when it is back', async () => {
    const status = page.getByTestId('gnss-status')
    await panel.getByRole('button', { name: '连接接收机' }).click()
    await expect(status).toHaveText(/^GNSS [\d., ]+RTK 固定解/)
    const lines = (plugged: boolean) =>
      page.evaluate(is => {
        const { testLines } = window as unknown as { testLines: { end(): void; plugged: boolean } }
        testLines.plugged = is
        if (!is) testLines.end()
      }, plugged)
    await lines(false)
    await expect(panel.getByRole('alert')).toContainText('接收机已断开。重新插上后自动继续')
    await expect(status).toHaveText('GNSS 接收机已断开')
    await expect(page.getByTestId('visit-fix')).toContainText('RTK 固定解')
    await expect(page.getByTestId('visit-fix').getByRole('button', { name: '更新为当前定位' })).toBeDisabled()
    await lines(true)
    await expect(panel.getByRole('alert')).toHaveCount(0)
    await expect(status).toContainText('RTK 固定解')
    await panel.getByRole('button', { name: '断开' }).click()
  })
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})
