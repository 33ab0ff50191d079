/** Runs imports against a real survey in a temporary folder, from fixture files or from text written for a test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { installSideHook } from '../../service/boundary/side-index.ts'
import { openStore, type Store } from '../../service/db/store.ts'
import { runImport } from '../../service/imports/run-import.ts'
import { type CampaignTemplate, fillNewSurvey } from '../../service/survey/create-survey.ts'
import { AppError } from '../../shared/contract/errors.ts'
import type { ImportKind, ImportOptions, ImportResult } from '../../shared/contract/imports.ts'
import { uuidV7 } from '../../shared/lib/uuid.ts'

export const FIXTURES = join(import.meta.dirname, '../fixtures')

export interface Desk {
  readonly store: Store
  readonly folder: string
  /** Writes a file for the test and returns its path. */
  file(name: string, content: string | Uint8Array): string
  run(
    file: string,
    kind?: ImportKind,
    options?: Partial<ImportOptions>,
    extra?: { dryRun?: boolean; signal?: AbortSignal },
  ): Promise<ImportResult>
  count(
    table:
      | 'parcel'
      | 'enterprise'
      | 'enterprise_year'
      | 'occupancy'
      | 'boundary_feature'
      | 'qc_issue'
      | 'import_batch'
      | 'parcel_box'
      | 'search_key'
      | 'change'
      | 'export_log',
  ): number
  close(): void
}

/** A new survey with the campaign's units and guard, or a blank one. */
export async function openDesk(template: CampaignTemplate = 'blank'): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-import-'))
  let made = 0
  const store = openStore(
    join(folder, 'survey.lowland'),
    {
      now: () => new Date('2026-05-01T08:00:00Z'),
      newId: () =>
        uuidV7(Date.UTC(2026, 4, 1), bytes => {
          made++
          for (let index = 0; index < 4; index++) bytes[15 - index] = (made >>> (8 * index)) & 255
        }),
      profile: () => ({ user: '测试员', role: 'clerk', unit: null, device: 'test' }),
    },
    { create: true },
  )
  await fillNewSurvey(store, template, '测试')
  installSideHook(store)
  return {
    store,
    folder,
    file(name, content) {
      const path = join(folder, name)
      writeFileSync(path, content)
      return path
    },
    run: (file, kind = 'parcels', options = {}, extra = {}) =>
      runImport(
        store,
        { file, kind, options: { match: 'code', outside_guard: false, ...options }, dryRun: extra.dryRun ?? false },
        createJobControl(extra.signal),
      ),
    count: table => {
      const deleted = ['parcel', 'enterprise', 'enterprise_year', 'occupancy', 'boundary_feature'].includes(table)
        ? ' WHERE deleted = 0'
        : ''
      return (store.read.prepare(`SELECT count(*) AS n FROM ${table}${deleted}`).get() as { n: number }).n
    },
    close() {
      store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The refusal that `work` ends in. */
export async function refusalOf(work: Promise<unknown>): Promise<AppError> {
  try {
    await work
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('was not refused')
}

/** Issues of a result counted by code. */
export function byCode(result: ImportResult): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code } of result.issues) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** GeoJSON text of parcels; rings as given (metres east and north of a place in Lanxi unless `raw`). */
export function collection(
  features: readonly {
    properties?: Record<string, unknown>
    rings?: readonly (readonly (readonly number[])[])[]
    geometry?: unknown
  }[],
  crs?: string,
): string {
  const place = ([x = 0, y = 0]: readonly number[]) => [
    Number((119.45 + x / 97_300).toFixed(9)),
    Number((29.2 + y / 110_800).toFixed(9)),
  ]
  return JSON.stringify({
    type: 'FeatureCollection',
    ...(crs ? { crs: { type: 'name', properties: { name: crs } } } : {}),
    features: features.map(({ properties = {}, rings, geometry }) => ({
      type: 'Feature',
      properties,
      geometry:
        geometry !== undefined
          ? geometry
          : { type: 'Polygon', coordinates: (rings ?? []).map(ring => ring.map(place)) },
    })),
  })
}

/** A closed rectangle in metres. */
export const box = (x: number, y: number, width: number, height: number) => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
  [x, y],
]
