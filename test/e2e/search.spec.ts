/** Enter right after typing opens what was typed, never an answer to an earlier text. */
import { expect, test } from './support/app.ts'
import { compose } from './support/devices.ts'

test('typing on and pressing Enter at once opens the enterprise that was meant', async ({ app }) => {
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  // The map is there before the frame that hears keys.
  await expect(async () => {
    await page.keyboard.press('/')
    await expect(page.locator('#search-box')).toBeFocused({ timeout: 1000 })
  }).toPass()
  await page.locator('#search-box').blur()
  for (let round = 0; round < 3; round++) {
    await page.keyboard.press('/')
    // The first letters have an answer on the screen; the last one and Enter come before the next answer.
    await page.keyboard.type('lx')
    await expect(page.locator('.search-title').first()).toBeVisible()
    await page.keyboard.type('hxjx')
    await page.keyboard.press('Enter')
    await expect(page.locator('.panel-title').first()).toContainText('恒兴机械')
    await page.locator('.frame-panel').getByRole('button', { name: '关闭' }).click()
    await expect(page.locator('.panel-title')).toHaveCount(0)
  }
})

test('Enter that ends a composition opens nothing', async ({ app }) => {
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  // The map is there before the frame that hears keys.
  await expect(async () => {
    await page.keyboard.press('/')
    await expect(page.locator('#search-box')).toBeFocused({ timeout: 1000 })
  }).toPass()
  await page.locator('#search-box').blur()
  await page.keyboard.press('/')
  const box = page.locator('#search-box')
  await box.dispatchEvent('compositionstart')
  await box.fill('恒兴')
  await box.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
  await box.dispatchEvent('keyup', { key: 'Enter' })
  await box.dispatchEvent('compositionend')
  await box.fill('')
  await compose(page, 'hengxing', '恒兴')
  await expect(box).toHaveValue('恒兴')
  await expect(page.locator('.search-title').first()).toContainText('恒兴')
  await expect(page.locator('.panel-title')).toHaveCount(0)
  await page.keyboard.press('Enter')
  await expect(page.locator('.panel-title').first()).toContainText('恒兴')
  // A list is filtered by the finished word, not by the letters on the way to it.
  await page.locator('.rail-item').filter({ hasText: '企业' }).click()
  const filter = page.getByPlaceholder('筛选：名称、信用代码、拼音首字母')
  const total = page.locator('.filter-row .numbers')
  await expect(page.locator('.ant-table-row').first()).toBeVisible()
  const all = await total.textContent()
  await filter.dispatchEvent('compositionstart')
  await filter.fill('heng xing')
  await page.waitForTimeout(400)
  await expect(total).toHaveText(all!)
  await filter.fill('恒兴')
  await filter.dispatchEvent('compositionend')
  await expect(total).not.toHaveText(all!)
  await expect(page.locator('.ant-table-row').first()).toContainText('恒兴')
  await page.getByRole('button', { name: '清除筛选' }).click()
  await expect(filter).toHaveValue('')
  await expect(total).toHaveText(all!)
})
