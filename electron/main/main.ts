/** Entry of the desktop: one instance, one window, one supervised data service. Composition only; holds no data. */
import { join, resolve } from 'node:path'
import { app, BrowserWindow, session } from 'electron'
import { CHANNELS, type MenuCommand, type ServiceState } from '../../shared/contract/desktop.ts'
import { registerAppScheme, serveApp } from './app-protocol.ts'
import { registerIpc } from './ipc.ts'
import { type Language, setMenu } from './menu.ts'
import { denyPermissions, guardAllPages } from './security.ts'
import { offerSerialPorts } from './serial.ts'
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

/** Bundled resources: beside the package, or in the clone. */
function resources(): string {
  return app.isPackaged ? join(process.resourcesPath, 'resources') : join(app.getAppPath(), 'resources')
}

/**
 * `Lowland --terminal <command> …`: the terminal of an installed package, in this process and without a window. A
 * program of its own is out: the fuse that would let Electron run as Node stays off.
 */
async function runTerminal(argv: readonly string[]): Promise<void> {
  const terminal = require(join(OUT_FOLDER, 'main', 'terminal.cjs')) as {
    run(argv: readonly string[], places: Record<string, string>): Promise<number>
  }
  const code = await terminal.run(argv, {
    resourcesFolder: resources(),
    rendererFolder: join(OUT_FOLDER, 'renderer'),
    appVersion: app.getVersion(),
  })
  // Pipes are written later than this line; leaving now would cut the result off.
  await new Promise<void>(done => process.stdout.write('', () => done()))
  app.exit(code)
}

function startDesktop(): void {
  const dataFolder = process.env['LOWLAND_DATA'] ? resolve(process.env['LOWLAND_DATA']) : app.getPath('userData')
  const survey = surveyArgument(process.argv)
  const service = superviseService({
    entry: join(OUT_FOLDER, 'main', 'service-host.cjs'),
    args: [
      `--data=${dataFolder}`,
      `--resources=${resources()}`,
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
        icon: join(resources(), 'icons', 'icon.png'),
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
    offerSerialPorts(session.defaultSession)
    serveApp(join(OUT_FOLDER, 'renderer'))
    registerIpc({ service, setLanguage })
    // Chinese until the window says otherwise: it knows what its user chose.
    setLanguage('zh')
    service.start()
    showWindow()
  })
}

const terminalAt = process.argv.indexOf('--terminal')
if (terminalAt >= 0) void runTerminal(process.argv.slice(terminalAt + 1))
else if (app.requestSingleInstanceLock()) startDesktop()
else app.quit()
