/** Speaks to the service from inside a desktop page without the window's own client, to test the ports themselves. */
import type { Page } from '@playwright/test'

interface LowlandWindow {
  lowland: { requestPorts(): void }
}

/** The answer of one procedure without input, over ports asked for anew; rejects when none comes. */
export function callOverNewPort(page: Page, procedure: string): Promise<unknown> {
  return page.evaluate(
    path =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no answer from the service')), 15_000)
        const onPorts = (event: MessageEvent): void => {
          if ((event.data as { type?: string } | null)?.type !== 'lowland-ports') return
          // These ports are ours; the window's own client must not take them.
          event.stopImmediatePropagation()
          window.removeEventListener('message', onPorts, { capture: true })
          const [rpc] = event.ports
          if (!rpc) throw new Error('no port')
          rpc.onmessage = answer => {
            clearTimeout(timer)
            resolve(JSON.parse(String(answer.data)))
          }
          rpc.postMessage(JSON.stringify({ i: '1', p: { u: `http://orpc/${path}`, b: {} } }))
        }
        window.addEventListener('message', onPorts, { capture: true })
        ;(window as unknown as LowlandWindow).lowland.requestPorts()
      }),
    procedure,
  )
}

/** The answer to one tile request over a raw port asked for anew. */
export function tileOverNewPort(page: Page, request: unknown): Promise<{ bytes?: number; error?: unknown }> {
  return page.evaluate(
    asked =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no tile from the service')), 15_000)
        const onPorts = (event: MessageEvent): void => {
          if ((event.data as { type?: string } | null)?.type !== 'lowland-ports') return
          // These ports are ours; the window's own client must not take them.
          event.stopImmediatePropagation()
          window.removeEventListener('message', onPorts, { capture: true })
          const tiles = event.ports[1]
          if (!tiles) throw new Error('no port')
          tiles.onmessage = answer => {
            clearTimeout(timer)
            const data = answer.data as { bytes?: Uint8Array; error?: unknown }
            resolve({ bytes: data.bytes?.byteLength, error: data.error })
          }
          tiles.postMessage({ id: 7, request: asked })
        }
        window.addEventListener('message', onPorts, { capture: true })
        ;(window as unknown as LowlandWindow).lowland.requestPorts()
      }),
    request,
  )
}
