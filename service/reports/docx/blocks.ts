/** Paragraphs, tables and pictures of a report as WordprocessingML. Pure text. */
import { columnTitle, printCell, type ReportTable } from '../../../shared/report/model.ts'
import { sideBySide } from '../side-by-side.ts'

/** How the paragraph of a place looks in the template: its properties are taken over. */
export interface Look {
  /** `<w:pPr>…</w:pPr>` or nothing. */
  readonly paragraph: string
  /** `<w:rPr>…</w:rPr>` or nothing. */
  readonly run: string
}

const EMU_PER_TWIP = 635

export function escapeXml(text: string): string {
  // Characters that XML has no room for would make Word refuse the whole file.
  return [...text]
    .filter(sign => sign >= ' ' || sign === '\t' || sign === '\n')
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

const runOf = (text: string, properties: string): string =>
  `<w:r>${properties}<w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r>`

export function paragraph(text: string, look: Look): string {
  return `<w:p>${look.paragraph}${runOf(text, look.run)}</w:p>`
}

const face = (eastAsia: string, halfPoints: number, isBold = false): string =>
  `<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="${eastAsia}"/>${isBold ? '<w:b/>' : ''}<w:sz w:val="${halfPoints}"/><w:szCs w:val="${halfPoints}"/></w:rPr>`
const TITLE = face('黑体', 21)
const NOTE = face('宋体', 17)
const TIGHT = '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/>'
const centred = (text: string, run: string, keepNext = false): string =>
  `<w:p><w:pPr>${keepNext ? '<w:keepNext/>' : ''}<w:spacing w:before="80" w:after="40"/><w:ind w:firstLine="0"/><w:jc w:val="center"/></w:pPr>${runOf(text, run)}</w:p>`

const BORDERS = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
  .map(side => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
  .join('')

/** A table with its title and footnote, `width` twentieths of a point wide; its head repeats on every page. */
export function tableBlock(given: ReportTable, width: number): string {
  const table = sideBySide(given)
  const total = table.columns.reduce((sum, column) => sum + (column.width ?? 1), 0)
  const widths = table.columns.map(column => Math.floor((width * (column.width ?? 1)) / total))
  // Wide tables are set smaller: a figure that wraps reads as another figure.
  const size = table.columns.length > 12 ? 13 : 16
  const plain = face('宋体', size)
  const bold = face('宋体', size, true)
  const head = face('黑体', size)
  const cell = (text: string, index: number, run: string, align: string, shade: string): string =>
    `<w:tc><w:tcPr><w:tcW w:w="${widths[index]}" w:type="dxa"/>${shade}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>${TIGHT}<w:jc w:val="${align}"/></w:pPr>${runOf(text, run)}</w:p></w:tc>`
  const row = (cells: ReportTable['rows'][number], run: string): string =>
    `<w:tr><w:trPr><w:cantSplit/></w:trPr>${table.columns
      .map((column, index) =>
        cell(printCell(column, cells[index] ?? null), index, run, column.kind === 'number' ? 'right' : 'center', ''),
      )
      .join('')}</w:tr>`
  const heads = table.columns
    .map((column, index) =>
      cell(columnTitle(column), index, head, 'center', '<w:shd w:val="clear" w:color="auto" w:fill="F0F2F4"/>'),
    )
    .join('')
  return [
    centred(table.title, TITLE, true),
    `<w:tbl><w:tblPr><w:tblW w:w="${width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>${BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/></w:tblCellMar></w:tblPr>`,
    `<w:tblGrid>${widths.map(each => `<w:gridCol w:w="${each}"/>`).join('')}</w:tblGrid>`,
    `<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>${heads}</w:tr>`,
    ...table.rows.map(cells => row(cells, plain)),
    table.totals ? row(table.totals, bold) : '',
    '</w:tbl>',
    // Two tables that touch become one.
    `<w:p><w:pPr>${TIGHT}</w:pPr>${table.footnote ? runOf(table.footnote, NOTE) : ''}</w:p>`,
  ].join('')
}

export interface Picture {
  /** Of the package's relationships. */
  readonly relation: string
  readonly id: number
  readonly widthPx: number
  readonly heightPx: number
}

function drawing({ relation, id, widthPx, heightPx }: Picture, title: string, width: number, most: number): string {
  const scale = Math.min(width / widthPx, most / heightPx)
  const cx = Math.round(widthPx * scale * EMU_PER_TWIP)
  const cy = Math.round(heightPx * scale * EMU_PER_TWIP)
  const name = escapeXml(title).replaceAll('"', '&quot;')
  return `<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0"><wp:extent cx="${cx}" cy="${cy}"/><wp:docPr id="${id}" name="图${id}" descr="${name}"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="${id}" name="图${id}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="${relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="${cx}" cy="${cy}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
}

/** A map with its title below, at most `width` wide (twentieths of a point). */
export function figureBlock(picture: Picture, title: string, width: number): string {
  return `<w:p><w:pPr><w:keepNext/>${TIGHT}<w:jc w:val="center"/></w:pPr>${drawing(picture, title, Math.min(width, 8900), 8900)}</w:p>${centred(title, TITLE)}`
}

export interface PhotoCell {
  readonly caption: string
  readonly picture: Picture | null
  readonly problem: string | undefined
}

/** Photos two by two; one that is missing is a box that says so. */
export function photoBlock(photos: readonly PhotoCell[], width: number): string {
  if (photos.length === 0) return ''
  const half = Math.floor(width / 2)
  const cell = (photo: PhotoCell | undefined): string => {
    const inside = !photo
      ? `<w:p><w:pPr>${TIGHT}</w:pPr></w:p>`
      : `${
          photo.picture
            ? `<w:p><w:pPr><w:keepNext/>${TIGHT}<w:jc w:val="center"/></w:pPr>${drawing(photo.picture, photo.caption, half - 200, 3200)}</w:p>`
            : centred(photo.problem ?? '照片无法显示', NOTE, true)
        }${centred(photo.caption, NOTE)}`
    return `<w:tc><w:tcPr><w:tcW w:w="${half}" w:type="dxa"/><w:vAlign w:val="bottom"/></w:tcPr>${inside}</w:tc>`
  }
  const rows: string[] = []
  for (let at = 0; at < photos.length; at += 2)
    rows.push(`<w:tr><w:trPr><w:cantSplit/></w:trPr>${cell(photos[at])}${cell(photos[at + 1])}</w:tr>`)
  return `<w:tbl><w:tblPr><w:tblW w:w="${half * 2}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="${half}"/><w:gridCol w:w="${half}"/></w:tblGrid>${rows.join('')}</w:tbl><w:p><w:pPr>${TIGHT}</w:pPr></w:p>`
}
