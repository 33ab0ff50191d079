/**
 * A report of tables across A4 as DOCX, written row by row: twenty thousand enterprises are a million cells, which no
 * document model in memory carries. Looks are styles, named once, so that a cell is little more than its text.
 */
import { columnTitle, printCell, type Report, type ReportTable } from '../../shared/report/model.ts'
import { columnWidths, WORD_SIGN } from './column-widths.ts'
import { escapeXml } from './docx/blocks.ts'
import { createZip, type ZipWriter } from './docx/zip-write.ts'

/** Text width of A4 across, twentieths of a point. */
const WIDTH = 14_798
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
/** Rows that go to the file at once. */
const BATCH = 50

/** Style of a paragraph: its face, half points, and how it stands. */
type Style = readonly [id: string, face: string, halfPoints: number, bold: boolean, align: string, more?: string]
const TIGHT = '<w:spacing w:before="0" w:after="0"/>'
const STYLES: readonly Style[] = [
  ['Title', '方正小标宋简体', 44, false, 'center', '<w:spacing w:before="0" w:after="160"/>'],
  ['Chapter', '黑体', 32, false, 'left', '<w:keepNext/><w:spacing w:before="0" w:after="120"/>'],
  ['Facts', '仿宋', 21, false, 'left', '<w:spacing w:before="0" w:after="80"/>'],
  ['Note', '仿宋', 21, false, 'left', '<w:spacing w:before="40" w:after="0"/>'],
  ['Foot', '宋体', 16, false, 'left', '<w:spacing w:before="40" w:after="80"/>'],
  ['Page', '宋体', 18, false, 'center', TIGHT],
  ['CellHead', '宋体', 15, true, 'center', TIGHT],
  ['CellText', '宋体', 15, false, 'center', TIGHT],
  ['CellFigure', '宋体', 15, false, 'right', TIGHT],
  ['CellSum', '宋体', 15, true, 'right', TIGHT],
]

/** `onRow` hears of rows that are written; `checkpoint` is awaited between batches of them and may cancel. */
export async function writeLongDocx(
  report: Report,
  file: string,
  checkpoint: () => Promise<void>,
  onRow: (done: number) => void = () => undefined,
): Promise<void> {
  const zip = await createZip(file)
  try {
    await write(report, zip, checkpoint, onRow)
    await zip.finish()
  } catch (error) {
    await zip.abandon().catch(() => undefined)
    throw error
  }
}

async function write(
  report: Report,
  zip: ZipWriter,
  checkpoint: () => Promise<void>,
  onRow: (done: number) => void,
): Promise<void> {
  const add = (name: string, xml: string) => zip.add(name, Buffer.from(XML + xml))
  await add('[Content_Types].xml', contentTypes())
  await add('_rels/.rels', relations([['officeDocument', 'word/document.xml']]))
  await add(
    'word/_rels/document.xml.rels',
    relations([
      ['styles', 'styles.xml'],
      ['footer', 'footer1.xml'],
    ]),
  )
  await add('word/styles.xml', styles())
  await add('word/footer1.xml', footer())
  const body = zip.begin('word/document.xml')
  let done = 0
  const table = async (given: ReportTable): Promise<void> => {
    let batch: string[] = []
    for (const piece of tablePieces(given)) {
      batch.push(piece)
      if (batch.length < BATCH) continue
      await checkpoint()
      await body.write(batch.join(''))
      done += batch.length
      onRow(done)
      batch = []
    }
    await body.write(batch.join(''))
  }
  await body.write(`${XML}<w:document xmlns:w="${MAIN}" xmlns:r="${OFFICE}"><w:body>`)
  await body.write(paragraph('Title', report.title))
  await body.write(paragraph('Facts', report.header.map(([label, value]) => `${label}：${value}`).join('  ')))
  await table(report.summary)
  for (const note of report.notes) await body.write(paragraph('Note', note))
  await body.write(signature(report.signature))
  for (const chapter of report.chapters) {
    await body.write(paragraph('Chapter', chapter.title, '<w:pageBreakBefore/>'))
    for (const section of chapter.sections) {
      for (const text of [section.heading, ...section.paragraphs])
        if (text !== '') await body.write(paragraph('Note', text))
      for (const each of section.tables) await table(each)
    }
  }
  await body.write(
    '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1134" w:right="1020" w:bottom="1134" w:left="1020" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>',
  )
  await body.end()
}

