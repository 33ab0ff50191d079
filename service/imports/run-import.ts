/**
 * One import from file to batch: decode → map → reproject → validate → repair → match, all in one transaction. A dry run
 * is the same path, rolled back at its end. Nothing is kept when the file turns out to be damaged or the user cancels.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import type { ImportKind, ImportOptions, ImportResult } from '../../shared/contract/imports.ts'
import { type Crs, resolveCrs } from '../../shared/geometry/crs.ts'
import { columnSignature } from '../../shared/import/headings.ts'
import type { NamedUnit } from '../../shared/import/values.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import type { Db } from '../db/open.ts'
import { all, run } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import type { Source } from '../formats/format.ts'
import { openSource } from '../formats/registry.ts'
import { type Geos, loadGeos } from '../geos/geos.ts'
import { BoundarySink } from './boundary-sink.ts'
import { type Counts, Outlines, type RunContext, type Sink } from './context.ts'
import { chooseCrs, requireCrs } from './crs-choice.ts'
import { EnterprisesSink } from './enterprises-sink.ts'
import { guardBox } from './inspect.ts'
import { fileSize, IssueLog, moveIssues } from './issue-log.ts'
import { createMapper } from './map-fields.ts'
import { ParcelsSink } from './parcels-sink.ts'
import { applyMapping, mappingFor, noFeatures, sampleSource } from './sample.ts'
import { createScratch, removeScratch } from './scratch.ts'
import { TARGETS } from './targets.ts'
import { UnitsSink } from './units-sink.ts'

interface ImportRequest {
  file: string
  kind: ImportKind
  options: ImportOptions
  dryRun: boolean
}

interface Prepared {
  source: Source
  crs: Crs
  mapping: Record<string, string>
  columns: string[]
  checksum: string
  geos: Geos
}

/** Runs an import; see the header. Throws AppErrors of the formats, `import_rejected` for a wrong CRS or an empty file. */
export async function runImport(store: Store, request: ImportRequest, control: JobControl): Promise<ImportResult> {
  const started = performance.now()
  const prepared = await prepareRun(store, request, control)
  const batch = store.newId()
  const scratch = createScratch(store.file, batch, store.now())
  let kept = false
  try {
    const fileName = basename(request.file)
    const edit = { label: 'import', kind: 'import' as const, batch, values: { file: fileName, kind: request.kind } }
    const { result } = await store.bulk(edit, tx => runInside(store, request, prepared, batch, tx, scratch, control))
    kept = result.batch === null
    scratch.exec('COMMIT')
    return { ...result, preview: kept ? batch : null, seconds: (performance.now() - started) / 1000 }
  } finally {
    scratch.close()
    if (!kept) removeScratch(store.file, batch)
  }
}

async function prepareRun(
  store: Store,
  { file, kind, options }: ImportRequest,
  control: JobControl,
): Promise<Prepared> {
  const fileName = basename(file)
  const { source } = await openSource(file, { encoding: options.encoding, sheet: options.sheet })
  if (!source.spatial && (kind === 'parcels' || kind === 'boundary')) {
    throw new AppError(
      'import_rejected',
      `文件“${fileName}”是表格，没有图形，不能作为${kind === 'parcels' ? '地块' : '边界'}导入`,
      { reason: 'no_geometry', file: fileName },
    )
  }
  control.report({ phase: 'reading', done: 0, total: null })
  const sample = await sampleSource(source)
  if (sample.features.length === 0) throw noFeatures(fileName, source)
  const crs = source.spatial
    ? requireCrs(
        chooseCrs(options.crs ?? source.crsDeclared, sample.extent, guardBox(store)),
        fileName,
        options.outside_guard,
      )
    : resolveCrs('EPSG:4490')!
  const { mapping: proposed } = mappingFor(store.read, kind, sample.columns, options.year)
  const mapping = applyMapping(kind, sample.columns, proposed, options.mapping)
  const checksum = await sha256Of(file, control)
  return { source, crs, mapping, columns: sample.columns, checksum, geos: await loadGeos() }
}

async function sha256Of(file: string, control: JobControl): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(piece as Buffer)
    await control.checkpoint()
  }
  return hash.digest('hex')
}

