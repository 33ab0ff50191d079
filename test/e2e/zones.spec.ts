/** The zones page on both hosts: who owes a zone, detect and save, adjust the members, lock. */
import { expect, test } from './support/app.ts'

test('a year without zones is detected, saved and counted; a zone is adjusted and locked', async ({ app }) => {
  test.setTimeout(150_000)
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  await page.locator('.rail-item', { hasText: '连片区域' }).click()
  await page.getByLabel('年度').fill('2026')
  await page.getByLabel('年度').press('Tab')

  // Nothing chosen: what is open in the year, and one click to the detection of a unit that owes its zone.
  const overview = page.getByTestId('zone-overview')
  await expect(overview).toContainText('还没有谋划区域的单位(18)')
  await expect(overview.locator('.sheet tbody tr').first()).toBeVisible()
  await overview.locator('.zone-next-units').getByRole('button', { name: '永昌街道' }).click()
  await expect(page.locator('.detect .list-row').first()).toContainText('永昌街道')
  await page.locator('.zone-unit').hover()
  await page.locator('.zone-unit .ant-select-clear').click()

  await page.getByRole('tab', { name: '任务看板' }).click()
  await expect(page.locator('.quota-sum')).toContainText('还有 18 个单位未完成当年任务')
  await expect(page.locator('.quota-owing')).toHaveCount(18)

  await page.getByRole('tab', { name: '已有区域' }).click()
  await page.getByRole('button', { name: '识别连片区域' }).click()
  await expect(page.locator('.detect-sum')).toContainText('识别出')
  await expect(page.locator('.candidate-map canvas')).toBeVisible()

  // A gap of zero joins only what touches: the preview follows without anything being saved.
  const before = await page.locator('.detect-sum').textContent()
  const gap = page.getByRole('spinbutton', { name: '相邻间距' })
  await gap.fill('0')
  await gap.press('Tab')
  await expect(page.locator('.detect-sum')).not.toHaveText(before!)
  await gap.fill('20')
  await gap.press('Tab')
  await expect(page.locator('.detect-sum')).toContainText(before!.match(/识别出 \d+ 片/)![0])

  await page.getByRole('button', { name: '保存为连片整治区域' }).click()
  await expect(page.locator('.ant-message')).toContainText('已保存', { timeout: 60_000 })
  await page.getByRole('tab', { name: '任务看板' }).click()
  await expect(page.locator('.quota-sum')).toContainText('各单位均已完成当年任务')
  await page.getByRole('tab', { name: '已有区域' }).click()
  await expect(overview).toContainText('还没有批准区域的单位(18)')
  await page.getByRole('tab', { name: '任务看板' }).click()

  await page.getByRole('button', { name: '兰江街道' }).click()
  await expect(page.getByRole('tab', { name: '已有区域' })).toHaveAttribute('aria-selected', 'true')
  await page.locator('.list-row').first().click()
  await expect(page.locator('.zone-outline canvas')).toBeVisible()
  const members = page.locator('.split-detail .sheet tbody tr')
  await expect(members.first()).toBeVisible()
  const count = await members.count()
  await members.last().getByRole('button', { name: '移出' }).click()
  await expect(members).toHaveCount(count - 1)
  await page.keyboard.press('Control+z')
  await expect(members).toHaveCount(count)

  await page.locator('.field-row', { hasText: '锁定' }).locator('.ant-select').click()
  await page.locator('.ant-select-item-option[title="是"]').click()
  await expect(members.first().getByRole('button', { name: '移出' })).toBeDisabled()
  await expect(page.locator('.list-row-current')).toContainText('已锁定')

  // From the zone to its report: the year and the zone are chosen already.
  const code = (await page.locator('.split-detail .page-head .muted').textContent())!
  await page.locator('.split-detail').getByRole('button', { name: '导出报告' }).click()
  await expect(page.locator('.report-zones')).toContainText(code)
  await expect(page.locator('.card', { hasText: '连片整治区域报告' })).toContainText('2026 年 1 片')
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})
