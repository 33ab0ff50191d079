/** One command's session: a service over the survey named, a typed client on it, and progress on stderr. */
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient, type RouterClient } from '@orpc/server'
import { createService, type Service } from '../service/service.ts'
import type { Progress } from '../shared/contract/base.ts'
import type { Contract } from '../shared/contract/contract.ts'
import { dataFolder, type Places } from './places.ts'

export type Client = ContractRouterClient<Contract>

export interface Session {
  client: Client
  service: Service
  signal: AbortSignal
}

/** Opens a service, runs `work` and closes it again, whatever happens. Ctrl+C cancels the work; nothing is half written. */
export async function withSession<T>(
  surveyFile: string | undefined,
  places: Places,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  const onInterrupt = (): void => abort.abort()
  process.once('SIGINT', onInterrupt)
  const service = await createService({
    ...(surveyFile === undefined ? {} : { surveyFile }),
    dataFolder: dataFolder(),
    resourcesFolder: places.resourcesFolder,
    appVersion: places.appVersion,
  })
  try {
    const client: RouterClient<Service['router']> = createRouterClient(service.router, { context: {} })
    return await work({ client: client as Client, service, signal: abort.signal })
  } finally {
    process.removeListener('SIGINT', onInterrupt)
    service.close()
  }
}

const PROGRESS_EVERY_MS = 500

/** Follows a job to its result; progress goes to stderr at most twice a second. */
export async function follow<T>(stream: AsyncIterator<Progress, T, unknown>): Promise<T> {
  let last = 0
  for (;;) {
    const step = await stream.next()
    if (step.done) {
      if (last > 0 && process.stderr.isTTY) process.stderr.write('\n')
      return step.value
    }
    const now = Date.now()
    if (now - last < PROGRESS_EVERY_MS) continue
    last = now
    const { phase, done, total } = step.value
    const amount = total === null ? String(done) : `${done}/${total}`
    process.stderr.write(process.stderr.isTTY ? `\r${phase} ${amount}   ` : `${phase} ${amount}\n`)
  }
}
