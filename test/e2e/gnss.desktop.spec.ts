/** The receiver's port in the real desktop: our page may ask, the choice is our own list, other permissions stay denied. */
import { expect, test } from './support/app.ts'

test('a port is asked for in the own list, which follows what is plugged in', async ({ app }) => {
  test.setTimeout(90_000)
  const { page, electron } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  // The map is there before the frame that hears keys.
  await expect(async () => {
    await page.keyboard.press('i')
    await expect(page.getByTestId('gnss-panel')).toBeVisible({ timeout: 1000 })
  }).toPass()
  const panel = page.getByTestId('gnss-panel')
  await panel.getByRole('button', { name: '连接接收机' }).click()
  const list = page.getByTestId('serial-ports')
  await expect(list).toBeVisible()
  // The machine may have ports of its own; this one is plugged in now.
  await electron!.evaluate(({ session }) => {
    const port = { portId: 'test-port', portName: 'COM7', displayName: 'GNSS 接收机' }
    session.defaultSession.emit('serial-port-added', {}, port)
  })
  await expect(list.getByRole('radio', { name: 'GNSS 接收机(COM7)' })).toBeVisible()
  await electron!.evaluate(({ session }) => {
    session.defaultSession.emit('serial-port-removed', {}, { portId: 'test-port' })
  })
  await expect(list.getByRole('radio', { name: 'GNSS 接收机(COM7)' })).toHaveCount(0)
  await page.getByRole('dialog').getByRole('button', { name: '取消' }).click()
  await expect(list).toBeHidden()
  // Given up is no error; it can be asked again.
  await expect(panel.getByRole('alert')).toHaveCount(0)
  await panel.getByRole('button', { name: '连接接收机' }).click()
  await expect(list).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: '取消' }).click()

  const others = await page.evaluate(async () =>
    Promise.all(
      ['geolocation', 'notifications', 'camera'].map(
        async name => (await navigator.permissions.query({ name: name as PermissionName })).state,
      ),
    ),
  )
  expect(others).toEqual(['denied', 'denied', 'denied'])
  expect(app.errors).toEqual([])
  expect(await app.violations()).toEqual([])
})
