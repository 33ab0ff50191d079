/**
 * The wall chart as plain shapes in units of a picture 1920 across: the window makes elements of them, the service an SVG.
 * A shape that stands for a number says which one. Pure.
 */
import type { FIGURES } from '../../contract/dashboard.ts'

/** Which number a shape stands for; the period is that of the chart. */
export interface FigureKey {
  readonly indicator: (typeof FIGURES)[number]
  /** Null: all units. */
  readonly unit: string | null
  readonly month?: string
}

interface Meant {
  readonly figure?: FigureKey
  /** What a screen reader says of it, and a tooltip. */
  readonly title?: string
}

export type Shape =
  | ({
      readonly kind: 'rect'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly fill: string
      readonly stroke?: string
      readonly radius?: number
    } & Meant)
  | ({
      readonly kind: 'path'
      readonly d: string
      readonly fill: string
      readonly stroke?: string
      readonly width?: number
      readonly dash?: string
    } & Meant)
  | ({
      readonly kind: 'text'
      readonly x: number
      readonly y: number
      readonly text: string
      readonly size: number
      readonly fill: string
      readonly anchor?: 'start' | 'middle' | 'end'
      readonly bold?: boolean
    } & Meant)

export const WALL_WIDTH = 1920
export const WALL_HEIGHT = 1080

/** Width of one line: Chinese characters are as wide as high, others a little over half. */
export function textWidth(text: string, size: number): number {
  let width = 0
  for (const sign of text)
    width += sign > '\u2e7f' || sign === '—' ? 1 : sign === ' ' || '.,:;|'.includes(sign) ? 0.3 : 0.58
  return width * size
}

/** The text cut to a width, with an ellipsis where something is missing. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text
  const signs = [...text]
  while (signs.length > 1 && textWidth(`${signs.join('')}…`, size) > width) signs.pop()
  return `${signs.join('')}…`
}

/** Without the kind of unit: where every word costs room. */
export function shortName(name: string): string {
  return name.replace(/(街道|畲族乡|镇|乡)$/, '').replace(/ (Subdistrict|Township|Town)$/, '')
}

/** Gives the outlines of a line of text whose left end of the baseline is at x, y. */
interface PathFont {
  width(text: string, size: number): number
  path(text: string, x: number, y: number, size: number): string
}

/** One SVG with words as paths. */
export function shapesToSvg(
  shapes: readonly Shape[],
  fonts: { readonly regular: PathFont; readonly bold: PathFont },
): string {
  const body = shapes.map(shape => {
    if (shape.kind === 'rect') {
      const { x, y, width, height, fill, stroke, radius } = shape
      return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"${radius ? ` rx="${radius}"` : ''}${stroke ? ` stroke="${stroke}"` : ''}/>`
    }
    if (shape.kind === 'path') {
      const { d, fill, stroke, width, dash } = shape
      return `<path d="${d}" fill="${fill}"${stroke ? ` stroke="${stroke}" stroke-width="${width ?? 1}"` : ''}${dash ? ` stroke-dasharray="${dash}"` : ''}/>`
    }
    const { x, y, text, size, fill, anchor, bold } = shape
    const font = bold ? fonts.bold : fonts.regular
    const wide = font.width(text, size)
    const left = anchor === 'middle' ? x - wide / 2 : anchor === 'end' ? x - wide : x
    return `<path d="${font.path(text, left, y, size)}" fill="${fill}"/>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WALL_WIDTH} ${WALL_HEIGHT}" width="${WALL_WIDTH}" height="${WALL_HEIGHT}">${body.join('')}</svg>`
}
