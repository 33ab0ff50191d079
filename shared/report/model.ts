/**
 * One report as plain data, from which all writers print. Numbers are raw values with their decimals: rounding happens
 * once, at print; totals come from raw values. Pure; knows no file format.
 */
import type { Caution } from './cautions.ts'

export type CellValue = string | number | null

export interface ReportColumn {
  readonly key: string
  readonly title: string
  readonly kind: 'text' | 'number' | 'date'
  readonly decimals?: number
  readonly unit?: string
  /** Rows of different units in one column: whole numbers stand without decimals. */
  readonly trim?: boolean
  /** Relative width. */
  readonly width?: number
}

export interface ReportTable {
  readonly title: string
  readonly columns: readonly ReportColumn[]
  /** Cells in the order of `columns`; null is unknown and prints —. */
  readonly rows: readonly (readonly CellValue[])[]
  readonly totals?: readonly CellValue[]
  readonly footnote?: string
  /** Narrow and long: paper shows two rows side by side (`sideBySide`), a sheet shows it as it is. */
  readonly twoUp?: boolean
  /** Rows before which a page may be turned where the table is too long to be set at once, ascending. */
  readonly breaks?: readonly number[]
}

/** A word of a figure, at its own place: shapes are a picture, words stay text. Pixels of the figure. */
export interface FigureWord {
  readonly text: string
  /** Start of the baseline. */
  readonly x: number
  readonly y: number
  readonly size: number
  readonly colour: string
  /** White around the letters, for words on the map. */
  readonly halo: boolean
}

export interface ReportFigure {
  readonly title: string
  /** Shapes without words. */
  readonly svg: string
  readonly words: readonly FigureWord[]
  readonly widthPx: number
  readonly heightPx: number
}

export interface ReportPhoto {
  /** Stage, whose photo, date and what somebody wrote about it. */
  readonly caption: string
  /** Null when the file cannot be shown; `problem` says why. */
  readonly image: {
    readonly bytes: Uint8Array
    readonly type: 'image/jpeg' | 'image/png'
    readonly widthPx: number
    readonly heightPx: number
  } | null
  readonly problem?: string
}

export interface ReportSection {
  /** Empty where the chapter's title says all. */
  readonly heading: string
  readonly paragraphs: readonly string[]
  readonly tables: readonly ReportTable[]
  readonly figures: readonly ReportFigure[]
  readonly photos?: readonly ReportPhoto[]
}

export interface ReportChapter {
  readonly title: string
  /** Short name for a sheet. */
  readonly code: string
  /** Its tables lie across the page. */
  readonly across?: true
  readonly sections: readonly ReportSection[]
}

export interface ReportMember {
  /** As on the maps and in table B. */
  readonly number: number
  readonly code: string
  readonly name: string | null
  readonly side: string
  /** m². */
  readonly areaM2: number
  readonly areaInM2: number | null
  readonly areaOutM2: number | null
  /** Codes of other zones of the report that hold it too. */
  readonly alsoIn: readonly string[]
  readonly outline: Uint8Array
}

/** A zone for the map formats: the figures are those of the tables, raw. */
export interface ReportZone {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly year: number
  readonly unit: string | null
  readonly status: string
  readonly direction: string | null
  /** Area of the outline, roads included, m²; null without an outline. */
  readonly outlineM2: number | null
  /** Raw sums, m²; null while no side is known. */
  readonly areaM2: number
  readonly areaInM2: number | null
  readonly areaOutM2: number | null
  readonly enterprises: number
  /** 万元/亩, Σ/Σ. */
  readonly taxPerMu: number | null
  /** 万元. */
  readonly investment: number | null
  readonly outline: Uint8Array | null
  readonly members: readonly ReportMember[]
}

export interface Report {
  readonly title: string
  /** 单位、年度、截至日期、面积口径、边界版本、填表人、审核人. */
  readonly header: readonly (readonly [label: string, value: string])[]
  readonly summary: ReportTable
  readonly notes: readonly string[]
  /** Printed among the notes and shown on the screen. */
  readonly cautions?: readonly Caution[]
  readonly chapters: readonly ReportChapter[]
  readonly zones: readonly ReportZone[]
  readonly signature: readonly string[]
  readonly provenance: {
    readonly boundaryId: string | null
    readonly revision: number
    readonly zoneIds: readonly string[]
  }
}

export const ROUNDING_NOTE = '注：合计由未舍入的数值计算，因四舍五入略有出入。'

/** Whose names, seal and day stand below every report. */
export const SIGNATURE = ['填表单位(盖章)：', '填表人：', '审核人：', '日期：    年  月  日'] as const

/** A cell with nothing to say, which is not the same as one whose value is unknown. */
export const BLANK = '\u00a0'

/** A value as printed: numbers with fixed decimals, half away from zero; unknown is —. */
export function printCell(column: Pick<ReportColumn, 'kind' | 'decimals' | 'trim'>, value: CellValue): string {
  if (value === null || value === '') return '—'
  if (typeof value === 'string') return value
  return printNumber(value, decimalsOf(column, value))
}

/** Decimals that a number is printed with in its column. */
export function decimalsOf(column: Pick<ReportColumn, 'decimals' | 'trim'>, value: number): number {
  return column.trim && Number.isInteger(value) ? 0 : (column.decimals ?? 0)
}

export function printNumber(value: number, decimals: number): string {
  // Scaling by a decimal exponent avoids 1.005 printing as 1.00.
  const rounded = Number(`${Math.round(Number(`${Math.abs(value)}e${decimals}`))}e-${decimals}`)
  const fixed = (Number.isFinite(rounded) ? rounded : Math.abs(value)).toFixed(decimals)
  return value < 0 && Number(fixed) !== 0 ? `-${fixed}` : fixed
}

/** Title of a column with its unit. */
export function columnTitle(column: ReportColumn): string {
  return column.unit ? `${column.title}(${column.unit})` : column.title
}

/** Sum of the known values; null when none is known. */
export function sumKnown(values: Iterable<number | null | undefined>): number | null {
  let sum: number | null = null
  for (const value of values) if (value !== null && value !== undefined) sum = (sum ?? 0) + value
  return sum
}
