/**
 * The whole closed loop in the window, for an upgrade inside, an exit outside and an enterprise whose crossing land is split:
 * each person does their part, and what is not there yet is said before the button can be pressed. With GUIDE set to a
 * folder the steps leave their pictures there (docs/guide).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { installSideHook } from '../../service/boundary/side-index.ts'
import { toFlat } from '../../shared/geometry/types.ts'
import { fileEvidence, openLoopWorld, photo, planEvidence, workEvidence } from '../support/loop-world.ts'
import { test as base, expect } from './support/app.ts'

const INSIDE = '恒兴纺织'
const OUTSIDE = '鸿运砖瓦'
const CROSSING = '东风水泥'

/** A survey with three candidates and a boundary; visits wait to be confirmed, plans lie there as drafts. */
async function prepare(folder: string): Promise<void> {
  const world = openLoopWorld(folder)
  const { store } = world
  installSideHook(store)
  await store.mutate({ label: 'made', kind: 'system' }, tx => {
    tx.create('campaign', { name: '示例行动', start_year: 2022, end_year: 2024, gap_m: 20 })
    tx.create('report_unit', { code: 'U', name: '兰江街道', kind: 'street' })
    const boundary = tx.create('boundary_version', {
      code: 'B',
      name: '示例边界',
      effective_date: '2022-01-01',
      status: 'active',
    })
    // Lots stand at 119.402, 119.404 and 119.406, each 0.001° wide: the line leaves the second out and cuts the third.
    for (const [west, east] of [
      [119.3, 119.4035],
      [119.4055, 119.4065],
    ] as const) {
      const ring = [
        [west, 29.1],
        [east, 29.1],
        [east, 29.3],
        [west, 29.3],
        [west, 29.1],
      ]
      const geometry = toFlat({ type: 'Polygon', coordinates: [ring] })
      tx.create('boundary_feature', { boundary_id: boundary, subzone: 'concentrated' }, geometry)
    }
  })
  for (const [name, side, route, measures] of [
    [INSIDE, 'inside', 'UPGRADE', ['M6']],
    [OUTSIDE, 'outside', 'EXIT_RECLAIM', ['M4', 'M10']],
    [CROSSING, null, 'MIXED', ['M6']],
  ] as const) {
    const made = await world.enterprise(name, side)
    await fileEvidence(world, made.id, 'SUBMITTED')
    const plan = await planEvidence(world, made.id, [made.parcel], route, measures)
    await workEvidence(world, made.id, plan, [made.parcel])
    await photo(world, made.id, { kind: 'joint_acceptance' })
  }
  // One dimension of one enterprise is still open, for the checklist to say so.
  const check = store.read.prepare("SELECT id FROM compliance_check WHERE dimension = 'NY' ORDER BY pk LIMIT 1").get()
  await store.mutate({ label: 'made', kind: 'system' }, tx =>
    tx.remove('compliance_check', (check as { id: string }).id),
  )
  world.close()
}

const folder = mkdtempSync(join(tmpdir(), 'lowland-e2e-loop-'))
const test = base
test.use({ appOptions: { survey: join(folder, 'loop.lowland') } })
test.beforeAll(() => prepare(folder))
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

const guide = process.env['GUIDE']
const shot = async (page: Page, name: string): Promise<void> => {
  if (!guide) return
  await page.waitForTimeout(400)
  await page.screenshot({ path: join(guide, `${name}.png`) })
}
const open = (page: Page, name: string) => page.locator('.rail-item', { hasText: name }).click()

async function become(page: Page, role: string, department?: string): Promise<void> {
  await open(page, '设置')
  const pick = (option: string) =>
    page.locator('.ant-select-dropdown:visible .ant-select-item', { hasText: option }).click()
  await page.locator('.profile-select').first().click()
  await pick(role)
  if (department) {
    await page.getByRole('combobox', { name: '部门' }).click()
    await pick(department)
  }
  await expect(page.locator('.status-line, footer').first()).toContainText(role)
}

