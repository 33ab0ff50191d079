/**
 * The package itself, unpacked: built by electron-builder with the settings of the real one around the Electron at hand, then
 * started as people start it. Its fuses keep debuggers of Node out, so the window is reached through Chromium's own port.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from '@playwright/test'
import { inProject, PROJECT_FOLDER } from '../../tools/paths.ts'
import { run } from '../../tools/run.ts'
import { findTestElectron, HOW_TO_GET_ELECTRON, sandboxArguments } from '../../tools/runtimes.ts'

/** Fuses that came after the Electron that tests may run on; a package for people has them. */
const LATER_FUSES = ['enableEmbeddedAsarIntegrityValidation', 'grantFileProtocolExtraPrivileges']

const SYSTEMS: Partial<Record<NodeJS.Platform, { flag: string; program: string }>> = {
  win32: { flag: '--win', program: 'win-unpacked/Lowland.exe' },
  darwin: { flag: '--mac', program: 'mac/Lowland.app/Contents/MacOS/Lowland' },
}
const system = SYSTEMS[process.platform] ?? { flag: '--linux', program: 'linux-unpacked/lowland' }

test('an unpacked package starts with the demo survey, and its terminal answers', async () => {
  const runtime = findTestElectron()
  if (!runtime) throw new Error(HOW_TO_GET_ELECTRON)
  const folder = mkdtempSync(join(tmpdir(), 'lowland-package-'))
  try {
    const dist = dirname(runtime.executable)
    const version = readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '')
    const config = join(folder, 'builder.yml')
    const older = Number(version.split('.')[0]) < 29
    const settings = readFileSync(inProject('electron-builder.yml'), 'utf8')
      .split('\n')
      .filter(line => !(older && LATER_FUSES.some(fuse => line.includes(fuse))))
      .map(line => (line === '  output: dist' ? `  output: ${JSON.stringify(join(folder, 'dist'))}` : line))
    writeFileSync(
      config,
      [...settings, `electronDist: ${JSON.stringify(dist)}`, `electronVersion: ${version}`].join('\n'),
    )
    const built = await run(
      process.execPath,
      [inProject('node_modules/electron-builder/cli.js'), '--dir', system.flag, '--config', config],
      { timeoutMs: 120_000, cwd: PROJECT_FOLDER, env: { ...process.env, CI: 'false' } },
    )
    expect(built.code, built.output).toBe(0)
    const program = join(folder, 'dist', system.program)
    const env = {
      ...process.env,
      LOWLAND_DATA: join(folder, 'terminal'),
      ...(runtime.sqliteBinding ? { LOWLAND_SQLITE_BINDING: runtime.sqliteBinding } : {}),
    }

    const survey = join(folder, '踏勘.lowland')
    const made = await run(program, [...sandboxArguments(), '--terminal', 'init', '--survey', survey, '--json'], {
      timeoutMs: 60_000,
      env,
    })
    expect(made.code, made.output).toBe(0)
    expect(JSON.parse(made.stdout)).toMatchObject({ survey, units: 18 })

    const child = spawn(
      program,
      [
        ...sandboxArguments(),
        '--disable-gpu',
        '--lang=zh-CN',
        '--remote-debugging-port=0',
        `--user-data-dir=${join(folder, 'profile')}`,
      ],
      { env: { ...env, LOWLAND_DATA: join(folder, 'window') }, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    try {
      const address = await new Promise<string>((resolve, reject) => {
        let said = ''
        child.stderr.on('data', chunk => {
          said += String(chunk)
          const found = /DevTools listening on (ws:\S+)/.exec(said)
          if (found) resolve(found[1]!)
        })
        child.once('exit', code => reject(new Error(`the program ended with ${code}: ${said}`)))
      })
      const origin = `http://${new URL(address).host}`
      const shown = () => inWindow(origin, "document.querySelector('.frame')?.innerText ?? ''")
      await expect.poll(shown, { timeout: 40_000 }).toContain('示例数据')
      expect(await shown()).toContain('连片区域')
      expect(await inWindow(origin, "document.querySelectorAll('.map-canvas').length")).toBe(1)
      expect(await inWindow(origin, 'typeof require + typeof process')).toBe('undefinedundefined')
    } finally {
      child.kill('SIGKILL')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** Asks the page of a started program, over Chromium's protocol: Playwright cannot attach to an Electron that keeps Node closed. */
async function inWindow(origin: string, expression: string): Promise<unknown> {
  const targets = (await (await fetch(`${origin}/json/list`)).json()) as {
    type: string
    webSocketDebuggerUrl: string
  }[]
  const page = targets.find(target => target.type === 'page')
  if (!page) return undefined
  const socket = new WebSocket(page.webSocketDebuggerUrl)
  try {
    return await new Promise((resolve, reject) => {
      socket.onopen = () =>
        socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }))
      socket.onmessage = ({ data }) => {
        const answer = JSON.parse(String(data)) as { id?: number; result?: { result: { value: unknown } } }
        if (answer.id === 1) resolve(answer.result?.result.value)
      }
      socket.onerror = () => reject(new Error('the window does not answer'))
    })
  } finally {
    socket.close()
  }
}
