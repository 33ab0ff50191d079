/**
 * Attachments by tus 1.0.0 (core and creation, https://tus.io/protocols/resumable-upload): POST makes an upload, HEAD tells
 * how far it is, PATCH goes on; GET with Range fetches. The address of an upload is the hash of its bytes.
 */
import { FILE_ID, knownFilesRequestSchema } from '../../shared/sync/protocol.ts'
import { HubError } from '../errors.ts'
import { audit } from '../storage/audit.ts'
import { type FileStore, fileRights, knownFiles } from '../storage/files.ts'
import { readBody } from './body.ts'
import type { Call, HubContext } from './context.ts'

export const TUS = '1.0.0'
const PATCH_BYTES = 8 * 1024 * 1024
const QUESTION_BYTES = 256 * 1024

/** An answer that is not JSON: a status, headers, and perhaps a file from `start` on. */
export class RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly file: { path: string; start: number } | undefined

  constructor(status: number, headers: Record<string, string>, file?: { path: string; start: number }) {
    this.status = status
    this.headers = headers
    this.file = file
  }
}

type Handler = (context: HubContext, call: Call) => Promise<unknown>
type Authorise = (context: HubContext, call: Call) => Promise<NonNullable<Call['device']>>

export function fileRoutes(authorised: Authorise): Readonly<Record<string, Handler>> {
  const idOf = (call: Call): string => call.url.pathname.slice('/v1/files/'.length)
  const storeOf = ({ files }: HubContext): FileStore => {
    if (!files) throw new HubError('not_found', '汇总端没有设置附件文件夹')
    return files
  }
  return {
    'POST /v1/known-files': async (context, call) => {
      const device = await authorised(context, call)
      const { ids } = await readBody(call.request, knownFilesRequestSchema, QUESTION_BYTES)
      return { known: context.files ? await knownFiles(context.db, context.files, device, ids) : [] }
    },

    'POST /v1/files': async (context, call) => {
      const device = await authorised(context, call)
      const store = storeOf(context)
      tusOnly(call)
      const id = metadataOf(call)
      const length = numberOf(call, 'upload-length')
      const rights = await fileRights(context.db, device, id)
      if (!rights.maySend) throw new HubError('out_of_scope', '没有本单位的记录使用这个附件')
      if (length < 1 || length > rights.longest) throw new HubError('too_large', '附件大小与记录不符')
      await store.begin(id, length)
      await audit(context.db, {
        device: device.id,
        address: call.address,
        action: 'file',
        outcome: 'ok',
        detail: `${id} ${length}`,
      })
      return new RawAnswer(201, { location: `/v1/files/${id}`, 'tus-resumable': TUS })
    },

    'HEAD /v1/files/:id': async (context, call) => {
      const device = await authorised(context, call)
      const store = storeOf(context)
      const id = idOf(call)
      const rights = await fileRights(context.db, device, id)
      if (!rights.mayGet) throw new HubError('not_found', '没有这个附件')
      const state = await store.stateOf(id)
      if (!state) throw new HubError('not_found', '没有这个附件')
      return new RawAnswer(200, {
        'upload-offset': String(state.bytes),
        'upload-length': String(state.length),
        'tus-resumable': TUS,
      })
    },

    'PATCH /v1/files/:id': async (context, call) => {
      const device = await authorised(context, call)
      const store = storeOf(context)
      tusOnly(call)
      const id = idOf(call)
      const rights = await fileRights(context.db, device, id)
      if (!rights.maySend) throw new HubError('out_of_scope', '没有本单位的记录使用这个附件')
      if (call.request.headers['content-type'] !== 'application/offset+octet-stream')
        throw new HubError('bad_request', '内容类型应为 application/offset+octet-stream')
      if (Number(call.request.headers['content-length'] ?? 0) > PATCH_BYTES)
        throw new HubError('too_large', '一次发送的内容太大')
      const body = call.request as AsyncIterable<Buffer>
      const offset = await store.append(id, numberOf(call, 'upload-offset'), body)
      return new RawAnswer(204, { 'upload-offset': String(offset), 'tus-resumable': TUS })
    },

    'GET /v1/files/:id': async (context, call) => {
      const device = await authorised(context, call)
      const store = storeOf(context)
      const id = idOf(call)
      const rights = await fileRights(context.db, device, id)
      const state = rights.mayGet ? await store.stateOf(id) : undefined
      if (!state?.isWhole) throw new HubError('not_found', '没有这个附件')
      const [, from] = /^bytes=(\d{1,12})-$/.exec(call.request.headers.range ?? '') ?? []
      const start = Math.min(Number(from ?? 0), state.bytes)
      return new RawAnswer(
        start > 0 ? 206 : 200,
        {
          // Never to be shown as a page, whatever it is.
          'content-type': 'application/octet-stream',
          'content-disposition': 'attachment',
          'content-length': String(state.bytes - start),
          ...(start > 0 ? { 'content-range': `bytes ${start}-${state.bytes - 1}/${state.bytes}` } : {}),
        },
        { path: store.pathOf(id), start },
      )
    },
  }
}

function tusOnly({ request }: Call): void {
  if (request.headers['tus-resumable'] !== TUS) throw new HubError('bad_request', '需要 Tus-Resumable: 1.0.0')
}

function numberOf({ request }: Call, header: string): number {
  const text = request.headers[header]
  if (typeof text !== 'string' || !/^\d{1,12}$/.test(text)) throw new HubError('bad_request', `缺少 ${header}`)
  return Number(text)
}

/** `Upload-Metadata: id <base64>`. */
function metadataOf({ request }: Call): string {
  const header = request.headers['upload-metadata']
  const [, encoded] = /(?:^|,)id ([A-Za-z0-9+/=]{1,200})(?:,|$)/.exec(typeof header === 'string' ? header : '') ?? []
  const id = Buffer.from(encoded ?? '', 'base64').toString('utf8')
  if (!FILE_ID.test(id)) throw new HubError('bad_request', '缺少附件的校验值')
  return id
}
