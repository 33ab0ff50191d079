/**
 * Asks for tiles on behalf of the painter, over the raw port of the desktop or by GET in the browser host. Pending requests
 * are settled when the source is replaced, so that nothing waits for a service that is gone.
 */
import type { TileRequest } from '../../../shared/contract/tiles.ts'
import { tilePath } from '../../../shared/tiles/tile-address.ts'

export interface TileClient {
  /** Rejects with an error that carries a `code`; with `cancelled` after an abort. */
  read(request: TileRequest, signal: AbortSignal): Promise<Uint8Array>
  close(): void
}

interface PortAnswer {
  readonly id: number
  readonly bytes?: Uint8Array
  readonly error?: { readonly code: string; readonly message: string }
}

const failure = (code: string, message: string) => Object.assign(new Error(message), { code })

export function portTileClient(port: MessagePort): TileClient {
  const waiting = new Map<number, { resolve(bytes: Uint8Array): void; reject(error: Error): void }>()
  let lastId = 0
  let isClosed = false
  port.onmessage = ({ data }: MessageEvent<PortAnswer>) => {
    const pending = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.bytes) pending?.resolve(data.bytes)
    else pending?.reject(failure(data.error?.code ?? 'internal', data.error?.message ?? ''))
  }
  // No listener for `close`: in a worker whose page goes it takes old Electron versions down. A service that is started again
  // comes with a new port, and replacing the client ends this one.
  port.start()

  function end() {
    isClosed = true
    for (const pending of waiting.values()) pending.reject(failure('service_gone', 'tile port closed'))
    waiting.clear()
  }
  return {
    read: (request, signal) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(failure('service_gone', 'tile port closed'))
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        signal.addEventListener('abort', () => {
          if (!waiting.delete(id)) return
          port.postMessage({ id, cancel: true })
          reject(failure('cancelled', 'tile no longer wanted'))
        })
        port.postMessage({ id, request })
      }),
    close() {
      end()
      port.close()
    },
  }
}

export function httpTileClient(baseUrl: string, headers: Readonly<Record<string, string>>): TileClient {
  const closing = new AbortController()
  return {
    async read(request, signal) {
      const both = new AbortController()
      const abort = (): void => both.abort()
      for (const one of [signal, closing.signal]) one.addEventListener('abort', abort)
      try {
        const response = await fetch(baseUrl + tilePath(request), {
          headers,
          signal: both.signal,
          credentials: 'same-origin',
        })
        if (!response.ok) throw failure(response.status === 404 ? 'not_found' : 'internal', `HTTP ${response.status}`)
        return new Uint8Array(await response.arrayBuffer())
      } catch (error) {
        if (signal.aborted) throw failure('cancelled', 'tile no longer wanted')
        if (error instanceof Error && 'code' in error && typeof error.code === 'string') throw error
        throw failure('service_gone', String(error))
      } finally {
        // The client outlives its requests: what listens to its end would be kept with every one of them.
        for (const one of [signal, closing.signal]) one.removeEventListener('abort', abort)
      }
    },
    close: () => closing.abort(),
  }
}
