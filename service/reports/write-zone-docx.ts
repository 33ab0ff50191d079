/**
 * The zone report as Word, from a template that staff edit in Word. Written zone by zone: the body is packed as it grows and
 * pictures go straight to the file, so that a county's report needs little memory.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { printCell, type Report, type ReportChapter } from '../../shared/report/model.ts'
import { figureBlock, type PhotoCell, type Picture, paragraph, photoBlock, tableBlock } from './docx/blocks.ts'
import { type DocxTemplate, fillWords, type Piece, type Places, readTemplate } from './docx/template.ts'
import { createZip, type ZipWriter } from './docx/zip-write.ts'
import { figureAsPaths } from './figure-words.ts'
import { printAll } from './print-thread.ts'
import { reportFont } from './write-docx.ts'
import { SUMMARY_COLUMNS } from './zone-report-parts.ts'

/** Parts of a chapter in their order, by the name of their place. */
const SECTIONS = [
  '区域概况',
  '企业与地块明细',
  '低效原因分析',
  '规划衔接',
  '整治方向',
  '一企一策汇总',
  '计划进度',
  '资金测算',
  '预期成效',
  '责任分工',
  '图件说明',
  '界址点成果表',
] as const
const MAPS = ['位置图', '现状图', '边界图'] as const
const TABLES = ['表B', '表C', '表D', '表E', '表F'] as const
const HEADER = ['单位', '年度', '截至日期', '面积口径', '边界版本', '填表人', '审核人'] as const

const REPORT_PLACES: Places = {
  words: new Set(['标题', '表头', '签章', ...HEADER]),
  blocks: new Set(['表A', '说明']),
}
const ZONE_PLACES: Places = {
  words: new Set(['区域标题', ...SUMMARY_COLUMNS.map(column => `区域${column.title}`)]),
  blocks: new Set([...SECTIONS, ...MAPS, ...TABLES, '图件', '照片']),
}

/** Room for a name or a seal; full-width, because Word breaks a row of narrow blanks. */
const SIGN_ROOM = '\u3000'.repeat(6)

/** 190 dots per inch at 15.6 cm. */
const PNG_ZOOM = 1.75

/** Throws `refused` for a template that cannot be filled, before anything is written. `onZone` hears of every zone that is done. */
export async function writeZoneDocx(
  report: Report,
  file: string,
  template: string,
  resourcesFolder: string,
  checkpoint: () => Promise<void> = async () => undefined,
  onZone: (done: number) => void = () => undefined,
): Promise<void> {
  const parts = readTemplate(readBytes(template), basename(template), REPORT_PLACES, ZONE_PLACES)
  const zip = await createZip(file)
  try {
    await write(report, parts, zip, resourcesFolder, checkpoint, onZone)
    await zip.finish()
  } catch (error) {
    await zip.abandon().catch(() => undefined)
    throw error
  }
}

async function write(
  report: Report,
  parts: DocxTemplate,
  zip: ZipWriter,
  resourcesFolder: string,
  checkpoint: () => Promise<void>,
  onZone: (done: number) => void,
): Promise<void> {
  const ofReport = reportWords(report)
  const wordOf = (name: string) => ofReport.get(name)
  const body = zip.begin('word/document.xml')
  const pictures = pictureBook(zip)
  const around = (piece: Piece): string =>
    piece.kind === 'xml' ? fillWords(piece.xml, wordOf) : reportBlock(report, piece) + piece.after
  await body.write(parts.head + parts.before.map(around).join(''))
  const wantsMaps = parts.repeated.some(
    piece => piece.kind === 'block' && (piece.name === '图件' || MAPS.includes(piece.name as '位置图')),
  )
  const maps = printAll(wantsMaps ? mapTasks(report, resourcesFolder) : [])
  try {
    for (const [index, chapter] of report.chapters.entries()) {
      await checkpoint()
      const drawn = await drawnMaps(chapter, wantsMaps, maps, pictures, checkpoint)
      const photos = await shownPhotos(chapter, pictures)
      const words = zoneWords(report, index)
      const inZone = (piece: Piece): string => {
        if (piece.kind === 'xml') return fillWords(piece.xml, name => words.get(name) ?? ofReport.get(name))
        return zoneBlock(chapter, piece, drawn, photos) + piece.after
      }
      const xml = parts.repeated.map(inZone).join('')
      // The first zone stands where the template puts it; the page before it has just been turned.
      await body.write(index === 0 ? xml.replace(/<w:pageBreakBefore\/>/, '') : xml)
      onZone(index + 1)
    }
  } finally {
    await maps.return(undefined)
  }
  await body.write(parts.after.map(around).join('') + parts.tail)
  await body.end()
  for (const [name, bytes] of parts.entries) {
    if (name === 'word/document.xml') continue
    if (name === '[Content_Types].xml') await zip.add(name, Buffer.from(withPictureTypes(bytes.toString('utf8'))))
    else if (name === 'word/_rels/document.xml.rels')
      await zip.add(name, Buffer.from(pictures.relations(bytes.toString('utf8'))))
    else if (parts.sides.includes(name)) await zip.add(name, Buffer.from(fillWords(bytes.toString('utf8'), wordOf)))
    else await zip.add(name, bytes)
  }
}

