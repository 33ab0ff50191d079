/** The one window: isolated, sandboxed, without Node, shown when it has something to show. */
import { join } from 'node:path'
import { BrowserWindow, dialog, screen } from 'electron'
import { APP_ORIGIN } from './app-protocol.ts'
import { mainText } from './menu.ts'
import { MIN_HEIGHT, MIN_WIDTH, readWindowState, visibleBounds, writeWindowState } from './window-state.ts'

export interface WindowOptions {
  readonly preload: string
  /** For the task bar where the program itself carries none (Linux). */
  readonly icon: string
  readonly stateFile: string
}

export function openWindow({ preload, icon, stateFile }: WindowOptions): BrowserWindow {
  const remembered = readWindowState(stateFile)
  const primary = screen.getPrimaryDisplay()
  const displays = [primary, ...screen.getAllDisplays().filter(display => display.id !== primary.id)]
  const bounds = visibleBounds(
    remembered?.bounds,
    displays.map(display => display.workArea),
  )
  const window = new BrowserWindow({
    ...bounds,
    minWidth: Math.min(MIN_WIDTH, bounds.width),
    minHeight: Math.min(MIN_HEIGHT, bounds.height),
    show: false,
    title: 'Lowland 低效用地踏勘',
    icon,
    backgroundColor: '#ffffff',
    webPreferences: {
      preload: join(preload),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (remembered?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () =>
    writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() }),
  )
  // A page that holds something unsaved stays. Electron, unlike a browser, would say nothing: the window would just not close.
  window.webContents.on('will-prevent-unload', event => {
    const chosen = dialog.showMessageBoxSync(window, {
      type: 'warning',
      message: mainText('unsaved.message'),
      detail: mainText('unsaved.detail'),
      buttons: [mainText('unsaved.stay'), mainText('unsaved.leave')],
      defaultId: 0,
      cancelId: 0,
    })
    if (chosen === 1) event.preventDefault()
  })
  void window.loadURL(`${APP_ORIGIN}/`)
  return window
}
