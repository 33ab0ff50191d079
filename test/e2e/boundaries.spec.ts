/** Reviewing sides and drawing a zone's outline, on both hosts. */
import { expect, test } from './support/app.ts'

test('crossing parcels are reviewed with the opinion of the bureau, and lead to the split on the map', async ({
  app,
}) => {
  const { page } = app
  await page.locator('.rail-item', { hasText: '开发边界' }).click()
  const rows = page.getByTestId('boundary-review').locator('tbody tr')
  await expect(rows).toHaveCount(50)
  const code = await rows.first().locator('.link-button').textContent()
  await rows.first().getByLabel('资规意见').fill('按主体部分界内处置')
  await rows.first().getByLabel('资规意见').press('Tab')
  await expect(page.locator('.status-line')).toContainText('已保存')
  await page.getByText('只看没有资规意见的').click()
  await expect(rows.first().locator('.link-button')).not.toHaveText(code!)
  await page.getByText('只看没有资规意见的').click()
  await expect(rows.first().locator('.link-button')).toHaveText(code!)
  await rows.first().getByRole('button', { name: '沿边界分割' }).click()
  await expect(page.locator('.map-hint')).toContainText('分割')
})

test('the outline of a zone is drawn on the map and holds its members', async ({ app }) => {
  const { page } = app
  await page.locator('.rail-item', { hasText: '连片区域' }).click()
  await page.locator('.list-row').last().click()
  await page.getByRole('button', { name: '生成四至' }).click()
  await expect(page.getByLabel('四至')).toHaveValue(/^东至.+，南至.+，西至.+，北至/)
  await page.locator('.split-detail').getByText('人工划定').click()
  await expect(page.locator('.drawing-for-zone')).toContainText('划定范围')
  const canvas = page.locator('.map-canvas')
  const box = (await canvas.boundingBox())!
  await page.waitForTimeout(800)
  // Round the zone, which the map was brought to: it fills most of the view but never the last 4 % of it.
  const corners = [
    [0.27, 0.1],
    [0.8, 0.1],
    [0.8, 0.97],
    [0.27, 0.97],
  ] as const
  for (const [x, y] of corners) {
    await page.mouse.click(box.x + box.width * x, box.y + box.height * y)
    await page.waitForTimeout(120)
  }
  await page.keyboard.press('Enter')
  await expect(page.locator('.split-detail').getByText('重新划定')).toBeVisible()

  // A new version of the boundary: the import desk knows what is wanted.
  await page.locator('.rail-item', { hasText: '开发边界' }).click()
  await page.getByRole('tab', { name: '边界与图层' }).click()
  await page.getByRole('button', { name: '导入开发边界' }).click()
  await expect(page.getByRole('button', { name: '选择开发边界文件' })).toBeVisible()
})
