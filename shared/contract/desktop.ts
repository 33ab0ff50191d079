/**
 * What the desktop window may ask of its host besides the service: dialogs, files, the ports. Everything here is checked
 * by schema (`desktop-schemas.ts`) and by sender in the main process. Must not grow into a second way to the data.
 * No schema is imported here, so that the preload script stays small.
 */
import type { AppInfo, OpenFileInput, SaveFileInput } from './desktop-schemas.ts'

/** `restarted`: the service died and was started again; ask for new ports. `failed`: it died twice; offer a retry. */
export const SERVICE_STATES = ['running', 'restarted', 'failed'] as const
export type ServiceState = (typeof SERVICE_STATES)[number]

export const MENU_COMMANDS = [
  'survey.new',
  'survey.open',
  'survey.demo',
  'import',
  'export',
  'settings',
  'undo',
  'redo',
  'palette',
  'help.about',
] as const
export type MenuCommand = (typeof MENU_COMMANDS)[number]

/** Type of the message that brings `[rpcPort, tilePort, assetPort]` into the page; see `LowlandDesktop.requestPorts`. */
export const PORTS_MESSAGE = 'lowland-ports'

export const CHANNELS = {
  requestPorts: 'lowland:request-ports',
  ports: 'lowland:ports',
  openFile: 'lowland:open-file',
  saveFile: 'lowland:save-file',
  showInFolder: 'lowland:show-in-folder',
  openExported: 'lowland:open-exported',
  appInfo: 'lowland:app-info',
  retryService: 'lowland:retry-service',
  setLanguage: 'lowland:set-language',
  serviceState: 'lowland:service-state',
  menu: 'lowland:menu',
  serialPorts: 'lowland:serial-ports',
  chooseSerialPort: 'lowland:choose-serial-port',
} as const

/** A serial port to choose from. */
export interface SerialPortChoice {
  readonly id: string
  readonly name: string
  /** Its name in the system, such as COM3. */
  readonly place: string
}

/** `window.lowland` in the desktop; undefined in the browser host. */
export interface LowlandDesktop {
  /**
   * Asks for fresh ports to the service. They arrive as a `message` event on `window` whose data is
   * `{ type: PORTS_MESSAGE }` and whose `ports` are `[rpcPort, tilePort, assetPort]`. Ports of a dead service are closed.
   */
  requestPorts(): void
  /** Path chosen in the open dialog, or null when it was cancelled. */
  openFile(input: OpenFileInput): Promise<string | null>
  saveFile(input: SaveFileInput): Promise<string | null>
  showInFolder(path: string): Promise<void>
  /** Opens a produced report or export with the system's program; false when its kind is not allowed or it is missing. */
  openExported(path: string): Promise<boolean>
  appInfo(): Promise<AppInfo>
  /** After `failed`: starts the service again. */
  retryService(): Promise<void>
  /** Language of the menu and the dialogs. */
  setLanguage(language: 'zh' | 'en'): Promise<void>
  /** Path of a file that was dropped on the window or chosen by an input; '' when it has none. */
  pathForFile(file: unknown): string
  /** These return the function that ends the subscription. */
  onServiceState(listener: (state: ServiceState) => void): () => void
  onMenu(listener: (command: MenuCommand) => void): () => void
  /** The page asked for a serial port: what there is, again whenever it changes, until `chooseSerialPort`. */
  onSerialPorts(listener: (ports: readonly SerialPortChoice[]) => void): () => void
  /** Null chooses none. */
  chooseSerialPort(id: string | null): void
}
