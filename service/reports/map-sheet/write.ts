/** A composed sheet as PDF (vector shapes, words as text that can be searched and copied) and as PNG. */
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { Resvg } from '@resvg/resvg-js'
import { AppError } from '../../../shared/contract/errors.ts'
import { type GlyphFont, glyphFont } from '../glyph-outlines.ts'
import { fontFolders } from '../write-pdf.ts'
import { type MapSheet, mm, type SheetFonts } from './sheet.ts'

/** Printed at 250 dots per inch. */
const DOTS_PER_MM = 250 / 25.4

export function sheetFonts(resourcesFolder: string): SheetFonts {
  const files = fontFolders(resourcesFolder).flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
  const font = (name: string): GlyphFont => {
    const file = files.find(candidate => candidate.endsWith(name))
    if (file === undefined) throw new AppError('internal', '缺少报告字体', { reason: 'fonts_missing' })
    return glyphFont(file)
  }
  return { regular: font('NotoSansSC_400Regular.ttf'), bold: font('NotoSansSC_700Bold.ttf') }
}

export async function writeSheetPdf(sheet: MapSheet, file: string, resourcesFolder: string): Promise<void> {
  const folder = join(resourcesFolder, 'reports')
  const compiler = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths: fontFolders(resourcesFolder) }] })
  const { shapes, ...facts } = sheet
  const data = JSON.stringify({ ...facts, svg: svgOf(sheet, shapes) })
  const mainFileContent = readFileSync(join(folder, 'map-sheet.typ'), 'utf8')
  await writeFile(file, compiler.pdf({ mainFileContent, inputs: { data } }))
}

export async function writeSheetPng(sheet: MapSheet, file: string, fonts: SheetFonts): Promise<void> {
  await writeFile(file, sheetPng(sheet, fonts, DOTS_PER_MM))
}

/** @param dotsPerMm of the paper */
export function sheetPng(sheet: MapSheet, fonts: SheetFonts, dotsPerMm: number): Buffer {
  const words = sheet.words.map(({ text, x, y, size, colour, isBold, hasHalo }) => {
    const d = (isBold ? fonts.bold : fonts.regular).path(text, x, y, size)
    const halo = hasHalo
      ? ` stroke="#fff" stroke-width="${mm(size / 4)}" stroke-linejoin="round" paint-order="stroke"`
      : ''
    return d === '' ? '' : `<path d="${d}" fill="${colour}"${halo}/>`
  })
  const svg = svgOf(sheet, `<rect width="100%" height="100%" fill="#fff"/>${sheet.shapes}${words.join('')}`)
  const options = { fitTo: { mode: 'width' as const, value: Math.round(sheet.width * dotsPerMm) } }
  return new Resvg(svg, { ...options, font: { loadSystemFonts: false } }).render().asPng()
}

function svgOf({ width, height }: MapSheet, inner: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}">${inner}</svg>`
}
