/** The yearly evaluation in the window: a standard changed, tried and saved; classes written, explained and taken back. */
import { expect, test } from './support/app.ts'

test('a standard is tried and saved, classes are written with their reasons, and undone', async ({ app }) => {
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  await page.locator('.rail-item', { hasText: '识别' }).click()
  await page.getByText('评价办法', { exact: true }).click()
  const save = page.getByRole('button', { name: '保存为第 1 版' })
  await expect(save).toBeDisabled()
  await page.getByLabel('规上 亩均税收 基准值').fill('24.097')
  await page.getByLabel('规上 亩均税收 基准值').press('Tab')
  await page.getByText('按得分', { exact: true }).click()
  await page.getByRole('button', { name: '试算' }).click()
  await expect(page.locator('.ant-alert.rules-tried')).toContainText(/按修改后的办法有 \d+ 家等级变化/)
  await save.click()
  await expect(page.getByText('2022 年评价办法已保存并启用')).toBeVisible()

  await page.getByText('亩均评价', { exact: true }).click()
  const rows = page.locator('.ant-table-row')
  await expect(rows.first()).toContainText(/家中第 \d+ 名，得 [\d.]+ 分|未评分/)
  const write = page.getByRole('button', { name: /写入测算结果/ })
  await write.click()
  await expect(page.getByText(/已写入测算等级 \d+ 条/)).toBeVisible()
  await expect(write).toBeDisabled()

  // Why, item by item, beside the published class.
  await page.getByText(/^A \d+$/).click()
  await rows.first().click()
  await page.getByRole('button', { name: '逐项说明' }).click()
  await expect(page.locator('.score-line')).toContainText(/亩均税收 .* ÷ 基准 .* × .* = .* 分/)
  await expect(page.locator('.score-line')).toContainText('测算')
  await expect(page.locator('.indicators')).toContainText('碳排放')

  // A figure is changed in the form: saved, and said to be odd and no longer what was scored.
  const owned = page.getByLabel('自有用地', { exact: true })
  await owned.fill('1234')
  await owned.press('Tab')
  await expect(page.locator('.figure-notes')).toContainText('与实际用地')
  const tax = page.getByLabel('评价税收', { exact: true })
  await tax.fill('0.5')
  await tax.press('Tab')
  await expect(page.locator('.score-line')).toContainText('数据已变化，待重新测算')
  await expect(page.locator('.field-failed')).toHaveCount(0)
  await owned.fill('-3')
  await owned.press('Tab')
  await expect(page.locator('.field-failed')).toContainText('不能小于 0')
  await owned.fill('0')
  await owned.press('Tab')
  await expect(page.locator('.field-failed')).toHaveCount(0)

  // In a field Ctrl+Z is that of the text: the step itself is taken back from outside of it.
  await page.locator('.panel-title').first().click()
  await page.keyboard.press('Control+z')
  await expect(page.getByText('数据已变化，请重新测算')).toBeVisible()
  // The refusal of the negative area is an answer of the local service, which a browser reports on its console.
  expect(app.errors.filter(text => !text.includes('400'))).toEqual([])
  expect(await app.violations()).toEqual([])
})