/** Everybody in the list who waits for this person takes the step. */
async function batch(page: Page, step: string, count: number): Promise<void> {
  await open(page, '闭环')
  const boxes = page.locator('.loop-row .ant-checkbox-input')
  await expect(boxes).toHaveCount(count)
  for (let index = 0; index < count; index++) await boxes.nth(index).check()
  await page.locator(`.loop-batch [data-step="${step}"] .ant-btn`).click()
  await expect(page.locator('.ant-message')).toContainText('已办理')
  await expect(page.locator('.loop-batch')).toHaveCount(0)
}

const row = (page: Page, name: string) => page.locator('.loop-row-name', { hasText: name })

test('three enterprises walk from suspicion to close-out, each step with its evidence and by its person', async ({
  app,
}) => {
  test.setTimeout(150_000)
  const { page } = app
  await expect(page.locator('.rail')).toBeVisible()

  await test.step('the crossing land is split at the boundary and both parts are marked', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type(`P-${CROSSING}`)
    await page.locator('.search-result').first().click()
    await expect(page.locator('.frame-panel .panel-title')).toContainText(`P-${CROSSING}`)
    await expect(page.locator('.map-selected')).toBeVisible()
    const split = page.getByRole('button', { name: '按开发边界分割', exact: true })
    await expect(split).toHaveAttribute('aria-disabled', 'false')
    await page.keyboard.press('b')
    await expect(page.getByText(/界内 \d+\.\d{2} 亩、界外 \d+\.\d{2} 亩/)).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page.locator('.frame-panel .panel-title')).toContainText(/-[12]/)
  })

  await test.step('a manager cannot do the township’s part, and sees why', async () => {
    await open(page, '闭环')
    await page.getByText('全部清单').click()
    await row(page, INSIDE).click()
    const start = page.locator('.loop-detail [data-step="start"]')
    await expect(start).toContainText('由所在乡镇审核办理')
    await expect(start.locator('.ant-btn')).toBeDisabled()
    await shot(page, '1-wrong-role')
  })

  await test.step('the township starts all three in one step', async () => {
    await become(page, '乡镇审核')
    await batch(page, 'start', 3)
    await page.keyboard.press('Control+z')
    await expect(page.locator('.loop-row', { hasText: INSIDE })).toContainText('疑似')
    await page.keyboard.press('Control+y')
    await expect(page.locator('.loop-row', { hasText: INSIDE })).toContainText('核查中')
  })

  await test.step('a file lacks what its checklist says until it is there', async () => {
    for (const name of [INSIDE, OUTSIDE, CROSSING]) {
      await row(page, name).click()
      const file = page.locator('.loop-detail [data-step="file"]')
      await expect(file.locator('.checklist')).toContainText('至少一次已确认的外业核查')
      if (name === INSIDE) await shot(page, '2-checklist')
      await page.getByRole('button', { name: '确认核查' }).click()
      await expect(file).not.toContainText('外业核查')
    }
    // The parts of the crossing land carry no mark yet: the checklist leads to each of them.
    for (const [end, side] of [
      ['-1', '界内'],
      ['-2', '界外'],
    ] as const) {
      await row(page, CROSSING).click()
      await page.locator('.loop-detail .checklist .link-button', { hasText: `${end} 未标注边界` }).click()
      await expect(page.locator('.frame-panel .panel-title')).toContainText(end)
      await page.locator('.frame-panel').getByRole('button', { name: side, exact: true }).click()
      await expect(page.locator('.loop-detail .checklist .link-button', { hasText: `${end} 未标注边界` })).toHaveCount(
        0,
      )
    }
    await batch(page, 'file', 3)
  })

  await test.step('the manager publishes the list, only once the publicity is over', async () => {
    await become(page, '经信管理员')
    await open(page, '闭环')
    const boxes = page.locator('.loop-row .ant-checkbox-input')
    await expect(boxes).toHaveCount(3)
    for (let index = 0; index < 3; index++) await boxes.nth(index).check()
    const list = page.locator('.loop-batch [data-step="list"]')
    const say = async (name: string, value: string): Promise<void> => {
      await list.getByLabel(name, { exact: true }).fill(value)
      await list.getByLabel(name, { exact: true }).press('Enter')
    }
    await say('列入年度', '2022')
    await say('批次', '第一批')
    await say('列入文号', '兰经信〔2022〕1号')
    await say('公示开始', '2022-03-01')
    await expect(list.locator('.ant-btn')).toBeDisabled()
    await say('公示结束', '2022-03-08')
    await shot(page, '3-publish')
    await list.locator('.ant-btn').click()
    await expect(page.locator('.ant-message')).toContainText('已办理')
  })

  await test.step('the plan goes in when the fourth core dimension is answered', async () => {
    await become(page, '乡镇审核')
    await open(page, '闭环')
    await row(page, INSIDE).click()
    const submit = page.locator('.loop-detail [data-step="submit"]')
    await expect(submit.locator('.checklist')).toContainText('能源检查未答')
    await page.locator('.loop-detail').getByLabel('能源 检查结果').click()
    await page.locator('.ant-select-dropdown:visible .ant-select-item', { hasText: /^合格$/ }).click()
    await expect(submit.locator('.checklist')).toHaveCount(0)
    await batch(page, 'submit', 3)
  })

  await test.step('both departments agree, then the lead approves', async () => {
    for (const [role, department] of [
      ['经信管理员', undefined],
      ['部门', '资规局'],
    ] as const) {
      await become(page, role, department)
      await open(page, '闭环')
      for (const name of [INSIDE, OUTSIDE, CROSSING]) {
        await row(page, name).click()
        const own = department ?? '经信局'
        await page.locator('.loop-detail .loop-line .ant-btn', { hasText: `${own}同意` }).click()
        await expect(page.locator('.loop-detail .loop-line .ant-tag', { hasText: `${own} 同意` })).toBeVisible()
      }
      if (department) await shot(page, '4-opinions')
    }
    await become(page, '经信管理员')
    await batch(page, 'approve', 3)
  })

  await test.step('the work is handed in and accepted by two departments, then closed', async () => {
    await become(page, '乡镇审核')
    await batch(page, 'finish', 3)
    await become(page, '经信管理员')
    await open(page, '闭环')
    for (const name of [INSIDE, OUTSIDE, CROSSING]) {
      await row(page, name).click()
      const close = page.locator('.loop-detail [data-step="close"]')
      await expect(close.locator('.ant-btn')).toBeDisabled()
      await page.getByRole('button', { name: '新建验收' }).click()
      const record = page.locator('.loop-detail .loop-record').last()
      await record.getByLabel('结论').click()
      await page.locator('.ant-select-dropdown:visible .ant-select-item', { hasText: /^通过$/ }).click()
      await record.getByLabel('文号', { exact: true }).fill('兰验〔2022〕1号')
      await record.getByLabel('参加部门').click()
      for (const department of ['经信局', '资规局'])
        await page.locator('.ant-select-dropdown:visible .ant-select-item', { hasText: department }).click()
      await page.keyboard.press('Escape')
      await expect(close.locator('.checklist')).toHaveCount(0)
      if (name === OUTSIDE) await shot(page, '5-acceptance')
    }
    await batch(page, 'close', 3)
    await page.getByText('全部清单').click()
    for (const name of [INSIDE, OUTSIDE, CROSSING])
      await expect(page.locator('.loop-row', { hasText: name })).toContainText('已销号')
    await row(page, CROSSING).click()
    await expect(page.locator('.loop-detail .history li')).toHaveCount(7)
    await expect(page.locator('.loop-detail .ant-alert')).toHaveCount(0)
    await shot(page, '6-closed')
  })
  // The photos of this survey have records but no originals: their pictures are not found.
  expect(app.errors.filter(error => !error.includes('status of 404'))).toEqual([])
})
