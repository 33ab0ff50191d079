/** Enter right after typing opens what was typed, never an answer to an earlier text. */
import { expect, test } from './support/app.ts'

test('typing on and pressing Enter at once opens the enterprise that was meant', async ({ app }) => {
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
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
  await page.keyboard.press('/')
  const box = page.locator('#search-box')
  await box.dispatchEvent('compositionstart')
  await box.fill('恒兴')
  await box.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
  await box.dispatchEvent('keyup', { key: 'Enter' })
  await box.dispatchEvent('compositionend')
  await expect(page.locator('.search-title').first()).toContainText('恒兴')
  await expect(page.locator('.panel-title')).toHaveCount(0)
  await page.keyboard.press('Enter')
  await expect(page.locator('.panel-title').first()).toContainText('恒兴')
})
