/** Basemaps in the window of both hosts: a GeoTIFF and vector tiles are painted, ordered, faded, and are there again after a reload. */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { inProject } from '../../tools/paths.ts'
import { startTileServer, TILE_KEY, type TileServer } from '../support/tile-server.ts'
import { expect, test } from './support/app.ts'
import { dropFiles } from './support/devices.ts'

const FIXTURES = inProject('test/fixtures/basemap')

const drop = (page: Page, name: string): Promise<void> => dropFiles(page, '.map-canvas', [join(FIXTURES, name)])

/** How many colours the tiles of the basemaps show together. */
const coloursOf = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const colours = new Set<number>()
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.leaflet-field-basemaps-pane canvas')) {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      const pixels = new Uint32Array(data.buffer)
      for (let index = 0; index < pixels.length; index += 97) if (pixels[index]! >>> 24 > 0) colours.add(pixels[index]!)
    }
    return colours.size
  })

test('a GeoTIFF and vector tiles lie under the map, keep order and strength over a reload', async ({ app }) => {
  test.setTimeout(90_000)
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  await drop(page, 'fields-4549.tif')
  const open = page.locator('.field-tools').getByRole('button', { name: '底图', exact: true })
  await open.click()
  const panel = page.getByTestId('basemap-panel')
  await expect(panel.locator('.basemap-row')).toHaveCount(1)
  await panel.getByRole('button', { name: '定位' }).click()
  await expect.poll(() => coloursOf(page)).toBeGreaterThan(20)

  await drop(page, 'test_fixture_1.pmtiles')
  await expect(panel.locator('.basemap-row')).toHaveCount(2)
  await panel.getByTestId('basemap-shift').getByRole('button', { name: '不是' }).click()
  await expect(panel.getByTestId('basemap-shift')).toHaveCount(0)
  await expect(panel.locator('.basemap-row').first()).toContainText('test_fixture_1')
  await panel.getByRole('checkbox', { name: /fields-4549/ }).click()
  await panel.getByRole('button', { name: '定位' }).first().click()
  await expect.poll(() => coloursOf(page)).toBeGreaterThan(0)

  // By the grip with the keys, back by dragging it, down again by the button.
  const rows = panel.locator('.basemap-row')
  const grip = panel.getByRole('button', { name: /^调整 test_fixture_1/ })
  await grip.focus()
  await grip.press('ArrowDown')
  await expect(rows.first()).toContainText('fields-4549')
  await expect(grip).toBeFocused()
  await grip.dragTo(rows.first(), { targetPosition: { x: 60, y: 2 } })
  await expect(rows.first()).toContainText('test_fixture_1')
  await panel.getByRole('button', { name: /^下移 test_fixture_1/ }).click()
  await expect(rows.first()).toContainText('fields-4549')
  await panel.getByRole('checkbox', { name: /fields-4549/ }).click()
  const strength = panel.getByRole('slider', { name: /^fields-4549/ })
  await strength.focus()
  await strength.press('Home')
  await strength.press('ArrowRight')
  await expect(page.locator('.leaflet-field-basemaps-pane .leaflet-layer').last()).toHaveCSS('opacity', '0.01')

  await page.reload()
  await expect(page.locator('.map-canvas')).toBeVisible()
  await open.click()
  await expect(panel.locator('.basemap-row').first()).toContainText('fields-4549')
  await expect(panel.getByRole('slider', { name: /^fields-4549/ })).toHaveAttribute('aria-valuenow', '1')
  await expect(panel.getByTestId('basemap-shift')).toHaveCount(0)
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})

test('an online basemap: off until switched on, a wrong key in words, an area downloaded, seen without the service', async ({
  app,
}) => {
  const { page } = app
  const server: TileServer = await startTileServer()
  try {
    await expect(page.locator('.map-canvas')).toBeVisible()
    await page.locator('.field-tools').getByRole('button', { name: '底图', exact: true }).click()
    const panel = page.getByTestId('basemap-panel')
    await panel.getByRole('button', { name: '添加在线底图' }).click()
    const form = page.getByTestId('online-form')
    await expect(form).toContainText('默认不联网')
    const address = form.getByRole('textbox', { name: '地址' })
    await expect(address).toHaveValue(/tianditu\.gov\.cn\/img_w\/wmts.*tk=\{tk\}$/)
    await address.fill(`${server.origin}/img_c/wmts?TILEMATRIXSET=c&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={tk}`)
    await form.getByRole('textbox', { name: '密钥' }).fill('wr0ng')
    await page.getByRole('button', { name: '添加', exact: true }).click()
    await expect(form).toHaveCount(0)
    const row = panel.locator('.basemap-row')
    await expect(row.getByTestId('online-state')).toHaveText('未联网')
    expect(server.asked).toEqual([])

    await row.getByRole('switch', { name: /联网获取图块/ }).click()
    await expect(row).toContainText('拒绝了请求(403 非法Key)')
    await row.getByRole('button', { name: '更换密钥' }).click()
    await row.getByRole('textbox', { name: '密钥' }).fill(TILE_KEY)
    await row.getByRole('button', { name: '使用' }).click()
    await expect.poll(() => coloursOf(page)).toBeGreaterThan(100)
    await expect(row.getByTestId('online-state')).toHaveText('正常')

    await row.getByRole('button', { name: '下载此范围' }).click()
    const download = page.getByTestId('online-download')
    await download.getByRole('spinbutton', { name: '到级别' }).fill('12')
    await expect(download.getByTestId('online-plan')).toContainText('待下载')
    await page.getByRole('button', { name: '开始下载' }).click()
    await expect(download).toContainText(/下载 \d+ 块/)
    await expect(download.getByTestId('online-plan')).toContainText('都已保存')
    await page.keyboard.press('Escape')
    await expect(download).toHaveCount(0)
    await expect(panel.getByTestId('tile-store')).toContainText('上限')

    await server.stop()
    await page.reload()
    await expect(page.locator('.map-canvas')).toBeVisible()
    await expect.poll(() => coloursOf(page)).toBeGreaterThan(100)
    expect(app.errors).toEqual([])
    expect(await app.violations()).toEqual([])
  } finally {
    await server.stop()
  }
})
