/** Writes bundles: a laptop's patches for the county, or what the county has for a laptop. */
import { AppError } from '../../shared/contract/errors.ts'
import type { EntityName } from '../../shared/model/entity.ts'
import { BUNDLE_FORMAT, type BundleManifest } from '../../shared/sync/bundle.ts'
import {
  PROTOCOL_VERSION,
  SYNC_SCHEMA,
  type SyncConflict,
  type SyncPatch,
  type SyncReceipt,
  type SyncRow,
} from '../../shared/sync/protocol.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Db } from '../db/open.ts'
import { all, get, run } from '../db/sql.ts'
import { readSetting, type Store } from '../db/store.ts'
import { type BundleWriter, createBundle } from './bundle-file.ts'
import { collect } from './collect.ts'
import { requireLink } from './run-sync.ts'
import { type SyncRecord, toBase64, unsent } from './sync-repo.ts'

export interface ExportRequest {
  file: string
  passphrase: string
  /** Of the county: the unit that the package is for, and the laptop's name where a unit has several. */
  unit?: string | undefined
  name?: string | undefined
  /** Everything, whatever the laptop is known to have. */
  full: boolean
}

export interface ExportResult {
  file: string
  kind: 'return' | 'package'
  number: number
  bytes: number
  rows: number
  patches: number
  conflicts: number
  receipts: number
}

const PER_ENTRY = 500
/** What passes a message to the hub with room to spare. */
const ENTRY_BYTES = 8 * 1024 * 1024
/** Settings by which areas are measured and data are guarded: the same on all laptops of a survey. */
const SHARED_SETTINGS = ['plane', 'guard_box'] as const

type Draft = Omit<BundleManifest, 'entries'>

/** Throws `file_exists`, `bad_input` for a short passphrase, `refused` when the survey has no hub. */
export async function exportBundle(store: Store, request: ExportRequest, control: JobControl): Promise<ExportResult> {
  const link = requireLink(store)
  if (link.unit !== null && request.unit !== undefined)
    throw new AppError('refused', '只有县级设备可以下发数据包', { reason: 'bundle_county_only' })
  if (link.unit === null && request.unit === undefined)
    throw new AppError('bad_input', '请写明数据包给哪个单位', { reason: 'bundle_unit_missing', field: 'unit' })
  await collect(store, control)
  const writer = await createBundle(request.file, request.passphrase)
  try {
    const draft =
      request.unit === undefined
        ? await writeReturn(store, writer, control)
        : await writePackage(store, writer, { ...request, unit: request.unit }, control)
    await control.checkpoint()
    const { bytes, sha256 } = writer.close(draft)
    await store.quiesced(db => db.transaction(() => note(db, draft, request.file, sha256)).immediate())
    const { kind, number, counts } = draft
    return { file: request.file, kind, number, bytes, ...counts }
  } catch (error) {
    writer.discard()
    throw error
  }
}

function note(db: Db, draft: Draft, file: string, sha256: string): void {
  run(
    db,
    `INSERT INTO sync_bundle (id, direction, kind, peer, number, file, sha256, detail, at)
     VALUES (:id, 'out', :kind, :peer, :number, :file, :sha256, :detail, :at)`,
    {
      id: draft.id,
      kind: draft.kind,
      peer: peerOf(draft),
      number: draft.number,
      file,
      sha256,
      detail: JSON.stringify(draft.counts),
      at: draft.created_at,
    },
  )
  if (draft.kind === 'return')
    run(
      db,
      `UPDATE sync_outbox SET state = 'sent', bundle = ? WHERE state IN ('waiting', 'sent') AND state <> 'settled' AND device_seq BETWEEN ? AND ?`,
      [draft.number, draft.first, draft.last],
    )
}

/** Whom a bundle's number counts for: the laptop's way to the county, or one laptop. */
export function peerOf({ kind, grant, device }: Pick<Draft, 'kind' | 'grant' | 'device'>): string {
  return kind === 'return' ? device : (grant ?? device)
}

function draftOf(store: Store, kind: Draft['kind'], peer: string): Draft {
  const link = requireLink(store)
  const known = get<{ n: number | null }>(
    store.read,
    `SELECT max(number) AS n FROM sync_bundle WHERE direction = 'out' AND peer = ?`,
    [peer],
  )
  return {
    format: BUNDLE_FORMAT,
    protocol: PROTOCOL_VERSION,
    schema: SYNC_SCHEMA,
    kind,
    id: store.newId(),
    number: (known?.n ?? 0) + 1,
    survey: link.survey,
    survey_name: link.survey_name,
    unit: link.unit,
    grant: link.grant,
    device: link.device,
    device_name: store.profile().user,
    user: store.profile().user,
    created_at: store.now().toISOString(),
    since: 0,
    cursor: link.cursor,
    first: 0,
    last: 0,
    counts: { rows: 0, patches: 0, conflicts: 0, receipts: 0 },
    settings: Object.fromEntries(
      SHARED_SETTINGS.map(key => [key, readSetting(store.read, key)]).filter(([, value]) => value !== undefined),
    ),
  }
}

