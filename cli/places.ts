/** Where the terminal finds what ships with it, and where it keeps its own: the same folder as the desktop. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface Places {
  /** Bundled resources (templates, basemap, demo). */
  resourcesFolder: string
  /** The built window, for `serve`. */
  rendererFolder: string
  appVersion: string
}

/** Settings, demo copies, uploads and exports of this installation; the desktop's folder, so that both are one device. */
export function dataFolder(): string {
  const explicit = process.env['LOWLAND_DATA']
  if (explicit) return resolve(explicit)
  if (process.platform === 'win32') return join(process.env['APPDATA'] ?? homedir(), 'Lowland')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Lowland')
  return join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'Lowland')
}
