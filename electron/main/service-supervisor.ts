/**
 * Keeps the data service running in a utility process and hands its ports to the window. Data never passes through here:
 * after the ports are brokered, window and service talk directly.
 */
import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebContents } from 'electron'
import { CHANNELS, type ServiceState } from '../../shared/contract/desktop.ts'
import { restartPolicy } from './restart-policy.ts'

export interface SupervisorOptions {
  /** The bundled entry of the service. */
  readonly entry: string
  readonly args: readonly string[]
  /** Tells every window. */
  readonly onState: (state: ServiceState) => void
}

export interface ServiceSupervisor {
  start(): void
  /** Sends `[rpcPort, tilePort, assetPort]` to the page; all are closed at once when no service is alive. */
  connect(page: WebContents): void
  /** After a failure: forget the deaths and start again. */
  retry(): void
  /** Ends the service in good order; resolves when it is gone. */
  stop(): Promise<void>
  pid(): number | undefined
}

/** How long the service may take to close its survey before it is killed. */
const STOP_MS = 5_000

export function superviseService(options: SupervisorOptions): ServiceSupervisor {
  const policy = restartPolicy()
  let worker: UtilityProcess | undefined
  let stopping = false

  function start(isAgain = false): void {
    const args = [...options.args, ...(isAgain ? ['--reopen'] : [])]
    const started = utilityProcess.fork(options.entry, args, {
      serviceName: 'lowland-service',
      stdio: 'inherit',
    })
    worker = started
    started.once('exit', () => {
      if (worker !== started) return
      worker = undefined
      if (stopping) return
      if (policy.onDeath(Date.now()) === 'restart') {
        start(true)
        options.onState('restarted')
      } else options.onState('failed')
    })
  }

  return {
    start: () => start(),
    connect(page) {
      const rpc = new MessageChannelMain()
      const tiles = new MessageChannelMain()
      const assets = new MessageChannelMain()
      page.postMessage(CHANNELS.ports, null, [rpc.port1, tiles.port1, assets.port1])
      // A port given to a dead process never answers and never closes: close our end so that the page learns of it.
      if (!worker) {
        rpc.port2.close()
        tiles.port2.close()
        assets.port2.close()
        return
      }
      worker.postMessage({ type: 'connect' }, [rpc.port2, tiles.port2, assets.port2])
    },
    retry() {
      if (worker) return
      policy.reset()
      start(true)
      options.onState('restarted')
    },
    stop() {
      stopping = true
      const running = worker
      if (!running) return Promise.resolve()
      return new Promise(resolve => {
        const timer = setTimeout(() => running.kill(), STOP_MS)
        running.once('exit', () => {
          clearTimeout(timer)
          resolve()
        })
        running.postMessage({ type: 'close' })
      })
    },
    pid: () => worker?.pid,
  }
}