const run = (text: string): string => `<w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r>`
const paragraph = (style: string, text: string, more = ''): string =>
  `<w:p><w:pPr><w:pStyle w:val="${style}"/>${more}</w:pPr>${text === '' ? '' : run(text)}</w:p>`

/** The names below, spread over the width of the page. */
function signature(names: readonly string[]): string {
  const tabs = names
    .slice(1)
    .map((_, index) => `<w:tab w:val="left" w:pos="${Math.round(((index + 1) * WIDTH) / names.length)}"/>`)
  return `<w:p><w:pPr><w:pStyle w:val="Note"/><w:tabs>${tabs.join('')}</w:tabs><w:spacing w:before="400"/></w:pPr>${names.map(run).join('<w:r><w:tab/></w:r>')}</w:p>`
}

/** A table row by row; its head repeats on every page and no row is torn. */
function* tablePieces(table: ReportTable): Generator<string> {
  const parts = columnWidths(table, 'landscape', WORD_SIGN)
  const all = parts.reduce((sum, part) => sum + part, 0)
  const widths = parts.map(part => Math.floor((WIDTH * part) / all))
  const cell = (text: string, index: number, style: string): string =>
    `<w:tc><w:tcPr><w:tcW w:w="${widths[index]}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>${paragraph(style, text)}</w:tc>`
  const row = (cells: ReportTable['rows'][number], figure: string, text: string): string =>
    `<w:tr><w:trPr><w:cantSplit/></w:trPr>${table.columns
      .map((column, index) => {
        const value = cells[index] ?? null
        return cell(printCell(column, value), index, column.kind === 'number' ? figure : text)
      })
      .join('')}</w:tr>`
  const borders = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
    .map(side => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
    .join('')
  yield `<w:tbl><w:tblPr><w:tblW w:w="${WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>${borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>${widths.map(width => `<w:gridCol w:w="${width}"/>`).join('')}</w:tblGrid>`
  yield `<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>${table.columns.map((column, index) => cell(columnTitle(column), index, 'CellHead')).join('')}</w:tr>`
  for (const cells of table.rows) yield row(cells, 'CellFigure', 'CellText')
  // An empty table says that it is empty.
  if (table.rows.length === 0)
    yield `<w:tr><w:tc><w:tcPr><w:tcW w:w="${WIDTH}" w:type="dxa"/><w:gridSpan w:val="${widths.length}"/></w:tcPr>${paragraph('CellText', '无')}</w:tc></w:tr>`
  if (table.totals) yield row(table.totals, 'CellSum', 'CellHead')
  yield '</w:tbl>'
  yield paragraph('Foot', table.footnote ?? '')
}

function styles(): string {
  const faces = (eastAsia: string) =>
    `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="${eastAsia}"/>`
  const style = ([id, face, size, bold, align, more = '']: Style): string =>
    `<w:style w:type="paragraph" w:customStyle="1" w:styleId="${id}"><w:name w:val="Lowland ${id}"/><w:pPr>${more}<w:jc w:val="${align}"/>${id === 'Chapter' ? '<w:outlineLvl w:val="0"/>' : ''}</w:pPr><w:rPr>${faces(face)}${bold ? '<w:b/>' : ''}<w:sz w:val="${size}"/><w:szCs w:val="${size}"/></w:rPr></w:style>`
  return `<w:styles xmlns:w="${MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>${faces('宋体')}<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>${STYLES.map(style).join('')}</w:styles>`
}

function footer(): string {
  const page =
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
  return `<w:ftr xmlns:w="${MAIN}"><w:p><w:pPr><w:pStyle w:val="Page"/></w:pPr>${run('— ')}${page}${run(' —')}</w:p></w:ftr>`
}

function relations(list: readonly (readonly [type: string, target: string])[]): string {
  const each = list.map(
    ([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  )
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`
}

function contentTypes(): string {
  const part = 'application/vnd.openxmlformats-officedocument.wordprocessingml'
  const override = (name: string, type: string) =>
    `<Override PartName="/word/${name}.xml" ContentType="${part}.${type}+xml"/>`
  return `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('document', 'document.main')}${override('styles', 'styles')}${override('footer1', 'footer')}</Types>`
}
