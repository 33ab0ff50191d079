/** The contract cases on the terminal's direct client, over HTTP on the loopback host, and over a message port. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink as FetchLink } from '@orpc/client/fetch'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { createRouterClient } from '@orpc/server'
import { RPCHandler as PortHandler } from '@orpc/server/message-port'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { startLoopback } from '../../cli/http/server.ts'
import { createService, type Service } from '../../service/service.ts'
import { wireErrors } from '../../service/wire-errors.ts'
import { buildDemo } from '../../tools/demo/build-demo.ts'
import { CONTRACT_CASES, type ContractClient } from './contract-cases.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'lowland-contract-'))
const resources = join(folder, 'resources')

beforeAll(() => buildDemo(join(resources, 'demo/demo.lowland'), root))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Host {
  client: ContractClient
  close(): Promise<void> | void
}

const newService = (name: string): Promise<Service> =>
  createService({ dataFolder: join(folder, name), resourcesFolder: resources, appVersion: 'test' })

const HOSTS: Record<string, () => Promise<Host>> = {
  'terminal (direct calls)': async () => {
    const service = await newService('direct')
    return {
      client: createRouterClient(service.router, { context: {} }) as ContractClient,
      close: () => service.close(),
    }
  },
  'loopback host (HTTP)': async () => {
    const service = await newService('http')
    const loopback = await startLoopback({ service, rendererFolder: folder, dataFolder: join(folder, 'http'), port: 0 })
    const url = loopback.newUrl()
    const origin = new URL(url).origin
    const login = await fetch(url, { redirect: 'manual' })
    const cookie = login.headers.get('set-cookie')!.split(';')[0]!
    const client = createORPCClient<ContractClient>(
      new FetchLink({ url: `${origin}/rpc`, headers: { cookie, origin } }),
    )
    return {
      client,
      async close() {
        await loopback.close()
        service.close()
      },
    }
  },
  'message port': async () => {
    const service = await newService('port')
    const { port1, port2 } = new MessageChannel()
    new PortHandler(service.router, { clientInterceptors: [wireErrors] }).upgrade(port1, { context: {} })
    const client = createORPCClient<ContractClient>(new PortLink({ port: port2 }))
    return {
      client,
      close() {
        port2.close()
        service.close()
      },
    }
  },
}

describe.each(Object.entries(HOSTS))('%s', (_name, start) => {
  let host: Host
  beforeAll(async () => {
    host = await start()
  })
  afterAll(() => host.close())

  for (const { name, run } of CONTRACT_CASES) it(name, () => run(host.client))
})
