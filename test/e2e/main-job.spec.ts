/**
 * The main job in the window, on both hosts: find, draw, mark, give it an enterprise and a plan, detect zones, export the
 * report. In Chinese, as the people it is for would do it.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './support/app.ts'

test('the whole main job, from an empty map corner to the exported report', async ({ app }) => {
  test.setTimeout(240_000)
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  await expect(page.getByTestId('save-state')).toHaveText('已保存')

  await test.step('finds a zone by pinyin initials and flies there', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('lxjjkfq')
    await expect(page.locator('.search-result').first()).toContainText('经济开发区')
    await page.keyboard.press('Enter')
    // Enter waits for the answer to the last letter; typing on would mean something else.
    await expect(page.locator('#search-box')).toHaveValue('')
  })

  await test.step('finds a parcel by its code and opens its record', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('330781001-2021-0005')
    await expect(page.locator('.search-result').first()).toContainText('330781001-2021-0005')
    await page.keyboard.press('Enter')
    await expect(page.locator('.panel-title')).toContainText('330781001-2021-0005')
    await expect(page.locator('.map-selected')).toBeVisible()
  })

  const map = (await page.locator('.map-canvas').boundingBox())!
  await test.step('draws a parcel; the record opens with code, 亩 and side', async () => {
    await page.keyboard.press('d')
    await expect(page.locator('.map-hint')).toBeVisible()
    // The left edge of the view is free ground in the demo.
    for (const [x, y] of [
      [110, 400],
      [210, 400],
      [210, 480],
      [110, 480],
    ] as const) {
      await page.mouse.move(map.x + x, map.y + y)
      await page.mouse.click(map.x + x, map.y + y)
    }
    await page.mouse.move(map.x + 150, map.y + 440)
    await expect(page.locator('.map-note')).toContainText('亩')
    await page.keyboard.press('Enter')
    await expect(page.locator('.panel-title')).toContainText(/-\d{4}-\d{4}/)
    await expect(page.locator('.panel-title')).not.toContainText('2021-0005')
    await expect(page.locator('.panel-figures')).toContainText('亩')
  })
  const code = (await page.locator('.panel-title .ellipsis').textContent())!.trim()

  await test.step('wants a reason for a mark that differs from the computed side', async () => {
    const computed = await page.locator('.side-computed .side-chip').first().textContent()
    const other = computed?.includes('界外') ? '界内' : '界外'
    await page.locator('.side-section').getByRole('button', { name: other, exact: true }).click()
    await expect(page.locator('.reason-form')).toBeVisible()
    await page.locator('.reason-form').getByRole('button', { name: '资规部门意见' }).click()
    await expect(page.locator('.side-author')).toContainText('资规部门意见')
  })

  await test.step('paints only what the mark changed, and paints it as the whole tile would be', async () => {
    await expect.poll(() => page.evaluate(paintedInPart)).toBeGreaterThan(0)
    await page.evaluate(keepPictures)
    const theme = page.locator('.map-legend select')
    await theme.selectOption('unit')
    await expect.poll(() => page.evaluate(paintedInPart)).toBe(0)
    expect(await page.evaluate(pixelsChanged)).toBeGreaterThan(1000)
    await theme.selectOption('side')
    await expect.poll(() => page.evaluate(pixelsChanged)).toBe(0)
  })

  await test.step('saves typed text by itself, also with an input method composing', async () => {
    const name = page.getByLabel('地块名称')
    await name.focus()
    await name.dispatchEvent('compositionstart')
    await name.fill('恒兴')
    await name.dispatchEvent('compositionend')
    await name.press('Tab')
    await expect(page.locator('.panel-head .muted').first()).toHaveText('恒兴')
    await expect(page.getByTestId('save-state')).toHaveText('已保存')
  })

  await test.step('undoes and redoes by name', async () => {
    await page.locator('.panel-title').click()
    await page.keyboard.press('Control+z')
    await expect(page.locator('.panel-head .muted').first()).toHaveText('—')
    await page.keyboard.press('Control+y')
    await expect(page.locator('.panel-head .muted').first()).toHaveText('恒兴')
  })

  await test.step('adds an enterprise and links it', async () => {
    await page.getByRole('tab', { name: /^企业/ }).click()
    await page.locator('.link-form .ant-select').first().click()
    await page.keyboard.type('兰溪端到端测试有限公司')
    await page.getByRole('button', { name: /新增企业/ }).click()
    await expect(page.locator('.linked')).toContainText('兰溪端到端测试有限公司')
  })

  await test.step('makes a plan and gives it a measure', async () => {
    await page.getByRole('tab', { name: /^方案/ }).click()
    await page.getByRole('button', { name: /新建方案/ }).click()
    await expect(page.locator('.plan-form')).toBeVisible()
    const missing = page.locator('.checklist b')
    const before = await missing.textContent()
    await page.getByRole('button', { name: '添加措施' }).click()
    await page.getByLabel('整治措施').fill('更新主要设备')
    await page.getByLabel('存在问题').fill('亩均税收偏低')
    await page.getByLabel('存在问题').press('Tab')
    await expect(missing).not.toHaveText(before!)
    await expect(page.getByTestId('save-state')).toHaveText('已保存')
  })

  await test.step('shows the history of the parcel in words', async () => {
    await page.locator('.rail-item', { hasText: '地图' }).click()
    await page.keyboard.press('/')
    await page.keyboard.type(code)
    await expect(page.locator('.search-result').first()).toContainText(code)
    await page.keyboard.press('Enter')
    await expect(page.locator('.panel-title')).toContainText(code)
    await page.getByRole('tab', { name: '历史' }).click()
    await expect(page.locator('.history')).toContainText('标注边界')
    await expect(page.locator('.history')).toContainText('绘制地块')
  })

  await test.step('detects zones with a live preview, saves them and sees the quota', async () => {
    await page.locator('.rail-item', { hasText: '连片区域' }).click()
    await page.getByRole('tab', { name: '识别' }).click()
    await expect(page.locator('.detect-sum')).toContainText('识别出')
    await page.getByRole('button', { name: '保存为连片整治区域' }).click()
    await expect(page.locator('.ant-message')).toContainText('已保存')
    await page.getByRole('tab', { name: '任务看板' }).click()
    await expect(page.getByTestId('quota').locator('tbody tr')).toHaveCount(18)
  })

  await test.step('exports the zone report of one unit', async () => {
    await page.locator('.rail-item', { hasText: '报告' }).click()
    if (app.electron) {
      await app.electron.evaluate(({ dialog }, folder) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] })
      }, app.dataFolder)
    }
    await page.locator('.page-head .zone-unit').click()
    await page.locator('.ant-select-item-option[title="兰江街道"]').click()
    await page.getByRole('button', { name: '导出连片报告' }).click()
    await expect(page.getByTestId('made-files')).toBeVisible({ timeout: 120_000 })
    await expect(page.locator('.made-file')).toHaveCount(5)
    const folder = app.electron ? app.dataFolder : join(app.dataFolder, 'exports')
    expect(
      existsSync(folder) &&
        readdirSync(folder, { recursive: true }).filter(name => /\.(pdf|docx|xlsx|geojson|gpkg)$/.test(String(name)))
          .length,
    ).toBeGreaterThanOrEqual(5)
  })

  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})

test('every page opens in both languages without untranslated keys', async ({ app }) => {
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  for (const language of ['中文', 'English']) {
    await page.locator('.rail-item').last().click()
    await page.locator('.ant-segmented-item', { hasText: language }).click()
    const untranslated =
      /\b(page|status|common|command|table|parcel|enterprise|plan|zone|report|settings|import|map|identify|todo|photo|basemap)\.[a-z_]+/
    const pages = await page.locator('.rail-item').count()
    await page.keyboard.press('?')
    await expect(page.locator('.shortcuts div').first()).toBeVisible()
    expect(await page.locator('.shortcuts').innerText(), `${language} shortcuts`).not.toMatch(untranslated)
    await page.keyboard.press('Escape')
    await expect(page.locator('.shortcuts')).toBeHidden()
    for (let index = 0; index < pages; index++) {
      await page.locator('.rail-item').nth(index).click()
      await expect(page.locator('.frame-page')).toBeVisible()
      await page.waitForTimeout(300)
      const text = await page.locator('.frame').innerText()
      expect(text, `${language} page ${index}`).not.toMatch(untranslated)
    }
  }
  expect(await app.violations()).toEqual([])
})

/** How many tiles of the map show a picture into which a part was painted. */
function paintedInPart(): number {
  const tiles = [...document.querySelectorAll<HTMLCanvasElement>('canvas.map-tile')]
  return tiles.filter(tile => tile.getContext('bitmaprenderer') === null).length
}

