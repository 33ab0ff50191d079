/** Makes the zone report in the wanted formats from one model: progress and cancel between and within them. */
import { join } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import type { ZONE_REPORT_FORMATS, ZoneReportCheck, ZoneReportWarning } from '../../shared/contract/zone-report.ts'
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import type { Report } from '../../shared/report/model.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Store } from '../db/store.ts'
import type { ServiceDeps } from '../deps.ts'
import { exportCrs } from '../exports/geojson-text.ts'
import { refuseOpenConflicts } from '../sync/report-guard.ts'
import { unitNames } from '../zones/zones-repo.ts'
import { defaultFolder, logExport, safeFileName, writeWhole } from './output.ts'
import { memberTotals } from './report-repo.ts'
import { templateFile } from './report-templates.ts'
import { writeGeojson } from './write-geojson.ts'
import { refuseCrs, writeReportGeoPackage } from './write-geopackage.ts'
import { writePdf } from './write-pdf.ts'
import { writeXlsx } from './write-xlsx.ts'
import { writeZoneDocx } from './write-zone-docx.ts'
import { buildZoneReport, type ZoneReportFilter, zonesOfReport } from './zone-report.ts'
import { zoneWarnings } from './zone-report-warnings.ts'

type Format = (typeof ZONE_REPORT_FORMATS)[number]

export interface ZoneReportRequest extends ZoneReportFilter {
  readonly out?: string | undefined
  readonly formats: readonly Format[]
  readonly crs: string
}

export async function makeZoneReport(
  deps: ServiceDeps,
  request: ZoneReportRequest,
  control: JobControl,
): Promise<{ files: string[]; seconds: number; warnings: ZoneReportWarning[] }> {
  const started = performance.now()
  const store = deps.store()
  refuseOpenConflicts(store.read, { unit: request.unit, zoneIds: request.zoneIds })
  const formats = [...new Set(request.formats)]
  if (formats.includes('gpkg')) refuseCrs(request.crs)
  else exportCrs(request.crs)
  if (zonesOfReport(store, request).length === 0) throw nothingFound(store, request)
  const report = await buildZoneReport(store, request, deps.resourcesFolder, control)
  const folder = deps.resolveOutput(request.out, defaultFolder(store.now(), 'zones'))
  const files: string[] = []
  for (const format of formats) {
    control.report({ phase: `report_${format}`, done: 0, total: report.zones.length })
    await control.checkpoint()
    const file = await writeWhole(join(folder, `${fileStem(report, request)}.${format}`), temporary =>
      write(deps, format, report, temporary, request.crs, control),
    )
    await logExport(store, `report.zones.${format}`, file, report.zones.length)
    files.push(file)
  }
  return {
    files,
    seconds: (performance.now() - started) / 1000,
    warnings: zoneWarnings(store, zonesOfReport(store, request), request),
  }
}

async function write(
  deps: ServiceDeps,
  format: Format,
  report: Report,
  file: string,
  crs: string,
  control: JobControl,
): Promise<void> {
  const checkpoint = () => control.checkpoint()
  const template = (name: string) => templateFile(deps.store(), deps.resourcesFolder, name)
  const onZone = (done: number) => control.report({ phase: `report_${format}`, done, total: report.zones.length })
  if (format === 'pdf')
    return writePdf(report, file, deps.resourcesFolder, checkpoint, template('zone-report.typ'), onZone)
  if (format === 'docx') {
    return writeZoneDocx(report, file, template('zone-report.docx'), deps.resourcesFolder, checkpoint, onZone)
  }
  if (format === 'xlsx') return writeXlsx(report, file, deps.resourcesFolder, checkpoint, onZone)
  if (format === 'geojson') return writeGeojson(report, file, crs)
  return writeReportGeoPackage(report, file, deps.store().now(), crs)
}

/** A single zone is named, so that a folder of reports can be told apart. */
function fileStem({ zones, header }: Report, { year, unit }: ZoneReportRequest): string {
  const [only] = zones
  if (only && zones.length === 1) return safeFileName(`连片报告_${only.code}`)
  const name = unit === undefined ? undefined : header.find(([label]) => label === '单位')?.[1]
  return safeFileName(['连片报告', name, year].filter(part => part !== undefined).join('_'))
}

function nothingFound(store: Store, { year, unit }: ZoneReportFilter): AppError {
  const name = unit === undefined ? '全市' : (unitNames(store.read).get(unit) ?? unit)
  const when = year === undefined ? '' : `${year} 年`
  return new AppError('not_found', `${name}${when}还没有连片整治区域，没有可以报告的内容`, {
    reason: 'no_zones',
    values: { unit: name, year: year ?? '' },
  })
}

/** What the report would be about and what would be said in it; cheap enough to be asked while a person chooses. */
export function checkZoneReport(store: Store, filter: ZoneReportFilter): ZoneReportCheck {
  const zones = zonesOfReport(store, filter)
  const { parcels, area_m2 } = memberTotals(
    store.read,
    zones.map(zone => zone.id),
  )
  return {
    zones: zones.length,
    parcels,
    area_mu: squareMetersToMu(area_m2),
    warnings: zoneWarnings(store, zones, filter),
  }
}
