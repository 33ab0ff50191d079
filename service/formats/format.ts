/**
 * What every importable format offers: recognition by content and a stream of features or rows. A new format is one file
 * that implements this and one line in registry.ts. Formats read; they never validate, map, reproject or write.
 */
import type { IssueValues } from '../../shared/contract/imports.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'

export type Severity = 'error' | 'warning' | 'info'

/** Something wrong with one feature that only its reader can see. `message` is Chinese, without file and row. */
export interface RawProblem {
  code: string
  severity: Severity
  message: string
  values?: IssueValues
}

export interface RawFeature {
  /** 0-based position among the features or data rows of the file. */
  index: number
  /** What people count: the number of the feature, or the row in the sheet (1-based). */
  row: number
  /** Rings exactly as in the file (perhaps unclosed), in the CRS of the file; null without polygonal geometry. */
  geometry: FlatPolygons | null
  /** Lines exactly as in the file, x and y in turn; only for line geometries, which no other import takes. */
  lines?: Float64Array[]
  /** GeoJSON type name as in the file; null when there is no geometry at all. */
  geometryType: string | null
  properties: Record<string, unknown>
  problems: RawProblem[]
}

export interface OpenOptions {
  /** 'utf-8' or 'gb18030'; recognised when left out. */
  encoding?: string | undefined
  sheet?: string | undefined
}

export interface Source {
  readonly format: string
  /** Null where the format has no text encoding of its own (XLSX). */
  readonly encoding: string | null
  /** CRS as the file names it, e.g. 'EPSG:4490'; null when it says nothing. */
  readonly crsDeclared: string | null
  /** Does a person count features or rows? */
  readonly counts: 'feature' | 'row'
  /** True when the file can hold polygons. */
  readonly spatial: boolean
  readonly sheets: readonly string[]
  /** Headings of a table, in order; empty for formats whose fields come with each feature. */
  readonly headings: readonly string[]
  /**
   * Features in file order, in chunks. Throws an AppError when the file is damaged; what was yielded before must then
   * not be kept. Memory does not grow with the file for streamed formats.
   */
  features(signal?: AbortSignal): AsyncGenerator<RawFeature[], void, undefined>
}

export interface ImportFormat {
  readonly id: string
  readonly label: string
  /** 0 (no) … 1 (sure), by the first bytes of the file; the name only breaks ties between text formats. */
  detect(head: Uint8Array, fileName: string): number
  open(file: string, options: OpenOptions): Promise<Source>
}
