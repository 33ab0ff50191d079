/** The hub as a whole: storage, limits and server. Imports `shared/` only; the terminal starts it. */
import { join } from 'node:path'
import { LIMITS } from '../shared/sync/protocol.ts'
import { type ServerOptions, startServer } from './http/server.ts'
import { createMetrics } from './metrics.ts'
import { rateLimit } from './rate-limit.ts'
import { openFileStore } from './storage/files.ts'
import { type HubPlace, openHubDatabase } from './storage/open.ts'

export interface HubOptions extends Partial<ServerOptions> {
  readonly place: HubPlace
  /** Requests per minute of one device, and failed or enrolling ones of one address. */
  readonly devicePerMinute?: number
  readonly strangerPerMinute?: number
  readonly bodyBytes?: number
  /** Where attachments are kept; beside a SQLite database by default, nowhere with PostgreSQL. */
  readonly filesFolder?: string
}

export interface RunningHub {
  readonly url: string
  /** Finishes the requests that have begun, then closes the database. */
  close(): Promise<void>
}

/** A first download asks for some forty pages a second, and for many small pictures after that. */
const DEVICE_PER_MINUTE = 6000

export async function startHub(options: HubOptions): Promise<RunningHub> {
  const { db } = await openHubDatabase(options.place)
  const folder = options.filesFolder ?? ('folder' in options.place ? join(options.place.folder, 'files') : undefined)
  const context = {
    db,
    metrics: createMetrics(),
    perDevice: rateLimit(options.devicePerMinute ?? DEVICE_PER_MINUTE),
    perStranger: rateLimit(options.strangerPerMinute ?? 30),
    perNote: rateLimit(6),
    bodyBytes: options.bodyBytes ?? LIMITS.bodyBytes,
    files: folder === undefined ? undefined : openFileStore(folder),
  }
  const server = await startServer(context, {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    headersTimeout: options.headersTimeout ?? 10_000,
    requestTimeout: options.requestTimeout ?? 120_000,
    ...(options.tls ? { tls: options.tls } : {}),
  }).catch(async error => {
    await db.destroy()
    throw error
  })
  return {
    url: server.url,
    async close() {
      await server.close()
      await db.destroy()
    },
  }
}
