/** Gives the page `window.lowland`: the ports to the service and a few named functions. No raw IPC, no Node. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  CHANNELS,
  type LowlandDesktop,
  type MenuCommand,
  PORTS_MESSAGE,
  type SerialPortChoice,
  type ServiceState,
} from '../../shared/contract/desktop.ts'

ipcRenderer.on(CHANNELS.ports, event => {
  window.postMessage({ type: PORTS_MESSAGE }, window.location.origin, event.ports)
})

function subscribe<Value>(channel: string, listener: (value: Value) => void): () => void {
  const forward = (_event: unknown, value: Value): void => listener(value)
  ipcRenderer.on(channel, forward)
  return () => {
    ipcRenderer.removeListener(channel, forward)
  }
}

/** The menu is there before the page listens to it: what was chosen meanwhile, the last one, is handed over then. */
const menu: { chosen: MenuCommand | null; listener: ((command: MenuCommand) => void) | null } = {
  chosen: null,
  listener: null,
}
ipcRenderer.on(CHANNELS.menu, (_event: unknown, command: MenuCommand) => {
  if (menu.listener) menu.listener(command)
  else menu.chosen = command
})

function onMenu(listener: (command: MenuCommand) => void): () => void {
  menu.listener = listener
  if (menu.chosen) listener(menu.chosen)
  menu.chosen = null
  return () => {
    if (menu.listener === listener) menu.listener = null
  }
}

/** `File.path` went with Electron 32; `webUtils` came with 29. */
function pathForFile(file: unknown): string {
  if (!(file instanceof File)) return ''
  if (webUtils) return webUtils.getPathForFile(file)
  return (file as File & { path?: string }).path ?? ''
}

const desktop: LowlandDesktop = {
  requestPorts: () => ipcRenderer.send(CHANNELS.requestPorts),
  openFile: input => ipcRenderer.invoke(CHANNELS.openFile, input),
  saveFile: input => ipcRenderer.invoke(CHANNELS.saveFile, input),
  showInFolder: path => ipcRenderer.invoke(CHANNELS.showInFolder, { path }),
  openExported: path => ipcRenderer.invoke(CHANNELS.openExported, { path }),
  appInfo: () => ipcRenderer.invoke(CHANNELS.appInfo),
  retryService: () => ipcRenderer.invoke(CHANNELS.retryService),
  setLanguage: language => ipcRenderer.invoke(CHANNELS.setLanguage, language),
  pathForFile,
  onServiceState: listener => subscribe<ServiceState>(CHANNELS.serviceState, listener),
  onMenu,
  onSerialPorts: listener => subscribe<readonly SerialPortChoice[]>(CHANNELS.serialPorts, listener),
  chooseSerialPort: id => ipcRenderer.send(CHANNELS.chooseSerialPort, id ?? ''),
}

contextBridge.exposeInMainWorld('lowland', desktop)
