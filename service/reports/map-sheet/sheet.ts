/** A composed sheet: shapes as SVG and words with their places, so that a PDF keeps its words as text. Millimetres of paper. */
import type { GlyphFont } from '../glyph-outlines.ts'

export interface SheetWord {
  readonly text: string
  /** Start of the baseline. */
  readonly x: number
  readonly y: number
  readonly size: number
  readonly colour: string
  readonly isBold: boolean
  /** White around the letters, for words on the map. */
  readonly hasHalo: boolean
}

export interface MapSheet {
  readonly title: string
  readonly width: number
  readonly height: number
  readonly scale: number
  /** Parcels that meet the frame. */
  readonly parcels: number
  readonly labels: number
  /** Elements of an SVG whose units are millimetres. */
  readonly shapes: string
  readonly words: readonly SheetWord[]
}

export interface SheetFonts {
  readonly regular: GlyphFont
  readonly bold: GlyphFont
}

export interface SheetPen {
  readonly shapes: string[]
  readonly words: SheetWord[]
  /** Width of a text, mm. */
  width(text: string, size: number, isBold?: boolean): number
  /** A text that is cut off with … where it is wider than `most`. */
  fit(text: string, size: number, most: number): string
  write(text: string, x: number, y: number, size: number, style?: WordStyle): void
}

export interface WordStyle {
  readonly align?: 'start' | 'middle' | 'end'
  readonly colour?: string
  readonly isBold?: boolean
  readonly hasHalo?: boolean
}

export function sheetPen(fonts: SheetFonts): SheetPen {
  const shapes: string[] = []
  const words: SheetWord[] = []
  const width = (text: string, size: number, isBold = false): number =>
    (isBold ? fonts.bold : fonts.regular).width(text, size)
  return {
    shapes,
    words,
    width,
    fit(text, size, most) {
      if (width(text, size) <= most) return text
      const signs = [...text]
      while (signs.length > 0 && width(`${signs.join('')}…`, size) > most) signs.pop()
      return `${signs.join('')}…`
    },
    write(text, x, y, size, { align = 'start', colour = '#111111', isBold = false, hasHalo = false } = {}) {
      const shift = align === 'start' ? 0 : width(text, size, isBold) / (align === 'middle' ? 2 : 1)
      words.push({ text, x: x - shift, y, size, colour, isBold, hasHalo })
    },
  }
}

export const mm = (value: number): string => value.toFixed(2)