async function runInside(
  store: Store,
  request: ImportRequest,
  prepared: Prepared,
  batch: string,
  tx: BulkTransaction,
  scratch: Db,
  control: JobControl,
): Promise<Omit<ImportResult, 'preview' | 'seconds'>> {
  const { source } = prepared
  const fileName = basename(request.file)
  const log = new IssueLog(scratch, batch, fileName, source.counts)
  const counts: Counts = { read: 0, inserted: 0, updated: 0, unchanged: 0, repaired: 0, rejected: 0 }
  const context: RunContext = {
    kind: request.kind,
    fileName,
    options: request.options,
    batch,
    tx,
    log,
    outlines: new Outlines(request.dryRun ? scratch : undefined),
    counts,
    units: all<NamedUnit>(tx.db, 'SELECT code, name FROM report_unit WHERE deleted = 0'),
    crs: prepared.crs,
    guard: guardBox(store),
    profileUnit: store.profile().unit,
    checksum: prepared.checksum,
  }
  const sink = createSink(context, prepared.geos)
  await takeAll(context, sink, prepared, control)
  await sink.finish(control)
  await control.checkpoint()
  const changed = counts.inserted + counts.updated > 0
  if (request.dryRun || !changed) {
    tx.rollbackOnly()
    run(scratch, 'INSERT INTO run (file, kind, total) VALUES (?, ?, ?)', [fileName, request.kind, counts.read])
  } else {
    recordBatch(context, prepared, request)
    moveIssues(scratch, tx.db, batch)
  }
  return {
    batch: request.dryRun || !changed ? null : batch,
    ...counts,
    issues: log.first,
    issue_total: log.total,
    extent: context.outlines.extent,
  }
}

function createSink(context: RunContext, geos: Geos): Sink {
  switch (context.kind) {
    case 'parcels':
      return new ParcelsSink(context, geos)
    case 'boundary':
      return new BoundarySink(context, geos)
    case 'enterprises':
      return new EnterprisesSink(context)
    case 'units':
      return new UnitsSink(context, geos)
  }
}

async function takeAll(
  context: RunContext,
  sink: Sink,
  { source, mapping }: Prepared,
  control: JobControl,
): Promise<void> {
  const { counts, log, kind } = context
  const map = createMapper(TARGETS[kind], mapping, context.units, kind === 'parcels')
  const converted = new Map<string, string>()
  let withHeight = 0
  for await (const chunk of source.features()) {
    for (const feature of chunk) {
      counts.read++
      const at = { index: feature.index, row: feature.row }
      for (const problem of feature.problems) {
        if (problem.code === 'z_dropped') withHeight++
        else log.add({ ...at, ...problem })
      }
      const mapped = map(feature.properties)
      for (const problem of mapped.problems) log.add({ ...at, ...problem, field: problem.field ?? null })
      for (const [column, unit] of mapped.converted) converted.set(column, unit)
      sink.take(feature, mapped)
      if (counts.read % 64 === 0) await control.checkpoint()
    }
    control.report({ phase: 'importing', done: counts.read, total: null })
    await control.checkpoint()
  }
  if (withHeight > 0)
    log.add({
      index: -1,
      code: 'z_dropped',
      severity: 'info',
      message: `${withHeight} 个要素带高程(Z)，只取平面坐标`,
      values: { count: withHeight },
    })
  for (const [column, unit] of converted) {
    const message = `“${column}”列的单位是“${unit}”，已换算`
    log.add({ index: -1, code: 'unit_converted', severity: 'info', message, values: { column, unit } })
  }
}

/** Provenance of the batch, and the mapping to be proposed next time. */
function recordBatch(
  { tx, batch, kind, fileName, counts, log, options }: RunContext,
  prepared: Prepared,
  { file }: ImportRequest,
): void {
  run(
    tx.db,
    `INSERT INTO import_batch (id, kind, file, sha256, size, encoding, crs_declared, crs_used, mapping, options, counts, user, device, at)
     VALUES (:id, :kind, :file, :sha256, :size, :encoding, :crs_declared, :crs_used, :mapping, :options, :counts, :user, :device, :at)`,
    {
      id: batch,
      kind,
      file: fileName,
      sha256: prepared.checksum,
      size: fileSize(file),
      encoding: prepared.source.encoding,
      crs_declared: prepared.source.crsDeclared,
      crs_used: prepared.source.spatial ? prepared.crs.id : null,
      mapping: JSON.stringify(prepared.mapping),
      options: JSON.stringify(options),
      counts: JSON.stringify({ ...counts, issues: log.total }),
      user: tx.user,
      device: tx.device,
      at: tx.at,
    },
  )
  run(tx.db, 'INSERT OR REPLACE INTO import_mapping (signature, kind, mapping, used_at) VALUES (?, ?, ?, ?)', [
    columnSignature(kind, prepared.columns),
    kind,
    JSON.stringify(prepared.mapping),
    tx.at,
  ])
}
