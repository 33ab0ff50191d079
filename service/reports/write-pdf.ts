/** The report as PDF by Typst: vector figures, selectable text. */
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import {
  columnTitle,
  printCell,
  type Report,
  type ReportChapter,
  type ReportFigure,
  type ReportPhoto,
  type ReportTable,
} from '../../shared/report/model.ts'
import type { PlanSheet } from '../../shared/report/plan-sheet.ts'
import { columnWidths, type Paper, WIDE_TABLE } from './column-widths.ts'
import { figureAsSvg } from './figure-words.ts'
import { createPdf } from './pdf-join.ts'
import { portionsOf } from './pdf-portions.ts'
import type { TypstTask } from './print-tasks.ts'
import { printing, printOnce } from './print-thread.ts'
import { sideBySide } from './side-by-side.ts'
import { type PdfPart, type SetPart, writeInParts } from './write-pdf-parts.ts'

const FONTS = ['noto-sans-sc/400Regular', 'noto-sans-sc/700Bold', 'noto-serif-sc/400Regular', 'noto-serif-sc/700Bold']
/** Signs of a text that may not fit on one page as a narrow cell. */
const LONG_TEXT = 300
const nothing = async (): Promise<void> => undefined

/** Folders of the report fonts: packed with the resources, or the packages beside them in a clone. */
export function fontFolders(resourcesFolder: string): string[] {
  const packed = join(resourcesFolder, 'fonts')
  const base = existsSync(packed) ? packed : join(resourcesFolder, '..', 'node_modules', '@expo-google-fonts')
  const folders = FONTS.map(font => join(base, font))
  if (!folders.every(existsSync)) throw new AppError('internal', '缺少报告字体', { reason: 'fonts_missing' })
  return folders
}

/** Without a paper the columns are as wide as they wish to be: a form knows its own places. */
function printed(table: ReportTable, paper?: Paper) {
  let longest = 0
  const line = (cells: ReportTable['rows'][number]) =>
    table.columns.map((column, index) => {
      const text = printCell(column, cells[index] ?? null)
      longest = Math.max(longest, text.length)
      return text
    })
  return {
    title: table.title,
    widths: paper ? columnWidths(table, paper) : table.columns.map(column => column.width ?? 1),
    numeric: table.columns.map(column => column.kind === 'number'),
    heads: table.columns.map(columnTitle),
    rows: table.rows.map(line),
    totals: table.totals ? line(table.totals) : [],
    footnote: table.footnote ?? null,
    // A row stays on one page unless it could be longer than one.
    whole: longest < LONG_TEXT,
  }
}

/** Plan sheets, one after the other, as one PDF; `template` is the Typst file to use. */
export async function writePlanPdf(
  sheets: readonly PlanSheet[],
  file: string,
  template: string,
  resourcesFolder: string,
  checkpoint = nothing,
): Promise<void> {
  const data = JSON.stringify({
    title: sheets.length === 1 ? sheets[0]!.title : '一企一策方案表',
    sheets: sheets.map(sheet => ({
      ...sheet,
      figure: sheet.figure && { ...sheet.figure, svg: figureAsSvg(sheet.figure) },
      tables: sheet.tables.map(table => ({ ...printed(table), place: table.place })),
    })),
  })
  await writeFile(file, await compile(template, data, resourcesFolder, checkpoint))
}

/**
 * `template` is the Typst file to use; the one that came with the program when left out. A template that knows of parts
 * (`data.part`) sets a long report piece by piece, which needs as much memory as one piece; `onChapters` hears how many are set.
 */
export async function writePdf(
  report: Report,
  file: string,
  resourcesFolder: string,
  checkpoint = nothing,
  template = join(resourcesFolder, 'reports', 'report.typ'),
  onChapters: (done: number) => void = () => undefined,
): Promise<void> {
  await printing(checkpoint, async print => {
    const text = readFileSync(template, 'utf8')
    const set: SetPart = async (chapters, part) => {
      const { data, files } = dataOf(report, chapters, template, part)
      const task = { ...taskOf(template, text, data, files, resourcesFolder), wantsChapters: part !== undefined }
      const answer = await print(task)
      if ('bytes' in answer) return answer
      throw templateProblem(basename(template), answer.problem)
    }
    if (report.chapters.length > 1 && text.includes('data.part')) return writeInParts(report, file, set, onChapters)
    await writeFile(file, (await set(report.chapters)).bytes)
  })
}

