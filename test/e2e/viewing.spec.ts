/** Seeing and finding on the map: measuring, coordinates in a chosen system, going to a place, bookmarks, by keyboard too. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './support/app.ts'
import { compose } from './support/devices.ts'

const map = (page: Page) => page.locator('.map-canvas')
const hint = (page: Page) => page.locator('.map-hint')

/** Goes to a place by its coordinates in the search box. */
async function goTo(page: Page, text: string) {
  await page.keyboard.press('Control+g')
  await expect(page.locator('#search-box')).toBeFocused()
  await page.keyboard.type(text)
  await expect(page.locator('.search-result').first()).toContainText('坐标')
  await page.keyboard.press('Enter')
  await expect(page.locator('.map-place')).toBeVisible()
}

test('goes to coordinates, reads them back in a chosen system, measures, keeps the view as a bookmark', async ({
  app,
}) => {
  const { page } = app
  await expect(map(page)).toBeVisible()
  await expect(page.getByTestId('save-state')).toHaveText('已保存')

  await goTo(page, '3233124.912 448139.705')
  const cross = (await page.locator('.map-place').boundingBox())!
  const [x, y] = [cross.x + cross.width / 2, cross.y + cross.height / 2]
  const system = page.getByLabel('坐标显示方式')
  await system.selectOption('EPSG:4549')
  await page.mouse.move(x - 20, y)
  await page.mouse.move(x, y)
  // The middle of the cross is the place itself, to a pixel of this zoom (about 2 m).
  await expect(page.getByTestId('coordinates')).toHaveText(/X 32331[12]\d\.\d\d Y 4481[34]\d\.\d\d/)
  await system.selectOption('EPSG:4528')
  await page.mouse.move(x - 1, y)
  await expect(page.getByTestId('coordinates')).toHaveText(/Y 404481[34]\d\.\d\d/)

  await test.step('measures a way and the area that it encloses', async () => {
    await map(page).focus()
    await page.keyboard.press('l')
    await expect(map(page)).toHaveAttribute('data-tool', 'measure')
    await page.keyboard.down('Alt')
    await page.mouse.click(x - 100, y - 50)
    await page.mouse.move(x + 100, y - 50)
    await expect(page.locator('.map-note')).toContainText('本段')
    await page.mouse.click(x + 100, y - 50)
    await expect(hint(page)).toContainText(/总长 \d+\.\d\d m/)
    await page.mouse.dblclick(x + 100, y + 50)
    await page.keyboard.up('Alt')
    await expect(hint(page)).toContainText('单击开始新的量算')
    // Half of a box of 200 × 100 px; the way is its length and breadth: both tell the same pixel.
    const words = (await hint(page).textContent())!
    const length = Number(/总长 ([\d.]+) m/.exec(words)![1])
    const area = Number(/面积 ([\d.]+) m²/.exec(words)![1])
    const pixel = length / 300
    expect(Math.abs(area / (10_000 * pixel * pixel) - 1)).toBeLessThan(0.01)
    await page.keyboard.press('Escape')
    await expect(map(page)).toHaveAttribute('data-tool', 'measure')
    await page.keyboard.press('Escape')
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
  })

  await test.step('a bookmark with a Chinese name from an input method, and back to it by keys', async () => {
    await page.keyboard.press('k')
    const name = page.getByLabel('书签名称')
    await expect(name).toBeFocused()
    await name.dispatchEvent('compositionstart')
    await name.fill('云山街道北')
    // Enter that ends a composition keeps nothing yet.
    await name.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    await name.dispatchEvent('compositionend')
    await expect(page.locator('.bookmarks li')).toHaveCount(0)
    await page.keyboard.press('Enter')
    await expect(page.locator('.bookmarks li')).toHaveText('云山街道北')
    await page.keyboard.press('Escape')
    await expect(page.locator('.bookmarks')).toBeHidden()
    const scale = await page.locator('.status-line').getByText('比例尺').textContent()
    await page.keyboard.press('Home')
    await expect(page.locator('.status-line').getByText('比例尺')).not.toHaveText(scale!)
    await page.keyboard.press('k')
    await expect(page.getByLabel('书签名称')).toBeFocused()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await expect(page.getByRole('button', { name: '云山街道北', exact: true })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.locator('.status-line').getByText('比例尺')).toHaveText(scale!)
    await expect(map(page)).toBeFocused()
  })
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})

test('the view on paper: preview, title from an input method, PDF and PNG made and handed over', async ({
  app,
  host,
}) => {
  const { page } = app
  const folder = join(app.dataFolder, 'maps')
  // The system's own dialog cannot be driven: it answers with a folder.
  await app.electron?.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
  }, folder)
  await expect(map(page)).toBeVisible()
  await expect(page.getByTestId('save-state')).toHaveText('已保存')
  await goTo(page, '119.4575, 29.207')
  await page.getByRole('button', { name: '出图' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByAltText('图件预览')).toBeVisible()
  await expect(dialog).toContainText(/1:[\d,]+ · [1-9]\d* 宗地块 · 标注 \d+ 处/)
  const title = dialog.getByLabel('图名')
  await title.focus()
  await compose(page, 'lanjiang', '兰江街道低效用地图')
  await expect(title).toHaveValue('兰江街道低效用地图')
  await dialog.getByText('纵向').click()
  await dialog.getByText('PNG').click()
  await dialog.getByRole('button', { name: '生成图件' }).click()
  await expect(dialog.getByTestId('made-files')).toContainText('兰江街道低效用地图.pdf')
  await expect(dialog.getByTestId('made-files')).toContainText('兰江街道低效用地图.png')
  let file = join(folder, '兰江街道低效用地图.pdf')
  if (host === 'browser') {
    const download = page.waitForEvent('download')
    await dialog.getByRole('button', { name: '下载' }).first().click()
    file = await (await download).path()
  }
  expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})

test('one entry of the legend alone: table, count and map follow; the filter has a name in the table', async ({
  app,
}) => {
  const { page } = app
  await expect(map(page)).toBeVisible()
  await page.keyboard.press('t')
  const total = page.locator('.filter-row .numbers')
  await expect(total).toContainText('共 1488 条')
  await page.locator('.map-legend select').selectOption('class')
  const entry = page.locator('.map-legend li button').filter({ hasText: 'C类' })
  await expect(entry.locator('b')).toHaveText(/[1-9]/)
  const count = (await entry.locator('b').textContent())!
  await entry.dblclick()
  await expect(total).toContainText(`共 ${count} 条`)
  await expect(page.locator('.filter-row .ant-tag')).toContainText('亩均评价等级：C类')
  // Another theme counts under this filter.
  await page.locator('.map-legend select').selectOption('side')
  const inside = page.locator('.map-legend li button').filter({ hasText: '界内' }).locator('b')
  await expect(inside).toHaveText(/[1-9]/)
  expect(Number(await inside.textContent())).toBeLessThanOrEqual(Number(count))
  await page.locator('.filter-row .ant-tag .anticon-close').click()
  await expect(total).toContainText('共 1488 条')
  expect(app.errors).toEqual([])
})
