/** The paper and sheet formats of a report, by name. */
import type { Report } from '../../shared/report/model.ts'
import { writeDocx } from './write-docx.ts'
import { writePdf } from './write-pdf.ts'
import { writeXlsx } from './write-xlsx.ts'

type Writer = (report: Report, file: string, resources: string, checkpoint: () => Promise<void>) => Promise<void>

export const REPORT_WRITERS: Readonly<Record<'pdf' | 'docx' | 'xlsx', Writer>> = {
  pdf: writePdf,
  docx: writeDocx,
  xlsx: writeXlsx,
}
