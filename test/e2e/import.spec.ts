/** The import desk on both hosts: recognise, match, try, write, look at the defects, take the batch back. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './support/app.ts'
import type { RunningApp } from './support/launch.ts'

/** Free ground in the demo county, lng/lat degrees. */
const [WEST, SOUTH] = [119.39, 29.155]
const SIZE = 0.0012

function square(column: number): number[][][] {
  const west = WEST + column * 0.0015
  return [
    [
      [west, SOUTH],
      [west + SIZE, SOUTH],
      [west + SIZE, SOUTH + SIZE],
      [west, SOUTH + SIZE],
      [west, SOUTH],
    ],
  ]
}

function feature(code: string, geometry: object) {
  return { type: 'Feature', properties: { 地块编号: code, 地块名称: `测试 ${code}`, 备用: '甲' }, geometry }
}

/** Three sound parcels, one that crosses itself, one point. */
function parcelsFile(folder: string): string {
  const crossing = square(4)
  const [ring] = crossing as [number[][]]
  ;[ring[1], ring[2]] = [ring[2]!, ring[1]!]
  const features = [
    ...[0, 1, 2].map(column => feature(`E2E-${column}`, { type: 'Polygon', coordinates: square(column) })),
    feature('E2E-X', { type: 'Polygon', coordinates: crossing }),
    feature('E2E-P', { type: 'Point', coordinates: [WEST, SOUTH] }),
  ]
  const file = join(folder, '外业地块.geojson')
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }))
  return file
}

async function choose({ page, electron }: RunningApp, file: string): Promise<void> {
  const button = page.getByRole('button', { name: '选择地块文件' })
  if (electron) {
    await electron.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
    }, file)
    await button.click()
    return
  }
  const chooser = page.waitForEvent('filechooser')
  await button.click()
  await (await chooser).setFiles(file)
}

async function openDesk({ page }: RunningApp): Promise<void> {
  await expect(page.locator('.map-canvas')).toBeVisible()
  await page.locator('.rail-item', { hasText: '数据' }).click()
}

test('a file with defects is tried, written, and taken back as one batch', async ({ app }) => {
  const { page } = app
  await openDesk(app)
  await choose(app, parcelsFile(app.dataFolder))

  const next = page.getByRole('button', { name: '下一步：字段对应' })
  await expect(page.locator('.facts')).toContainText('面 4')
  await expect(next).toBeDisabled()
  await page.getByRole('radio', { name: 'CGCS2000 / WGS84' }).check()
  await next.click()

  await expect(page.locator('.mapping tbody tr')).toHaveCount(3)
  await page.getByRole('button', { name: '预演导入' }).click()
  await expect(page.locator('.count-inserted b')).toHaveText('4')
  await expect(page.locator('.count-repaired b')).toHaveText('1')
  await expect(page.locator('.count-rejected b')).toHaveText('1')
  await expect(page.locator('.issues')).toContainText('环自相交')
  await expect(page.locator('.issues')).toContainText('几何类型是 Point')

  // The preview is drawn, not just framed.
  const painted = () =>
    page.locator('.preview canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      return data.filter((value, index) => index % 4 === 3 && value > 0).length
    })
  await expect.poll(painted).toBeGreaterThan(1000)
  await page.locator('.ant-table-row-expand-icon:not(.ant-table-row-expand-icon-spaced)').first().click()
  await expect(page.locator('.repair canvas')).toBeVisible()

  // A look at another page changes nothing: the answers and the dry run are still there.
  await page.locator('.rail-item', { hasText: '企业' }).click()
  await expect(page.getByRole('button', { name: '写入 4 条' })).toBeHidden()
  await page.locator('.rail-item', { hasText: '数据' }).click()
  await expect(page.locator('.count-inserted b')).toHaveText('4')

  await page.getByRole('button', { name: '写入 4 条' }).click()
  await expect(page.locator('.ant-alert-success')).toContainText('导入完成')
  await page.getByRole('button', { name: '返回列表' }).click()
  const batch = page.locator('.sheet tbody tr', { hasText: '外业地块' })
  await expect(batch).toContainText('新增 4')

  const results = page.locator('.search-result', { hasText: 'E2E-0' })
  await page.locator('.search-box input').fill('E2E-0')
  await expect(results).toHaveCount(1)
  await page.locator('.search-box input').fill('')

  await batch.getByRole('button', { name: '撤销本批次' }).click()
  await page.locator('.ant-modal-confirm').getByRole('button', { name: '撤销本批次' }).click()
  await expect(batch).toContainText('已撤销')
  await page.locator('.search-box input').fill('E2E-0')
  await expect(page.locator('.search-nothing')).toBeVisible()
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})

