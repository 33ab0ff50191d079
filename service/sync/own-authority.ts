/**
 * Counties run the hub on their own network, with a certificate of their own authority or one that signs itself. Node (and
 * Electron) trust neither, nor what Windows trusts; so `hub-ca.pem` beside the settings is trusted as well, from the next
 * connection on, without a restart.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import tls, { type SecureContext } from 'node:tls'

const FILE = 'hub-ca.pem'
const files = new Set<string>()

/** Adds the certificates of that folder to those that Node knows, for connections that name none themselves. */
export function trustOwnAuthority(dataFolder: string): void {
  const isFirst = files.size === 0
  files.add(join(dataFolder, FILE))
  if (!isFirst) return
  // fetch takes no certificates, and Node 18 has no other place for them than the making of each context.
  const make = tls.createSecureContext
  tls.createSecureContext = (options): SecureContext => {
    const made = make(options)
    if (options?.ca !== undefined || options?.cert !== undefined) return made
    for (const file of files) if (existsSync(file)) made.context.addCACert(readFileSync(file))
    return made
  }
}
