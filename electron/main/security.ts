/**
 * Electron's security checklist for every page: no navigation, no new windows, no webviews, no permissions but the whole
 * screen and serial ports.
 */
import { app, type Session, shell, type WebContents } from 'electron'
import { APP_ORIGIN } from './app-protocol.ts'

/** Permissions a page may have: the whole screen for the wall chart, nothing else that is asked for. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(['fullscreen'])

/** A GNSS receiver on a serial port (`serial.ts`) is for our own page only. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_page, permission, answer) => answer(ALLOWED_PERMISSIONS.has(permission)))
  session.setPermissionCheckHandler(
    (_page, permission, origin) =>
      ALLOWED_PERMISSIONS.has(permission) || (permission === 'serial' && isOwnPage(origin)),
  )
  session.setDevicePermissionHandler(({ deviceType, origin }) => deviceType === 'serial' && isOwnPage(origin))
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
