/** 地块台账 on paper: sums by unit, then the 43 columns of the sheet as four tables across A4, the code on each. */
import type { CellValue, Report, ReportColumn } from '../../../shared/report/model.ts'
import type { JobControl } from '../../boundary/job-stream.ts'
import type { Store } from '../../db/store.ts'
import { PARCEL_COLUMNS, parcelCells, unitSums } from './parcel-sheet.ts'

/** Title of a table and the column after its last. */
const PARTS = [
  ['表1 位置与使用状况', 11],
  ['表2 登记与权利人', 21],
  ['表3 审批与现状', 32],
  ['表4 强度、环境与开发边界', PARCEL_COLUMNS.length],
] as const
const WIDE: Readonly<Record<string, number>> = { DCDYBH: 2.4, CQR: 3.2, XZTDSYR: 3.2, XZDL: 2, QSXZ: 2, BDCQZ: 2.4 }

const onPaper = (at: number): ReportColumn => {
  const [title, code, decimals] = PARCEL_COLUMNS[at]!
  return { key: `${at}`, title, kind: decimals > 0 ? 'number' : 'text', decimals, width: WIDE[code] ?? 1.4 }
}

/** `frame` has head, cautions and signature. Unknown is — here: a paper is read, not pasted upward. */
export async function parcelReport(
  store: Store,
  unit: string | undefined,
  frame: Report,
  control: JobControl,
): Promise<Report> {
  const sums = unitSums(store)
  const all: CellValue[][] = []
  const breaks: number[] = []
  let before: string | null | undefined
  for (const { row, cells } of parcelCells(store, unit)) {
    if (all.length % 100 === 0) await control.checkpoint()
    if (all.length > 0 && row.unit !== before) breaks.push(all.length)
    before = row.unit
    sums.add(row)
    all.push(cells)
  }
  const chapters = PARTS.map(([title, end], index) => {
    const start = index === 0 ? 1 : PARTS[index - 1]![1]
    const at = [0, ...Array.from({ length: end - start }, (_, place) => start + place)]
    const rows = all.map((cells, number) => [number + 1, ...at.map(place => cells[place] ?? null)])
    const order: ReportColumn = { key: 'order', title: '序号', kind: 'number', decimals: 0, width: 0.8 }
    const table = { title, columns: [order, ...at.map(onPaper)], rows, breaks }
    return {
      title,
      code: title,
      across: true as const,
      sections: [{ heading: '', paragraphs: [], tables: [table], figures: [] }],
    }
  })
  return { ...frame, summary: sums.table(), chapters }
}
