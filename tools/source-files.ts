/** Lists the project's source files without following anything generated. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_FOLDER } from './paths.ts'

const SKIPPED = new Set(['node_modules', 'out', 'dist', '.tsout', 'test-results', 'fixtures'])

/** Paths relative to the project, with forward slashes, sorted; a folder that does not exist has none. */
export function listFiles(folder: string, matches: RegExp, root: string = PROJECT_FOLDER): string[] {
  const found: string[] = []
  const visit = (relative: string): void => {
    let entries: import('node:fs').Dirent[]
    try {
      entries = readdirSync(join(root, relative), { withFileTypes: true })
    } catch {
      return
    }
    for (const entry of entries) {
      const path = `${relative}/${entry.name}`
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) visit(path)
      } else if (matches.test(entry.name)) found.push(path)
    }
  }
  visit(folder)
  return found.sort()
}
