/** The registers of the contract: which model, which formats, each file noted in the export book. */
import { join } from 'node:path'
import { REGISTER_FORMATS, type RegisterKind, SHEET_FIRST } from '../../../shared/contract/registers.ts'
import { type Caution, cautionInWords } from '../../../shared/report/cautions.ts'
import type { Report } from '../../../shared/report/model.ts'
import { streamJob } from '../../boundary/job-stream.ts'
import { get } from '../../db/sql.ts'
import type { Store } from '../../db/store.ts'
import { os, type ServiceDeps } from '../../deps.ts'
import { refuseOpenConflicts } from '../../sync/report-guard.ts'
import { defaultFolder, logExport, writeWhole } from '../output.ts'
import { REPORT_WRITERS, writeLongPaper } from '../report-writers.ts'
import { complianceRegister } from './compliance-register.ts'
import { crossingRegister } from './crossing-register.ts'
import { commonCautions, type RegisterFilter, registerReport, registerTable } from './frame.ts'
import { idleRegister } from './idle-register.ts'
import { parcelReport } from './parcel-paper.ts'
import { writeParcelSheet } from './parcel-sheet.ts'
import { qualityRegister } from './quality-register.ts'
import { reclamationRegister } from './reclamation-register.ts'
import { smallParkRegister, standardLandRegister, twoHighRegister } from './special-registers.ts'

type Build = (store: Store, filter: RegisterFilter) => Report

export const REGISTERS: Readonly<Record<Exclude<RegisterKind, 'parcels'>, Build>> = {
  idle: idleRegister,
  compliance: complianceRegister,
  reclamation: reclamationRegister,
  crossing: crossingRegister,
  quality: qualityRegister,
  standard_land: standardLandRegister,
  small_park: smallParkRegister,
  two_high: twoHighRegister,
}

const cautionsOf = (report: Report): Caution[] => [...(report.cautions ?? [])]

/** Head and cautions of the parcel sheet; its rows are streamed, not held. */
function parcelFrame(store: Store, filter: RegisterFilter): { report: Report; rows: number } {
  const rows = get<{ n: number }>(
    store.read,
    'SELECT count(*) AS n FROM parcel WHERE deleted = 0 AND (:unit IS NULL OR unit = :unit)',
    { unit: filter.unit ?? null },
  )!.n
  const table = registerTable<never>('地块台账', [], [])
  const report = registerReport(store, filter, { title: '地块台账', table }, commonCautions(store, filter, rows, true))
  return { report, rows }
}

export function registersMethods(deps: ServiceDeps) {
  return {
    registerCheck: os.reports.registerCheck.handler(({ input: { kind, ...filter } }) => {
      const store = deps.store()
      if (kind === 'parcels') {
        const { report, rows } = parcelFrame(store, filter)
        return { rows, cautions: cautionsOf(report) }
      }
      const report = REGISTERS[kind](store, filter)
      return { rows: report.summary.rows.length, cautions: cautionsOf(report) }
    }),
    register: os.reports.register.handler(({ input: { kind, out, formats: asked, ...filter }, signal }) =>
      streamJob(signal, async control => {
        const started = performance.now()
        const store = deps.store()
        refuseOpenConflicts(store.read, { unit: filter.unit })
        const formats = [...new Set(asked ?? (SHEET_FIRST.has(kind) ? (['xlsx'] as const) : REGISTER_FORMATS))]
        const folder = deps.resolveOutput(out, defaultFolder(store.now(), kind))
        const files: string[] = []
        const keep = async (file: string, rows: number, format: string): Promise<void> => {
          await logExport(store, `report.${kind}.${format}`, file, rows)
          files.push(file)
        }
        if (kind === 'parcels') {
          const frame = parcelFrame(store, filter)
          const { report } = frame
          const cautions = cautionsOf(report)
          const { rows } = frame
          let paper: Report | undefined
          for (const format of formats) {
            const file = await writeWhole(join(folder, `${report.title}.${format}`), async temporary => {
              if (format === 'xlsx') {
                const words = cautions.map(cautionInWords)
                await writeParcelSheet(store, filter.unit, temporary, report.header, words, control)
                return
              }
              paper ??= await parcelReport(store, filter.unit, report, control)
              await writeLongPaper(paper, format, temporary, deps.resourcesFolder, control)
            })
            await keep(file, rows, format)
          }
          return { files, rows, seconds: (performance.now() - started) / 1000, cautions }
        }
        const report = REGISTERS[kind](store, filter)
        const rows = report.summary.rows.length
        for (const format of formats) {
          control.report({ phase: 'report', done: files.length, total: formats.length })
          await control.checkpoint()
          const file = await writeWhole(join(folder, `${report.title}.${format}`), temporary =>
            REPORT_WRITERS[format](report, temporary, deps.resourcesFolder, () => control.checkpoint()),
          )
          await keep(file, rows, format)
        }
        return { files, rows, seconds: (performance.now() - started) / 1000, cautions: cautionsOf(report) }
      }),
    ),
  }
}