function readBytes(template: string): Buffer {
  try {
    return readFileSync(template)
  } catch (cause) {
    const file = basename(template)
    throw new AppError('refused', `模板“${file}”打不开`, { reason: 'template_damaged', file }, { cause })
  }
}

function reportWords(report: Report): Map<string, string> {
  return new Map<string, string>([
    ['标题', report.title],
    ['表头', report.header.map(([label, value]) => `${label}：${value}`).join('  ')],
    ['签章', report.signature.join(SIGN_ROOM)],
    ...report.header,
  ])
}

function zoneWords(report: Report, index: number): Map<string, string> {
  const row = report.summary.rows[index] ?? []
  return new Map([
    ['区域标题', report.chapters[index]!.title],
    ...report.summary.columns.map((column, at): [string, string] => [
      `区域${column.title}`,
      printCell(column, row[at] ?? null),
    ]),
  ])
}

type Block = Extract<Piece, { kind: 'block' }>

function reportBlock(report: Report, { name, width, look }: Block): string {
  if (name === '表A') return tableBlock(report.summary, width)
  return report.notes.map(note => paragraph(note, look)).join('')
}

function zoneBlock(
  chapter: ReportChapter,
  { name, width, look }: Block,
  maps: readonly { picture: Picture; title: string }[],
  photos: readonly PhotoCell[],
): string {
  if (name === '照片') return photoBlock(photos, width)
  if (name === '图件') return maps.map(({ picture, title }) => figureBlock(picture, title, width)).join('')
  const map = MAPS.indexOf(name as '位置图')
  if (map >= 0) return maps[map] ? figureBlock(maps[map].picture, maps[map].title, width) : ''
  const section = SECTIONS.indexOf(name as '区域概况')
  if (section >= 0) {
    const { paragraphs, tables } = chapter.sections[section]!
    return (
      paragraphs.map(text => paragraph(text, look)).join('') + tables.map(table => tableBlock(table, width)).join('')
    )
  }
  const table = chapter.sections.flatMap(each => each.tables).find(each => each.title.startsWith(name))
  return table ? tableBlock(table, width) : ''
}

function* mapTasks(report: Report, resourcesFolder: string) {
  const font = reportFont(resourcesFolder)
  for (const chapter of report.chapters)
    for (const figure of chapter.sections.flatMap(section => section.figures))
      yield { kind: 'png' as const, svg: figureAsPaths(figure, font), zoom: PNG_ZOOM }
}

async function drawnMaps(
  chapter: ReportChapter,
  isWanted: boolean,
  maps: ReturnType<typeof printAll>,
  pictures: ReturnType<typeof pictureBook>,
  checkpoint: () => Promise<void>,
): Promise<{ picture: Picture; title: string }[]> {
  const drawn: { picture: Picture; title: string }[] = []
  if (!isWanted) return drawn
  for (const figure of chapter.sections.flatMap(section => section.figures)) {
    await checkpoint()
    const { value, done } = await maps.next()
    if (done || !('bytes' in value)) throw new Error('a map was not drawn')
    drawn.push({ picture: await pictures.add('png', value.bytes, figure), title: figure.title })
  }
  return drawn
}

async function shownPhotos(chapter: ReportChapter, pictures: ReturnType<typeof pictureBook>): Promise<PhotoCell[]> {
  const cells: PhotoCell[] = []
  for (const { caption, image, problem } of chapter.sections.flatMap(section => section.photos ?? [])) {
    const picture = image && (await pictures.add(image.type === 'image/png' ? 'png' : 'jpg', image.bytes, image))
    cells.push({ caption, picture, problem })
  }
  return cells
}

/** Pictures of the package: each goes to the file at once; their relationships are told at the end. */
function pictureBook(zip: ZipWriter) {
  const relations: string[] = []
  return {
    async add(
      type: 'png' | 'jpg',
      bytes: Uint8Array,
      { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
    ): Promise<Picture> {
      const number = relations.length + 1
      const relation = `rIdLowland${number}`
      await zip.add(`word/media/lowland${number}.${type}`, bytes)
      relations.push(
        `<Relationship Id="${relation}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/lowland${number}.${type}"/>`,
      )
      return { relation, id: 10_000 + number, widthPx, heightPx }
    },
    relations: (xml: string) => xml.replace('</Relationships>', `${relations.join('')}</Relationships>`),
  }
}

function withPictureTypes(xml: string): string {
  const missing = [
    ['png', 'image/png'],
    ['jpg', 'image/jpeg'],
  ].filter(([extension]) => !new RegExp(`Extension="${extension}"`, 'i').test(xml))
  const types = missing.map(([extension, type]) => `<Default Extension="${extension}" ContentType="${type}"/>`).join('')
  return xml.replace(/(<Types[^>]*>)/, `$1${types}`)
}
