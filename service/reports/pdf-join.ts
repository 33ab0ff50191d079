/**
 * Joins PDFs that Typst wrote into one file, part by part: what was written leaves memory. Objects get new numbers, page trees
 * hang below one root, bookmarks become one list. Reads nothing but Typst's own files: cross-reference table in the classic
 * form, no encryption (ISO 32000-1, 7.5); anything else is refused.
 */
import { type FileHandle, open } from 'node:fs/promises'

export interface PdfJoiner {
  /** Adds a document behind those that were added, or before all of them. Returns its number of pages. */
  add(pdf: Uint8Array, place?: 'behind' | 'before'): Promise<number>
  /** Writes the directory and closes the file. */
  finish(): Promise<void>
  /** Closes the file without finishing it. */
  abandon(): Promise<void>
}

/** A link to this address, which a template writes as `link("page:12")`, leads to the twelfth page of the joined file. */
const PAGE_LINK = /\/A <<(?:[^<>]|\([^)]*\))*?\/URI \(page:(\d+)\)[^<>]*>>/

const CATALOG = 1
const PAGES = 2
const OUTLINES = 3

interface Part {
  readonly pages: readonly number[]
  /** Number of its own page tree. */
  readonly tree: number
  /** Bookmarks of the first level that meet those of other parts: held back until their neighbours are known. */
  readonly bookmarks: { readonly first: number; readonly last: number; readonly count: number } | null
  readonly held: Map<number, string>
  readonly info: number | undefined
}

/** Creates the file anew. */
export async function createPdf(file: string): Promise<PdfJoiner> {
  const handle = await open(file, 'w')
  const book = objectBook(handle)
  const parts: Part[] = []
  await book.raw('%PDF-1.7\n%\u0080\u0080\u0080\u0080\n')
  return {
    async add(pdf, place = 'behind') {
      const added = parts.flatMap(each => each.pages)
      const part = await addPart(book, pdf, own => (place === 'before' ? [...own, ...added] : [...added, ...own]))
      if (place === 'before') parts.unshift(part)
      else parts.push(part)
      return part.pages.length
    },
    async finish() {
      await writeRoot(book, parts)
      await handle.close()
    },
    abandon: () => handle.close(),
  }
}

interface ObjectBook {
  /** Makes room for objects 1 to `count` of a part; returns what is added to their numbers. */
  reserve(count: number): number
  write(number: number, body: Buffer | string): Promise<void>
  raw(text: string): Promise<void>
  finish(trailer: string): Promise<void>
}

function objectBook(handle: FileHandle): ObjectBook {
  let at = 0
  let next = OUTLINES + 1
  const places = new Map<number, number>()
  const append = async (bytes: Buffer): Promise<void> => {
    for (let from = 0; from < bytes.length; )
      from += (await handle.write(bytes, from, bytes.length - from, at + from)).bytesWritten
    at += bytes.length
  }
  const raw = (text: string) => append(Buffer.from(text, 'latin1'))
  return {
    raw,
    reserve(count) {
      const shift = next - 1
      next += count
      return shift
    },
    async write(number, body) {
      places.set(number, at)
      const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body
      await append(Buffer.concat([Buffer.from(`${number} 0 obj\n`), bytes, Buffer.from('\nendobj\n')]))
    },
    async finish(trailer) {
      const start = at
      const lines = [`xref\n0 ${next}\n0000000000 65535 f\r\n`]
      for (let number = 1; number < next; number++) {
        const place = places.get(number)
        lines.push(place === undefined ? '0000000000 00000 f\r\n' : `${String(place).padStart(10, '0')} 00000 n\r\n`)
      }
      await raw(`${lines.join('')}trailer\n<<\n/Size ${next}\n${trailer}>>\nstartxref\n${start}\n%%EOF\n`)
    },
  }
}

