/** Worklists: exact counts, the keyboard, and the way from each row to its record and its land. */
import { expect, test } from './support/app.ts'

test('each worklist leads to the record and to the map, and its count falls when the work is done', async ({ app }) => {
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  await page.locator('.rail-item', { hasText: '待办' }).click()
  const list = (name: string) => page.locator('.list-row', { hasText: name })
  const count = async (name: string): Promise<number> =>
    Number((await list(name).locator('.ant-tag').textContent())!.replaceAll(',', ''))
  const disagree = list('标注与判定不一致的地块')
  await expect(disagree.locator('.ant-tag')).toHaveText(/^\d/)

  // The page opens with the first list that has something.
  await expect(page.locator('.list-row-current .ant-tag')).toHaveText(/^[1-9]/)

  await list('草稿与退回的方案').click()
  const drafts = await count('草稿与退回的方案')
  expect(drafts).toBeGreaterThan(1)
  const rows = page.locator('.sheet tbody tr')
  await expect(rows).toHaveCount(Math.min(drafts, 100))
  await rows.nth(0).locator('.link-button').focus()
  await page.keyboard.press('ArrowDown')
  await expect(rows.nth(1).locator('.link-button')).toBeFocused()

  // A draft that is removed leaves the list, and comes back with undo.
  await rows.filter({ hasText: '草稿' }).first().locator('.link-button').press('Enter')
  await expect(page.locator('.rail-item-current')).toContainText('方案')
  await page.locator('.split-detail .page-head .ant-btn-dangerous').click()
  await page.locator('.ant-modal-confirm').getByRole('button', { name: /删除/ }).click()
  await page.locator('.rail-item', { hasText: '待办' }).click()
  await expect.poll(() => count('草稿与退回的方案')).toBe(drafts - 1)
  await page.keyboard.press('Control+z')
  await expect.poll(() => count('草稿与退回的方案')).toBe(drafts)

  await rows.nth(0).getByRole('button', { name: '在图上定位' }).click()
  await expect(page.locator('.rail-item-current')).toContainText('地图')
  await expect(page.locator('.frame-panel .panel-title')).toBeVisible()
  expect(app.errors).toEqual([])
})
