/** Where things lie in this project, for the tools. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const PROJECT_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Folders that hold source code of the product and of its tests. */
export const CODE_FOLDERS = ['shared', 'service', 'electron', 'cli', 'renderer', 'hub', 'tools', 'test'] as const

export function inProject(...parts: string[]): string {
  return join(PROJECT_FOLDER, ...parts)
}
