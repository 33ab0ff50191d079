/**
 * Editing outlines in the window, on both hosts: snapping, splitting, merging, neighbours that follow, typed coordinates,
 * ten steps of undo by name, Escape by levels, every tool by its key.
 */
import type { Page } from '@playwright/test'
import { expect, test } from './support/app.ts'

type Point = readonly [x: number, y: number]

const map = (page: Page) => page.locator('.map-canvas')
const hint = (page: Page) => page.locator('.map-hint')
const title = (page: Page) => page.locator('.panel-title')

async function find(page: Page, code: string) {
  await expect(page.getByTestId('save-state')).toHaveText('已保存')
  await page.keyboard.press('/')
  await page.keyboard.type(code)
  await page.locator('.search-result').filter({ hasText: code }).first().click()
  await expect(title(page)).toContainText(code)
  await expect(page.locator('.map-selected')).toBeVisible()
}

/** Corners of the selected outline on the screen. Waits until the view stands still. */
async function cornersOf(page: Page): Promise<Point[]> {
  const read = () =>
    page.locator('.map-selected').evaluate(path => {
      const box = path.getBoundingClientRect()
      const numbers = [...(path.getAttribute('d') ?? '').matchAll(/[ML](-?[\d.]+)[ ,](-?[\d.]+)/g)].map(match => [
        Number(match[1]),
        Number(match[2]),
      ])
      const left = Math.min(...numbers.map(([x]) => x!))
      const top = Math.min(...numbers.map(([, y]) => y!))
      return numbers.map(([x, y]): [number, number] => [x! - left + box.x + 1.25, y! - top + box.y + 1.25])
    })
  let last = ''
  await expect
    .poll(async () => {
      const now = JSON.stringify(await read())
      const isStill = now === last
      last = now
      return isStill
    })
    .toBe(true)
  return JSON.parse(last)
}

/** Goes there, waits for what the note beside the cursor says, and clicks. */
async function clickAt(page: Page, [x, y]: Point, note?: string) {
  await page.mouse.move(x - 3, y - 2)
  await page.mouse.move(x, y)
  if (note) {
    await expect(async () => {
      await page.mouse.move(x - 1, y)
      await page.mouse.move(x, y)
      await expect(page.locator('.map-note')).toContainText(note, { timeout: 300 })
    }).toPass()
  }
  await page.mouse.click(x, y)
}

const middleOf = (points: readonly Point[]): Point => [
  points.reduce((sum, [x]) => sum + x, 0) / points.length,
  points.reduce((sum, [, y]) => sum + y, 0) / points.length,
]

/** The two corners farthest to the left: the free side of the block in the demo. */
const leftSide = (points: readonly Point[]): [Point, Point] => {
  const [a, b] = [...points].sort((one, other) => one[0] - other[0])
  return a![1] < b![1] ? [a!, b!] : [b!, a!]
}

const undone = (page: Page, words: string) =>
  expect(
    page
      .locator('.ant-message-notice')
      .filter({ hasText: `已撤销：${words}` })
      .last(),
  ).toBeVisible()

