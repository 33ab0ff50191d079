/**
 * The window's connection to the data service: a typed client that is replaced when the service restarts, the source of
 * tiles, and what the person should know about it. One place for both hosts (desktop ports, browser HTTP).
 */
import { createORPCClient } from '@orpc/client'
import { RPCLink as FetchLink } from '@orpc/client/fetch'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../shared/contract/contract.ts'
import { type LowlandDesktop, PORTS_MESSAGE } from '../../shared/contract/desktop.ts'
import type { TileSource } from '../map/map-port.ts'
import { type AssetSource, httpAssets, portAssets } from './assets.ts'
import { browserTiles } from './browser-tiles.ts'
import { guardPort } from './port-guard.ts'

export type Client = ContractRouterClient<Contract>

declare global {
  interface Window {
    lowland?: LowlandDesktop
  }
}

/** `restarted` stays until the person has been told; `failed` offers a retry. */
export type ConnectionState = 'connecting' | 'connected' | 'restarted' | 'failed'

export interface Link {
  readonly client: Client
  readonly tileSource: TileSource
  readonly assets: AssetSource
  /** Grows with each new link; part of query keys' lifetime. */
  readonly generation: number
}

export interface Connection {
  readonly desktop: LowlandDesktop | undefined
  state(): ConnectionState
  link(): Link | undefined
  subscribe(listener: () => void): () => void
  /** The restart notice has been shown. */
  acknowledge(): void
  retry(): void
}

export function connect(): Connection {
  return window.lowland ? connectDesktop(window.lowland) : connectBrowser()
}

function createHub() {
  const listeners = new Set<() => void>()
  return {
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell() {
      for (const listener of listeners) listener()
    },
  }
}

function connectBrowser(): Connection {
  const hub = createHub()
  const base = new URL('./', location.href)
  const link: Link = {
    client: createORPCClient<Client>(new FetchLink({ url: new URL('rpc', base).href })),
    tileSource: browserTiles(),
    assets: httpAssets(base.href.replace(/\/$/, '')),
    generation: 1,
  }
  return {
    desktop: undefined,
    state: () => 'connected',
    link: () => link,
    subscribe: listener => hub.subscribe(listener),
    acknowledge: () => undefined,
    retry: () => location.reload(),
  }
}

function connectDesktop(desktop: LowlandDesktop): Connection {
  const hub = createHub()
  let state: ConnectionState = 'connecting'
  let link: Link | undefined
  let generation = 0
  let close: (() => void) | undefined
  // Ports that nobody here asked for are somebody else's.
  let awaited = 0
  const request = (): void => {
    awaited++
    desktop.requestPorts()
  }
  const set = (next: ConnectionState): void => {
    state = next
    hub.tell()
  }

  addEventListener('message', event => {
    if (event.source !== window || event.data?.type !== PORTS_MESSAGE || awaited === 0) return
    awaited--
    const [rpcPort, tilePort, assetPort] = event.ports
    if (!rpcPort || !tilePort || !assetPort) return
    close?.()
    const guarded = guardPort(rpcPort, () => {
      if (close === guarded.close) link = undefined
      hub.tell()
    })
    close = guarded.close
    link = {
      client: createORPCClient<Client>(new PortLink({ port: guarded.port })),
      tileSource: { kind: 'port', port: tilePort },
      assets: portAssets(assetPort),
      generation: ++generation,
    }
    rpcPort.start()
    set(generation === 1 ? 'connected' : 'restarted')
  })
  desktop.onServiceState(service => {
    if (service === 'failed') set('failed')
    else if (service === 'restarted') request()
  })
  request()
  return {
    desktop,
    state: () => state,
    link: () => link,
    subscribe: listener => hub.subscribe(listener),
    acknowledge: () => set('connected'),
    retry: () => {
      set('connecting')
      void desktop.retryService().then(request)
    },
  }
}
