/**
 * The loopback host: the window's files, the contract at /rpc, tiles, uploads and downloads, on 127.0.0.1 only. Every
 * request passes the guard first. Knows nothing of the survey.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { RPCHandler } from '@orpc/server/node'
import type { Service } from '../../service/service.ts'
import { wireErrors } from '../../service/wire-errors.ts'
import { parseAssetPath } from '../../shared/contract/assets.ts'
import { ERROR_CODES, isAppError } from '../../shared/contract/errors.ts'
import { SECURITY_HEADERS } from '../../shared/lib/web-files.ts'
import { parseTilePath } from '../../shared/tiles/parse-tile-path.ts'
import { clearOldUploads, receiveUpload, sendJson, sendPage, sendProduced, sendText } from './files.ts'
import { createGuard, type Guard } from './guard.ts'

export interface LoopbackOptions {
  readonly service: Service
  readonly rendererFolder: string
  readonly dataFolder: string
  /** 0 for any free one. */
  readonly port: number
  /** Answers for pages in place of the built files (development). */
  readonly page?: (request: IncomingMessage, response: ServerResponse) => void
  readonly maxUploadBytes?: number
}

export interface Loopback {
  /** An address to open, with a new one-time token. */
  newUrl(): string
  readonly port: number
  readonly server: Server
  /** Lets running answers finish for a moment, then closes. */
  close(): Promise<void>
}

const CLOSE_MS = 500

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>

async function sendTile(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = parseTilePath(request.url ?? '')
  if (!address) return sendText(response, 400, 'bad tile address')
  const controller = new AbortController()
  response.once('close', () => controller.abort())
  try {
    const bytes = await service.tile(address, controller.signal)
    response
      .writeHead(200, {
        ...SECURITY_HEADERS,
        'content-type': 'application/octet-stream',
        'content-length': bytes.byteLength,
        'cache-control': 'no-store',
      })
      .end(bytes)
  } catch (error) {
    if (response.headersSent || response.destroyed) return
    const code = isAppError(error) ? error.code : 'internal'
    const message = isAppError(error) ? error.message : '图块读取失败'
    sendJson(response, ERROR_CODES[code], { error: { code, message } })
  }
}

/** A picture; 204 when there is nothing to show. Never anything that a browser would run. */
async function sendAsset(service: Service, path: string, response: ServerResponse): Promise<void> {
  const request = parseAssetPath(path)
  if (!request) return sendText(response, 400, 'bad asset address')
  try {
    const asset = await service.asset(request)
    if (!asset) {
      response.writeHead(204, { ...SECURITY_HEADERS, 'cache-control': 'no-store' }).end()
      return
    }
    const headers = {
      'content-type': asset.type,
      'content-length': asset.bytes.byteLength,
      'cache-control': 'no-store',
    }
    response.writeHead(200, { ...SECURITY_HEADERS, ...headers }).end(asset.bytes)
  } catch (error) {
    if (response.headersSent || response.destroyed) return
    const code = isAppError(error) ? error.code : 'internal'
    sendJson(response, ERROR_CODES[code], {
      error: { code, message: isAppError(error) ? error.message : '图片读取失败' },
    })
  }
}

function routes(options: LoopbackOptions): Handler {
  const { service, dataFolder, rendererFolder, page } = options
  const rpc = new RPCHandler(service.router, { clientInterceptors: [wireErrors] })
  return async (request, response, url) => {
    const path = url.pathname
    if (path.startsWith('/rpc/')) {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
      const { matched } = await rpc.handle(request, response, { prefix: '/rpc', context: {} })
      if (!matched) sendText(response, 404, 'no such procedure')
      return
    }
    if (request.method === 'POST' && path === '/files') {
      return receiveUpload(request, response, dataFolder, url.searchParams.get('name') ?? '', options.maxUploadBytes)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendText(response, 405, 'method not allowed')
    if (path.startsWith('/tiles/')) return sendTile(service, request, response)
    if (path.startsWith('/pictures/photo/') || path.startsWith('/pictures/basemap/'))
      return sendAsset(service, path, response)
    if (path.startsWith('/files/')) {
      return sendProduced(response, join(dataFolder, 'exports'), decodeURIComponent(path.slice('/files/'.length)))
    }
    if (page) return page(request, response)
    return sendPage(response, rendererFolder, path)
  }
}

function refusalText(reason: string): string {
  if (reason !== 'token') return `refused: ${reason}`
  return [
    '这个地址已经用过，或不完整。请回到运行 Lowland 的终端窗口按回车键，用新给出的地址打开。',
    'This address has been used already or is incomplete. Press Enter in the terminal that runs Lowland for a new one.',
  ].join('\n')
}

async function answer(guard: Guard, route: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers } = request
  try {
    const verdict = guard.check({ method, url, headers })
    if (verdict.kind === 'refused') return sendText(response, verdict.status, refusalText(verdict.reason))
    if (verdict.kind === 'signed_in') {
      response.writeHead(302, { ...SECURITY_HEADERS, 'set-cookie': verdict.cookie, location: verdict.location }).end()
      return
    }
    await route(request, response, new URL(url, 'http://127.0.0.1'))
  } catch (error) {
    // A browser that went away is nobody's error; anything else must not reach the page as text.
    if (response.headersSent || response.destroyed) response.destroy()
    else {
      console.error(error instanceof Error ? error.message : String(error))
      sendText(response, 500, 'internal error')
    }
  }
}

export async function startLoopback(options: LoopbackOptions): Promise<Loopback> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const guard = createGuard(port)
  void clearOldUploads(options.dataFolder, Date.now())
  const route = routes(options)
  server.on('request', (request, response) => void answer(guard, route, request, response))
  return {
    newUrl: () => `http://127.0.0.1:${port}/?token=${guard.newToken()}`,
    port,
    server,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeIdleConnections()
        // Event streams never end by themselves.
        setTimeout(() => server.closeAllConnections(), CLOSE_MS).unref()
      }),
  }
}
