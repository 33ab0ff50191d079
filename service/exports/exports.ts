/** Exports of whole tables as GeoJSON, XLSX and CSV, streamed. Headings are those that the import desk recognises. */

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import ExcelJS from 'exceljs'
import { AppError } from '../../shared/contract/errors.ts'
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import type { Crs } from '../../shared/geometry/crs.ts'
import { ENTITIES, type EntityName } from '../../shared/model/entity.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import type { Field, FieldTable } from '../../shared/model/field.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import { fromColumn, plainFields, type Row } from '../db/rows.ts'
import type { Store } from '../db/store.ts'
import { maskRecord } from '../roles/role-guard.ts'
import { listZones, zoneRecord, zoneTotals } from '../zones/zones-repo.ts'
import { countLive, eachEnterprise, parcelPage } from './exports-repo.ts'
import { collectionHead, geometryText } from './geojson-text.ts'
import { asText, withoutFormula } from './spreadsheet-text.ts'

export interface ExportJob {
  readonly store: Store
  readonly crs: Crs
  readonly unit: string | undefined
  readonly control: JobControl
}

/** Writes all records to a file and returns their number. */
export type ExportWriter = (job: ExportJob, file: string) => Promise<number>
export type ExportKind = 'parcels' | 'enterprises' | 'zones'

/** What every export of parcels begins with, in this order. */
export const PARCEL_HEAD = [
  'code',
  'name',
  'unit',
  'area_m2',
  'area_planar_m2',
  'area_mu',
  'side',
  'side_marked',
  'area_in_m2',
  'area_out_m2',
  'inside_share',
  'zone',
  'state',
] as const

const EXTRA_HEADINGS: Readonly<Record<string, string>> = {
  area_mu: '面积(亩)',
  zone: '连片区域',
  parcels: '涉及地块',
  area_m2: '面积(m²)',
  year: '年度',
}

/** The writer for a kind and an extension (`.xlsx`); `bad_input` names the possible ones. */
export function exportWriter(what: ExportKind, extension: string): ExportWriter {
  if (extension === '.xlsx') return (job, file) => writeXlsx(job, what, file)
  if (extension === '.csv' && what !== 'zones') return (job, file) => writeCsv(job, what, file)
  if ((extension === '.geojson' || extension === '.json') && what !== 'enterprises')
    return (job, file) => writeGeojson(job, what, file)
  const possible = { parcels: '.geojson、.xlsx、.csv', enterprises: '.xlsx、.csv', zones: '.geojson、.xlsx' }[what]
  throw new AppError('bad_input', `不能导出这种扩展名的文件，可用：${possible}`, {
    reason: 'export_extension',
    values: { extension: extension.slice(0, 20), possible },
    field: 'file',
  })
}

interface ExportRecord {
  readonly values: Record<string, unknown>
  readonly geometry: Uint8Array | null
}

interface Column {
  readonly name: string
  readonly field: Field | undefined
}

function columnsOf(what: ExportKind): Column[] {
  const of = (entity: EntityName, names: readonly string[]) =>
    names.map(name => ({ name, field: (ENTITIES[entity].fields as FieldTable)[name] }))
  const stored = (entity: EntityName) =>
    plainFields(entity)
      .filter(([, field]) => field.kind !== 'ref')
      .map(([name]) => name)
  if (what === 'parcels') return of('parcel', [...new Set([...PARCEL_HEAD, ...stored('parcel')])])
  if (what === 'zones')
    return of('zone', [...stored('zone'), 'parcels', 'enterprises', 'area_m2', 'area_mu', 'area_in_m2', 'area_out_m2'])
  const own = of('enterprise', stored('enterprise'))
  const yearly = of('enterprise_year', stored('enterprise_year'))
  return [
    ...own,
    ...yearly.filter(column => !own.some(known => known.name === column.name)),
    { name: 'parcels', field: undefined },
  ]
}

async function* recordsOf(job: ExportJob, what: ExportKind): AsyncGenerator<ExportRecord> {
  const db = job.store.read
  if (what === 'zones') {
    const zones = listZones(db, job.unit === undefined ? {} : { unit: job.unit })
    const totals = zoneTotals(
      db,
      zones.map(zone => zone.id),
    )
    for (const zone of zones) {
      await job.control.checkpoint()
      const sums = totals.get(zone.id)
      const area_m2 = sums?.area_m2 ?? 0
      yield {
        values: {
          ...zoneRecord(db, zone.id),
          parcels: sums?.parcels ?? 0,
          enterprises: sums?.enterprises ?? 0,
          area_m2,
          area_mu: squareMetersToMu(area_m2),
          area_in_m2: sums?.area_in_m2 ?? 0,
          area_out_m2: sums?.area_out_m2 ?? 0,
        },
        geometry: zone.geometry,
      }
    }
    return
  }
  if (what === 'enterprises') {
    // Taken at once: an open cursor would hold the snapshot of the read connection.
    for (const row of [...eachEnterprise(db, job.unit)]) {
      await job.control.checkpoint()
      const year = Object.fromEntries(
        Object.entries(row)
          .filter(([name]) => name.startsWith('y_'))
          .map(([name, value]) => [name.slice(2), value]),
      )
      yield {
        // A file goes further than a screen: who may not see personal data does not export them either.
        values: maskRecord(job.store.profile(), {
          ...typed('enterprise_year', year),
          ...typed('enterprise', row),
          parcels: row.parcels,
        }),
        geometry: null,
      }
    }
    return
  }
  for (let after = 0; ; ) {
    const page = parcelPage(db, after, job.unit, 200)
    if (page.length === 0) return
    for (const row of page) {
      await job.control.checkpoint()
      const area = row.area_m2 as number | null
      yield {
        values: { ...typed('parcel', row), zone: row.zone, area_mu: area === null ? null : squareMetersToMu(area) },
        geometry: row.geometry as Uint8Array | null,
      }
    }
    after = page[page.length - 1]!.pk as number
  }
}