/** Adds all objects but those that the joined file has once. `linked` are the pages that links count, given the part's own. */
async function addPart(
  book: ObjectBook,
  pdf: Uint8Array,
  linked: (own: readonly number[]) => readonly number[],
): Promise<Part> {
  const { bodies, trailer, size } = objectsOf(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength))
  const shift = book.reserve(size)
  const textOf = (number: number | undefined) => (number === undefined ? '' : headOf(bodies.get(number)).text)
  const root = reference(trailer, 'Root')
  const catalog = textOf(root)
  const tree = reference(catalog, 'Pages')
  if (tree === undefined) throw new Error('a PDF without pages')
  const outlines = reference(catalog, 'Outlines')
  const outline = textOf(outlines)
  const [first, last] = [reference(outline, 'First'), reference(outline, 'Last')]
  const numberOf = (old: number) => (old === outlines ? OUTLINES : old + shift)
  const pages = pagesBelow(tree, textOf).map(numberOf)
  const held = new Map<number, string>()
  for (const [old, body] of bodies) {
    if (old === root || old === outlines) continue
    const { text, rest } = headOf(body)
    let renumbered = withNumbers(text, numberOf)
    if (old === tree) renumbered = renumbered.replace('<<', `<<\n  /Parent ${PAGES} 0 R`)
    if (text.includes('(page:')) renumbered = withPageLink(renumbered, linked(pages))
    if (old === first || old === last) held.set(numberOf(old), renumbered)
    else await book.write(numberOf(old), Buffer.concat([Buffer.from(renumbered, 'latin1'), rest]))
  }
  const info = reference(trailer, 'Info')
  return {
    pages,
    tree: numberOf(tree),
    bookmarks:
      first === undefined || last === undefined
        ? null
        : { first: numberOf(first), last: numberOf(last), count: Number(/\/Count (\d+)/.exec(outline)?.[1] ?? 0) },
    held,
    info: info === undefined ? undefined : numberOf(info),
  }
}

/** The first document of the file describes it (title, programs). */
async function writeRoot(book: ObjectBook, parts: readonly Part[]): Promise<void> {
  const marked = parts.filter(part => part.bookmarks !== null)
  for (const [index, part] of marked.entries()) {
    const { first, last } = part.bookmarks!
    const before = marked[index - 1]?.bookmarks?.last
    const after = marked[index + 1]?.bookmarks?.first
    for (const [number, text] of part.held) {
      const links = [
        ...(number === first && before !== undefined ? [`/Prev ${before} 0 R`] : []),
        ...(number === last && after !== undefined ? [`/Next ${after} 0 R`] : []),
      ]
      await book.write(number, text.replace('<<', ['<<', ...links].join('\n  ')))
    }
  }
  const [firstMark, lastMark] = [marked[0]?.bookmarks, marked.at(-1)?.bookmarks]
  if (firstMark && lastMark)
    await book.write(
      OUTLINES,
      `<<\n/Type /Outlines\n/First ${firstMark.first} 0 R\n/Last ${lastMark.last} 0 R\n/Count ${marked.reduce((sum, part) => sum + part.bookmarks!.count, 0)}\n>>`,
    )
  const pages = parts.reduce((sum, part) => sum + part.pages.length, 0)
  const kids = parts.map(part => `${part.tree} 0 R`).join(' ')
  await book.write(PAGES, `<<\n/Type /Pages\n/Count ${pages}\n/Kids [${kids}]\n>>`)
  const outlines = firstMark ? `/Outlines ${OUTLINES} 0 R\n` : ''
  await book.write(
    CATALOG,
    `<<\n/Type /Catalog\n/Pages ${PAGES} 0 R\n${outlines}/Lang (zh-CN)\n/ViewerPreferences << /DisplayDocTitle true >>\n>>`,
  )
  const info = parts[0]?.info
  await book.finish(`/Root ${CATALOG} 0 R\n${info === undefined ? '' : `/Info ${info} 0 R\n`}`)
}

function withPageLink(annotation: string, pages: readonly number[]): string {
  return annotation.replace(PAGE_LINK, (_, page: string) => {
    const object = pages[Number(page) - 1]
    if (object === undefined) throw new Error(`a link to page ${page}, which there is not`)
    return `/Dest [${object} 0 R /Fit]`
  })
}