test('draws with snapping, splits, merges, edits, and undoes ten steps by name', async ({ app }) => {
  test.setTimeout(240_000)
  const { page } = app
  await find(page, '330781001-2021-0005')
  const [top, bottom] = leftSide(await cornersOf(page))
  const away = 90

  await test.step('draws on two corners of a neighbour: snapped, 亩, angle and side are told', async () => {
    await page.keyboard.press('d')
    await clickAt(page, [top[0] - 4, top[1] + 3], '已捕捉界址点')
    await clickAt(page, [bottom[0] - 3, bottom[1] + 2], '已捕捉界址点')
    await clickAt(page, [bottom[0] - away, bottom[1]])
    // A corner too many goes by Backspace, one more by Ctrl+Z; neither touches what is saved.
    await clickAt(page, [bottom[0] - away, bottom[1] - 60])
    await page.keyboard.press('Backspace')
    await clickAt(page, [bottom[0] - away, bottom[1] - 70])
    await page.keyboard.press('Control+z')
    await clickAt(page, [top[0] - away, top[1]])
    await page.mouse.move(top[0] - away + 30, top[1] - 40)
    await expect(page.locator('.map-note')).toContainText('转角')
    await expect(page.locator('.map-note')).toContainText('亩')
    await expect(hint(page)).toContainText('界内')
    await expect(hint(page)).not.toContainText('重叠')
    await page.keyboard.press('Enter')
    await expect(title(page)).toContainText(/-\d{4}-\d{4}/)
    await expect(title(page)).not.toContainText('2021-0005')
  })
  const code = (await title(page).locator('.ellipsis').textContent())!.trim()
  const lot = await cornersOf(page)
  expect(lot).toHaveLength(4)

  await test.step('Escape gives up one level at a time', async () => {
    await page.keyboard.press('s')
    await expect(hint(page)).toContainText('从地块外开始')
    await clickAt(page, [middleOf(lot)[0], Math.max(...lot.map(([, y]) => y)) + 25])
    await expect(hint(page)).toContainText('放弃')
    await page.keyboard.press('Escape')
    await expect(map(page)).toHaveAttribute('data-tool', 'split')
    await page.keyboard.press('Escape')
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
    await expect(title(page)).toContainText(code)
  })

  await test.step('splits by a line, the parts are shown before', async () => {
    await page.keyboard.press('s')
    await expect(hint(page)).toContainText('从地块外开始')
    const middle = middleOf(lot)
    await clickAt(page, [middle[0], Math.max(...lot.map(([, y]) => y)) + 25])
    await clickAt(page, [middle[0], middle[1]])
    await expect(hint(page)).toContainText('还没有把地块分开')
    await clickAt(page, [middle[0], Math.min(...lot.map(([, y]) => y)) - 25])
    await expect(hint(page)).not.toContainText('还没有把地块分开')
    await page.keyboard.press('Enter')
    await expect(title(page)).toContainText(`${code}-1`)
  })

  await test.step('Shift and a click take the other part, Enter merges', async () => {
    const one = await cornersOf(page)
    const isLeft = middleOf(one)[0] < middleOf(lot)[0]
    const other: Point = [middleOf(lot)[0] + (isLeft ? 20 : -20), middleOf(lot)[1]]
    await page.keyboard.down('Shift')
    await page.mouse.click(...other)
    await page.keyboard.up('Shift')
    await expect(map(page)).toHaveAttribute('data-tool', 'merge')
    await expect(hint(page)).toContainText('2 个地块合并后')
    await expect(hint(page)).not.toContainText('互不相连')
    await page.keyboard.press('Enter')
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
    await expect(title(page)).toContainText(`${code}-1`)
  })

  await test.step('a shared corner moves with the neighbour', async () => {
    await page.keyboard.press('e')
    await expect(hint(page)).toContainText('拖动界址点')
    await page.mouse.move(...top)
    await page.mouse.down()
    await page.mouse.move(top[0] + 12, top[1] + 6, { steps: 4 })
    await expect(page.locator('.map-note')).toContainText('边长')
    await page.mouse.up()
    await expect(hint(page)).toContainText('个相邻地块随动')
    await expect(hint(page)).not.toContainText('重叠')
    await page.keyboard.press('Enter')
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
  })

  await test.step('a hole, and it is filled again', async () => {
    const [x, y] = middleOf(lot)
    await page.keyboard.press('h')
    await expect(hint(page)).toContainText('右键已有挖空可填补')
    for (const [dx, dy] of [
      [-30, -12],
      [-10, -12],
      [-10, 14],
      [-30, 14],
    ] as const)
      await clickAt(page, [x + dx, y + dy])
    await page.keyboard.press('Enter')
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
    await page.keyboard.press('h')
    await expect(hint(page)).toContainText('右键已有挖空可填补')
    await page.mouse.click(x - 20, y, { button: 'right' })
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
  })

  await test.step('a further part', async () => {
    const [x, y] = [Math.min(...lot.map(([px]) => px)) - 60, middleOf(lot)[1]]
    await page.keyboard.press('p')
    await expect(hint(page)).toContainText('绘制另一分块')
    for (const [dx, dy] of [
      [0, 0],
      [30, 0],
      [30, 30],
    ] as const)
      await clickAt(page, [x + dx, y + dy])
    await page.keyboard.press('Enter')
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
  })

  await test.step('a rectangle by three clicks, twice', async () => {
    const x = Math.min(...lot.map(([px]) => px)) - 60
    for (const y of [top[1] - 100, top[1] - 60]) {
      await page.keyboard.press('r')
      await clickAt(page, [x, y])
      await clickAt(page, [x + 50, y + 2])
      await clickAt(page, [x + 45, y + 22], '90.0°')
      await expect(map(page)).toHaveAttribute('data-tool', 'select')
    }
  })

  await test.step('overlap is told while drawing; cutting takes it away', async () => {
    const x = Math.min(...lot.map(([px]) => px)) - 60
    await page.keyboard.press('d')
    for (const [dx, dy] of [
      [20, -90],
      [70, -90],
      [70, -40],
    ] as const)
      await page.mouse.click(x + dx, top[1] + dy)
    await expect(hint(page)).toContainText('重叠')
    await page.keyboard.press('Enter')
    const keep = page.getByRole('button', { name: '保留重叠并保存' })
    await expect(keep).toBeVisible()
    // A click while the question still grows into place can miss its button.
    await expect(async () => {
      if (await keep.isVisible()) await keep.click({ timeout: 1000 })
      await expect(page.locator('.ant-modal-wrap')).toBeHidden({ timeout: 1500 })
    }).toPass()
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
    await page.keyboard.press('c')
    await expect(hint(page)).toContainText(/重叠 \d+\.\d{2} m²/)
    await page.getByRole('button', { name: '裁去本地块的重叠' }).click()
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
    await page.keyboard.press('c')
    await expect(hint(page)).toContainText('没有重叠')
    await page.keyboard.press('Escape')
  })

  await test.step('ten steps of undo, each by its name, back to the drawn parcel', async () => {
    await expect(page.getByTestId('save-state')).toHaveText('已保存')
    const steps = [
      '裁去重叠',
      '绘制地块',
      '绘制地块',
      '绘制地块',
      '增加分块',
      '填补挖空',
      '挖空',
      '移动界址点 J',
      '合并地块',
      '分割地块',
    ]
    for (const words of steps) {
      await page.keyboard.press('Control+z')
      await undone(page, words)
    }
    await find(page, code)
    expect(await cornersOf(page)).toHaveLength(4)
  })

  // Over HTTP the browser itself notes a question that was answered by a refusal, or a parcel that is gone.
  expect(app.errors.filter(error => !/status of 40[49]/.test(error))).toEqual([])
  expect(await app.violations()).toEqual([])
})

