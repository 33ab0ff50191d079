/** Entry of the desktop: one instance, one window, one supervised data service. Composition only; holds no data. */
import { join, resolve } from 'node:path'
import { app, BrowserWindow, session } from 'electron'
import { CHANNELS, type MenuCommand, type ServiceState } from '../../shared/contract/desktop.ts'
import { registerAppScheme, serveApp } from './app-protocol.ts'
import { registerIpc } from './ipc.ts'
import { type Language, setMenu } from './menu.ts'
import { denyPermissions, guardAllPages } from './security.ts'
import { superviseService } from './service-supervisor.ts'
import { openWindow } from './window.ts'

const OUT_FOLDER = resolve(__dirname, '..')

/** A survey named on the command line or double-clicked. */
function surveyArgument(argv: readonly string[]): string | undefined {
  const found = argv.slice(1).find(argument => !argument.startsWith('-') && argument.endsWith('.lowland'))
  return found === undefined ? undefined : resolve(found)
}

function sendToWindows(channel: string, value: unknown): void {
  for (const window of BrowserWindow.getAllWindows()) window.webContents.send(channel, value)
}

function startDesktop(): void {
  const dataFolder = process.env['LOWLAND_DATA'] ? resolve(process.env['LOWLAND_DATA']) : app.getPath('userData')
  const resourcesFolder = app.isPackaged
    ? join(process.resourcesPath, 'resources')
    : join(app.getAppPath(), 'resources')
  const survey = surveyArgument(process.argv)
  const service = superviseService({
    entry: join(OUT_FOLDER, 'main', 'service-host.cjs'),
    args: [
      `--data=${dataFolder}`,
      `--resources=${resourcesFolder}`,
      `--app-version=${app.getVersion()}`,
      ...(survey ? [`--survey=${survey}`] : []),
    ],
    onState: (state: ServiceState) => sendToWindows(CHANNELS.serviceState, state),
  })
  const setLanguage = (language: Language): void =>
    setMenu(language, (command: MenuCommand) => {
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
      window?.webContents.send(CHANNELS.menu, command)
    })
  const showWindow = (): void => {
    const window = BrowserWindow.getAllWindows()[0]
    if (!window) {
      openWindow({
        preload: join(OUT_FOLDER, 'main', 'preload.cjs'),
        stateFile: join(app.getPath('userData'), 'window.json'),
      })
      return
    }
    if (window.isMinimized()) window.restore()
    window.focus()
  }

  registerAppScheme()
  guardAllPages()
  app.on('second-instance', showWindow)
  app.on('activate', showWindow)
  app.on('window-all-closed', () => app.quit())
  let isStopped = false
  app.on('will-quit', event => {
    if (isStopped) return
    event.preventDefault()
    void service.stop().then(() => {
      isStopped = true
      app.quit()
    })
  })
  void app.whenReady().then(() => {
    denyPermissions(session.defaultSession)
    serveApp(join(OUT_FOLDER, 'renderer'))
    registerIpc({ service, setLanguage })
    setLanguage(app.getLocale().startsWith('en') ? 'en' : 'zh')
    service.start()
    showWindow()
  })
}

if (app.requestSingleInstanceLock()) startDesktop()
else app.quit()
