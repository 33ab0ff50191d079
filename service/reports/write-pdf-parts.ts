/**
 * A long report as PDF piece by piece: Typst keeps the layout of all pages until the end, so that a county's report would take
 * 2 GB at once. Page numbers run through; the front is set last, when the table of contents is known.
 */
import type { Report, ReportChapter } from '../../shared/report/model.ts'
import { countPages, createPdf, type PdfJoiner } from './pdf-join.ts'

/** What a template that knows of parts gets as `data.part`. */
export interface PdfPart {
  /** Whether title, header, summary, notes and signature belong to it. */
  readonly front: boolean
  /** Number of its first page. */
  readonly firstPage: number
  readonly contents: readonly { readonly title: string; readonly page: number }[]
}

/** Sets the front and these chapters as a document of its own; `chapterPages` are the numbers that their first pages bear. */
export type SetPart = (
  chapters: readonly ReportChapter[],
  part?: PdfPart,
) => Promise<{ readonly bytes: Uint8Array; readonly chapterPages?: readonly number[] }>

/** Rows of tables in one part, a map counting as some: some fifteen pages. */
const PART_ROWS = 600
const ROWS_PER_FIGURE = 60

export async function writeInParts(
  report: Report,
  file: string,
  set: SetPart,
  onChapters: (done: number) => void,
): Promise<void> {
  const pdf = await createPdf(file)
  try {
    await write(report, pdf, set, onChapters)
    await pdf.finish()
  } catch (error) {
    await pdf.abandon().catch(() => undefined)
    throw error
  }
}

async function write(report: Report, pdf: PdfJoiner, set: SetPart, onChapters: (done: number) => void): Promise<void> {
  const front = (contents: PdfPart['contents']) => set([], { front: true, firstPage: 1, contents })
  // Numbers of pages stand in a column of their own: which they are does not change how many pages the front has.
  const blank = report.chapters.map(({ title }) => ({ title, page: 0 }))
  const ahead = countPages((await front(blank)).bytes)
  const contents: { title: string; page: number }[] = []
  let page = ahead + 1
  for (const chapters of partsOf(report.chapters)) {
    const { bytes, chapterPages = [] } = await set(chapters, { front: false, firstPage: page, contents: [] })
    page += await pdf.add(bytes)
    for (const [index, { title }] of chapters.entries()) contents.push({ title, page: chapterPages[index] ?? page })
    onChapters(contents.length)
  }
  await pdf.add((await front(contents)).bytes, 'before')
}

/** Chapters in their order, as many together as a part holds. */
function* partsOf(chapters: readonly ReportChapter[]): Generator<ReportChapter[]> {
  let part: ReportChapter[] = []
  let rows = 0
  for (const chapter of chapters) {
    const own = chapter.sections.reduce(
      (sum, { tables, figures }) =>
        sum + figures.length * ROWS_PER_FIGURE + tables.reduce((all, table) => all + table.rows.length, 0),
      0,
    )
    if (part.length > 0 && rows + own > PART_ROWS) {
      yield part
      part = []
      rows = 0
    }
    part.push(chapter)
    rows += own
  }
  if (part.length > 0) yield part
}
