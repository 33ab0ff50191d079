/**
 * Rules for serving the window's files, the same under `app://` and on the loopback host: which paths are allowed, what
 * type a file has, which security headers go with it. Pure; reads no file.
 */

/** No inline script or style, nothing from elsewhere. antd's styles are adopted sheets, which `style-src` does not block. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ')

/** Headers of every answer that a page may load. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  geojson: 'application/geo+json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  wasm: 'application/wasm',
}

/** Content type by file name; unknown kinds are plain bytes. */
export function contentTypeOf(name: string): string {
  return TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream'
}

/**
 * The relative file a URL path asks for (`/` is `index.html`), or null when it is not a plain path below the root:
 * dot segments, backslashes, drive letters, empty segments, NUL or broken escapes are refused, not repaired.
 */
export function relativeFileOf(urlPath: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  if (path === '/' || path === '') return 'index.html'
  if (!path.startsWith('/') || path.includes('\0') || /[\\:]/.test(path)) return null
  const segments = path.slice(1).split('/')
  if (segments.some(segment => segment === '' || segment.startsWith('.'))) return null
  return segments.join('/')
}
