/** The paper and sheet formats of a report, by name. */
import type { Report } from '../../shared/report/model.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import { writeDocx } from './write-docx.ts'
import { writeLongDocx } from './write-long-docx.ts'
import { writeLongPdf, writePdf } from './write-pdf.ts'
import { writeXlsx } from './write-xlsx.ts'

type Writer = (report: Report, file: string, resources: string, checkpoint: () => Promise<void>) => Promise<void>

export const REPORT_WRITERS: Readonly<Record<'pdf' | 'docx' | 'xlsx', Writer>> = {
  pdf: writePdf,
  docx: writeDocx,
  xlsx: writeXlsx,
}

/** A report whose chapters are long tables across A4; tells how far it is and may be cancelled. */
export function writeLongPaper(
  report: Report,
  format: 'pdf' | 'docx',
  file: string,
  resources: string,
  control: JobControl,
): Promise<void> {
  const total = report.chapters
    .flatMap(({ sections }) => sections.flatMap(({ tables }) => tables))
    .reduce((sum, table) => sum + table.rows.length, 0)
  const checkpoint = () => control.checkpoint()
  const tell = (done: number) => control.report({ phase: 'report', done: Math.min(done, total), total })
  if (format === 'pdf') return writeLongPdf(report, file, resources, checkpoint, tell)
  return writeLongDocx(report, file, checkpoint, tell)
}
