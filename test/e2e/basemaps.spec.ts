/** Basemaps in the window of both hosts: a GeoTIFF and vector tiles are painted, ordered, faded, and are there again after a reload. */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { inProject } from '../../tools/paths.ts'
import { expect, test } from './support/app.ts'

const FIXTURES = inProject('test/fixtures/basemap')

/** A file input gives a real file, with its path in the desktop; the drop itself is then an event like any other. */
async function drop(page: Page, name: string): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.id = 'dropped'
    document.body.append(input)
  })
  await page.locator('#dropped').setInputFiles(join(FIXTURES, name))
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('#dropped')!
    const transfer = new DataTransfer()
    transfer.items.add(input.files![0]!)
    const event = new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
    document.querySelector('.map-canvas')!.dispatchEvent(event)
    input.remove()
  })
}

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

  await panel.getByRole('button', { name: /^下移 test_fixture_1/ }).click()
  await expect(panel.locator('.basemap-row').first()).toContainText('fields-4549')
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
