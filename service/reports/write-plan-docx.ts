/**
 * The plan sheet as Word, from a template that staff edit in Word: every {{名称}} in it is a place, filled by name. Places that
 * nobody knows are refused by name, so that a sheet never goes out with braces in it; places left out are fine.
 */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ImageRun, type IPatch, Paragraph, PatchType, patchDetector, patchDocument, TextRun } from 'docx'
import { AppError } from '../../shared/contract/errors.ts'
import type { PlanSheet } from '../../shared/report/plan-sheet.ts'
import { figurePng, reportFont, sheetTable } from './write-docx.ts'

/** Where a template stands in the list of names that it may use. */
export function placesOf(sheet: PlanSheet): string[] {
  return Object.keys(wordsOf(sheet)).concat(
    sheet.tables.map(table => table.place),
    ['验收标准', '位置图'],
  )
}

function wordsOf(sheet: PlanSheet): Record<string, string> {
  const facts = Object.fromEntries(
    // 目标亩均税收(万元/亩) is the place 目标亩均税收: units belong to the form.
    [...sheet.basics, ...sheet.targets].map(([label, value]) => [label.replace(/\(.*\)$/, ''), value]),
  )
  const opinions = Object.fromEntries(sheet.opinions.map(({ heading, text }) => [heading, text || ' ']))
  return {
    标题: sheet.title,
    ...facts,
    存在问题: sheet.problems,
    处置路径: sheet.route,
    ...opinions,
    页脚: sheet.footer,
  }
}

/** Text width inside the margins of the template, twentieths of a point. */
const WIDTH = 10_200
/** Half points; the sheet has to fit one page. */
const CELL_SIZE = 16
/** This one stands beside the map. */
const BESIDE_MAP = 4_900
/** CSS pixels of the map in the sheet. */
const MAP_WIDTH = 205

export async function writePlanDocx(
  sheet: PlanSheet,
  file: string,
  template: string,
  resourcesFolder: string,
): Promise<void> {
  const data = readTemplate(template)
  const found = await places(data, template)
  const known = new Set(placesOf(sheet))
  const strange = found.filter(name => !known.has(name))
  if (strange.length > 0) {
    throw new AppError(
      'refused',
      `模板“${basename(template)}”里有不认识的占位：${strange.slice(0, 5).join('、')}；可用的占位见手册`,
      { reason: 'template_places', file: basename(template), values: { places: strange.slice(0, 5).join('、') } },
    )
  }
  const patches: Record<string, IPatch> = {}
  const wanted = new Set(found)
  for (const [name, value] of Object.entries(wordsOf(sheet)))
    if (wanted.has(name)) patches[name] = { type: PatchType.PARAGRAPH, children: [new TextRun(value)] }
  for (const table of sheet.tables)
    if (wanted.has(table.place))
      patches[table.place] = {
        type: PatchType.DOCUMENT,
        children: [sheetTable(table, table.place === '时间节点' ? BESIDE_MAP : WIDTH, { halfPoints: CELL_SIZE })],
      }
  if (wanted.has('验收标准')) {
    const lines = sheet.criteria.length > 0 ? sheet.criteria : ['—']
    patches['验收标准'] = {
      type: PatchType.PARAGRAPH,
      children: lines.map((line, index) => new TextRun({ text: line, ...(index > 0 ? { break: 1 } : {}) })),
    }
  }
  if (wanted.has('位置图'))
    patches['位置图'] = { type: PatchType.DOCUMENT, children: [mapParagraph(sheet, resourcesFolder)] }
  await writeFile(file, await patchDocument({ outputType: 'nodebuffer', data, patches, keepOriginalStyles: true }))
}

function mapParagraph(sheet: PlanSheet, resourcesFolder: string): Paragraph {
  if (!sheet.figure) return new Paragraph('没有涉及地块')
  const { widthPx, heightPx } = sheet.figure
  const image = new ImageRun({
    type: 'png',
    data: figurePng(sheet.figure, reportFont(resourcesFolder)),
    transformation: { width: MAP_WIDTH, height: Math.round((MAP_WIDTH * heightPx) / widthPx) },
  })
  return new Paragraph({ children: [image] })
}

function readTemplate(template: string): Buffer {
  try {
    return readFileSync(template)
  } catch (error) {
    throw damaged(template, error)
  }
}

async function places(data: Buffer, template: string): Promise<string[]> {
  try {
    return [...new Set(await patchDetector({ data }))]
  } catch (error) {
    throw damaged(template, error)
  }
}

function damaged(template: string, cause: unknown): AppError {
  return new AppError(
    'refused',
    `模板“${basename(template)}”打不开，不是完好的 Word 文件(.docx)`,
    { reason: 'template_damaged', file: basename(template) },
    { cause },
  )
}
