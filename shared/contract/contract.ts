/** The whole contract between every host and the data service. Adding a procedure: schema here, function in `service/`. */
import { attachmentsContract } from './attachments.ts'
import { basemapsContract } from './basemaps.ts'
import { booksContract } from './books.ts'
import { dashboardContract } from './dashboard.ts'
import { enterprisesContract } from './enterprises.ts'
import { freedContract } from './freed.ts'
import { identifyContract } from './identify.ts'
import { importsContract } from './imports.ts'
import { loopContract } from './loop.ts'
import { mapSheetContract } from './map-sheet.ts'
import { onlineBasemapsContract } from './online-basemaps.ts'
import { parcelsContract } from './parcels.ts'
import { plansContract } from './plans.ts'
import { scoringContract } from './scoring.ts'
import { editsContract, eventsContract, recordsContract, surveyContract } from './survey.ts'
import { syncContract } from './sync.ts'
import { themesContract } from './themes.ts'
import { visitsContract } from './visits.ts'
import { boundariesContract, exportsContract, reportsContract, searchContract, zonesContract } from './zones.ts'

export const contract = {
  survey: surveyContract,
  events: eventsContract,
  records: recordsContract,
  edits: editsContract,
  parcels: parcelsContract,
  enterprises: enterprisesContract,
  plans: plansContract,
  boundaries: boundariesContract,
  zones: zonesContract,
  imports: importsContract,
  reports: { ...reportsContract, ...mapSheetContract },
  exports: exportsContract,
  attachments: attachmentsContract,
  basemaps: basemapsContract,
  onlineBasemaps: onlineBasemapsContract,
  search: searchContract,
  themes: themesContract,
  books: booksContract,
  identify: identifyContract,
  scoring: scoringContract,
  sync: syncContract,
  loop: loopContract,
  visits: visitsContract,
  dashboard: dashboardContract,
  freed: freedContract,
}

export type Contract = typeof contract
