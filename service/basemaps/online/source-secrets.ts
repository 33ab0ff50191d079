/**
 * Addresses and keys of online sources. They stand in a file of their own in the data folder that only its owner can
 * read, never in a survey, the settings, a message or a log.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const secretSchema = z.object({
  /** Template with places for tile and key. */
  address: z.string(),
  key: z.string(),
  /** What a WMTS calls its levels, by z; null: by their number. */
  levels: z.record(z.string(), z.string()).nullable(),
})
export type SourceSecret = z.infer<typeof secretSchema>

export interface SourceSecrets {
  get(id: string): SourceSecret | undefined
  set(id: string, secret: SourceSecret | null): void
}

export function openSourceSecrets(file: string): SourceSecrets {
  const read = (): Record<string, SourceSecret> => {
    try {
      return z.record(z.string(), secretSchema).parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      return {}
    }
  }
  let known = read()
  return {
    get: id => known[id],
    set(id, secret) {
      const { [id]: _old, ...others } = read()
      known = secret ? { ...others, [id]: secret } : others
      mkdirSync(dirname(file), { recursive: true })
      const partial = `${file}.partial`
      writeFileSync(partial, JSON.stringify(known), { mode: 0o600 })
      renameSync(partial, file)
    },
  }
}