test('a file cut off is refused in a sentence, a far one only on purpose', async ({ app }) => {
  const { page } = app
  await openDesk(app)
  const batches = page.locator('.sheet tbody tr')
  await expect(batches.first()).toBeVisible()
  const before = await batches.count()

  const broken = join(app.dataFolder, '不完整.geojson')
  writeFileSync(broken, '{"type":"FeatureCollection","features":[{"type":"Feature","geom')
  await choose(app, broken)
  await expect(page.locator('.ant-alert-error')).toContainText('文件不完整')
  await expect(page.locator('.ant-alert-error')).toContainText('没有写入任何内容')
  await page.getByRole('button', { name: '选择其他文件' }).click()
  await expect(batches).toHaveCount(before)

  const far = join(app.dataFolder, '外地.geojson')
  const away = square(0).map(ring => ring.map(([lng, lat]) => [lng! - 100, lat!]))
  writeFileSync(far, JSON.stringify(feature('E2E-F', { type: 'Polygon', coordinates: away })))
  await choose(app, far)
  await expect(page.locator('.recognised .ant-alert')).toContainText('不在本次调查的范围内')
  const next = page.getByRole('button', { name: '下一步：字段对应' })
  await expect(next).toBeDisabled()
  await page.getByRole('checkbox').check()
  await next.click()
  await page.getByRole('button', { name: '预演导入' }).click()
  await expect(page.locator('.count-inserted b')).toHaveText('1')
  await page.getByRole('button', { name: '取消' }).first().click()
  await expect(batches).toHaveCount(before)
  expect(await app.violations()).toEqual([])
})

test('what is no parcel file at all is refused in a sentence, and nothing is written', async ({ app }) => {
  const { page } = app
  await openDesk(app)
  const batches = page.locator('.sheet tbody tr')
  await expect(batches.first()).toBeVisible()
  const before = await batches.count()
  const collection = (features: unknown[], more: object = {}) =>
    JSON.stringify({ type: 'FeatureCollection', ...more, features })
  const swapped = square(6).map(ring => ring.map(([lng, lat]) => [lat!, lng!]))
  const one = [feature('E2E-R', { type: 'Polygon', coordinates: square(0) })]
  const kinds: [name: string, content: string, words: string][] = [
    ['空文件.geojson', '', '是空的'],
    ['网页.geojson', '<html><body>404</body></html>', '不是有效的 JSON'],
    ['没有要素.geojson', collection([]), '没有要素'],
    ['轴颠倒.geojson', collection([feature('E2E-S', { type: 'Polygon', coordinates: swapped })]), '颠倒'],
    ['西安80.geojson', collection(one, { crs: { type: 'name', properties: { name: 'EPSG:2364' } } }), '转换参数'],
  ]
  for (const [name, content, words] of kinds) {
    const file = join(app.dataFolder, name)
    writeFileSync(file, content)
    await choose(app, file)
    await expect(page.locator('.page-kept .ant-alert').first(), name).toContainText(words)
    // Nothing leads on from here: either there is no next step, or it waits for an answer.
    await expect(page.locator('.page-kept').getByRole('button', { name: '下一步', disabled: false })).toHaveCount(0)
    const other = page.getByRole('button', { name: /^(选择其他文件|取消)$/ })
    await other.last().click()
    await expect(batches).toHaveCount(before)
  }
  expect(await app.violations()).toEqual([])
})

test('an outline of 10,000 corners and hostile words are imported as what they are', async ({ app }) => {
  const { page } = app
  await openDesk(app)
  const round = Array.from({ length: 10_000 }, (_, index) => {
    const angle = (index / 10_000) * 2 * Math.PI
    return [WEST + 0.003 + 0.001 * Math.cos(angle), SOUTH + 0.003 + 0.001 * Math.sin(angle)]
  })
  const hostile = feature('=1+1', { type: 'Polygon', coordinates: square(8) })
  hostile.properties.地块名称 = '<img src=x onerror="document.title=\'stolen\'">'
  const features = [feature('E2E-10K', { type: 'Polygon', coordinates: [[...round, round[0]]] }), hostile]
  const file = join(app.dataFolder, '怪文件.geojson')
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }))
  await choose(app, file)
  await page.getByRole('radio', { name: 'CGCS2000 / WGS84' }).check()
  await page.getByRole('button', { name: '下一步：字段对应' }).click()
  await page.getByRole('button', { name: '预演导入' }).click()
  await expect(page.locator('.count-inserted b')).toHaveText('2')
  await page.getByRole('button', { name: '写入 2 条' }).click()
  await expect(page.locator('.ant-alert-success')).toContainText('导入完成')
  await page.locator('.search-box input').fill('=1+1')
  await expect(page.locator('.search-result').first()).toContainText('<img src=x')
  expect(await page.title()).not.toBe('stolen')
  expect(await app.violations()).toEqual([])
})
