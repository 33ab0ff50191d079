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
import { listConflicts } from '../../service/sync/conflicts.ts'
import { createParcels, rectangle } from '../integration/survey-fixture.ts'
import { newId } from '../support/hub-client.ts'
import { codeFor, newPlace, removePlaces } from '../support/hub-place.ts'
import { Device, PASSPHRASE } from '../support/sync-devices.ts'
import { launchBrowser, type RunningApp } from './support/launch.ts'

const UNIT = '330781001'
const screens = process.env['LOWLAND_SCREENS']
const photograph = async (page: Page, name: string): Promise<void> => {
  if (!screens) return
  // Messages of the step before would cover the next one.
  await expect(page.locator('.ant-message-notice')).toHaveCount(0, { timeout: 10_000 })
  await page.screenshot({ path: join(screens, `${name}.png`) })
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
      await enrol(app.page, hub.url, await codeFor(place, UNIT), name === 'one' ? '王一' : '李二', name === 'one')
    }
    const [one, two] = apps.map(app => app.page) as [Page, Page]
    await rename(one, '一号车间')
    await rename(two, '二号车间')
    await expect(one.getByTestId('sync-state')).toHaveText('待发送 1', { timeout: 20_000 })
    await openSync(one, '待发送')
    await expect(one.getByTestId('outbox-pending')).toContainText('地块名称 老厂区 → 一号车间')
    await photograph(one, 'pending')

    await meet(one, '发送 1，接收 1')
    await meet(two, '发送 1，接收 1')
    await openSync(two, '冲突')
    const detail = two.getByTestId('conflict-detail')
    await expect(detail).toContainText('LJ-001')
    await expect(detail.locator('tbody tr').first()).toContainText('老厂区一号车间二号车间')
    await expect(detail.locator('thead')).toContainText('王一')
    await expect(detail.locator('thead')).toContainText('李二(本机)')
    await photograph(two, 'conflict')
    await two.locator('.rail-item', { hasText: '报告' }).click()
    await expect(two.getByTestId('conflict-note')).toContainText('1 个冲突没有处理')
    await two.getByRole('button', { name: '去处理冲突' }).click()
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

