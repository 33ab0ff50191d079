/** The first step of the import desk: what a file is, what it holds, how it would be read. Writes nothing. */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ImportKind, Inspection } from '../../shared/contract/imports.ts'
import type { Box } from '../../shared/geometry/types.ts'
import { readSetting, type Store } from '../db/store.ts'
import { openSource } from '../formats/registry.ts'
import { chooseCrs, mustAskDatum } from './crs-choice.ts'
import { describeFields, mappingFor, noFeatures, sampleSource, shown } from './sample.ts'

const SHOWN_ROWS = 20

export async function inspectFile(
  store: Store,
  input: { file: string; kind: ImportKind; encoding?: string | undefined; sheet?: string | undefined },
): Promise<Inspection> {
  const { format, source } = await openSource(input.file, { encoding: input.encoding, sheet: input.sheet })
  const sample = await sampleSource(source)
  // An empty sheet beside others is no reason to refuse the workbook: another one can be chosen.
  if (sample.features.length === 0 && source.sheets.length < 2) throw noFeatures(basename(input.file), source)
  const guard = guardBox(store)
  const choice = chooseCrs(source.crsDeclared, sample.extent, guard)
  const { mapping, remembered } = mappingFor(store.read, input.kind, sample.columns)
  const types: Record<string, number> = {}
  for (const { geometryType } of sample.features) {
    const type = geometryType ?? 'none'
    types[type] = (types[type] ?? 0) + 1
  }
  return {
    file: basename(input.file),
    format: format.id,
    format_label: format.label,
    size: statSync(input.file).size,
    encoding: source.encoding,
    crs_declared: source.crsDeclared,
    crs_proposed: source.spatial ? (choice.crs?.id ?? null) : null,
    ask_datum: source.spatial && mustAskDatum(source.crsDeclared, choice.crs, sample.extent),
    crs_findings: source.spatial ? choice.findings : [],
    geometry_types: types,
    sampled: sample.features.length,
    complete: sample.complete,
    fields: describeFields(sample),
    rows: sample.features
      .slice(0, SHOWN_ROWS)
      .map(({ properties }) =>
        Object.fromEntries(
          Object.entries(properties).map(([name, value]) => [
            name,
            typeof value === 'object' && value !== null ? shown(value) : value,
          ]),
        ),
      ),
    mapping,
    mapping_remembered: remembered,
    sheets: [...source.sheets],
  }
}

/** Where the survey's data must lie, lng/lat degrees; null for surveys without a guard. */
export function guardBox(store: Store): Box | null {
  return (readSetting(store.read, 'guard_box') as Box | undefined) ?? null
}
