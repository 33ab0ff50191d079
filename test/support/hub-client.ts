/** Speaks to a hub over real TCP, in good and in bad manners. */
import { randomFillSync } from 'node:crypto'
import { connect } from 'node:net'
import { uuidV7 } from '../../shared/lib/uuid.ts'
import type { EntityName } from '../../shared/model/entity.ts'
import {
  PROTOCOL_VERSION,
  pullResponseSchema,
  pushResponseSchema,
  SYNC_SCHEMA,
  type SyncConflict,
  type SyncPatch,
  type SyncReceipt,
  type SyncRow,
} from '../../shared/sync/protocol.ts'

export const SURVEY = 'survey-1'
export const newId = (): string => uuidV7(Date.now(), bytes => randomFillSync(bytes))

export interface Answer {
  status: number
  body: { readonly [key: string]: unknown }
}

export async function call(
  url: string,
  path: string,
  request: { method?: string; body?: string; token?: string } = {},
): Promise<Answer> {
  const { token, ...init } = request
  const headers: Record<string, string> = { connection: 'close' }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  const response = await fetch(url + path, { ...init, headers })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : { text } }
}

export class Laptop {
  url: string
  readonly id: string
  readonly token: string
  seq = 0

  constructor(url: string, id: string, token: string) {
    this.url = url
    this.id = id
    this.token = token
  }

  /** A patch with the next number. */
  patch(entity: EntityName, id: string, op: SyncPatch['op'], more: Partial<SyncPatch> = {}): SyncPatch {
    this.seq += 1
    return {
      id: newId(),
      device_seq: this.seq,
      entity,
      entity_id: id,
      op,
      base: 0,
      fields: {},
      edit: { id: newId(), label: 'edit', user: `person of ${this.id}`, at: '1999-01-01T00:00:00Z', reason: null },
      ...more,
    }
  }

  parcel(id: string, unit: string | null, code = id, more: SyncPatch['fields'] = {}): SyncPatch {
    return this.patch('parcel', id, 'create', {
      fields: { code: [null, code], unit: [null, unit], ...more },
      geometry: { from: null, to: 'R1AAAQ==' },
    })
  }

  send(patches: readonly unknown[], survey = SURVEY): Promise<Answer> {
    const body = JSON.stringify({ protocol: PROTOCOL_VERSION, schema: SYNC_SCHEMA, survey, patches })
    return call(this.url, '/v1/push', { method: 'POST', token: this.token, body })
  }

  async push(...patches: SyncPatch[]): Promise<SyncReceipt[]> {
    const answer = await this.send(patches)
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
    return pushResponseSchema.parse(answer.body).receipts
  }

  async pull(since = 0, limit = 1000): Promise<{ rows: SyncRow[]; conflicts: SyncConflict[]; cursor: number }> {
    const rows: SyncRow[] = []
    const conflicts: SyncConflict[] = []
    let cursor = since
    for (;;) {
      const answer = await call(this.url, `/v1/pull?survey=${SURVEY}&since=${cursor}&limit=${limit}`, {
        token: this.token,
      })
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
      const page = pullResponseSchema.parse(answer.body)
      rows.push(...page.rows)
      conflicts.push(...page.conflicts)
      cursor = page.cursor
      if (!page.more) return { rows, conflicts, cursor }
    }
  }
}

/** Sends raw bytes and ends the connection (`cut`), or waits until the hub does. Gives what came back. */
export function rawly(url: string, bytes: string | Buffer, cut = false): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((done, fail) => {
    let answer = ''
    const socket = connect({ host: hostname, port: Number(port) })
    socket.on('data', part => {
      answer += part.toString('utf8')
    })
    socket.on('error', error => ((error as NodeJS.ErrnoException).code === 'ECONNRESET' ? done(answer) : fail(error)))
    socket.on('close', () => done(answer))
    socket.write(bytes, () => {
      if (cut) socket.destroy()
    })
  })
}
