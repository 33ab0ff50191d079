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
