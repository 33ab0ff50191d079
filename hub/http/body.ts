/** Reads a JSON body up to a limit. Nothing of a request whose body was cut off reaches the store. */
import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { HubError } from '../errors.ts'

/** Throws `too_large` as soon as the limit is passed, `bad_request` for anything that is no JSON of the schema. */
export async function readBody<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
  limit: number,
): Promise<z.infer<Schema>> {
  const tooLarge = new HubError('too_large', '一次发送的内容太大')
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > limit) throw tooLarge
    parts.push(part)
  }
  let body: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
    // PostgreSQL keeps no NUL in a text.
    if (text.includes('\\u0000')) throw new Error('NUL')
    body = JSON.parse(text)
    // Half a surrogate pair is no text; JSON.stringify writes only such ones as escapes.
    if (/\\ud[89a-f]/i.test(text) && /(?<!\\)(\\\\)*\\ud[89a-f]/.test(JSON.stringify(body)))
      throw new Error('half a pair')
  } catch {
    throw new HubError('bad_request', '内容不是有效的 JSON')
  }
  const parsed = schema.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new HubError('bad_request', `内容不符合约定：${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
  }
  return parsed.data
}
