/**
 * Turns errors of the service into what crosses a process boundary: our codes with their details, `bad_input` for refused
 * input, `internal` without any text of its own for everything unknown. Used by every host that has a wire.
 */
import { mapEventIterator, ORPCError } from '@orpc/client'
import { ERROR_CODES, type ErrorDetails, isAppError } from '../shared/contract/errors.ts'
import { toAppError } from './db/sql.ts'

export function toWireError(raised: unknown): ORPCError<string, unknown> {
  const error = toAppError(raised)
  if (isAppError(error) && !(error instanceof ORPCError)) {
    const details: ErrorDetails = error.details
    return new ORPCError(error.code, {
      defined: true,
      status: ERROR_CODES[error.code],
      message: error.message,
      data: details,
    })
  }
  if (error instanceof ORPCError && error.code in ERROR_CODES) return error
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return new ORPCError('bad_input', {
      defined: true,
      status: ERROR_CODES.bad_input,
      message: '请求内容不符合要求',
      data: { reason: 'bad_input' },
    })
  }
  if (error instanceof ORPCError && error.code === 'NOT_FOUND') return error
  console.error(error)
  return new ORPCError('internal', {
    defined: true,
    status: ERROR_CODES.internal,
    message: '程序内部错误',
    data: { reason: 'internal' },
    cause: error,
  })
}

function isStream(value: unknown): value is AsyncIterator<unknown, unknown, void> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** oRPC client interceptor; errors in the middle of a stream are translated as well. */
export async function wireErrors({ next }: { next: () => Promise<unknown> }): Promise<unknown> {
  try {
    const result = await next()
    if (!isStream(result)) return result
    return mapEventIterator(result, { value: async value => value, error: async error => toWireError(error) })
  } catch (error) {
    throw toWireError(error)
  }
}
