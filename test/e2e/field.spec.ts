/** Field work in the window of both hosts: photos proposed to the parcel they were taken in; a basemap under the map. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProject } from '../../tools/paths.ts'
import { withGps } from '../support/jpeg-with-gps.ts'
import { expect, test } from './support/app.ts'
import { dropFiles } from './support/devices.ts'

/** A place inside a lot of the demo, and the lot's code: the middle of the narrowest box is the middle of a rectangle. */
async function demoPlace(): Promise<{ code: string; lng: number; lat: number }> {
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(inProject('resources/demo/demo.lowland'), { readOnly: true })
  try {
    return db
      .prepare(
        `SELECT p.code, (b.min_x + b.max_x) / 2 AS lng, (b.min_y + b.max_y) / 2 AS lat FROM parcel_box b
         JOIN parcel p ON p.pk = b.pk WHERE p.deleted = 0 ORDER BY p.area_m2 DESC LIMIT 1`,
      )
      .get() as { code: string; lng: number; lat: number }
  } finally {
    db.close()
  }
}

test('dropped photos are proposed to the parcel they were taken in, and assigned in one undoable step', async ({
  app,
}) => {
  test.setTimeout(120_000)
  const { page } = app
  const { code, lng, lat } = await demoPlace()
  const folder = mkdtempSync(join(tmpdir(), 'lowland-field-'))
  const placed = join(folder, '大门.jpg')
  const plain = readFileSync(inProject('test/fixtures/exif/noexif.jpg'))
  writeFileSync(placed, withGps(plain, lng, lat, 90))
  const zero = join(folder, '零点.jpg')
  writeFileSync(zero, withGps(Buffer.concat([plain, Buffer.from('0')]), 0, 0))
  const broken = join(folder, '损坏.jpg')
  writeFileSync(broken, 'no photo')

  await expect(page.locator('.map-canvas')).toBeVisible()
  await dropFiles(page, '.map-canvas', [placed, zero, broken])

  const desk = page.getByTestId('photo-desk')
  await expect(desk).toContainText('已存入 2 张', { timeout: 30_000 })
  await expect(desk).toContainText('损坏.jpg：不是 JPEG、HEIC 或 PNG 照片')
  await expect(desk).toContainText('位置无效，未定位')
  await expect(desk.getByTestId('photo-proposal')).toHaveCount(2)
  await expect(desk).toContainText(`${code}(在地块内)`)
  await expect(desk.locator('img.photo-picture')).toHaveCount(2)
  await desk.getByRole('button', { name: '确认归属(1)' }).click()
  await expect(desk.getByTestId('photo-proposal')).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await expect(desk.getByTestId('photo-proposal')).toHaveCount(2)
  await desk.getByRole('button', { name: '查看照片 大门.jpg' }).click()
  const viewer = page.getByTestId('photo-viewer')
  await expect(viewer.locator('img')).toBeVisible()
  await viewer.getByRole('button', { name: '在地图上显示' }).click()
  await page.keyboard.press('Escape')
  await expect(page.locator('.photo-marker')).toHaveCount(1)
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})

test('a basemap that is dropped lies under the parcels, can be hidden and forgotten', async ({ app }) => {
  test.setTimeout(90_000)
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  await test.step('files that are none are refused in words, and nothing is kept of them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lowland-basemap-'))
    const empty = join(folder, '空.mbtiles')
    writeFileSync(empty, '')
    const cut = join(folder, '断.mbtiles')
    writeFileSync(cut, readFileSync(inProject('test/fixtures/basemap/world_l1.mbtiles')).subarray(0, 4096))
    // NAD27 / UTM 11N: no parameters to lay it on a map of China.
    const foreign = inProject('test/fixtures/basemap/byte.tif')
    for (const [file, words] of [
      [empty, '底图文件是空的'],
      [cut, /已损坏/],
      [foreign, /坐标系/],
    ] as const) {
      await dropFiles(page, '.map-canvas', [file])
      await expect(page.locator('.ant-message-error').filter({ hasText: words }).last()).toBeVisible()
    }
  })
  await dropFiles(page, '.map-canvas', [inProject('test/fixtures/basemap/world_l1.mbtiles')])
  const tiles = page.locator('.leaflet-field-basemaps-pane canvas.leaflet-tile-loaded')
  await page.locator('.field-tools').getByRole('button', { name: '底图', exact: true }).click()
  const panel = page.getByTestId('basemap-panel')
  await expect(panel.getByRole('checkbox').first()).toBeChecked()
  await panel.getByRole('button', { name: '定位' }).click()
  await expect(tiles.first()).toBeVisible()
  // What was painted is a picture, not an empty canvas.
  await expect
    .poll(() =>
      tiles.first().evaluate(canvas => {
        const { width, height } = canvas as HTMLCanvasElement
        const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height)
        return new Set(Array.from({ length: 400 }, (_, index) => data[index * 400])).size
      }),
    )
    .toBeGreaterThan(5)
  await panel.getByRole('checkbox').first().click()
  await expect(tiles).toHaveCount(0)
  await panel.getByRole('button', { name: /^移除/ }).click()
  await expect(panel).toContainText('还没有底图')
  // Over HTTP the browser itself notes that files were refused.
  expect(app.errors.filter(error => !/status of 4(09|22)/.test(error))).toEqual([])
  expect(await app.violations()).toEqual([])
})
