/** The report as DOCX in the layout of official documents; figures as PNG. */

import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import {
  AlignmentType,
  Document,
  Footer,
  HeadingLevel,
  ImageRun,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  Tab,
  Table,
  TableCell,
  TableRow,
  TabStopType,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx'
import { AppError } from '../../shared/contract/errors.ts'
import { columnTitle, printCell, type Report, type ReportFigure, type ReportTable } from '../../shared/report/model.ts'
import { columnWidths, type Paper, WIDE_TABLE, WORD_SIGN } from './column-widths.ts'
import { figureAsPaths } from './figure-words.ts'
import { type GlyphFont, glyphFont } from './glyph-outlines.ts'
import { fontFolders } from './write-pdf.ts'

const font = (eastAsia: string) => ({
  ascii: 'Times New Roman',
  hAnsi: 'Times New Roman',
  cs: 'Times New Roman',
  eastAsia,
})
const TITLE = font('方正小标宋简体')
const HEAD = font('黑体')
const BODY = font('仿宋')
const CELL = font('宋体')
const text = (value: string, size = 24, face = BODY, bold = false) =>
  new TextRun({ text: value, font: face, size, bold })

/** Text width of a page, twentieths of a point: A4 less the margins. */
const PORTRAIT_WIDTH = 9866
const LANDSCAPE_WIDTH = 14_700
/** A3 across, for tables that are not readable on A4. */
const A3_WIDTH = 21_770

/** Summary landscape (A3 when wide), chapters portrait. `checkpoint` is awaited between figures: it lets others through and may cancel. */
export async function writeDocx(
  report: Report,
  file: string,
  resourcesFolder: string,
  checkpoint: () => Promise<void> = async () => undefined,
): Promise<void> {
  const glyphs = reportFont(resourcesFolder)
  const isWide = report.summary.columns.length > WIDE_TABLE
  const centred = { alignment: AlignmentType.CENTER }
  const summary: (Paragraph | Table)[] = [
    new Paragraph({ ...centred, children: [text(report.title, 44, TITLE)] }),
    new Paragraph({ children: [text(report.header.map(([label, value]) => `${label}：${value}`).join('  '), 21)] }),
    ...tableBlock(report.summary, isWide ? 'a3' : 'landscape', report.title),
    ...report.notes.map(note => new Paragraph({ children: [text(note)] })),
    signatureLine(report.signature, isWide ? A3_WIDTH : LANDSCAPE_WIDTH),
  ]
  const children: (Paragraph | Table)[] = []
  for (const [index, chapter] of report.chapters.entries()) {
    children.push(
      new Paragraph({
        heading: HeadingLevel.HEADING_1,
        pageBreakBefore: index > 0,
        children: [text(chapter.title, 32, HEAD)],
      }),
    )
    for (const section of chapter.sections) {
      children.push(
        new Paragraph({ heading: HeadingLevel.HEADING_2, keepNext: true, children: [text(section.heading, 28, HEAD)] }),
      )
      for (const paragraph of section.paragraphs)
        children.push(new Paragraph({ indent: { firstLine: 480 }, children: [text(paragraph)] }))
      for (const table of section.tables) children.push(...tableBlock(table, 'portrait', chapter.title))
      for (const figure of section.figures) {
        await checkpoint()
        const image = new ImageRun({
          type: 'png',
          data: figurePng(figure, glyphs),
          transformation: { width: 600, height: Math.round((600 * figure.heightPx) / figure.widthPx) },
        })
        children.push(
          new Paragraph({ ...centred, keepNext: true, children: [image] }),
          new Paragraph({ ...centred, children: [text(figure.title, 21)] }),
        )
      }
    }
  }
  const footer = new Footer({
    children: [new Paragraph({ ...centred, children: [new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'] })] })],
  })
  const page = (orientation: (typeof PageOrientation)[keyof typeof PageOrientation], isA3 = false) => ({
    page: {
      size: { width: isA3 ? 16838 : 11906, height: isA3 ? 23811 : 16838, orientation },
      margin: { top: 1134, bottom: 1134, left: 1020, right: 1020 },
    },
  })
  const document = new Document({
    sections: [
      { properties: page(PageOrientation.LANDSCAPE, isWide), footers: { default: footer }, children: summary },
      // A section without content would print an empty page.
      ...(children.length > 0
        ? [{ properties: page(PageOrientation.PORTRAIT), footers: { default: footer }, children }]
        : []),
    ],
  })
  await writeFile(file, await Packer.toBuffer(document))
}

interface SheetSetting {
  /** The page that it stands across; left out, columns are as wide as they wish to be. */
  readonly paper?: Paper
  readonly halfPoints?: number | undefined
}

/** A table of a report, `width` twentieths of a point wide, without its title. */
export function sheetTable(table: ReportTable, width: number, { paper, halfPoints }: SheetSetting = {}): Table {
  const parts = paper ? columnWidths(table, paper, WORD_SIGN) : table.columns.map(column => column.width ?? 1)
  const total = parts.reduce((sum, part) => sum + part, 0)
  const widths = parts.map(part => Math.floor((width * part) / total))
  // Wide tables are set smaller: a figure that wraps reads as another figure.
  const size = halfPoints ?? (table.columns.length > 12 ? 13 : 18)
  const row = (cells: readonly string[], head: boolean, bold = head) =>
    new TableRow({
      tableHeader: head,
      cantSplit: true,
      children: cells.map((value, index) => {
        const numeric = !head && table.columns[index]!.kind === 'number'
        const paragraph = new Paragraph({
          alignment: numeric ? AlignmentType.RIGHT : AlignmentType.CENTER,
          children: [text(value, size, CELL, bold)],
        })
        return new TableCell({
          width: { size: widths[index]!, type: WidthType.DXA },
          verticalAlign: VerticalAlign.CENTER,
          children: [paragraph],
        })
      }),
    })
  const print = (cells: ReportTable['rows'][number]) =>
    table.columns.map((column, index) => printCell(column, cells[index] ?? null))
  const rows = [row(table.columns.map(columnTitle), true), ...table.rows.map(cells => row(print(cells), false))]
  if (table.rows.length === 0) rows.push(emptyRow(table.columns.length, size))
  if (table.totals) rows.push(row(print(table.totals), false, true))
  return new Table({
    rows,
    columnWidths: widths,
    width: { size: width, type: WidthType.DXA },
    // Word's own margins take the room of three digits from every column.
    ...(paper ? { margins: { marginUnitType: WidthType.DXA, left: 50, right: 50 } } : {}),
  })
}

/** An empty table says that it is empty. */
function emptyRow(columns: number, size: number): TableRow {
  const paragraph = new Paragraph({ alignment: AlignmentType.CENTER, children: [text('无', size, CELL)] })
  return new TableRow({ children: [new TableCell({ columnSpan: columns, children: [paragraph] })] })
}

const WIDTHS: Readonly<Record<Paper, number>> = { a3: A3_WIDTH, landscape: LANDSCAPE_WIDTH, portrait: PORTRAIT_WIDTH }

/** The title of a table is left out where the words above it say the same. */
function tableBlock(table: ReportTable, paper: Paper, above: string): (Paragraph | Table)[] {
  const title = new Paragraph({
    alignment: AlignmentType.CENTER,
    keepNext: true,
    children: [text(table.title, 22, HEAD)],
  })
  return [
    ...(above.includes(table.title) ? [] : [title]),
    sheetTable(table, WIDTHS[paper], { paper, halfPoints: paper === 'a3' ? 16 : undefined }),
    new Paragraph({ children: table.footnote ? [text(table.footnote, 18)] : [] }),
  ]
}

/** The names below, spread over the width of the page. */
function signatureLine(names: readonly string[], width: number): Paragraph {
  return new Paragraph({
    spacing: { before: 400 },
    tabStops: names.slice(1).map((_, index) => ({
      type: TabStopType.LEFT,
      position: Math.round(((index + 1) * width) / names.length),
    })),
    children: names.flatMap((name, index) => [
      ...(index === 0 ? [] : [new TextRun({ children: [new Tab()] })]),
      text(name),
    ]),
  })
}

/** The face that figures are drawn with. */
export function reportFont(resourcesFolder: string): GlyphFont {
  const files = fontFolders(resourcesFolder).flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
  const file = files.find(name => name.endsWith('NotoSansSC_400Regular.ttf'))
  if (file === undefined) throw new AppError('internal', '缺少报告字体', { reason: 'fonts_missing' })
  return glyphFont(file)
}

export function figurePng(figure: ReportFigure, glyphs: GlyphFont): Buffer {
  const image = new Resvg(figureAsPaths(figure, glyphs), {
    // 250 dots per inch at 16 cm.
    fitTo: { mode: 'zoom', value: 2.4 },
    font: { loadSystemFonts: false },
  })
  return image.render().asPng()
}
