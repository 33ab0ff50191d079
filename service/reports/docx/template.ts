/**
 * A Word file as a template: every {{名称}} is a place. Words are filled where they stand, also when Word has torn them into
 * several runs; tables and pictures take the place of a paragraph of their own; what stands between {{#区域}} and {{/区域}} is
 * repeated. Everything that is wrong with a template is found before anything is filled, and named. Pure.
 */
import { AppError } from '../../../shared/contract/errors.ts'
import { unzip } from '../../formats/zip-limits.ts'
import { escapeXml, type Look } from './blocks.ts'

export const LOOP_START = '{{#区域}}'
export const LOOP_END = '{{/区域}}'
const PLACE = /\{\{\s*([^{}]+?)\s*\}\}/g
const LIMITS = { entries: 500, unpackedBytes: 60 << 20 }

export interface Places {
  /** Names of places for words. */
  readonly words: ReadonlySet<string>
  /** Names of places for tables and pictures, which need a paragraph of their own. */
  readonly blocks: ReadonlySet<string>
}

/** A part of the document's body, in order. */
export type Piece =
  | { readonly kind: 'xml'; readonly xml: string }
  | {
      readonly kind: 'block'
      readonly name: string
      readonly look: Look
      readonly width: number
      readonly after: string
    }

export interface DocxTemplate {
  readonly entries: ReadonlyMap<string, Buffer>
  /** `document.xml` up to the body and after it. */
  readonly head: string
  readonly tail: string
  readonly before: readonly Piece[]
  /** What is repeated for each zone; empty without a loop. */
  readonly repeated: readonly Piece[]
  readonly after: readonly Piece[]
  /** Headers and footers that have places. */
  readonly sides: readonly string[]
}

/**
 * Reads and checks a template. Throws `refused`: `template_damaged` for what is no Word file, `template_places` for names that
 * are not known where they stand, `template_loop` and `template_block` for places that are not where they can be filled.
 * @param outside places of the whole report @param inside places of a zone, between the marks of the loop
 */
export function readTemplate(bytes: Buffer, file: string, outside: Places, inside: Places): DocxTemplate {
  const entries = openTemplate(bytes, file)
  const xml = entries.get('word/document.xml')!.toString('utf8')
  const from = xml.indexOf('>', xml.indexOf('<w:body')) + 1
  const to = xml.lastIndexOf('</w:body>')
  if (from <= 0 || to < from) throw damaged(file)
  const children = topLevel(xml.slice(from, to))
  const marks = children.map(child => wordsOf(child).trim())
  const start = marks.indexOf(LOOP_START)
  const end = marks.indexOf(LOOP_END)
  const stray = marks.findIndex(
    (text, index) => index !== start && index !== end && (text.includes('{{#') || text.includes('{{/')),
  )
  if (start < 0 !== end < 0 || end < start || stray >= 0) throw brokenLoop(file)
  const widths = sectionWidths(children)
  const pieces = (list: readonly string[], offset: number, places: Places): Piece[] =>
    list.map((child, index) => pieceOf(child, places, widths[offset + index]!, file))
  const everything = { words: new Set([...outside.words, ...inside.words]), blocks: outside.blocks }
  const sides = [...entries.keys()].filter(name => /^word\/(header|footer)\d*\.xml$/.test(name))
  for (const name of sides) checkWords(entries.get(name)!.toString('utf8'), outside, file)
  const parts =
    start < 0
      ? { before: pieces(children, 0, outside), repeated: [], after: [] }
      : {
          before: pieces(children.slice(0, start), 0, outside),
          repeated: pieces(children.slice(start + 1, end), start + 1, {
            words: everything.words,
            blocks: inside.blocks,
          }),
          after: pieces(children.slice(end + 1), end + 1, outside),
        }
  return { entries, head: xml.slice(0, from), tail: xml.slice(to), sides, ...parts }
}

/** The XML with its places filled; the first run of a place keeps its look. Unknown names are left, `readTemplate` refused them. */
export function fillWords(xml: string, wordFor: (name: string) => string | undefined): string {
  if (!xml.includes('{')) return xml
  return xml.replace(/<w:p[ >](?:(?!<w:p[ >]).)*?<\/w:p>/gs, paragraph => fillParagraph(paragraph, wordFor))
}

function fillParagraph(paragraph: string, wordFor: (name: string) => string | undefined): string {
  const texts = [...paragraph.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)]
  const plain = texts.map(match => plainText(match[1]!))
  const joined = plain.join('')
  if (!joined.includes('{{')) return paragraph
  // Where in the joined words each text begins.
  const begins: number[] = []
  plain.reduce((at, text) => {
    begins.push(at)
    return at + text.length
  }, 0)
  const filled = plain.map(() => '')
  const holderOf = (position: number): number => {
    let holder = 0
    while (holder + 1 < begins.length && begins[holder + 1]! <= position) holder++
    return holder
  }
  let at = 0
  const keep = (until: number): void => {
    for (; at < until; at++) filled[holderOf(at)]! += joined[at]
  }
  for (const match of joined.matchAll(PLACE)) {
    const value = wordFor(match[1]!)
    if (value === undefined) continue
    keep(match.index)
    filled[holderOf(at)]! += value
    at = match.index + match[0].length
  }
  keep(joined.length)
  let index = 0
  return paragraph.replace(
    /<w:t(?: [^>]*)?>[^<]*<\/w:t>/g,
    () => `<w:t xml:space="preserve">${escapeXml(filled[index++]!)}</w:t>`,
  )
}

