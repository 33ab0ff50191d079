/** 外业核查 with the keyboard: five answers, a photo, a signature; drafts over a reload; on to the next land; one photo twice. */
import { inProject } from '../../tools/paths.ts'
import { expect, test } from './support/app.ts'

test('an inspector visits two parcels with the keyboard; a reload keeps the draft, a photo used twice is named', async ({
  app,
}) => {
  const { page } = app
  const photo = inProject('test/fixtures/exif/noexif.jpg')
  const form = page.locator('.visit-form')
  const focused = (field: string) => expect(form.locator(`[data-field="${field}"]`)).toBeFocused()
  const addPhoto = async (): Promise<void> => {
    const chooser = page.waitForEvent('filechooser')
    await form.getByRole('button', { name: '添加照片' }).click()
    await (await chooser).setFiles(photo)
    await expect(form.locator('.visit-pictures img').first()).toBeVisible({ timeout: 15_000 })
  }
  const shot = async (name: string): Promise<void> => {
    if (process.env['GUIDE']) await page.screenshot({ path: `${process.env['GUIDE']}/${name}.png` })
  }

  await expect(page.locator('.map-canvas')).toBeVisible()
  await page.locator('.rail-item', { hasText: '待办' }).click()
  const list = page.locator('.list-row', { hasText: '待外业核查的地块' })
  await list.click()
  await expect(list.locator('.ant-tag')).toHaveText(/^\d/)
  const waiting = Number(await list.locator('.ant-tag').textContent())
  await page.locator('.sheet tbody .link-button').first().press('Enter')
  await focused('operating_status')
  const first = await page.locator('.frame-panel .panel-title .ellipsis').textContent()

  // Stopped; then the side the map says, kinds 1 and 2, not idle.
  await page.keyboard.press('3')
  await focused('side_marked')
  const computed = await form.locator('.visit-row', { hasText: '边界标注' }).locator('.muted').textContent()
  await page.keyboard.press(computed!.includes('界外') ? '2' : computed!.includes('跨界') ? '3' : '1')
  await focused('ineff_types')
  await page.keyboard.press('1')
  await page.keyboard.press('2')
  await page.keyboard.press('Tab')
  await page.keyboard.press('2')
  await focused('findings')
  await page.keyboard.type('厂房空置过半,设备已搬走')
  await expect(form.locator('.visit-keys')).toContainText('草稿已保存')

  await page.reload()
  await page.locator('.rail-item', { hasText: '待办' }).click()
  await list.click()
  await page.locator('.sheet tbody .link-button', { hasText: first! }).press('Enter')
  await expect(form.getByLabel('核查情况')).toHaveValue('厂房空置过半,设备已搬走')
  await expect(form.locator('.option-on')).toHaveCount(5)

  await addPhoto()
  await form.getByLabel('巡查员').click()
  await page.keyboard.type('李四')
  await page.keyboard.press('Enter')
  await expect(form.locator('.visit-remarks')).toHaveCount(0)
  await form.getByRole('button', { name: '签名' }).click()
  const pad = (await form.locator('canvas').boundingBox())!
  await page.mouse.move(pad.x + 30, pad.y + 60)
  await page.mouse.down()
  for (const [x, y] of [
    [80, 20],
    [120, 80],
    [200, 30],
  ] as const)
    await page.mouse.move(pad.x + x, pad.y + y, { steps: 4 })
  await page.mouse.up()
  await shot('visit-signing')
  await form.getByRole('button', { name: '保存签名' }).click()
  await expect(form.locator('.visit-signature img')).toBeVisible()
  await shot('visit-form')

  await form.getByLabel('核查情况').press('Control+Enter')
  await expect(page.locator('.frame-panel .panel-title .ellipsis')).not.toHaveText(first!)
  await focused('operating_status')
  await expect(list.locator('.ant-tag')).toHaveText(String(waiting - 1))

  // The next one with the same picture: said in the form, and again in the history.
  await page.keyboard.press('1')
  await addPhoto()
  await expect(form.locator('.visit-twins')).toContainText(`与“${first!}”的照片相同`)
  await page.keyboard.press('Control+Enter')
  await expect(form.locator('.visit-keys')).toContainText('还缺：边界标注')
  await shot('visit-twins')

  // The township confirms the first; it proves something, for two were there.
  await page.locator('#search-box').fill(first!)
  await page.keyboard.press('Enter')
  await expect(page.locator('.frame-panel .panel-title .ellipsis')).toHaveText(first!)
  await page.getByRole('tab', { name: '核查' }).click()
  const handedIn = page.getByTestId('visit').first()
  await expect(handedIn).toContainText('已提交')
  await handedIn.getByRole('button', { name: '确认核查' }).click()
  await expect(handedIn).toContainText('可作依据')
  await shot('visit-history')
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})
