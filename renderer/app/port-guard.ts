/**
 * A MessagePort that says when it is dead. A bare oRPC link hangs for ever on calls made after the other side died, and a
 * page that reloads with an open port takes old Electron versions down; both are mended here.
 */
import type { SupportedMessagePort } from '@orpc/client/message-port'

export interface GuardedPort {
  readonly port: SupportedMessagePort
  close(): void
}

export function guardPort(port: MessagePort, onDead: () => void): GuardedPort {
  const closeListeners: (() => void)[] = []
  let dead = false
  const close = (): void => {
    if (dead) return
    dead = true
    removeEventListener('pagehide', close)
    port.close()
    for (const listener of closeListeners) listener()
    onDead()
  }
  port.addEventListener('close', close)
  addEventListener('pagehide', close)
  const guarded = {
    postMessage(data: unknown, transfer?: Transferable[]) {
      if (dead) throw Object.assign(new Error('数据服务已断开'), { code: 'service_gone' })
      if (transfer) port.postMessage(data, transfer)
      else port.postMessage(data)
    },
    addEventListener(type: string, listener: (event: { data: unknown }) => void) {
      if (type === 'message') port.addEventListener('message', listener as (event: MessageEvent) => void)
      else closeListeners.push(listener as () => void)
    },
    start: () => port.start(),
  }
  return { port: guarded as unknown as SupportedMessagePort, close }
}
