/**
 * Pictures of records and basemaps for the window: over a port in the desktop, by GET in the browser host. Answers are
 * bytes with a type, or null when there is nothing to show.
 */
import { assetPath } from '../../shared/contract/asset-path.ts'
import type { Asset, AssetRequest } from '../../shared/contract/assets.ts'

export interface AssetSource {
  /** Rejects when the service is gone or refuses. */
  read(request: AssetRequest): Promise<Asset | null>
}

interface PortAnswer {
  readonly id: number
  readonly asset?: Asset | null
  readonly error?: { readonly code: string; readonly message: string }
}

export function portAssets(port: MessagePort): AssetSource {
  const waiting = new Map<number, { resolve(asset: Asset | null): void; reject(error: Error): void }>()
  let lastId = 0
  let isClosed = false
  port.onmessage = ({ data }: MessageEvent<PortAnswer>) => {
    const pending = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.error) pending?.reject(failure(data.error.code, data.error.message))
    else pending?.resolve(data.asset ?? null)
  }
  const end = (): void => {
    isClosed = true
    for (const pending of waiting.values()) pending.reject(failure('service_gone', 'asset port closed'))
    waiting.clear()
  }
  port.addEventListener('close', end)
  // A page that goes with an open port that is listened to takes old Electron versions down (see port-guard.ts).
  addEventListener('pagehide', () => {
    end()
    port.close()
  })
  port.start()
  return {
    read: request =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(failure('service_gone', 'asset port closed'))
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        port.postMessage({ id, request })
      }),
  }
}

export function httpAssets(baseUrl: string): AssetSource {
  return {
    async read(request) {
      const response = await fetch(baseUrl + assetPath(request), { credentials: 'same-origin' })
      if (response.status === 204 || response.status === 404) return null
      if (!response.ok) throw failure('internal', `HTTP ${response.status}`)
      return {
        bytes: new Uint8Array(await response.arrayBuffer()),
        type: response.headers.get('content-type') ?? 'application/octet-stream',
      }
    },
  }
}

/** An address that an image element takes; to be revoked by whoever asked. */
export function blobUrl({ bytes, type }: Asset): string {
  return URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