test('splits a crossing parcel at the boundary; a tool that cannot be taken says why', async ({ app }) => {
  const { page } = app
  await find(page, '330781001-2021-0005')
  const button = page.getByRole('button', { name: '按开发边界分割', exact: true })
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  await expect(button).toHaveAttribute('title', /没有跨越开发边界/)
  await page.keyboard.press('b')
  await expect(page.locator('.ant-message')).toContainText('没有跨越开发边界')
  await expect(map(page)).toHaveAttribute('data-tool', 'select')

  await find(page, '330781001-2021-0047')
  await expect(button).toHaveAttribute('aria-disabled', 'false')
  await page.keyboard.press('b')
  await expect(hint(page)).toContainText(/界内 \d+\.\d{2} 亩、界外 \d+\.\d{2} 亩/)
  await page.keyboard.press('Enter')
  await expect(title(page)).toContainText('330781001-2021-0047-1')
  await expect(page.locator('.side-computed .side-chip').first()).toHaveText('界内')
  await page.keyboard.press('Control+z')
  await undone(page, '按开发边界分割')
})

test('typed coordinates, also while an input method composes', async ({ app }) => {
  const { page } = app
  await expect(map(page)).toBeVisible()
  await page.keyboard.press('x')
  const box = page.getByLabel('界址点坐标')
  await expect(box).toBeFocused()
  // Letters are text here, not tools.
  await page.keyboard.type('d')
  await expect(map(page)).toHaveAttribute('data-tool', 'typed')
  const lines = [
    '5,0.4667,1,某某厂地块,面,,工业用地,,@',
    'J1,1,3233124.912,40448139.705',
    'J2,1,3233124.912,40448209.705',
    'J3,1,3233058.247,40448209.705',
    'J4,1,3233058.247,40448139.705',
    'J1,1,3233124.912,40448139.705',
  ].join('\n')
  await box.dispatchEvent('compositionstart')
  await box.fill(lines)
  await expect(page.locator('.map-typed')).not.toContainText('识别为')
  await box.dispatchEvent('keydown', { key: 'Escape', isComposing: true })
  await expect(map(page)).toHaveAttribute('data-tool', 'typed')
  await box.dispatchEvent('compositionend')
  await expect(page.locator('.map-typed')).toContainText('EPSG:4528')
  await expect(page.locator('.map-typed')).toContainText('X 北坐标在前')
  await expect(hint(page)).toContainText('7.00 亩')
  await page.keyboard.press('Control+Enter')
  await expect(title(page)).toContainText(/-\d{4}-\d{4}/)
  await expect(page.locator('.panel-figures')).toContainText('7.00')
  await page.keyboard.press('x')
  await expect(box).toHaveValue('')
  await box.fill('3233124.912 448139.705\n你好 12')
  await expect(page.locator('.map-typed')).toContainText('第 2 行没有坐标')
  await page.keyboard.press('Escape')
  await expect(map(page)).toHaveAttribute('data-tool', 'select')
})

