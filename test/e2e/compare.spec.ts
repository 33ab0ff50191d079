/** Two versions of the boundary beside each other on the map, with what differs. */
import { expect, test } from './support/app.ts'

test('a divider between two versions, moved by keys, and the parcels that they judge differently one by one', async ({
  app,
}) => {
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  await page.getByRole('button', { name: '版本对比' }).click()
  const bar = page.getByTestId('compare-bar')
  await expect(bar).toContainText(/[1-9]\d* 个地块判定不同/)
  const divider = page.getByRole('slider', { name: /两个边界版本的分界/ })
  // Left the trial version of 2021, right the one in force.
  await expect(divider.locator('.map-swipe-left')).toContainText('2021')
  await expect(divider.locator('.map-swipe-right')).toHaveText('城镇开发边界(示例)')
  await bar.getByRole('button', { name: '下一个' }).click()
  await expect(bar).toContainText(/1\/\d+ 3307\S+：界内 → (界外|跨界)|1\/\d+ 3307\S+：(界外|跨界) → 界(内|外)/)
  await expect(page.locator('.panel-title').first()).toContainText('3307')
  const half = (name: string) => page.locator(`.leaflet-compare-${name}-pane`)
  await expect(half('left').locator('canvas').first()).toBeAttached()
  const before = await half('right').evaluate(pane => getComputedStyle(pane).clipPath)
  await divider.focus()
  for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight')
  await expect(divider).toHaveAttribute('aria-valuenow', '60')
  expect(await half('right').evaluate(pane => getComputedStyle(pane).clipPath)).not.toBe(before)
  // Escape first clears the selection, then ends the comparison.
  await page.locator('.map-canvas').focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(bar).toBeHidden()
  await expect(divider).toBeHidden()
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})
