/** 挂图作战 and 可供地: a number leads to its list and the same parcels on the map; proposals become rows of the ledger. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from './support/app.ts'

test('a number opens its records and the map with just those parcels; targets change the lights; picture and whole screen', async ({
  app,
  host,
}) => {
  const { page } = app
  await page.locator('.rail-item', { hasText: '挂图作战' }).click()
  const wall = page.locator('.wall')
  await expect(wall).toContainText('示例数据')
  await expect(wall).toContainText('低效用地整治挂图作战')

  // 逾期 of one unit: as many records as the number says.
  const number = page.locator('[data-figure="overdue/330781001"]')
  const overdue = Number(await number.locator('text').textContent())
  expect(overdue).toBeGreaterThan(0)
  await number.click()
  await expect(page.getByTestId('figure-count')).toHaveText(`${overdue} 条记录`)
  await expect(page.locator('.figure-list-rows tr')).toHaveCount(overdue)

  // Escape closes the list. The number that is written on a unit's land opens that unit's records too.
  await page.keyboard.press('Escape')
  await expect(page.locator('.figure-list')).toHaveCount(0)
  await wall.locator('text', { hasText: /^赤溪$/ }).click({ force: true })
  await expect(page.locator('.figure-list-head')).toContainText('赤溪街道 · 整治企业')

  // 盘活亩数 of the county, its list, its map: the table under the map has just those parcels.
  await page.locator('.figure-list').getByRole('button', { name: '关闭' }).click()
  const land = page.locator('[data-figure="land/all"]').first()
  const mu = await land.locator('text').textContent()
  await land.click()
  await expect(page.getByTestId('figure-sum')).toHaveText(`${mu} 亩`)
  const onMap = page.locator('.figure-list').getByRole('button', { name: /在地图上看/ })
  const parcels = /(\d+)/.exec((await onMap.textContent())!)![1]
  await onMap.click()
  await expect(page.locator('.figure-tag')).toContainText('盘活用地')
  await expect(page.locator('.filter-row .numbers')).toContainText(`共 ${parcels} 条`)
  await page.getByRole('button', { name: '清除筛选' }).click()
  await expect(page.locator('.figure-tag')).toHaveCount(0)

  // Targets: a cell, saved as one step; the light of the unit follows.
  await page.locator('.rail-item', { hasText: '挂图作战' }).click()
  await page.getByRole('button', { name: '目标设置' }).click()
  await page.getByLabel('兰江街道 整治企业').fill('1000')
  await page.getByRole('button', { name: '保存目标(1)' }).click()
  await page.getByRole('button', { name: '返回挂图' }).click()
  await expect(page.locator('[data-figure="enterprises/330781001/area"]')).toHaveAttribute(
    'aria-label',
    /\/ 1,000 家 · 红/,
  )

  // The picture is a file of the size promised.
  const folder = mkdtempSync(join(tmpdir(), 'lowland-wall-'))
  try {
    if (host === 'browser') {
      await page.getByRole('button', { name: '导出图片' }).click()
      const made = page.getByTestId('made-files')
      const download = page.waitForEvent('download')
      await made.getByRole('button', { name: '下载' }).click()
      const file = join(folder, 'wall.png')
      await (await download).saveAs(file)
      expect(readFileSync(file).readUInt32BE(16)).toBe(3840)
    }
    await page.getByRole('button', { name: '全屏' }).click()
    await expect(page.locator('.dashboard-whole')).toBeVisible()
    const size = await page.locator('.dashboard-whole').evaluate(element => [element.clientWidth, window.innerWidth])
    expect(size[0]).toBe(size[1])
    await page.keyboard.press('Escape')
    await expect(page.locator('.dashboard-whole')).toHaveCount(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  expect(app.errors).toEqual([])
})

test('freed land: what the records prove is taken in, filled in, undone, and shown as a theme of the map', async ({
  app,
}) => {
  const { page } = app
  await page.locator('.rail-item', { hasText: '台账' }).click()
  await page.locator('.ant-segmented-item', { hasText: '可供地' }).click()
  const accept = page.getByRole('button', { name: /纳入全部待纳入地块/ })
  const proposed = /(\d+)/.exec((await accept.textContent())!)![1]!
  await page.locator('.freed .ant-table-row').first().click()
  await expect(page.locator('.freed-evidence')).toContainText('依据')
  await accept.click()
  await expect(accept).toHaveCount(0)
  await page.locator('.freed .ant-table-row').first().click()
  await page.getByRole('textbox', { name: '承接项目', exact: true }).fill('高端装备一期')
  await page.getByRole('textbox', { name: '投资主体', exact: true }).fill('示例投资')
  await page.getByPlaceholder('筛选：地块、坐落').fill('高端装备')
  await expect(page.getByTestId('freed-total')).toContainText('共 1 条')
  await page.getByRole('button', { name: '在地图上看可供地' }).click()
  const legend = page.locator('.map-legend li', { hasText: /^可供/ })
  const taken = await takenIn(app.surveyFile!)
  expect(taken.rows).toBe(Number(proposed))
  // The map counts parcels; what was reclaimed of one and what was left at its closing are two rows.
  await expect(legend.locator('b')).toHaveText(String(taken.parcels))
  expect(app.errors).toEqual([])
})

async function takenIn(file: string): Promise<{ rows: number; parcels: number }> {
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const row = db.prepare('SELECT count(*) AS rows, count(DISTINCT parcel_id) AS parcels FROM freed_land').get()
    return { rows: Number(row?.['rows']), parcels: Number(row?.['parcels']) }
  } finally {
    db.close()
  }
}
