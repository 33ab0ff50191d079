/** A figure as one SVG, its words as text or as paths of the report's font. Pure but for the font that is given. */
import type { FigureWord, ReportFigure } from '../../shared/report/model.ts'
import { type GlyphFont, wordsToPaths } from './glyph-outlines.ts'

/** The figure with its words as text elements, one for each look. */
export function figureAsSvg({ svg, words }: ReportFigure): string {
  const looks = new Map<string, FigureWord[]>()
  for (const word of words) {
    const look = `font-size="${word.size}" fill="${word.colour}"${word.halo ? ' stroke="#fff" stroke-width="2.5" paint-order="stroke"' : ''}`
    looks.set(look, [...(looks.get(look) ?? []), word])
  }
  const texts = [...looks].map(
    ([look, group]) =>
      `<text font-family="Noto Sans SC" ${look}>${group.map(({ text, x, y }) => `<tspan x="${x.toFixed(1)}" y="${y.toFixed(1)}">${escaped(text)}</tspan>`).join('')}</text>`,
  )
  return svg.replace('</svg>', `${texts.join('')}</svg>`)
}

/** The same for a rasteriser, which would open the font for every piece of text (decision 0022). */
export function figureAsPaths(figure: ReportFigure, font: GlyphFont): string {
  return wordsToPaths(figureAsSvg(figure), font)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
