/**
 * Entry of the utility process: the data service behind ports brokered by the main process. Never imports Electron; the
 * parent port is part of the process it runs in.
 */
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { createService, type Service } from '../../service/service.ts'
import { wireErrors } from '../../service/wire-errors.ts'
import type { Contract } from '../../shared/contract/contract.ts'
import { serveAssets } from './asset-port.ts'
import { serveTiles, type TilePort } from './tile-port.ts'

interface HostPort extends TilePort {
  addEventListener?: never
  removeEventListener?: never
}

interface ParentPort {
  on(type: 'message', listener: (event: { data: unknown; ports: HostPort[] }) => void): void
}

function argument(name: string): string | undefined {
  const prefix = `--${name}=`
  return process.argv.find(part => part.startsWith(prefix))?.slice(prefix.length)
}

function requiredArgument(name: string): string {
  const value = argument(name)
  if (value === undefined) throw new Error(`missing --${name}`)
  return value
}

async function start(): Promise<Service> {
  const service = await createService({
    dataFolder: requiredArgument('data'),
    resourcesFolder: requiredArgument('resources'),
    appVersion: requiredArgument('app-version'),
    background: true,
  })
  const client: ContractRouterClient<Contract> = createRouterClient(service.router, { context: {} })
  // Started again after a death: the survey that was open last is open again before the first call.
  const recent = process.argv.includes('--reopen') ? (await client.survey.recent())[0] : undefined
  const survey = argument('survey') ?? (recent?.exists ? recent.file : undefined)
  if (survey !== undefined) {
    // A survey that does not open must not keep the window from saying so and offering another one.
    await client.survey.open({ file: survey }).catch(error => console.error(`survey not opened: ${messageOf(error)}`))
  }
  return service
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const starting = start()

// Calls that arrive while the survey is being opened wait in the port.
async function connect(rpcPort: HostPort, tilePort: HostPort, assetPort: HostPort): Promise<void> {
  const service = await starting
  new RPCHandler(service.router, { clientInterceptors: [wireErrors] }).upgrade(rpcPort, { context: {} })
  rpcPort.start()
  serveTiles(tilePort, service.tile)
  serveAssets(assetPort, service.asset)
}

async function close(): Promise<void> {
  const service = await starting
  await service.close()
  process.exit(0)
}

const { parentPort } = process as unknown as { parentPort: ParentPort }
parentPort.on('message', ({ data, ports }) => {
  const type = (data as { type?: unknown } | null)?.type
  const [rpcPort, tilePort, assetPort] = ports
  if (type === 'connect' && rpcPort && tilePort && assetPort) void connect(rpcPort, tilePort, assetPort)
  if (type === 'close') void close()
})
// Without a service there is nothing to wait for: the main process sees the end and decides.
starting.catch(error => {
  console.error(`service did not start: ${messageOf(error)}`)
  process.exit(1)
})
