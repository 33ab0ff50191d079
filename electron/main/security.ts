/** Electron's security checklist for every page: no navigation, no new windows, no webviews, no permissions but the whole screen. */
import { app, type Session, shell, type WebContents } from 'electron'
import { APP_ORIGIN } from './app-protocol.ts'

/**
 * Permissions a page may have: the whole screen for the wall chart, nothing else. A GNSS receiver on a serial port would be
 * let in here, together with its own device handler.
 */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(['fullscreen'])

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_page, permission, answer) => answer(ALLOWED_PERMISSIONS.has(permission)))
  session.setPermissionCheckHandler((_page, permission) => ALLOWED_PERMISSIONS.has(permission))
  session.setDevicePermissionHandler(() => false)
}

/** True for pages of our own; checked before any request of theirs is answered. */
export function isOwnPage(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`)
}

function guardPage(page: WebContents): void {
  page.on('will-navigate', (event, url) => {
    if (!isOwnPage(url)) event.preventDefault()
  })
  page.on('will-redirect', event => event.preventDefault())
  page.on('will-attach-webview', event => event.preventDefault())
  page.setWindowOpenHandler(() => ({ action: 'deny' }))
}

export function guardAllPages(): void {
  app.on('web-contents-created', (_event, page) => guardPage(page))
}

/** Kinds of produced files that may be opened with the system's program: documents, never anything that runs. */
const OPENABLE = /\.(pdf|docx|xlsx|csv|geojson|txt|png|svg)$/i

/** Opens a produced document; false when its kind is not allowed or the system has no program for it. */
export async function openDocument(path: string): Promise<boolean> {
  if (!OPENABLE.test(path)) return false
  return (await shell.openPath(path)) === ''
}
