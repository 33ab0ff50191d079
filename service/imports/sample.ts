/** Reads the beginning of a file to see what it holds: columns, geometry types, extent. Used by inspection and by runs. */

import { AppError } from '../../shared/contract/errors.ts'
import type { ImportKind, Inspection } from '../../shared/contract/imports.ts'
import type { Box, FlatPolygons } from '../../shared/geometry/types.ts'
import { columnSignature, proposeMapping } from '../../shared/import/headings.ts'
import type { Db } from '../db/open.ts'
import { get } from '../db/sql.ts'
import type { RawFeature, Source } from '../formats/format.ts'
import { joinFlat } from '../geos/geos.ts'
import { typicalExtent } from './crs-choice.ts'
import { TARGETS } from './targets.ts'

const SAMPLED_FEATURES = 2000

interface Sample {
  features: RawFeature[]
  complete: boolean
  columns: string[]
  extent: Box | null
}

/** The refusal of a file in which nothing is to be imported. */
export function noFeatures(fileName: string, source: Source): AppError {
  return new AppError('import_rejected', `文件“${fileName}”里没有${source.counts === 'feature' ? '要素' : '数据行'}`, {
    reason: 'no_features',
    file: fileName,
  })
}

/** Lines in the shape of rings, only to see where they lie. */
function linesAsRings(lines: RawFeature['lines']): FlatPolygons | null {
  if (!lines) return null
  return joinFlat(
    lines.map(coordinates => ({
      coordinates,
      ringEnds: Uint32Array.of(coordinates.length / 2),
      polygonEnds: Uint32Array.of(1),
    })),
  )
}

/** The first 2000 features or rows. Throws what the reader throws when the file is damaged in its beginning. */
export async function sampleSource(source: Source, signal?: AbortSignal): Promise<Sample> {
  const features: RawFeature[] = []
  let complete = true
  for await (const chunk of source.features(signal)) {
    const room = SAMPLED_FEATURES - features.length
    // Copies, so that the reader's own objects die young here as well. V8 watches where long-lived objects are made and
    // puts later ones from there straight among the old: the import would then hold a quarter of a gigabyte of garbage.
    features.push(...structuredClone(chunk.slice(0, room)))
    if (chunk.length <= room) continue
    complete = false
    break
  }
  const columns = new Set<string>(source.headings.filter(heading => heading !== ''))
  for (const feature of features) for (const column in feature.properties) columns.add(column)
  const geometries = features
    .map(feature => feature.geometry ?? linesAsRings(feature.lines))
    .filter((geometry): geometry is FlatPolygons => geometry !== null && geometry.coordinates.length > 0)
  return { features, complete, columns: [...columns], extent: typicalExtent(geometries) }
}

/** The mapping used last for these columns, if any; otherwise the recognised headings. */
export function mappingFor(
  db: Db,
  kind: ImportKind,
  columns: readonly string[],
  year?: number,
): { mapping: Record<string, string>; remembered: boolean } {
  const row = get<{ mapping: string }>(db, 'SELECT mapping FROM import_mapping WHERE signature = ?', [
    columnSignature(kind, columns),
  ])
  if (row) {
    const stored = Object.entries(JSON.parse(row.mapping) as Record<string, string>)
    return { mapping: Object.fromEntries(stored.filter(([, column]) => columns.includes(column))), remembered: true }
  }
  return { mapping: proposeMapping(TARGETS[kind], columns, year), remembered: false }
}

/**
 * The mapping of a run: what was asked for laid over what is recognised. An empty column name leaves a field out. Throws
 * `bad_input` for fields that the kind does not have and for columns that the file does not have.
 */
export function applyMapping(
  kind: ImportKind,
  columns: readonly string[],
  proposed: Record<string, string>,
  asked: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  if (!asked) return proposed
  const mapping = { ...proposed }
  for (const [field, column] of Object.entries(asked)) {
    if (!TARGETS[kind][field]) {
      throw new AppError(
        'bad_input',
        `没有“${field.slice(0, 60)}”这个字段，可用：${Object.keys(TARGETS[kind]).join('、')}`,
        { reason: 'unknown_field', field },
      )
    }
    delete mapping[field]
    if (column === '') continue
    if (!columns.includes(column)) {
      throw new AppError(
        'bad_input',
        `文件里没有“${column.slice(0, 60)}”这一列，有：${columns.slice(0, 60).join('、')}`,
        { reason: 'unknown_column', field },
      )
    }
    for (const [other, taken] of Object.entries(mapping)) if (taken === column) delete mapping[other]
    mapping[field] = column
  }
  return mapping
}

/** Columns with up to five different sample values and how many sampled features fill them. */
export function describeFields(sample: Sample): Inspection['fields'] {
  return sample.columns.map(name => {
    const samples = new Set<string>()
    let filled = 0
    for (const { properties } of sample.features) {
      const value = properties[name]
      if (value === null || value === undefined || value === '') continue
      filled++
      if (samples.size < 5) samples.add(shown(value).slice(0, 80))
    }
    return { name, samples: [...samples], filled }
  })
}

export function shown(value: unknown): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
