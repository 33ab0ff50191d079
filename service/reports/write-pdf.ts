/** The report as PDF by Typst: vector figures, selectable text. */
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { AppError } from '../../shared/contract/errors.ts'
import { columnTitle, printCell, type Report, type ReportTable } from '../../shared/report/model.ts'

const FONTS = ['noto-sans-sc/400Regular', 'noto-sans-sc/700Bold', 'noto-serif-sc/400Regular', 'noto-serif-sc/700Bold']

/** Folders of the report fonts: packed with the resources, or the packages beside them in a clone. */
export function fontFolders(resourcesFolder: string): string[] {
  const packed = join(resourcesFolder, 'fonts')
  const base = existsSync(packed) ? packed : join(resourcesFolder, '..', 'node_modules', '@expo-google-fonts')
  const folders = FONTS.map(font => join(base, font))
  if (!folders.every(existsSync)) throw new AppError('internal', '缺少报告字体', { reason: 'fonts_missing' })
  return folders
}

function printed(table: ReportTable) {
  const line = (cells: ReportTable['rows'][number]) =>
    table.columns.map((column, index) => printCell(column, cells[index] ?? null))
  return {
    title: table.title,
    widths: table.columns.map(column => column.width ?? 1),
    numeric: table.columns.map(column => column.kind === 'number'),
    heads: table.columns.map(columnTitle),
    rows: table.rows.map(line),
    totals: table.totals ? line(table.totals) : [],
    footnote: table.footnote ?? null,
  }
}

export async function writePdf(report: Report, file: string, resourcesFolder: string): Promise<void> {
  const folder = join(resourcesFolder, 'reports')
  const compiler = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths: fontFolders(resourcesFolder) }] })
  const data = JSON.stringify({
    ...report,
    zones: [],
    summary: printed(report.summary),
    chapters: report.chapters.map(chapter => ({
      ...chapter,
      sections: chapter.sections.map(section => ({ ...section, tables: section.tables.map(printed) })),
    })),
  })
  const mainFileContent = readFileSync(join(folder, 'report.typ'), 'utf8')
  await writeFile(file, compiler.pdf({ mainFileContent, inputs: { data } }))
}
