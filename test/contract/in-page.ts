/**
 * The contract cases inside a window: bundled by the end-to-end test and evaluated in the page of the real desktop, where
 * they talk to the utility process over fresh ports. `window.runContractCase(name)` runs one.
 */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { type LowlandDesktop, PORTS_MESSAGE } from '../../shared/contract/desktop.ts'
import { CONTRACT_CASES, type ContractClient } from './contract-cases.ts'

declare const window: EventTarget & {
  lowland: LowlandDesktop
  contractCases: string[]
  runContractCase(name: string): Promise<void>
}

function freshClient(): Promise<ContractClient> {
  return new Promise(resolve => {
    const onMessage = (event: Event): void => {
      const { data, ports } = event as MessageEvent
      if (data?.type !== PORTS_MESSAGE) return
      // These ports are ours; the window's own client must not take them.
      event.stopImmediatePropagation()
      window.removeEventListener('message', onMessage, { capture: true })
      const port = ports[0]!
      resolve(createORPCClient<ContractClient>(new RPCLink({ port })))
      port.start()
    }
    window.addEventListener('message', onMessage, { capture: true })
    window.lowland.requestPorts()
  })
}

let client: Promise<ContractClient> | undefined

window.contractCases = CONTRACT_CASES.map(entry => entry.name)
window.runContractCase = async name => {
  client ??= freshClient()
  await CONTRACT_CASES.find(entry => entry.name === name)!.run(await client)
}
