/** What every address of the hub is given. */
import type { IncomingMessage } from 'node:http'
import type { Metrics } from '../metrics.ts'
import type { RateLimit } from '../rate-limit.ts'
import type { Device } from '../storage/devices.ts'
import type { FileStore } from '../storage/files.ts'
import type { HubDb } from '../storage/tables.ts'

export interface HubContext {
  readonly db: HubDb
  readonly metrics: Metrics
  readonly perDevice: RateLimit
  /** Enrolments and wrong tokens of one address. */
  readonly perStranger: RateLimit
  /** Lines of the audit about one kind of refusal of one address. */
  readonly perNote: RateLimit
  readonly bodyBytes: number
  /** Undefined: this hub keeps no attachments. */
  readonly files: FileStore | undefined
}

export interface Call {
  readonly request: IncomingMessage
  readonly url: URL
  readonly address: string
  /** Filled as soon as the device is known, for the audit of refusals. */
  device?: Device
}
