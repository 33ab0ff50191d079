/** The few things the page may ask of the main process. Every request is checked by sender and by schema. */
import { app, BrowserWindow, dialog, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, shell } from 'electron'
import { z } from 'zod'
import { CHANNELS } from '../../shared/contract/desktop.ts'
import {
  type AppInfo,
  openFileInputSchema,
  pathInputSchema,
  saveFileInputSchema,
} from '../../shared/contract/desktop-schemas.ts'
import type { Language } from './menu.ts'
import { isOwnPage, openDocument } from './security.ts'
import type { ServiceSupervisor } from './service-supervisor.ts'

export interface IpcOptions {
  readonly service: ServiceSupervisor
  readonly setLanguage: (language: Language) => void
}

/** Only the top frame of one of our own windows. */
function isTrusted(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame
  return (
    !!frame && frame === event.sender.mainFrame && isOwnPage(frame.url) && !!BrowserWindow.fromWebContents(event.sender)
  )
}

function handle<Input>(
  channel: string,
  schema: z.ZodType<Input>,
  work: (input: Input, window: BrowserWindow) => unknown,
): void {
  ipcMain.handle(channel, (event, input: unknown) => {
    const window = BrowserWindow.fromWebContents(event.sender)
    if (!window || !isTrusted(event)) throw new Error('refused')
    const parsed = schema.safeParse(input)
    if (!parsed.success) throw new Error('bad_input')
    return work(parsed.data, window)
  })
}

export function registerIpc({ service, setLanguage }: IpcOptions): void {
  ipcMain.on(CHANNELS.requestPorts, event => {
    if (isTrusted(event)) service.connect(event.sender)
  })
  handle(CHANNELS.openFile, openFileInputSchema, async ({ title, filters, folder }, window) => {
    const answer = await dialog.showOpenDialog(window, {
      ...(title ? { title } : {}),
      filters,
      properties: folder ? ['openDirectory', 'createDirectory'] : ['openFile'],
    })
    return answer.canceled ? null : (answer.filePaths[0] ?? null)
  })
  handle(CHANNELS.saveFile, saveFileInputSchema, async ({ title, default_name, filters }, window) => {
    const answer = await dialog.showSaveDialog(window, {
      ...(title ? { title } : {}),
      ...(default_name ? { defaultPath: default_name } : {}),
      filters,
    })
    return answer.canceled ? null : (answer.filePath ?? null)
  })
  handle(CHANNELS.showInFolder, pathInputSchema, ({ path }) => shell.showItemInFolder(path))
  handle(CHANNELS.openExported, pathInputSchema, ({ path }) => openDocument(path))
  handle(
    CHANNELS.appInfo,
    z.undefined(),
    (): AppInfo => ({ version: app.getVersion(), platform: process.platform, locale: app.getLocale() }),
  )
  handle(CHANNELS.retryService, z.undefined(), () => service.retry())
  handle(CHANNELS.setLanguage, z.enum(['zh', 'en']), language => setLanguage(language))
}