/** Pages of a document as `add` counts them. */
export function countPages(pdf: Uint8Array): number {
  const { bodies, trailer } = objectsOf(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength))
  const textOf = (number: number) => headOf(bodies.get(number)).text
  const tree = reference(textOf(reference(trailer, 'Root') ?? 0), 'Pages')
  return tree === undefined ? 0 : pagesBelow(tree, textOf).length
}

interface Parsed {
  readonly bodies: ReadonlyMap<number, Buffer>
  readonly trailer: string
  readonly size: number
}

/** What stands between `obj` and `endobj`, by number. */
function objectsOf(pdf: Buffer): Parsed {
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(pdf.subarray(-64).toString('latin1'))?.[1] ?? Number.NaN)
  const table = Number.isNaN(start) ? '' : pdf.subarray(start).toString('latin1')
  const lines = /^xref\s+0 (\d+)\s+((?:\d{10} \d{5} [fn][\r\n ]{2})+)trailer([\s\S]*)startxref/.exec(table)
  if (!lines) throw new Error('not a PDF with one cross-reference table')
  const size = Number(lines[1])
  const places = [...lines[2]!.matchAll(/(\d{10}) \d{5} ([fn])/g)].flatMap(([, offset, kind], number) =>
    kind === 'n' ? [{ number, offset: Number(offset) }] : [],
  )
  places.sort((one, other) => one.offset - other.offset)
  const bodies = new Map<number, Buffer>()
  for (const [index, { number, offset }] of places.entries()) {
    const whole = pdf.subarray(offset, places[index + 1]?.offset ?? start)
    const from = whole.indexOf('obj') + 3
    bodies.set(number, whole.subarray(from, whole.lastIndexOf('endobj')))
  }
  return { bodies, trailer: lines[3]!, size }
}

/** The part of an object that may hold references, and the bytes of its stream. */
function headOf(body: Buffer | undefined): { readonly text: string; readonly rest: Buffer } {
  if (!body) return { text: '', rest: Buffer.alloc(0) }
  const at = body.indexOf('\nstream')
  const end = at < 0 ? body.length : at
  const text = body.subarray(0, end).toString('latin1')
  return { text: at < 0 ? text.trim() : text.trimStart(), rest: body.subarray(end) }
}

function reference(dictionary: string, key: string): number | undefined {
  const found = new RegExp(`/${key} (\\d+) 0 R`).exec(dictionary)
  return found ? Number(found[1]) : undefined
}

function pagesBelow(node: number, textOf: (number: number) => string): number[] {
  const text = textOf(node)
  if (!/\/Type \/Pages\b/.test(text)) return [node]
  const kids = /\/Kids \[([^\]]*)\]/.exec(text)?.[1] ?? ''
  return [...kids.matchAll(/(\d+) 0 R/g)].flatMap(([, kid]) => pagesBelow(Number(kid), textOf))
}

/** The references of a text with other numbers; what stands in strings stays as it is. */
export function withNumbers(text: string, numberOf: (old: number) => number): string {
  const piece = /(\d+) 0 R\b|\d+|\(|[^\d(]+/y
  let out = ''
  let at = 0
  while (at < text.length) {
    piece.lastIndex = at
    const found = piece.exec(text)!
    let end = piece.lastIndex
    if (found[0] === '(') end = endOfString(text, at)
    out += found[1] === undefined ? text.slice(at, end) : `${numberOf(Number(found[1]))} 0 R`
    at = end
  }
  return out
}

/** Behind the bracket that closes the string at `at`: brackets nest, a backslash hides what follows. */
function endOfString(text: string, at: number): number {
  let depth = 0
  for (let index = at; index < text.length; index++) {
    if (text[index] === '\\') index++
    else if (text[index] === '(') depth++
    else if (text[index] === ')' && --depth === 0) return index + 1
  }
  return text.length
}
