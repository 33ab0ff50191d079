/** node:http(s) in front of the routes: limits, timeouts, errors in the protocol's words, and a stop in good order. */
import { createReadStream, readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { HubError, isDatabaseAway } from '../errors.ts'
import { type AuditEntry, audit } from '../storage/audit.ts'
import type { Call, HubContext } from './context.ts'
import { RawAnswer } from './file-routes.ts'
import { limited, ROUTES } from './routes.ts'

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Milliseconds within which a request's headers and its whole body must have come. */
  readonly headersTimeout: number
  readonly requestTimeout: number
}

export interface RunningServer {
  readonly url: string
  close(): Promise<void>
}

export async function startServer(context: HubContext, options: ServerOptions): Promise<RunningServer> {
  const limits = {
    headersTimeout: options.headersTimeout,
    requestTimeout: options.requestTimeout,
    connectionsCheckingInterval: Math.min(1000, options.headersTimeout),
    keepAliveTimeout: 15_000,
    maxHeaderSize: 16 * 1024,
  }
  const listener: RequestListener = (request, response) => {
    const started = process.hrtime.bigint()
    const address = request.socket.remoteAddress ?? ''
    let route = 'other'
    void (async () => {
      let call: Call | undefined
      try {
        const url = new URL(request.url ?? '/', 'http://hub')
        const place = url.pathname.startsWith('/v1/files/') ? '/v1/files/:id' : url.pathname
        const name = `${request.method} ${place}`
        const handler = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined
        if (!handler) {
          limited(context.perStranger, address)
          throw new HubError('not_found', '没有这个地址')
        }
        route = name
        call = { request, url, address }
        const answer = await handler(context, call)
        if (answer instanceof RawAnswer) await sendRaw(response, answer)
        else send(response, 200, answer)
      } catch (error) {
        const refusal = inProtocol(error)
        if (refusal.code === 'internal') process.stderr.write(`${(error as Error).stack ?? String(error)}\n`)
        context.metrics.count(`hub_refusals_total{code="${refusal.code}"}`)
        // Written down before it is told; nothing can be written while the database is away.
        if (refusal.code !== 'busy')
          await note(context, {
            device: call?.device?.id ?? null,
            address,
            action: route,
            outcome: refusal.code,
            detail: refusal.message.slice(0, 300),
          })
        // What is left of a body nobody wants is not read: the connection goes.
        if (!request.complete) response.setHeader('connection', 'close')
        if (refusal.retryAfterS !== undefined) response.setHeader('retry-after', String(refusal.retryAfterS))
        send(response, refusal.status, {
          code: refusal.code,
          message: refusal.message,
          ...(refusal.retryAfterS === undefined ? {} : { retry_after_s: refusal.retryAfterS }),
        })
      } finally {
        context.metrics.request(route, response.statusCode, Number(process.hrtime.bigint() - started) / 1e9)
      }
    })()
  }
  const server: Server = options.tls
    ? createTlsServer(
        { ...limits, minVersion: 'TLSv1.2', cert: readFileSync(options.tls.cert), key: readFileSync(options.tls.key) },
        listener,
      )
    : createServer(limits, listener)
  server.maxConnections = 4000
  // What never became a request: headers or a body that do not come, headers that are too long, no HTTP at all.
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const [status, outcome] = BROKEN[error.code ?? ''] ?? ['400 Bad Request', 'malformed']
    // Somebody who has gone was not refused.
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || !socket.writable) {
      socket.destroy()
      return
    }
    context.metrics.count(`hub_refusals_total{code="${outcome}"}`)
    const address = socket.remoteAddress ?? ''
    const detail = (error.code ?? '').slice(0, 60)
    void note(context, { device: null, address, action: 'connection', outcome, detail }).then(() => {
      if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`)
      else socket.destroy()
    })
  })
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(options.port, options.host, done)
  })
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return {
    url: `${options.tls ? 'https' : 'http'}://${host}:${port}`,
    // What has begun is finished; idle connections go at once.
    close: () =>
      new Promise(done => {
        server.close(() => done())
        server.closeIdleConnections()
      }),
  }
}

const BROKEN: Readonly<Record<string, readonly [status: string, outcome: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'too_slow'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers_too_large'],
}

/** A flood must not fill the disk: of what anybody can send without a token, some of a minute is written, all is counted. */
const FLOOD: ReadonlySet<string> = new Set(['rate_limited', 'malformed', 'too_slow', 'headers_too_large'])

async function note(context: HubContext, entry: AuditEntry): Promise<void> {
  if (FLOOD.has(entry.outcome) && context.perNote.take(`${entry.outcome} ${entry.address}`) > 0) return
  await audit(context.db, entry).catch(() => context.metrics.count('hub_audit_lost_total'))
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return
  const isText = typeof body === 'string'
  const bytes = Buffer.from(isText ? body : JSON.stringify(body), 'utf8')
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(bytes)
}

async function sendRaw(response: ServerResponse, { status, headers, file }: RawAnswer): Promise<void> {
  if (response.destroyed) return
  response.writeHead(status, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers })
  if (!file) response.end()
  // A laptop that goes away in the middle asks for the rest another time.
  else await pipeline(createReadStream(file.path, { start: file.start }), response).catch(() => response.destroy())
}

/** Errors of a database that is away or busy are `busy`: the device tries again later with the same patches. */
function inProtocol(error: unknown): HubError {
  if (error instanceof HubError) return error
  if (isDatabaseAway(error)) return new HubError('busy', '汇总端暂时无法写入，修改保留在本机，稍后自动重试', 5)
  return new HubError('internal', '汇总端内部错误')
}
