/** The reports part of the contract: one model, the wanted formats, each noted in the export book. */
import { streamJob } from '../boundary/job-stream.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { makeLedger } from './ledger-job.ts'
import { printPlanSheets } from './plan-sheets.ts'
import { publishedMethods } from './published-methods.ts'
import { registersMethods } from './registers/registers-methods.ts'
import { checkZoneReport, makeZoneReport } from './zone-report-job.ts'

export function reportsMethods(deps: ServiceDeps) {
  return {
    zones: os.reports.zones.handler(({ input, signal }) =>
      streamJob(signal, control => makeZoneReport(deps, { ...input, zoneIds: input.zone_ids }, control)),
    ),
    zonesCheck: os.reports.zonesCheck.handler(({ input }) =>
      checkZoneReport(deps.store(), { year: input.year, unit: input.unit, zoneIds: input.zone_ids }),
    ),
    ...publishedMethods(deps),
    ...registersMethods(deps),
    plan: os.reports.plan.handler(({ input, signal }) =>
      streamJob(signal, control =>
        printPlanSheets(deps, { ...input, planIds: input.plan_ids, formats: [...new Set(input.formats)] }, control),
      ),
    ),
    ledger: os.reports.ledger.handler(({ input, signal }) =>
      streamJob(signal, control => makeLedger(deps, input, control)),
    ),
  }
}