function pieceOf(child: string, places: Places, width: number, file: string): Piece {
  const alone = /^\{\{\s*([^{}]+?)\s*\}\}$/.exec(wordsOf(child).trim())?.[1]
  if (alone !== undefined && places.blocks.has(alone) && child.startsWith('<w:p')) {
    const paragraph = /<w:pPr>.*?<\/w:pPr>/s.exec(child)?.[0] ?? ''
    const section = /<w:sectPr.*?<\/w:sectPr>/s.exec(paragraph)?.[0] ?? ''
    const run = /<w:r(?: [^>]*)?>\s*(<w:rPr>.*?<\/w:rPr>)/s.exec(child)?.[1] ?? ''
    return {
      kind: 'block',
      name: alone,
      look: { paragraph: paragraph.replace(section, ''), run },
      width,
      // A paragraph that ends a section of the page layout still has to end it.
      after: section === '' ? '' : `<w:p><w:pPr>${section}</w:pPr></w:p>`,
    }
  }
  checkWords(child, places, file)
  return { kind: 'xml', xml: child }
}

function checkWords(xml: string, places: Places, file: string): void {
  for (const match of xml.matchAll(/<w:p[ >](?:(?!<w:p[ >]).)*?<\/w:p>/gs)) {
    const words = wordsOf(match[0])
    const open = words.replace(PLACE, '').match(/\{\{.{0,20}|.{0,20}\}\}/)
    if (open) throw unknown(file, [open[0].trim()])
    const names = [...words.matchAll(PLACE)].map(found => found[1]!)
    const block = names.find(name => places.blocks.has(name))
    if (block !== undefined)
      throw new AppError(
        'refused',
        `模板“${file}”里的占位“${block}”是整张表或图，要单独成段，不能放在文字中间或表格里`,
        {
          reason: 'template_block',
          file,
          values: { place: block },
        },
      )
    const strange = names.filter(name => !places.words.has(name))
    if (strange.length > 0) throw unknown(file, strange)
  }
}

/** The words of some XML, without tags. */
function wordsOf(xml: string): string {
  return [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(match => plainText(match[1]!)).join('')
}

function plainText(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}

/** The elements directly below the body. */
function topLevel(xml: string): string[] {
  const children: string[] = []
  let depth = 0
  let from = 0
  for (const tag of xml.matchAll(/<(\/?)[\w:]+(?:"[^"]*"|'[^']*'|[^<>"'])*?(\/?)>/g)) {
    const isClosing = tag[1] === '/'
    const isEmpty = tag[2] === '/'
    if (!isClosing && depth === 0) from = tag.index
    if (isClosing) depth--
    else if (!isEmpty) depth++
    if (depth === 0) children.push(xml.slice(from, tag.index + tag[0].length))
  }
  return children
}

/** Width of the text at each child, twentieths of a point: that of the next section mark. */
function sectionWidths(children: readonly string[]): number[] {
  const widths: number[] = []
  let width = 9600
  for (let index = children.length - 1; index >= 0; index--) {
    const section = /<w:sectPr.*?<\/w:sectPr>/s.exec(children[index]!)?.[0]
    if (section) {
      const number = (name: string, attribute: string): number =>
        Number(new RegExp(`<w:${name} [^>]*w:${attribute}="(\\d+)"`).exec(section)?.[1] ?? 0)
      width = number('pgSz', 'w') - number('pgMar', 'left') - number('pgMar', 'right')
    }
    widths[index] = width > 0 ? width : 9600
  }
  return widths
}

function openTemplate(bytes: Buffer, file: string): Map<string, Buffer> {
  let entries: Map<string, Buffer>
  try {
    entries = unzip(bytes, file, LIMITS)
  } catch (error) {
    throw damaged(file, error)
  }
  const needed = ['[Content_Types].xml', 'word/document.xml', 'word/_rels/document.xml.rels']
  if (!needed.every(name => entries.has(name))) throw damaged(file)
  return entries
}

function damaged(file: string, cause?: unknown): AppError {
  return new AppError(
    'refused',
    `模板“${file}”打不开，不是完好的 Word 文件(.docx)`,
    { reason: 'template_damaged', file },
    { cause },
  )
}

function unknown(file: string, names: readonly string[]): AppError {
  const places = names.slice(0, 5).join('、')
  return new AppError('refused', `模板“${file}”里有不认识的占位：${places}；可用的占位见手册`, {
    reason: 'template_places',
    file,
    values: { places },
  })
}

function brokenLoop(file: string): AppError {
  return new AppError('refused', `模板“${file}”里的 ${LOOP_START} 和 ${LOOP_END} 要各有一个、各自单独成段、先后排列`, {
    reason: 'template_loop',
    file,
  })
}
