/**
 * What belongs to this computer and not to a survey: who sits here, recent surveys, window settings. One JSON file in the
 * data folder, written whole and swapped in, so that a crash leaves the old one.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { codesOf } from '../../shared/model/enumerations.ts'

const schema = z.object({
  device: z.string(),
  user: z.string().default('本机用户'),
  role: z.enum(codesOf('role')).default('manager'),
  unit: z.string().nullable().default(null),
  department: z.enum(codesOf('department')).nullable().default(null),
  recent: z.array(z.object({ file: z.string(), name: z.string(), opened_at: z.string() })).default([]),
  settings: z.record(z.string(), z.unknown()).default({}),
})

export type DeviceState = z.infer<typeof schema>

export interface DeviceSettings {
  get(): DeviceState
  update(change: Partial<DeviceState>): DeviceState
}

/** Reads (or begins) the settings file. A damaged file is set aside and begun anew: it holds nothing of a survey. */
export function openDeviceSettings(file: string, newDeviceId: () => string): DeviceSettings {
  let state = read(file) ?? schema.parse({ device: newDeviceId() })
  const write = (): void => {
    mkdirSync(dirname(file), { recursive: true })
    const partial = `${file}.partial`
    writeFileSync(partial, JSON.stringify(state, null, 2))
    renameSync(partial, file)
  }
  if (!existsSync(file)) write()
  return {
    get: () => state,
    update(change) {
      state = schema.parse({ ...state, ...change })
      write()
      return state
    },
  }
}

function read(file: string): DeviceState | undefined {
  if (!existsSync(file)) return undefined
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    renameSync(file, `${file}.damaged`)
    return undefined
  }
}
