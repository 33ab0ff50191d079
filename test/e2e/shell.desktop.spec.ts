/** The Electron shell: what the page may not do, and what happens when the data service dies. */
import type { ElectronApplication } from '@playwright/test'
import { expect, test } from './support/app.ts'
import { callOverNewPort, tileOverNewPort } from './support/page-ports.ts'

/** Process id of the data service, by its name in Electron's own list of processes. */
function servicePid(electron: ElectronApplication): Promise<number | undefined> {
  return electron.evaluate(
    ({ app }) =>
      app.getAppMetrics().find(metric => metric.serviceName?.includes('node') && metric.type === 'Utility')?.pid,
  )
}

test('the page is isolated, sandboxed and without Node', async ({ app }) => {
  const preferences = await app.electron!.evaluate(({ BrowserWindow }) => {
    const page = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>
    }
    const { contextIsolation, sandbox, nodeIntegration, webviewTag, webSecurity } = page.getLastWebPreferences()
    return { contextIsolation, sandbox, nodeIntegration, webviewTag, webSecurity }
  })
  expect(preferences).toEqual({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  })
  const globals = await app.page.evaluate(() =>
    ['require', 'process', 'Buffer', 'module', 'ipcRenderer'].filter(name => name in window),
  )
  expect(globals).toEqual([])
})

test('the page has a strict policy and never violates it', async ({ app }) => {
  const policy = await app.page.evaluate(async () =>
    (await fetch('./index.html')).headers.get('content-security-policy'),
  )
  expect(policy).toContain("script-src 'self'")
  expect(policy).toContain("style-src 'self'")
  expect(policy).not.toMatch(/unsafe|\*/)
  expect(await app.violations()).toEqual([])
  const blocked = await app.page.evaluate(
    () =>
      new Promise<string>(resolve => {
        document.addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective), { once: true })
        const script = document.createElement('script')
        script.textContent = 'window.__inline = true'
        document.body.append(script)
      }),
  )
  expect(blocked).toMatch(/^script-src/)
})

test('files outside of the window cannot be fetched', async ({ app }) => {
  const statuses = await app.page.evaluate(() =>
    Promise.all(
      ['./..%2f..%2fpackage.json', './%2e%2e/main/main.cjs', './.renderer.stamp', './nothing.js'].map(
        async path => (await fetch(path)).status,
      ),
    ),
  )
  expect(statuses.every(status => status === 403 || status === 404)).toBe(true)
})

test('navigation, new windows and permissions are refused', async ({ app }) => {
  const before = app.page.url()
  const opened = await app.page.evaluate(() => window.open('app://lowland/index.html') === null)
  expect(opened).toBe(true)
  await app.page.evaluate(() => {
    window.location.href = 'https://example.test/'
  })
  await app.page.waitForTimeout(500)
  expect(app.page.url()).toBe(before)
  expect(app.electron!.windows()).toHaveLength(1)
  const permission = await app.page.evaluate(
    async () => (await navigator.permissions.query({ name: 'geolocation' })).state,
  )
  expect(permission).toBe('denied')
})

test('requests with a bad shape are refused by the main process', async ({ app }) => {
  const refusals = await app.page.evaluate(async () => {
    const { lowland } = window as unknown as { lowland: Record<string, (input: unknown) => Promise<unknown>> }
    const calls = [lowland['openFile']!({ filters: 1 }), lowland['openExported']!(7), lowland['setLanguage']!('fr')]
    return Promise.all(calls.map(call => call.then(() => 'accepted').catch(error => String(error))))
  })
  expect(refusals.every(refusal => refusal.includes('bad_input'))).toBe(true)
  const program = await app.page.evaluate(() =>
    (window as unknown as { lowland: { openExported(path: string): Promise<boolean> } }).lowland.openExported(
      '/bin/sh',
    ),
  )
  expect(program).toBe(false)
})

test('a page that is loaded again, with everything open, comes back', async ({ app }) => {
  const { page } = app
  for (let time = 0; time < 3; time++) {
    await expect(page.locator('.map-canvas')).toBeVisible()
    await expect(page.locator('.rail')).toBeVisible()
    await page.waitForTimeout(500)
    await page.reload()
  }
  await expect(page.locator('.rail')).toBeVisible()
  expect(app.errors).toEqual([])
})