test('every kind of conflict can be read and decided, outlines over each other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-e2e-sync-'))
  const place = await newPlace()
  const hub = await startHub({ place })
  const county = new Device('县级', null)
  const other = new Device('另一台', UNIT)
  const file = join(folder, 'window.lowland')
  const profile = () => ({ user: 'window', role: 'inspector', unit: null, device: 'window' })
  openStore(file, { now: () => new Date(), newId, profile }, { create: true }).close()
  let app: RunningApp | undefined
  try {
    await county.store.mutate({ label: 'survey_created', kind: 'system' }, tx =>
      tx.create('report_unit', { code: UNIT, name: '兰江街道', kind: 'street' }),
    )
    await county.enrol(hub.url, await codeFor(place, null))
    await other.enrol(hub.url, await codeFor(place, UNIT))
    const ids = await createParcels(county.store, [
      { code: 'LJ-001', name: '老厂区', unit: UNIT, geometry: rectangle(0, 0, 120, 80) },
      { code: 'LJ-002', name: '仓库', unit: UNIT, geometry: rectangle(200, 0, 60, 80) },
    ])
    await county.sync()
    await other.sync()
    const [first, second] = [ids.get('LJ-001')!, ids.get('LJ-002')!]
    const outline = (x: number) => ({ geometry: rectangle(0, 0, x, 80) })
    await county.store.mutate({ label: 'moved' }, tx => tx.update('parcel', first, {}, outline(140)))
    await other.store.mutate({ label: 'moved' }, tx => tx.update('parcel', first, {}, outline(100)))
    await county.store.mutate({ label: 'updated' }, tx =>
      tx.update('parcel', second, { name: '新仓库', remark: '在用' }),
    )
    await other.store.mutate({ label: 'removed' }, tx => tx.remove('parcel', second))
    for (const [device, y] of [
      [county, 200],
      [other, 300],
    ] as const)
      await createParcels(device.store, [{ code: 'LJ-009', unit: UNIT, geometry: rectangle(0, y, 50, 50) }])
    await county.sync()
    await other.sync()

    app = await launchBrowser({ survey: file })
    const { page } = app
    await enrol(page, hub.url, await codeFor(place, UNIT), '李二', false)
    await openSync(page, '冲突')
    const list = page.getByTestId('conflict-list')
    const detail = page.getByTestId('conflict-detail')
    await expect(list.locator('tbody tr')).toHaveCount(3)
    await list.locator('tbody tr', { hasText: '范围不同' }).locator('td').last().click()
    await expect(detail).toContainText('仅后到 0.00 m²，仅现有 3,199.50 m²')
    await photograph(page, 'outlines')
    await list.locator('tbody tr', { hasText: '一方删除，一方修改' }).locator('td').last().click()
    await expect(detail).toContainText('新仓库')
    await photograph(page, 'deleted')
    await list.locator('tbody tr', { hasText: '编号重复' }).locator('td').last().click()
    await photograph(page, 'twins')
    await detail.getByRole('button', { name: '合并为一条' }).click()
    await expect(list.locator('tbody tr')).toHaveCount(2)
    // The rest by one rule.
    await page.getByText('全选', { exact: true }).click()
    await page.getByRole('button', { name: '全部保留现有的' }).click()
    await expect(page.getByText('没有待处理的冲突')).toBeVisible()
    await meet(page, '发送 3')
    await county.sync()
    expect(listConflicts(county.store.read, true)).toEqual([])

    // A stick: what is wrong with it stays on the page, what is in it can be looked at without taking it.
    const stick = join(folder, 'stick.lowbundle')
    await county.export(stick, { unit: UNIT, name: '另一台', full: true })
    await openSync(page, '数据包')
    const tell = async (button: string, passphrase: string): Promise<void> => {
      await page.getByLabel('口令', { exact: false }).fill(passphrase)
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: button }).click(),
      ])
      await chooser.setFiles(stick)
    }
    await tell('读入数据包', '不是这一个测试口令')
    await expect(page.locator('.sync-panels .ant-alert')).toContainText('口令不对，或数据包被改动过')
    await tell('只看不读', PASSPHRASE)
    await expect(page.getByTestId('bundle-inside')).toContainText('县级的下发包')
    await expect(page.getByTestId('bundle-inside')).toContainText('兰江街道')
    await expect(page.locator('.sync-panels .ant-alert')).toHaveCount(0)
    await tell('读入数据包', PASSPHRASE)
    await expect(page.locator('.sync-panels .ant-alert')).toContainText('县级下发包第 1 号')
    expect(app.errors).toEqual([])
  } finally {
    await app?.close()
    county.close()
    other.close()
    await hub.close()
    removePlaces()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function openSync(page: Page, section: string): Promise<void> {
  await page.locator('.rail-item', { hasText: '同步' }).click()
  await page.locator('.list-row', { hasText: section }).first().click()
}

async function enrol(page: Page, hub: string, code: string, person: string, isShown: boolean): Promise<void> {
  await openSync(page, '汇总端')
  // Without a name nobody could tell whose change it is.
  await page.getByLabel('您的姓名').fill(person)
  await page.getByLabel('汇总端地址').fill(hub)
  await page.getByLabel('登记码').fill(code)
  await expect(page.getByRole('button', { name: '登记这台电脑' })).toBeEnabled()
  if (isShown) await photograph(page, 'enroll')
  await page.getByRole('button', { name: '登记这台电脑' }).click()
  await expect(page.getByTestId('sync-overview')).toContainText('巡查员')
  // So that both stay apart until they are told to meet.
  await page.getByText('只在点按时', { exact: true }).click()
  await meet(page, '接收')
  await expect(page.getByTestId('sync-overview')).toContainText('兰江街道')
  if (isShown) await photograph(page, 'overview')
}

/** What messages said since they were last asked for; they stay on the screen for seconds that nobody need wait. */
async function listen(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const heard = window as unknown as { __said?: string[] }
    if (heard.__said) {
      heard.__said.length = 0
      return
    }
    const said: string[] = []
    heard.__said = said
    new MutationObserver(changes => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes)
          if (node instanceof Element && node.closest('.ant-message')) said.push(node.textContent ?? '')
    }).observe(document.body, { childList: true, subtree: true })
  })
  return () => page.evaluate(() => (window as unknown as { __said: string[] }).__said.join('\n'))
}

async function meet(page: Page, words: string): Promise<void> {
  await openSync(page, '汇总端')
  const said = await listen(page)
  await page.getByRole('button', { name: '立即同步' }).click()
  await expect.poll(said).toContain(words)
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
