/** Says whether what was built still fits its sources, by size and time of every source file. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { inProject } from './paths.ts'
import { listFiles } from './source-files.ts'

/** A digest of the given folders and files of the project; tests do not count. */
export function sourceDigest(folders: readonly string[], files: readonly string[]): string {
  const hash = createHash('sha256')
  const paths = [...folders.flatMap(folder => listFiles(folder, /./)), ...files]
  for (const path of paths.filter(path => !/\.(test|spec)\.tsx?$/.test(path))) {
    const stats = statSync(inProject(path), { throwIfNoEntry: false })
    if (stats) hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`)
  }
  return hash.digest('hex')
}

export function isCurrent(stampFile: string, digest: string, products: readonly string[]): boolean {
  return (
    products.every(product => existsSync(product)) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8').trim() === digest
  )
}

export function writeStamp(stampFile: string, digest: string): void {
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, `${digest}\n`)
}
