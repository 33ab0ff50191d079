/**
 * Files for people, the same in both hosts: in the desktop dialogs and paths, in the browser uploads and downloads.
 * What the service takes is a path or an upload token; what it produced is opened, shown in its folder or downloaded.
 */
import { useMemo } from 'react'
import { useService } from './service-context.ts'

export interface FileFilter {
  name: string
  extensions: string[]
}

export interface Files {
  readonly desktop: boolean
  /** A file to read: path or upload token; null when the person gave up. */
  choose(title: string, filters: FileFilter[]): Promise<string | null>
  /** Where to write: a path in the desktop, a plain file name in the browser (it is downloaded afterwards). */
  target(title: string, defaultName: string, filters: FileFilter[]): Promise<string | null>
  /** A folder to write into; undefined means the service's own exports folder. */
  folder(title: string): Promise<string | undefined | null>
  /** A dropped or pasted file. */
  take(file: File): Promise<string>
  /** Opens a produced file (desktop) or downloads it (browser). */
  open(path: string): Promise<void>
  /** Shows it in its folder; not available in the browser. */
  reveal(path: string): Promise<void>
}

/** The name people know a path or token by. */
export function fileName(path: string): string {
  return path.replace(/^.*[\\/]/, '')
}

export function useFiles(): Files {
  const { desktop } = useService()
  return useMemo(() => {
    if (desktop) {
      return {
        desktop: true,
        choose: (title, filters) => desktop.openFile({ title, filters }),
        target: (title, default_name, filters) => desktop.saveFile({ title, default_name, filters }),
        folder: title => desktop.openFile({ title, folder: true }),
        take: file => {
          const path = desktop.pathForFile(file)
          return path ? Promise.resolve(path) : Promise.reject(new Error('no path'))
        },
        open: async path => {
          await desktop.openExported(path)
        },
        reveal: path => desktop.showInFolder(path),
      }
    }
    return {
      desktop: false,
      choose: (_title, filters) => pick(filters),
      target: (_title, defaultName) => Promise.resolve(defaultName),
      folder: () => Promise.resolve(undefined),
      take: upload,
      open: async path => download(path),
      reveal: async path => download(path),
    }
  }, [desktop])
}

/** The browser's own file dialog, then an upload to the local service. */
function pick(filters: FileFilter[]): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = filters.flatMap(filter => filter.extensions.map(extension => `.${extension}`)).join(',')
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      if (file) upload(file).then(resolve, reject)
      else resolve(null)
    })
    input.addEventListener('cancel', () => resolve(null))
    input.click()
  })
}

async function upload(file: File): Promise<string> {
  const response = await fetch(`files?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file })
  const answer = (await response.json()) as { file?: string; error?: { code: string; message: string } }
  if (!answer.file)
    throw Object.assign(new Error(answer.error?.message ?? 'upload failed'), { code: answer.error?.code ?? 'internal' })
  return answer.file
}

function download(path: string): void {
  const link = document.createElement('a')
  link.href = `files/${encodeURIComponent(path)}`
  link.download = fileName(path)
  link.click()
}
