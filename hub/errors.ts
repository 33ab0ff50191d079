/** A refusal of the hub: one of the closed codes of the protocol and words that can be shown. */
import { HUB_ERRORS } from '../shared/sync/protocol.ts'

export type HubErrorCode = keyof typeof HUB_ERRORS

export class HubError extends Error {
  readonly code: HubErrorCode
  readonly retryAfterS: number | undefined

  constructor(code: HubErrorCode, message: string, retryAfterS?: number) {
    super(message)
    this.name = 'HubError'
    this.code = code
    this.retryAfterS = retryAfterS
  }

  get status(): number {
    return HUB_ERRORS[this.code]
  }
}

/** True for errors of a database that cannot be reached or cannot write now; the same request may succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  const known = typeof code === 'string' ? code : ''
  return (
    /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|ENOSPC|EFBIG|EDQUOT|08|53|57P|58|40|55P|SQLITE_BUSY|SQLITE_FULL|SQLITE_IOERR)/.test(
      known,
    ) || /connection|timeout exceeded|driver has already been destroyed/i.test(String(message))
  )
}
