/** `freed.*` of the contract. */
import { join } from 'node:path'
import { FREED_STATUSES, type FreedRow } from '../../shared/contract/freed.ts'
import { sumKnown } from '../../shared/report/model.ts'
import { streamJob } from '../boundary/job-stream.ts'
import type { Store } from '../db/store.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { defaultFolder, logExport, writeWhole } from '../reports/output.ts'
import { writeDocx } from '../reports/write-docx.ts'
import { writePdf } from '../reports/write-pdf.ts'
import { writeXlsx } from '../reports/write-xlsx.ts'
import { refuseOpenConflicts } from '../sync/report-guard.ts'
import { freedParcels } from './freed-repo.ts'
import { freedReport } from './freed-report.ts'
import { countedOnce, filterFreed, freedLedger, sortFreed, standingProposals } from './freed-view.ts'
import { keepOneRow } from './keep-one.ts'

const WRITERS = { xlsx: writeXlsx, pdf: writePdf, docx: writeDocx } as const

export function freedMethods(deps: ServiceDeps) {
  return {
    list: os.freed.list.handler(({ input }) => {
      const { rows, unplaced_m2 } = freedLedger(deps.store().read)
      const found = filterFreed(rows, input.filter)
      const others = filterFreed(rows, { ...input.filter, statuses: undefined })
      return {
        rows: sortFreed(found, input.sort).slice(input.offset, input.offset + input.limit),
        total: found.length,
        area_m2: areaOf(found),
        counts: FREED_STATUSES.map(status => {
          const own = others.filter(row => row.status === status)
          return { status, count: own.length, area_m2: areaOf(own) }
        }),
        years: [...new Set(rows.flatMap(row => (row.available_on ? Number(row.available_on.slice(0, 4)) : [])))].sort(),
        unplaced_m2,
      }
    }),
    accept: os.freed.accept.handler(({ input }) => acceptProposals(deps.store(), input.keys)),
    keepOne: os.freed.keepOne.handler(({ input }) => keepOneRow(deps.store(), input.id)),
    report: os.freed.report.handler(({ input, signal }) =>
      streamJob(signal, async control => {
        const started = performance.now()
        const store = deps.store()
        refuseOpenConflicts(store.read)
        const wanted = input.keys === undefined ? null : new Set(input.keys)
        const rows = filterFreed(freedLedger(store.read).rows, input.filter)
          .filter(row => wanted === null || wanted.has(row.key))
          .sort((a, b) => compare(a.unit, b.unit) || compare(a.parcel_code, b.parcel_code))
        const report = freedReport(store, rows)
        const folder = deps.resolveOutput(input.out, defaultFolder(store.now(), 'freed'))
        const formats = [...new Set(input.formats)]
        const files: string[] = []
        for (const format of formats) {
          control.report({ phase: 'report', done: files.length, total: formats.length })
          await control.checkpoint()
          const file = await writeWhole(join(folder, `可供地清单.${format}`), temporary =>
            WRITERS[format](report, temporary, deps.resourcesFolder),
          )
          await logExport(store, `report.freed.${format}`, file, rows.length)
          files.push(file)
        }
        return { files, written: rows.length, seconds: (performance.now() - started) / 1000 }
      }),
    ),
  }
}

/** One undoable step. What the ledger holds already, or no record proves any more, is left out. */
export async function acceptProposals(
  store: Store,
  keys: readonly string[] | undefined,
): Promise<{ edit: string | null; created: number; ids: string[] }> {
  const open = freedLedger(store.read).rows.filter(
    row => row.status === 'proposed' && (keys === undefined || keys.includes(row.key)),
  )
  if (open.length === 0) return { edit: null, created: 0, ids: [] }
  const parcels = freedParcels(
    store.read,
    open.map(row => row.parcel_id),
  )
  const { proposals } = standingProposals(store.read)
  const { result, edit } = await store.mutate({ label: 'freed_accepted', values: { count: String(open.length) } }, tx =>
    open.map(row => {
      const { source, source_entity, source_id, parcel_id, area_m2, available_on, condition } = proposals.get(row.key)!
      const plan_use = parcels.get(parcel_id)?.plan_use ?? null
      const values = { source, source_entity, source_id, parcel_id, area_m2, available_on, condition, plan_use }
      return tx.create('freed_land', values)
    }),
  )
  return { edit, created: result.length, ids: result }
}

/** Land that was recorded twice counts once. */
function areaOf(rows: readonly FreedRow[]): number {
  return sumKnown(countedOnce(rows).map(row => row.area_m2)) ?? 0
}

function compare(a: string | null, b: string | null): number {
  return (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0
}
