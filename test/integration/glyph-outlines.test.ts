/** Words of a map as paths look as the rasteriser draws the words itself. */
import { join, resolve } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { expect, test } from 'vitest'
import { glyphFont, wordsToPaths } from '../../service/reports/glyph-outlines.ts'
import { fontFolders } from '../../service/reports/write-pdf.ts'

const file = join(fontFolders(resolve(import.meta.dirname, '../../resources'))[0]!, 'NotoSansSC_400Regular.ttf')

test('letters of a map drawn as paths differ from drawn text only along their edges', () => {
  const words = ['0123456789', '界内界外跨界未判定', '区域范围集中建设区弹性发展区', '特别用途区开发边界', '北 500 米']
  const spans = words.map((word, row) => `<tspan x="8" y="${30 + row * 30}">${word}</tspan>`).join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="180"><rect width="400" height="180" fill="#fff"/><text font-family="Noto Sans SC" font-size="24" fill="#000">${spans}</text></svg>`
  const pixels = (drawing: string, fontFiles: string[]) =>
    new Resvg(drawing, { font: { fontFiles, loadSystemFonts: false, defaultFontFamily: 'Noto Sans SC' } }).render()
      .pixels
  const drawn = pixels(svg, [file])
  const paths = pixels(wordsToPaths(svg, glyphFont(file)), [])
  let ink = 0
  let difference = 0
  for (let at = 0; at < drawn.length; at += 4) {
    ink += 255 - drawn[at]!
    difference += Math.abs(drawn[at]! - paths[at]!)
  }
  expect(ink).toBeGreaterThan(255 * 2000)
  expect(difference / ink).toBeLessThan(0.02)
})
