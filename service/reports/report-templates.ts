/**
 * Templates of reports: the survey's own (`name.lowland.files/templates/`) before the ones that came with the program, so that a
 * county can change its forms in Word or Typst without touching the installation.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { filesFolderOf } from '../db/lock.ts'
import type { Store } from '../db/store.ts'

export function templateFile(store: Store, resourcesFolder: string, name: string): string {
  const own = join(filesFolderOf(store.file), 'templates', name)
  return existsSync(own) ? own : join(resourcesFolder, 'reports', name)
}
