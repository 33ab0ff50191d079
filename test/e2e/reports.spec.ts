/** The reports page: a month is a draft, is published after a look at what that means, and prints as published; registers. */
import { expect, test } from './support/app.ts'

test('a draft month is published and stands; a register says how much is in it', async ({ app }) => {
  test.setTimeout(60_000)
  const { page } = app
  await page.locator('.rail-item', { hasText: '报告' }).click()
  await page.getByLabel('年度', { exact: true }).fill('2022')
  await page.getByLabel('年度', { exact: true }).press('Tab')
  const card = page.getByTestId('periodic-reports')
  await card.getByLabel('月', { exact: true }).fill('10')
  await card.getByLabel('月', { exact: true }).press('Tab')
  await expect(page.getByTestId('report-standing')).toContainText('2022 年 10 月')
  await expect(page.getByTestId('report-standing')).toContainText('草稿')

  await card.getByRole('button', { name: '填写存在问题和下步计划' }).click()
  const problems = page.getByLabel('兰江街道 存在问题')
  await problems.fill('签约资金未到位')
  // Escape right out of the cell: what was typed is kept.
  await page.keyboard.press('Escape')
  await expect(page.locator('.ant-modal')).toHaveCount(0)
  await card.getByRole('button', { name: '填写存在问题和下步计划' }).click()
  await expect(page.locator('.ant-modal')).toContainText('存在问题与下步计划 · 2022 年 10 月')
  await expect(problems).toHaveValue('签约资金未到位')
  await page.keyboard.press('Escape')
  await expect(page.locator('.ant-modal')).toHaveCount(0)

  await card.getByRole('button', { name: '发布…' }).click()
  const dialog = page.locator('.ant-modal', { hasText: '发布后这一期的数据' })
  await expect(dialog).toContainText('月报表(2022 年 10 月)')
  await dialog.getByRole('button', { name: '发布', exact: true }).click()
  await expect(page.getByTestId('report-standing')).toContainText('已发布 第 1 号')

  await card.getByRole('button', { name: '发布修订…' }).click()
  await expect(page.locator('.ant-modal')).toContainText('不用修订')
  await page.keyboard.press('Escape')
  await card.getByRole('button', { name: '已发布(1)' }).click()
  await expect(page.locator('.published-entry')).toContainText('SHA-256')
  await page.keyboard.press('Escape')

  const registers = page.getByTestId('registers')
  await expect(registers).toContainText(/共 \d+ 行/)
  await registers.locator('.ant-select').click()
  await page.locator('.ant-select-item-option', { hasText: '闲置土地台账' }).click()
  await expect(registers).toContainText('共 5 行')
  await page.locator('.page-head .ant-select').click()
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: '永昌街道' }).click()
  await expect(page.getByTestId('report-cautions')).toContainText('不表示为零')
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})
