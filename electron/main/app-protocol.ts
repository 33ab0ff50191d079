/** Serves the window's own files as `app://lowland/…` with the security headers. Nothing else is reachable this way. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { protocol } from 'electron'
import { contentTypeOf, relativeFileOf, SECURITY_HEADERS } from '../../shared/lib/web-files.ts'

export const APP_SCHEME = 'app'
export const APP_ORIGIN = 'app://lowland'

/** Must be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' } })
}

export function serveApp(rendererFolder: string): void {
  protocol.handle(APP_SCHEME, async request => {
    const url = new URL(request.url)
    const file = url.host === 'lowland' ? relativeFileOf(url.pathname) : null
    if (request.method !== 'GET' || file === null) return plain(403, 'forbidden')
    try {
      const bytes = await readFile(join(rendererFolder, file))
      return new Response(new Uint8Array(bytes), {
        headers: { ...SECURITY_HEADERS, 'content-type': contentTypeOf(file) },
      })
    } catch {
      return plain(404, 'not found')
    }
  })
}
