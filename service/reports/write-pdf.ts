/** The report as PDF by Typst: vector figures, selectable text. */
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { AppError } from '../../shared/contract/errors.ts'
import { columnTitle, printCell, type Report, type ReportTable } from '../../shared/report/model.ts'
import type { PlanSheet } from '../../shared/report/plan-sheet.ts'

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

/** Plan sheets, one after the other, as one PDF; `template` is the Typst file to use. */
export async function writePlanPdf(
  sheets: readonly PlanSheet[],
  file: string,
  template: string,
  resourcesFolder: string,
): Promise<void> {
  const workspace = dirname(template)
  const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: fontFolders(resourcesFolder) }] })
  const data = JSON.stringify({
    title: sheets.length === 1 ? sheets[0]!.title : '一企一策方案表',
    sheets: sheets.map(sheet => ({
      ...sheet,
      tables: sheet.tables.map(table => ({ ...printed(table), place: table.place })),
    })),
  })
  await writeFile(file, compiler.pdf({ mainFileContent: readFileSync(template, 'utf8'), inputs: { data } }))
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
