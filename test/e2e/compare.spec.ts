/** Two versions of the boundary beside each other on the map, with what differs. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProject } from '../../tools/paths.ts'
import { expect, test } from './support/app.ts'

const folder = mkdtempSync(join(tmpdir(), 'lowland-compare-'))
const survey = join(folder, 'two.lowland')
test.use({ appOptions: { survey } })

test.beforeAll(() => {
  copyFileSync(inProject('resources/demo/demo.lowland'), survey)
  const file = join(folder, 'new.geojson')
  const [west, south, east, north] = [119.43, 29.19, 119.461, 29.24]
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  const feature = { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } }
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: [feature] }))
  const words = ['import', 'boundary', file, '--name', '新版', '--effective', '2025-01-01', '--survey', survey]
  execFileSync(process.execPath, [inProject('cli/main.ts'), ...words], {
    env: { ...process.env, LOWLAND_DATA: join(folder, 'data') },
    stdio: 'ignore',
  })
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a divider between two versions, moved by keys, and the parcels that they judge differently one by one', async ({
  app,
}) => {
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  await page.getByRole('button', { name: '版本对比' }).click()
  const bar = page.getByTestId('compare-bar')
  await expect(bar).toContainText(/[1-9]\d* 个地块判定不同/)
  const divider = page.getByRole('slider', { name: /两个边界版本的分界/ })
  await expect(divider.locator('.map-swipe-right')).toHaveText('新版')
  await bar.getByRole('button', { name: '下一个' }).click()
  await expect(bar).toContainText(/1\/\d+ 3307\S+:界内 → (界外|跨界)|1\/\d+ 3307\S+:(界外|跨界) → 界(内|外)/)
  await expect(page.locator('.panel-title').first()).toContainText('3307')
  const half = (name: string) => page.locator(`.leaflet-compare-${name}-pane`)
  await expect(half('left').locator('canvas').first()).toBeAttached()
  const before = await half('right').evaluate(pane => getComputedStyle(pane).clipPath)
  await divider.focus()
  for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight')
  await expect(divider).toHaveAttribute('aria-valuenow', '60')
  expect(await half('right').evaluate(pane => getComputedStyle(pane).clipPath)).not.toBe(before)
  // Escape first clears the selection, then ends the comparison.
  await page.locator('.map-canvas').focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(bar).toBeHidden()
  await expect(divider).toBeHidden()
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})
