/** 一企一策: filled from a template, handed in and returned with its list entry, a new version compared, a batch printed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { takeStep } from '../../service/loop/steps.ts'
import { fileEvidence, openLoopWorld, PUBLISHED, planEvidence } from '../support/loop-world.ts'
import { expect, test } from './support/app.ts'

const folder = mkdtempSync(join(tmpdir(), 'lowland-e2e-plans-'))

/** Two listed enterprises: the first has a complete draft, the second none. */
async function prepare(): Promise<void> {
  const world = openLoopWorld(folder)
  const { store } = world
  await store.mutate({ label: 'made', kind: 'system' }, tx => {
    tx.create('campaign', { name: '示例行动', start_year: 2022, end_year: 2024, gap_m: 20, carbon_factor: 2 })
    tx.create('report_unit', { code: 'U', name: '兰江街道', kind: 'street' })
  })
  for (const name of ['恒兴纺织', '东风水泥']) {
    const { id, parcel } = await world.enterprise(name, 'inside')
    world.as('township')
    await takeStep(store, { step: 'start', enterprise_ids: [id] })
    await fileEvidence(world, id)
    await takeStep(store, { step: 'file', enterprise_ids: [id] })
    world.pass(10)
    world.as('manager')
    await takeStep(store, { step: 'list', enterprise_ids: [id], values: PUBLISHED })
    const plan = await planEvidence(world, id, [parcel], 'UPGRADE', ['M6', 'M10'])
    if (name === '东风水泥')
      await store.mutate({ label: 'x' }, tx => tx.update('plan', plan, { due_date: '2023-02-01' }))
  }
  world.close()
}

test.use({ appOptions: { survey: join(folder, 'loop.lowland') } })
test.beforeAll(prepare)
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a plan goes through review with its list entry, comes back, and its next version says what changed', async ({
  app,
}) => {
  const { page } = app
  const shot = async (name: string): Promise<void> => {
    if (process.env['GUIDE']) await page.screenshot({ path: `${process.env['GUIDE']}/${name}.png` })
  }
  const become = async (role: string): Promise<void> => {
    await page.locator('.rail-item', { hasText: '设置' }).click()
    await page.locator('.profile-select').first().click()
    await page.locator('.ant-select-dropdown:visible .ant-select-item', { hasText: role }).click()
    await expect(page.locator('.status-line, footer').first()).toContainText(role)
    await page.locator('.rail-item', { hasText: '方案' }).click()
  }
  // The system's own dialog cannot be driven: it answers with a folder.
  await app.electron?.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
  }, folder)
  const form = page.locator('.split-detail')
  const review = page.getByTestId('plan-review')
  await become('乡镇审核')
  await expect(page.locator('.plan-row', { hasText: '东风水泥' })).toContainText('跨年')
  await page.locator('.plan-row .list-row', { hasText: '东风水泥' }).click()
  await expect(page.getByTestId('plan-remarks')).toContainText('计划完成时间 2023-02-01 超过列入年度 2022')
  await expect(form.getByRole('button', { name: '提交方案' })).toBeDisabled()

  await page.locator('.plan-row .list-row', { hasText: '恒兴纺织' }).click()
  await expect(form.locator('.plan-evidence')).toContainText('复垦验收文号下达')
  await expect(form.locator('[data-forecast="co2"]')).toContainText('未知不按 0 计')
  await form.getByRole('button', { name: '提交方案' }).click()
  await expect(review).toContainText('方案待审')
  await expect(page.locator('.plan-row', { hasText: '恒兴纺织' })).toContainText('已提交')
  await shot('plan-review')

  await become('经信管理员')
  await review.getByLabel('退回理由(退回必填)').fill('目标偏低')
  await review.getByRole('button', { name: '退回方案' }).click()
  await expect(review).toContainText('退回理由： 目标偏低')
  await expect(review).toContainText('列入清单')

  await form.getByRole('button', { name: '修订为新版本' }).click()
  await expect(form.locator('.page-head')).toContainText('草稿')
  await form.getByLabel('目标亩均税收').fill('9')
  await form.getByLabel('目标亩均税收').press('Enter')
  const versions = page.getByTestId('plan-versions')
  await expect(versions).toContainText('1 处不同')
  await expect(versions).toContainText('9.00')
  await versions.scrollIntoViewIfNeeded()
  await shot('plan-versions')

  await form.getByRole('button', { name: '存为模板' }).click()
  await page.getByLabel('模板名称').fill('界内提升')
  await page.getByRole('button', { name: '保存模板' }).click()
  await expect(page.locator('.ant-message')).toContainText('已存为模板“界内提升”')

  await page.getByText('全选 3 个').click()
  const download = page.locator('.made-file', { hasText: '一企一策方案表.pdf' })
  await page.getByRole('button', { name: '打印 PDF(3)' }).click()
  await expect(download).toBeVisible({ timeout: 20_000 })
  await shot('plan-batch')
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})
