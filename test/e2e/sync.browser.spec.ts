/**
 * Two laptops and a hub, as a new user meets them: enrol, edit the same parcel apart, sync, understand the conflict, decide.
 * With LOWLAND_SCREENS set to a folder the steps are photographed for docs/guide/sync.md.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { startHub } from '../../hub/hub.ts'
import { openStore, writeSetting } from '../../service/db/store.ts'
import { createParcels, rectangle } from '../integration/survey-fixture.ts'
import { newId } from '../support/hub-client.ts'
import { codeFor, newPlace, removePlaces } from '../support/hub-place.ts'
import { Device } from '../support/sync-devices.ts'
import { launchBrowser, type RunningApp } from './support/launch.ts'

const UNIT = '330781001'
const screens = process.env['LOWLAND_SCREENS']
const photograph = async (page: Page, name: string): Promise<void> => {
  if (screens) await page.screenshot({ path: join(screens, `${name}.png`) })
}

test('two laptops, one parcel: the conflict is understood and decided', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-e2e-sync-'))
  const place = await newPlace()
  const hub = await startHub({ place })
  const county = new Device('县级', null)
  const apps: RunningApp[] = []
  try {
    await county.store.mutate({ label: 'survey_created', kind: 'system' }, tx => {
      writeSetting(tx.db, 'name', '兰溪市低效用地调查')
      tx.create('campaign', { name: '兰溪市攻坚行动' })
      tx.create('report_unit', { code: UNIT, name: '兰江街道', kind: 'street' })
    })
    await county.enrol(hub.url, await codeFor(place, null))
    await createParcels(county.store, [
      { code: 'LJ-001', name: '老厂区', unit: UNIT, geometry: rectangle(0, 0, 120, 80) },
      { code: 'LJ-002', unit: UNIT, geometry: rectangle(200, 0, 60, 80) },
    ])
    await county.sync()

    for (const name of ['one', 'two']) {
      const file = join(folder, `${name}.lowland`)
      const profile = () => ({ user: name, role: 'inspector', unit: null, device: name })
      openStore(file, { now: () => new Date(), newId, profile }, { create: true }).close()
      const app = await launchBrowser({ survey: file })
      apps.push(app)
      await enrol(app.page, hub.url, await codeFor(place, UNIT), name === 'one')
    }
    const [one, two] = apps.map(app => app.page) as [Page, Page]
    await rename(one, '一号车间')
    await rename(two, '二号车间')
    await expect(one.getByTestId('sync-state')).toHaveText('待发送 1', { timeout: 20_000 })
    await openSync(one, '待发送')
    await expect(one.getByTestId('outbox-pending')).toContainText('地块名称 老厂区 → 一号车间')
    await photograph(one, 'pending')

    await meet(one, '发送 1,接收 1')
    await meet(two, '发送 1,接收 1')
    await openSync(two, '冲突')
    const detail = two.getByTestId('conflict-detail')
    await expect(detail).toContainText('LJ-001')
    await expect(detail.locator('tbody tr').first()).toContainText('老厂区一号车间二号车间')
    await photograph(two, 'conflict')
    await detail.getByRole('button', { name: '采用后到的值' }).click()
    await expect(two.getByText('没有待处理的冲突')).toBeVisible()
    await meet(two, '发送 1')
    await meet(one, '接收 1')
    await one.locator('.rail-item', { hasText: '地图' }).click()
    await expect(one.getByLabel('地块名称')).toHaveValue('二号车间')
    await photograph(one, 'after')

    for (const app of apps) expect(app.errors).toEqual([])
  } finally {
    for (const app of apps) await app.close()
    county.close()
    await hub.close()
    removePlaces()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function openSync(page: Page, section: string): Promise<void> {
  await page.locator('.rail-item', { hasText: '同步' }).click()
  await page.locator('.list-row', { hasText: section }).first().click()
}

async function enrol(page: Page, hub: string, code: string, isShown: boolean): Promise<void> {
  await openSync(page, '汇总端')
  await page.getByLabel('汇总端地址').fill(hub)
  await page.getByLabel('登记码').fill(code)
  if (isShown) await photograph(page, 'enroll')
  await page.getByRole('button', { name: '登记这台电脑' }).click()
  await expect(page.getByTestId('sync-overview')).toContainText('巡查员')
  // So that both stay apart until they are told to meet.
  await page.getByText('只在点按时', { exact: true }).click()
  await meet(page, '接收')
  await expect(page.getByTestId('sync-overview')).toContainText('兰江街道')
  if (isShown) await photograph(page, 'overview')
}

async function meet(page: Page, words: string): Promise<void> {
  await openSync(page, '汇总端')
  await expect(page.locator('.ant-message-notice')).toHaveCount(0, { timeout: 10_000 })
  await page.getByRole('button', { name: '立即同步' }).click()
  await expect(page.locator('.ant-message').last()).toContainText(words)
}

async function rename(page: Page, name: string): Promise<void> {
  await page.locator('.rail-item', { hasText: '地图' }).click()
  await expect(page.locator('.map-canvas')).toBeVisible()
  await page.locator('#search-box').fill('LJ-001')
  await expect(page.locator('.search-result').first()).toContainText('LJ-001')
  await page.keyboard.press('Enter')
  const field = page.getByLabel('地块名称')
  await field.fill(name)
  await field.press('Tab')
  await expect(page.getByTestId('save-state')).toHaveText('已保存')
}
