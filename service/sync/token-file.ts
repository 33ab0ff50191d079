/**
 * Tokens of this computer by their identity at the hub. They stand beside the settings and never in a survey: a copied
 * survey file must not be able to speak as this laptop.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface TokenFile {
  get(device: string): string | undefined
  set(device: string, token: string): void
}

export function openTokenFile(dataFolder: string): TokenFile {
  const file = join(dataFolder, 'hub-tokens.json')
  const read = (): Record<string, string> => {
    if (!existsSync(file)) return {}
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
    } catch {
      return {}
    }
  }
  return {
    get: device => read()[device],
    set(device, token) {
      mkdirSync(dirname(file), { recursive: true })
      const partial = `${file}.partial`
      writeFileSync(partial, JSON.stringify({ ...read(), [device]: token }), { mode: 0o600 })
      renameSync(partial, file)
    },
  }
}