/** Notes the pixels of all tiles in the page, for `pixelsChanged`. */
function keepPictures(): void {
  const pictures = new Map<string, Uint8ClampedArray>()
  for (const tile of document.querySelectorAll<HTMLCanvasElement>('canvas.map-tile')) {
    const pen = Object.assign(document.createElement('canvas'), { width: tile.width, height: tile.height }).getContext(
      '2d',
    )!
    pen.drawImage(tile, 0, 0)
    pictures.set(tile.parentElement!.style.transform, pen.getImageData(0, 0, tile.width, tile.height).data)
  }
  Object.assign(window, { keptPictures: pictures })
}

/** Channels of pixels that look different now by more than rounding. */
function pixelsChanged(): number {
  const kept = (window as unknown as { keptPictures: Map<string, Uint8ClampedArray> }).keptPictures
  let changed = 0
  for (const tile of document.querySelectorAll<HTMLCanvasElement>('canvas.map-tile')) {
    const before = kept.get(tile.parentElement!.style.transform)
    const pen = Object.assign(document.createElement('canvas'), { width: tile.width, height: tile.height }).getContext(
      '2d',
    )!
    pen.drawImage(tile, 0, 0)
    const { data } = pen.getImageData(0, 0, tile.width, tile.height)
    for (let i = 0; i < data.length; i++) if (Math.abs(data[i]! - (before?.[i] ?? 0)) > 4) changed++
  }
  return changed
}
