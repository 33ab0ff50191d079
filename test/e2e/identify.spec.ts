/** Identification in the window: hits in words, rules tried and saved, the list written and taken back; keyboard. */
import { expect, test } from './support/app.ts'

test('rules are tried before they are saved, candidates are written in one step and taken back', async ({ app }) => {
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  await page.locator('.rail-item', { hasText: '识别' }).click()
  const rows = page.locator('.ant-table-row')
  await expect(rows.first()).toBeVisible()
  await expect(page.locator('.hit', { hasText: /亩均税收 .* 万元 < / }).first()).toBeVisible()
  const listed = async (): Promise<number> =>
    Number(/拟列入 (\d+)/.exec((await page.locator('.identify-counts').textContent())!)![1])
  const before = await listed()
  expect(before).toBeGreaterThan(0)

  // Filter by a rule: every row left names it.
  await page.locator('.identify-counts .ant-select').click()
  await page.locator('.ant-select-item', { hasText: 'R-03' }).click()
  const shown = await rows.count()
  expect(shown).toBeGreaterThan(0)
  await expect(rows.filter({ hasText: 'R-03' })).toHaveCount(shown)

  // ↓ walks on and the panel follows.
  await rows.first().click()
  const panel = page.locator('.frame-panel .panel-title')
  const first = await panel.textContent()
  await page.keyboard.press('ArrowDown')
  await expect(panel).not.toHaveText(first!)
  await expect(page.locator('.row-selected')).toHaveCount(1)

  // A rule switched off: who drops out is said before anything is written.
  await page.getByText('识别规则', { exact: true }).click()
  const save = page.getByRole('button', { name: '保存为第 1 版' })
  await expect(save).toBeDisabled()
  for (const id of ['R-01', 'R-02', 'R-03', 'R-04', 'R-05', 'R-09'])
    await page.getByRole('switch', { name: `${id} 启用` }).click()
  await page.getByRole('button', { name: '试算' }).click()
  await expect(page.locator('.ant-alert.rules-tried')).toContainText(`拟列入 0 家：新进 0 家，退出 ${before} 家`)
  await page.getByRole('button', { name: '放弃修改' }).click()
  await expect(save).toBeDisabled()

  // A stricter number is saved as a version of its own.
  await page.getByLabel('R-05 阈值').fill('1000')
  await page.getByLabel('R-05 阈值').press('Tab')
  await save.click()
  await expect(page.getByText('规则已保存并启用')).toBeVisible()
  await expect(page.getByRole('button', { name: '保存为第 2 版' })).toBeDisabled()

  await page.getByText('疑似清单', { exact: true }).click()
  const write = page.getByRole('button', { name: /写入清单/ })
  await expect(write).toBeEnabled()
  const label = (await write.textContent())!
  await write.click()
  await expect(page.getByText(/疑似清单：新增 \d+/)).toBeVisible()
  await expect(write).toBeDisabled()
  await page.keyboard.press('Control+z')
  await expect(page.getByText('数据已变化，请重新识别')).toBeVisible()
  await page.getByRole('button', { name: '重新识别' }).click()
  await expect(write).toHaveText(label)
  await expect(write).toBeEnabled()
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})
