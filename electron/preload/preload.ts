/** Gives the page `window.lowland`: the ports to the service and a few named functions. No raw IPC, no Node. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  CHANNELS,
  type LowlandDesktop,
  type MenuCommand,
  PORTS_MESSAGE,
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
  onMenu: listener => subscribe<MenuCommand>(CHANNELS.menu, listener),
}

contextBridge.exposeInMainWorld('lowland', desktop)
