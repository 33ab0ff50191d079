/**
 * Errors that cross a process boundary are data: a code from this closed list, a message for people and plain details.
 * Callers decide by `code`, never by message text or class. The same codes give HTTP statuses and exit codes.
 */
import { z } from 'zod'

export const ERROR_CODES = {
  bad_input: 400,
  not_found: 404,
  refused: 409,
  revision_conflict: 409,
  duplicate_code: 409,
  invalid_geometry: 422,
  import_rejected: 422,
  file_not_found: 404,
  file_unreadable: 422,
  file_exists: 409,
  survey_locked: 423,
  survey_from_future: 409,
  survey_damaged: 422,
  survey_not_open: 409,
  unsafe_location: 409,
  not_a_survey: 422,
  disk_full: 507,
  cancelled: 499,
  service_gone: 503,
  hub_unreachable: 502,
  internal: 500,
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** What every failed call carries besides its code and message. `reason` is a key of the UI catalogue. */
export const errorDetailsSchema = z.object({
  reason: z.string().optional(),
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  file: z.string().optional(),
  row: z.number().optional(),
  field: z.string().optional(),
})

export type ErrorDetails = z.infer<typeof errorDetailsSchema>

/** The only error class thrown on purpose. `message` is Chinese and fit to be shown; the UI translates by `details.reason`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(message)
    if (options && 'cause' in options) Object.defineProperty(this, 'cause', { value: options.cause, enumerable: false })
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}

/** True when `error` carries one of our codes, whatever process or bundle it was made in. */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in ERROR_CODES
}

/** The oRPC error map shared by every procedure: one typed error per code. */
export const errorMap = Object.fromEntries(
  Object.entries(ERROR_CODES).map(([code, status]) => [code, { status, data: errorDetailsSchema }]),
) as { [C in ErrorCode]: { status: (typeof ERROR_CODES)[C]; data: typeof errorDetailsSchema } }