test('a killed service is started again once, the window is told, and the next call works', async ({ app }) => {
  const first = await servicePid(app.electron!)
  expect(first).toBeGreaterThan(0)
  expect(await callOverNewPort(app.page, 'survey/info')).toBeTruthy()
  await app.page.evaluate(() => {
    const page = window as unknown as {
      __states: string[]
      lowland: { onServiceState(listener: (state: string) => void): void }
    }
    page.__states = []
    page.lowland.onServiceState(state => page.__states.push(state))
  })
  const states = () => app.page.evaluate(() => (window as unknown as { __states: string[] }).__states)

  process.kill(first!, 'SIGKILL')
  await expect.poll(states).toEqual(['restarted'])
  const second = await servicePid(app.electron!)
  expect(second).not.toBe(first)
  const answer = (await callOverNewPort(app.page, 'survey/info')) as { p: { b: { json: { file: string } } } }
  expect(answer.p.b.json.file).toBe(app.surveyFile ?? '')
  const tile = await tileOverNewPort(app.page, { layer: 'parcels', z: 10, x: 850, y: 424, revision: 0 })
  expect(app.surveyFile ? tile.bytes : tile.error).toBeTruthy()

  process.kill(second!, 'SIGKILL')
  await expect.poll(states).toEqual(['restarted', 'failed'])
  expect(await servicePid(app.electron!)).toBeUndefined()
  await app.page.evaluate(() =>
    (window as unknown as { lowland: { retryService(): Promise<void> } }).lowland.retryService(),
  )
  await expect.poll(states).toEqual(['restarted', 'failed', 'restarted'])
  expect(await callOverNewPort(app.page, 'survey/info')).toBeTruthy()
})

/** Chooses an entry of the application menu by its words. */
function chooseInMenu(electron: ElectronApplication, submenu: string, entry: string): Promise<boolean> {
  return electron.evaluate(
    ({ BrowserWindow, Menu }, [under, label]) => {
      const item = Menu.getApplicationMenu()
        ?.items.find(top => top.label === under)
        ?.submenu?.items.find(candidate => candidate.label === label)
      item?.click(undefined, BrowserWindow.getAllWindows()[0], undefined)
      return item !== undefined
    },
    [submenu, entry] as const,
  )
}

test('the application menu runs the commands of the window', async ({ app }) => {
  const { page } = app
  // The menu is there before the window that listens to it: what is chosen in between is kept for it.
  expect(await chooseInMenu(app.electron!, '文件', '导入…')).toBe(true)
  await expect(page.locator('.rail-item-current')).toContainText('数据')
  expect(await chooseInMenu(app.electron!, '文件', '导出…')).toBe(true)
  await expect(page.locator('.rail-item-current')).toContainText('报告')
  expect(await chooseInMenu(app.electron!, '文件', '设置')).toBe(true)
  await expect(page.locator('.rail-item-current')).toContainText('设置')
  expect(await chooseInMenu(app.electron!, '视图', '命令面板')).toBe(true)
  await expect(page.getByPlaceholder('输入命令名称…')).toBeVisible()
})

test('a window with a value that cannot be saved asks before it closes', async ({ app }) => {
  const { page } = app
  await expect(page.locator('.map-canvas')).toBeVisible()
  await expect(page.locator('.rail')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('330781001-2021-0005')
  await expect(page.locator('.search-result').first()).toContainText('330781001-2021-0005')
  await page.keyboard.press('Enter')
  const floors = page.getByLabel('层数', { exact: true })
  await floors.fill('-3')
  await floors.press('Tab')
  await expect(page.locator('.field-failed')).toBeVisible()
  const closeWith = (answer: number) =>
    app.electron!.evaluate(({ BrowserWindow, dialog }, chosen) => {
      const asked: string[] = []
      dialog.showMessageBoxSync = ((_window: unknown, { message }: { message: string }) => {
        asked.push(message)
        return chosen
      }) as typeof dialog.showMessageBoxSync
      const [window] = BrowserWindow.getAllWindows()
      return new Promise<{ asked: string[]; open: number }>(resolve => {
        window!.close()
        setTimeout(() => resolve({ asked, open: BrowserWindow.getAllWindows().length }), 1500)
      })
    }, answer)
  expect(await closeWith(0)).toEqual({ asked: ['还有内容没有保存'], open: 1 })
  // Mended, it closes without a word.
  await floors.fill('3')
  await floors.press('Tab')
  await expect(page.locator('.field-failed')).toHaveCount(0)
})

test('New survey in the menu asks where to, and opens what was made', async ({ app }) => {
  const { page } = app
  // The early map is there before the window that listens to the menu.
  await expect(page.locator('.rail')).toBeVisible()
  await expect(page.locator('.map-canvas')).toBeVisible()
  const made = await app.electron!.evaluate(({ app: shell, dialog }) => {
    const target = `${shell.getPath('userData')}/menu-made.lowland`
    dialog.showSaveDialog = (() =>
      Promise.resolve({ canceled: false, filePath: target })) as unknown as typeof dialog.showSaveDialog
    return target
  })
  expect(await chooseInMenu(app.electron!, '文件', '新建调查…')).toBe(true)
  await expect(page.getByText('已新建调查')).toBeVisible()
  await page.locator('.rail-item', { hasText: '设置' }).click()
  await expect(page.getByText(made, { exact: false }).first()).toBeVisible()
})
