import { ORPCError } from '@orpc/client'
import { expect, it, vi } from 'vitest'
import { AppError } from '../shared/contract/errors.ts'
import { toWireError, wireErrors } from './wire-errors.ts'

it('keeps code, text and details of our own errors', () => {
  const error = toWireError(new AppError('duplicate_code', '编号重复', { reason: 'duplicate', row: 3 }))
  expect(error).toMatchObject({
    code: 'duplicate_code',
    status: 409,
    message: '编号重复',
    data: { reason: 'duplicate', row: 3 },
    defined: true,
  })
})

it('calls refused input bad_input', () => {
  expect(toWireError(new ORPCError('BAD_REQUEST', { data: { issues: [] } }))).toMatchObject({
    code: 'bad_input',
    status: 400,
  })
})

it('tells nothing of unknown errors', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const error = toWireError(new Error('no such table: secret'))
  expect(JSON.stringify(error)).not.toContain('secret')
  expect(error.code).toBe('internal')
  expect(log).toHaveBeenCalled()
  log.mockRestore()
})

it('translates errors in the middle of a stream', async () => {
  async function* work() {
    yield 1
    throw new AppError('cancelled', '已取消')
  }
  const stream = (await wireErrors({ next: async () => work() })) as AsyncIterator<number>
  expect((await stream.next()).value).toBe(1)
  await expect(stream.next()).rejects.toMatchObject({ code: 'cancelled', defined: true })
})