function typed(entity: EntityName, row: Row): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, field] of plainFields(entity))
    if (name in row) values[name] = fromColumn(field, row[name] as string | number | null)
  return values
}

async function writeGeojson(job: ExportJob, what: ExportKind, file: string): Promise<number> {
  const columns = columnsOf(what)
  return writeText(job, what, file, collectionHead(job.crs), '\n]}\n', (record, index) => {
    const properties: Record<string, unknown> = {}
    for (const { name } of columns) properties[name] = record.values[name] ?? null
    const geometry = geometryText(record.geometry, job.crs)
    return `${index ? ',' : ''}\n{"type":"Feature","properties":${JSON.stringify(properties)},"geometry":${geometry}}`
  })
}

function heading(column: Column): string {
  const base = EXTRA_HEADINGS[column.name] ?? column.field?.zh ?? column.name
  return column.field?.unit && !EXTRA_HEADINGS[column.name] ? `${base}(${column.field.unit})` : base
}

/** Cell of a table: numbers stay numbers, codes become their official terms, lists are joined. */
function cell({ field }: Column, value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value))
    return value.map(item => (field?.enumeration ? labelOf(field.enumeration, String(item)) : String(item))).join('、')
  if (typeof value === 'object') return JSON.stringify(value)
  return field?.enumeration ? labelOf(field.enumeration, String(value)) : String(value)
}

function csvCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = withoutFormula(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function writeCsv(job: ExportJob, what: ExportKind, file: string): Promise<number> {
  const columns = columnsOf(what)
  const head = `\uFEFF${columns.map(column => csvCell(heading(column))).join(',')}\r\n`
  return writeText(
    job,
    what,
    file,
    head,
    '',
    record => `${columns.map(column => csvCell(cell(column, record.values[column.name]))).join(',')}\r\n`,
  )
}

async function writeText(
  job: ExportJob,
  what: ExportKind,
  file: string,
  head: string,
  foot: string,
  line: (record: ExportRecord, index: number) => string,
): Promise<number> {
  const total = countOf(job, what)
  const stream = createWriteStream(file)
  let failure: Error | undefined
  stream.on('error', error => (failure = error))
  let written = 0
  let pending = head
  const flush = async () => {
    if (failure) throw failure
    if (!stream.write(pending)) await once(stream, 'drain')
    pending = ''
  }
  try {
    for await (const record of recordsOf(job, what)) {
      pending += line(record, written++)
      if (pending.length > 65_536) {
        await flush()
        job.control.report({ phase: 'export', done: written, total })
      }
    }
    pending += foot
    await flush()
    stream.end()
    await once(stream, 'close')
    if (failure) throw failure
  } catch (error) {
    stream.destroy()
    throw error
  }
  return written
}

async function writeXlsx(job: ExportJob, what: ExportKind, file: string): Promise<number> {
  const columns = columnsOf(what)
  const total = countOf(job, what)
  const stream = createWriteStream(file)
  let failure: Error | undefined
  stream.on('error', error => (failure = error))
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false })
  const sheet = book.addWorksheet({ parcels: '地块', enterprises: '企业', zones: '连片区域' }[what], {
    views: [{ state: 'frozen', ySplit: 1, xSplit: 2 }],
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  })
  sheet.columns = columns.map(column => ({ width: Math.min(30, Math.max(10, heading(column).length * 2 + 2)) }))
  const head = sheet.addRow(columns.map(heading))
  head.font = { bold: true }
  head.commit()
  let written = 0
  for await (const record of recordsOf(job, what)) {
    if (failure) throw failure
    const row = sheet.addRow(columns.map(column => cell(column, record.values[column.name])))
    row.eachCell(asText)
    row.commit()
    if (++written % 500 === 0) job.control.report({ phase: 'export', done: written, total })
  }
  await book.commit()
  if (failure) throw failure
  return written
}

function countOf(job: ExportJob, what: ExportKind): number {
  const table = ({ parcels: 'parcel', enterprises: 'enterprise', zones: 'zone' } as const)[what]
  return countLive(job.store.read, table, job.unit)
}
