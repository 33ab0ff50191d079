/**
 * The memory of a page's process, in a visit of its own over the bare DevTools protocol. The driver of the other visits
 * listens to the network, and a browser that is listened to keeps every answer a page reads a second time: 10 MB of ours.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser, HOW_TO_GET_BROWSER } from '../../../tools/runtimes.ts'

type Answer = Readonly<Record<string, unknown>>

/** A page that is driven as Playwright's `Page` is, as far as the steps of a visit need it. */
export interface HandPage {
  readonly mouse: {
    move(x: number, y: number): Promise<void>
    down(): Promise<void>
    up(): Promise<void>
    wheel(dx: number, dy: number): Promise<void>
    click(x: number, y: number, options: { delay: number }): Promise<void>
  }
  evaluate<Input, Output>(work: (input: Input) => Output | Promise<Output>, input: Input): Promise<Output>
  evaluate<Output>(work: () => Output | Promise<Output>): Promise<Output>
}

export interface BareBrowser {
  readonly page: HandPage
  /** @param before run in the page before any of its own code. */
  open(url: string, before: readonly string[]): Promise<void>
  /** PSS and heap of the page's process in MB, garbage of the page and its workers collected; PSS on Linux only. */
  weigh(): Promise<{ pssMB: number; heapMB: number }>
  close(): Promise<void>
}

/** @param args switches of the browser, the same as in the other visits. */
export async function bareBrowser(args: readonly string[], width: number, height: number): Promise<BareBrowser> {
  const executable = findBrowser()
  if (!executable) throw new Error(HOW_TO_GET_BROWSER)
  const profile = mkdtempSync(join(tmpdir(), 'lowland-weigh-'))
  const child = spawn(executable, [...args, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const wire = await connect(await addressOf(child))
  const { targetInfos } = await wire.send('Target.getTargets', {})
  const { targetId } = (targetInfos as { type: string; targetId: string }[]).find(({ type }) => type === 'page')!
  const { sessionId } = (await wire.send('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string }
  const toPage = (method: string, parameters: Answer = {}): Promise<Answer> => wire.send(method, parameters, sessionId)
  await toPage('Page.enable')
  await toPage('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
  const hand = handOf(toPage)

  return {
    page: hand,
    async open(url, before) {
      for (const source of before) await toPage('Page.addScriptToEvaluateOnNewDocument', { source })
      await toPage('Page.navigate', { url })
    },
    async weigh() {
      const workers = await wire.workersOf(sessionId)
      for (const session of [sessionId, ...workers]) await wire.send('HeapProfiler.collectGarbage', {}, session)
      const { usedSize } = await toPage('Runtime.getHeapUsage')
      const { processInfo } = await wire.send('SystemInfo.getProcessInfo', {})
      const renderers = (processInfo as { type: string; id: number }[]).filter(({ type }) => type === 'renderer')
      // A browser keeps an empty process ready for the next page; ours is the heavier.
      return { pssMB: Math.max(...renderers.map(({ id }) => pssOf(id))), heapMB: Number(usedSize) / 1e6 }
    },
    async close() {
      const ended = new Promise(resolve => child.once('exit', resolve))
      await wire.send('Browser.close', {}).catch(() => child.kill())
      await ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /DevTools listening on (ws:\S+)/.exec(said)
      if (found) resolve(found[1]!)
    })
    child.once('exit', code => reject(new Error(`the browser ended (${code}) before it listened: ${said.slice(-300)}`)))
  })
}

interface Wire {
  send(method: string, parameters: Answer, sessionId?: string): Promise<Answer>
  /** Sessions of the workers of a page. */
  workersOf(sessionId: string): Promise<string[]>
}

async function connect(address: string): Promise<Wire> {
  const socket = new WebSocket(address)
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('the browser does not answer'))
  })
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>()
  const workers: string[] = []
  let last = 0
  socket.onmessage = ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(String(data)) as {
      id?: number
      result?: Answer
      error?: { message: string }
      method?: string
      params?: { sessionId: string; targetInfo: { type: string } }
    }
    if (method === 'Target.attachedToTarget' && params?.targetInfo.type === 'worker') workers.push(params.sessionId)
    if (id === undefined) return
    const one = waiting.get(id)
    waiting.delete(id)
    if (error) one?.reject(new Error(error.message))
    else one?.resolve(result ?? {})
  }
  const send = (method: string, parameters: Answer, sessionId?: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, { resolve, reject })
      socket.send(JSON.stringify({ id, method, params: parameters, ...(sessionId ? { sessionId } : {}) }))
    })
  return {
    send,
    async workersOf(sessionId) {
      await send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: true }, sessionId)
      return [...workers]
    },
  }
}

function handOf(send: (method: string, parameters?: Answer) => Promise<Answer>): HandPage {
  let at = { x: 0, y: 0 }
  let held = 0
  const mouse = async (type: string, more: Answer = {}): Promise<void> => {
    await send('Input.dispatchMouseEvent', { type, ...at, buttons: held, ...more })
  }
  const press = async (): Promise<void> => {
    held = 1
    await mouse('mousePressed', { button: 'left', clickCount: 1 })
  }
  const release = async (): Promise<void> => {
    held = 0
    await mouse('mouseReleased', { button: 'left', clickCount: 1 })
  }
  return {
    mouse: {
      async move(x, y) {
        at = { x, y }
        await mouse('mouseMoved', held ? { button: 'left' } : {})
      },
      down: press,
      up: release,
      wheel: (deltaX, deltaY) => mouse('mouseWheel', { deltaX, deltaY }),
      async click(x, y, { delay }) {
        at = { x, y }
        await mouse('mouseMoved')
        await press()
        await new Promise(resolve => setTimeout(resolve, delay))
        await release()
      },
    },
    async evaluate<Input, Output>(work: (input: Input) => Output | Promise<Output>, input?: Input) {
      const expression = `(${work.toString()})(${input === undefined ? '' : JSON.stringify(input)})`
      const { result, exceptionDetails } = await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      })
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails).slice(0, 200))
      return (result as { value: Output }).value
    },
  }
}

/** Proportional set size, MB; Linux only. */
function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