/** What the template gets of a report: its front and these chapters. */
function dataOf(report: Report, chapters: readonly ReportChapter[], template: string, part?: PdfPart) {
  const files: [string, Uint8Array][] = []
  const keep = (name: string, bytes: Uint8Array): string => {
    files.push([join(dirname(template), 'pictures', `${files.length + 1}-${name}`), bytes])
    return `/pictures/${files.length}-${name}`
  }
  const figure = ({ svg, ...rest }: ReportFigure) => ({ ...rest, picture: keep('map.svg', Buffer.from(svg)) })
  const photo = ({ caption, image, problem }: ReportPhoto) => ({
    caption,
    problem: problem ?? null,
    picture: image && keep(image.type === 'image/png' ? 'photo.png' : 'photo.jpg', image.bytes),
  })
  const data = JSON.stringify({
    ...headOf(report),
    chapters: chapters.map(chapter => ({
      ...chapter,
      across: chapter.across ?? false,
      sections: chapter.sections.map(section => ({
        ...section,
        tables: section.tables.map(table => printed(sideBySide(table), chapter.across ? 'landscape' : 'portrait')),
        figures: section.figures.map(figure),
        photos: (section.photos ?? []).map(photo),
      })),
    })),
    part: part ?? { front: true, firstPage: 1, contents: [] },
  })
  return { data, files }
}

function taskOf(
  template: string,
  text: string,
  data: string,
  files: TypstTask['files'],
  resourcesFolder: string,
): TypstTask {
  return {
    kind: 'typst',
    template: text,
    workspace: dirname(template),
    fontFolders: fontFolders(resourcesFolder),
    data,
    files,
  }
}

const headOf = (report: Report) => ({
  ...report,
  zones: [],
  head: true,
  first_page: 1,
  summary: printed(report.summary, report.summary.columns.length > WIDE_TABLE ? 'a3' : 'landscape'),
})

/**
 * The same for tables of a county's enterprises, for each of which Typst wants half a megabyte: in portions, one after
 * the other, joined with their pages numbered through. For chapters of tables only. `onRows` hears of rows that are set.
 */
export async function writeLongPdf(
  report: Report,
  file: string,
  resourcesFolder: string,
  checkpoint: () => Promise<void>,
  onRows: (done: number) => void = () => undefined,
): Promise<void> {
  const template = join(resourcesFolder, 'reports', 'report.typ')
  const text = readFileSync(template, 'utf8')
  const pdf = await createPdf(file)
  try {
    await printing(checkpoint, async print => {
      let first_page = 1
      const add = async (data: object): Promise<void> => {
        const answer = await print(taskOf(template, text, JSON.stringify({ ...data, first_page }), [], resourcesFolder))
        if (!('bytes' in answer)) throw templateProblem(basename(template), answer.problem)
        first_page += await pdf.add(answer.bytes)
      }
      const head = headOf(report)
      await add({ ...head, chapters: [] })
      let done = 0
      for (const portion of portionsOf(report.chapters)) {
        const { table, widths, isFirst } = portion
        const setting = { ...printed(table), widths }
        const section = { heading: '', paragraphs: [], tables: [setting], figures: [], photos: [] }
        const title = isFirst ? portion.title : ''
        await add({ ...head, head: false, chapters: [{ title, across: true, sections: [section] }] })
        done += table.rows.length
        onRows(done)
      }
    })
    await pdf.finish()
  } catch (error) {
    await pdf.abandon().catch(() => undefined)
    throw error
  }
}

async function compile(
  template: string,
  data: string,
  resourcesFolder: string,
  checkpoint: () => Promise<void>,
): Promise<Uint8Array> {
  const answer = await printOnce(
    taskOf(template, readFileSync(template, 'utf8'), data, [], resourcesFolder),
    checkpoint,
  )
  if ('bytes' in answer) return answer.bytes
  throw templateProblem(basename(template), answer.problem)
}

/** What is wrong with a Typst template, naming the field or word that it stumbled over. */
function templateProblem(file: string, problem: string): AppError {
  const field =
    /dictionary does not contain key "(.*)"/.exec(problem)?.[1] ?? /unknown variable: (.*)/.exec(problem)?.[1]
  if (field !== undefined)
    return new AppError('refused', `模板“${file}”里有不认识的占位：${field}；可用的占位见手册`, {
      reason: 'template_places',
      file,
      values: { places: field },
    })
  return new AppError('refused', `模板“${file}”不能排版：${problem}`, {
    reason: 'template_broken',
    file,
    values: { problem },
  })
}