/** All patches without a receipt, in order: whatever bundle was lost before, this one has it too. */
async function writeReturn(store: Store, writer: BundleWriter, control: JobControl): Promise<Draft> {
  const draft = draftOf(store, 'return', requireLink(store).device)
  let after = 0
  let entries = 0
  for (;;) {
    await control.checkpoint()
    const rows = unsent(store.read, { patches: PER_ENTRY, bytes: ENTRY_BYTES, after })
    if (rows.length === 0) return draft
    writer.add(
      entryName('patches', entries++),
      rows.map(row => JSON.parse(row.body!) as SyncPatch),
    )
    draft.counts.patches += rows.length
    after = rows[rows.length - 1]!.device_seq!
    if (draft.first === 0) draft.first = rows[0]!.device_seq!
    draft.last = after
    control.report({ phase: 'bundle_write', done: draft.counts.patches, total: null })
  }
}

async function writePackage(
  store: Store,
  writer: BundleWriter,
  request: ExportRequest & { unit: string },
  control: JobControl,
): Promise<Draft> {
  const { unit } = request
  const grant = await grantOf(store, unit, request.name ?? unit)
  const draft: Draft = {
    ...draftOf(store, 'package', grant.id),
    unit,
    grant: grant.id,
    device_name: grant.name,
    since: request.full ? 0 : grant.cursor,
  }
  const db = store.read
  const total = get<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM sync_record WHERE seq > ? AND seq <= ? AND fields IS NOT NULL AND (unit IS NULL OR unit = ?)`,
    [draft.since, draft.cursor, unit],
  )!.n
  let after = draft.since
  let entries = 0
  for (;;) {
    await control.checkpoint()
    const records = all<SyncRecord>(
      db,
      `SELECT * FROM sync_record WHERE seq > ? AND seq <= ? AND fields IS NOT NULL AND (unit IS NULL OR unit = ?)
       ORDER BY seq LIMIT ?`,
      [after, draft.cursor, unit, PER_ENTRY],
    )
    if (records.length === 0) break
    writer.add(entryName('rows', entries++), records.map(rowOf))
    draft.counts.rows += records.length
    after = records[records.length - 1]!.seq
    control.report({ phase: 'bundle_write', done: draft.counts.rows, total })
  }
  const conflicts = all<{ body: string }>(
    db,
    `SELECT body FROM sync_conflict WHERE seq > ? AND seq <= ?
       AND (json_extract(body, '$.unit') IS NULL OR json_extract(body, '$.unit') = ?) ORDER BY seq`,
    [draft.since, draft.cursor, unit],
  ).map(({ body }) => JSON.parse(body) as SyncConflict)
  draft.counts.conflicts = writePaged(writer, 'conflicts', conflicts)
  const receipts = grant.device
    ? all<{ receipt: string }>(db, 'SELECT receipt FROM sync_carried WHERE device = ? ORDER BY device_seq', [
        grant.device,
      ]).map(({ receipt }) => JSON.parse(receipt) as SyncReceipt)
    : []
  draft.counts.receipts = writePaged(writer, 'receipts', receipts)
  return draft
}

function writePaged(writer: BundleWriter, kind: string, values: readonly unknown[]): number {
  for (let at = 0; at < values.length; at += PER_ENTRY)
    writer.add(entryName(kind, at / PER_ENTRY), values.slice(at, at + PER_ENTRY))
  return values.length
}

function entryName(kind: string, index: number): string {
  return `${kind}/${String(index).padStart(6, '0')}.json`
}

export interface Grant {
  id: string
  unit: string
  name: string
  device: string | null
  cursor: number
}

/** The permission of a laptop, made with its first package. */
function grantOf(store: Store, unit: string, name: string): Promise<Grant> {
  const known = get<{ n: number }>(store.read, 'SELECT count(*) AS n FROM report_unit WHERE code = ? AND deleted = 0', [
    unit,
  ])!
  if (known.n === 0) throw new AppError('not_found', `没有单位 ${unit}`, { reason: 'unit_not_found', field: 'unit' })
  return store.quiesced(db =>
    db
      .transaction(() => {
        run(db, 'INSERT OR IGNORE INTO sync_grant (id, unit, name, at) VALUES (?, ?, ?, ?)', [
          store.newId(),
          unit,
          name,
          store.now().toISOString(),
        ])
        return get<Grant>(db, 'SELECT * FROM sync_grant WHERE unit = ? AND name = ?', [unit, name])!
      })
      .immediate(),
  )
}

function rowOf(record: SyncRecord): SyncRow {
  return {
    seq: record.seq,
    entity: record.entity as EntityName,
    entity_id: record.entity_id,
    deleted: record.deleted === 1,
    fields: JSON.parse(record.fields!) as SyncRow['fields'],
    geometry: record.geometry === null ? null : toBase64(record.geometry),
    unit: record.unit,
    patch: {
      id: 'bundle',
      device: record.device ?? 'hub',
      user: record.user ?? '',
      at: record.at ?? '',
      label: 'synced',
      reason: null,
    },
  }
}