test('tracing follows stored edges, Shift makes right angles', async ({ app }) => {
  const { page } = app
  await find(page, '330781001-2021-0005')
  const corners = await cornersOf(page)
  const [top] = leftSide(corners)
  const opposite = corners[(corners.findIndex(([x, y]) => x === top[0] && y === top[1]) + 2) % 4]!
  await page.keyboard.press('g')
  await clickAt(page, top, '已捕捉界址点')
  await clickAt(page, opposite, '沿边 1 点')
  await expect(hint(page)).toContainText('完成')
  // The traced way is one step.
  await page.keyboard.press('Backspace')
  await expect(hint(page)).toContainText('沿边自动取点')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('d')
  await clickAt(page, [top[0] - 200, top[1] + 60])
  await clickAt(page, [top[0] - 120, top[1] + 45])
  await page.keyboard.down('Shift')
  await page.mouse.move(top[0] - 100, top[1] + 120)
  await expect(page.locator('.map-note')).toContainText('转角 90.0°')
  await page.keyboard.up('Shift')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(map(page)).toHaveAttribute('data-tool', 'select')
})

test('every tool by its key and from the palette, left by Escape', async ({ app }) => {
  const { page } = app
  await expect(map(page)).toBeVisible()
  // The map is there before the frame that hears keys.
  await expect(async () => {
    await page.keyboard.press('d')
    await expect(map(page)).toHaveAttribute('data-tool', 'draw', { timeout: 1000 })
  }).toPass()
  await page.keyboard.press('Escape')
  await expect(map(page)).toHaveAttribute('data-tool', 'select')
  for (const [key, tool] of [
    ['d', 'draw'],
    ['g', 'trace'],
    ['r', 'rectangle'],
    ['e', 'edit'],
    ['h', 'hole'],
    ['p', 'part'],
    ['s', 'split'],
    ['b', 'boundarySplit'],
    ['m', 'merge'],
    ['c', 'cut'],
    ['Delete', 'delete'],
    ['l', 'measure'],
    ['x', 'typed'],
  ] as const) {
    await page.keyboard.press(key)
    await expect(map(page)).toHaveAttribute('data-tool', tool)
    await expect(hint(page)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
  }
  await page.keyboard.press('Control+k')
  await expect(page.getByPlaceholder('输入命令名称…')).toBeFocused()
  await page.keyboard.type('画线分割')
  await expect(page.locator('.palette-item-active')).toContainText('画线分割')
  await page.keyboard.press('Enter')
  await expect(map(page)).toHaveAttribute('data-tool', 'split')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  // The tool bar by Tab: each button is reached, its focus is seen, Enter takes the tool, Escape leaves it.
  const buttons = page.locator('.map-tools button')
  const names = await buttons.evaluateAll(all => all.map(button => button.getAttribute('aria-label')))
  expect(names).toHaveLength(17)
  await buttons.first().focus()
  for (const [index, name] of names.entries()) {
    if (index > 0) await page.keyboard.press('Tab')
    const button = buttons.nth(index)
    await expect(button).toBeFocused()
    const outline = await button.evaluate(element => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return `${outlineStyle} ${outlineWidth}`
    })
    expect(outline, String(name)).toMatch(/^(?!none)\w+ [1-9]/)
    const why = await button.getAttribute('aria-disabled')
    // The first takes no tool, the last three move the map.
    if (index === 0 || index > 13) continue
    await page.keyboard.press('Enter')
    if (why === 'true') {
      await expect(map(page)).toHaveAttribute('data-tool', 'select')
      expect(await button.getAttribute('title')).toContain('\n')
      continue
    }
    await expect(map(page)).not.toHaveAttribute('data-tool', 'select')
    await expect(hint(page)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(map(page)).toHaveAttribute('data-tool', 'select')
    await button.focus()
  }
  expect(app.errors).toEqual([])
})
