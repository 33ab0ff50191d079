/**
 * Reads bundles. The county passes a laptop's patches on to the hub and keeps the receipts for the next package; a laptop
 * takes a package as if it came from the hub. Everything is checked before anything is taken; reading twice is harmless.
 */
import { z } from 'zod'
import { AppError } from '../../shared/contract/errors.ts'
import type { BundleManifest } from '../../shared/sync/bundle.ts'
import {
  conflictSchema,
  LIMITS,
  PROTOCOL_VERSION,
  patchSchema,
  receiptSchema,
  rowSchema,
  SYNC_SCHEMA,
  type SyncConflict,
  type SyncReceipt,
} from '../../shared/sync/protocol.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import { all, get, run } from '../db/sql.ts'
import { type Store, writeSetting } from '../db/store.ts'
import { applyPage, applyReceipts } from './apply-remote.ts'
import { type Grant, peerOf } from './bundle-export.ts'
import { type BundleReader, openBundle } from './bundle-file.ts'
import { giveWay, newLink } from './enrol.ts'
import type { HubLink } from './hub-link.ts'
import { requireLink, settleSides } from './run-sync.ts'
import { isOfPresentName, readLink, writeLink } from './sync-repo.ts'

export interface ImportResult {
  kind: 'return' | 'package'
  number: number
  from: string
  unit: string | null
  /** Read before: nothing was to be done. */
  already: boolean
  pushed: number
  pulled: number
  refused: number
  receipts: number
  /** Numbers of bundles of this sender that never came. */
  missing: number[]
}

export async function inspectBundle(
  file: string,
  passphrase: string,
  control: JobControl,
): Promise<Omit<BundleManifest, 'settings' | 'entries'> & { entries: number; sha256: string }> {
  const reader = await openBundle(file, passphrase, () => control.checkpoint())
  try {
    const { settings: _, entries, ...manifest } = reader.manifest
    return { ...manifest, entries: entries.length, sha256: reader.sha256 }
  } finally {
    reader.close()
  }
}

/** `hub` is asked for only when the county passes patches on. */
export async function importBundle(
  store: Store,
  hub: () => HubLink,
  file: string,
  passphrase: string,
  control: JobControl,
): Promise<ImportResult> {
  const reader = await openBundle(file, passphrase, () => control.checkpoint())
  try {
    refuseOtherVersions(reader.manifest, file)
    return reader.manifest.kind === 'return'
      ? await takeReturn(store, hub, reader, control, file)
      : await takePackage(store, reader, control, file)
  } finally {
    reader.close()
  }
}

/** Throws `refused` in words for a bundle of an older or newer program. */
export function refuseOtherVersions(
  { protocol, schema }: Pick<BundleManifest, 'protocol' | 'schema'>,
  file: string,
): void {
  if (protocol > PROTOCOL_VERSION || schema > SYNC_SCHEMA)
    throw new AppError('refused', '数据包由更新的版本写成，请先升级软件', { reason: 'bundle_too_new', file })
  if (protocol < PROTOCOL_VERSION || schema < SYNC_SCHEMA)
    throw new AppError('refused', '数据包由旧版本写成，请对方升级软件后重新导出', { reason: 'bundle_too_old', file })
}

async function takeReturn(
  store: Store,
  hub: () => HubLink,
  reader: BundleReader,
  control: JobControl,
  file: string,
): Promise<ImportResult> {
  const { manifest } = reader
  const link = requireLink(store)
  if (link.unit !== null)
    throw new AppError('refused', '回传的数据包由县级设备读取', { reason: 'bundle_county_only', file })
  if (manifest.survey !== link.survey || manifest.unit === null)
    throw new AppError('refused', '数据包属于另一个调查', { reason: 'bundle_other_survey', file })
  const device = { id: manifest.device, name: manifest.device_name, unit: unitOf(store, manifest, file) }
  const result = resultOf(store, manifest)
  let isFirst = true
  for (const { name, value } of reader.entries()) {
    if (!name.startsWith('patches/')) continue
    await control.checkpoint()
    const patches = parse(z.array(patchSchema).max(LIMITS.patchesPerPush), value, file)
    const answer = await hub()
      .relay(link.survey, device, patches)
      .catch(error => {
        const isGap = isFirst && error instanceof AppError && error.details.reason === 'hub_gap'
        if (!isGap) throw error
        throw new AppError(
          'refused',
          `${error.message}。这台设备的第 ${manifest.number} 号数据包之前还有没读入的数据包${named(result.missing)}`,
          { reason: 'bundle_gap', file, values: { number: manifest.number, missing: result.missing.join(',') } },
        )
      })
    isFirst = false
    await store.quiesced(db =>
      db
        .transaction(() => {
          const numbers = new Map(patches.map(patch => [patch.id, patch.device_seq]))
          for (const receipt of answer.receipts)
            run(db, 'INSERT OR REPLACE INTO sync_carried (patch, device, device_seq, receipt) VALUES (?, ?, ?, ?)', [
              receipt.patch,
              device.id,
              numbers.get(receipt.patch) ?? 0,
              JSON.stringify(receipt),
            ])
        })
        .immediate(),
    )
    result.pushed += answer.receipts.length
    result.refused += answer.receipts.filter(receipt => receipt.status === 'refused').length
    control.report({ phase: 'push', done: result.pushed, total: manifest.counts.patches })
  }
  await store.quiesced(db =>
    db
      .transaction(() => {
        // What the laptop has and what receipts it has: neither is sent again.
        if (!result.already) {
          const grant = grantFor(store, manifest)
          if (grant)
            run(db, 'UPDATE sync_grant SET device = ?, cursor = max(cursor, ?) WHERE id = ?', [
              manifest.device,
              Math.min(manifest.cursor, link.cursor),
              grant.id,
            ])
          run(db, 'DELETE FROM sync_carried WHERE device = ? AND device_seq < ?', [
            manifest.device,
            manifest.counts.patches === 0 ? 0 : manifest.first,
          ])
        }
        noteIn(store, db, reader, file)
      })
      .immediate(),
  )
  return result
}

/** The unit is what the county gave, not what the bundle says of itself. */
function unitOf(store: Store, manifest: BundleManifest, file: string): string {
  if (manifest.grant === null) return manifest.unit!
  const grant = grantFor(store, manifest)
  if (!grant) throw new AppError('refused', '这台设备的数据包不是从本机下发的', { reason: 'bundle_no_grant', file })
  if (grant.device !== null && grant.device !== manifest.device)
    throw new AppError('refused', '同一个下发的数据包在两台电脑上打开过；请给第二台单独下发', {
      reason: 'bundle_grant_used',
      file,
    })
  return grant.unit
}

function grantFor(store: Store, manifest: BundleManifest): Grant | undefined {
  return get<Grant>(store.read, 'SELECT * FROM sync_grant WHERE id = ?', [manifest.grant ?? ''])
}

async function takePackage(
  store: Store,
  reader: BundleReader,
  control: JobControl,
  file: string,
): Promise<ImportResult> {
  const { manifest } = reader
  if (manifest.unit === null) throw new AppError('refused', '数据包没有写明单位', { reason: 'bundle_damaged', file })
  await joinBy(store, manifest, file)
  const link = requireLink(store)
  if (manifest.since > link.cursor) {
    const { missing } = resultOf(store, manifest)
    throw new AppError(
      'refused',
      `这个数据包接在本机没有的内容之后${named(missing)}，请先读入缺少的，或请县级下发完整的`,
      {
        reason: 'bundle_gap',
        file,
        values: { number: manifest.number, missing: missing.join(',') },
      },
    )
  }
  const result = resultOf(store, manifest)
  const conflicts: SyncConflict[] = []
  const receipts: SyncReceipt[] = []
  for (const { name, value } of reader.entries()) {
    await control.checkpoint()
    if (name.startsWith('rows/')) {
      const rows = parse(z.array(rowSchema), value, file)
      // The cursor moves with the last page only: conflicts come after the rows.
      const { cursor, head } = requireLink(store)
      result.pulled += await applyPage(store, { rows, conflicts: [], cursor, head, more: true }, control)
      control.report({ phase: 'pull', done: result.pulled, total: manifest.counts.rows })
    } else if (name.startsWith('conflicts/')) conflicts.push(...parse(z.array(conflictSchema), value, file))
    else if (name.startsWith('receipts/')) receipts.push(...parse(z.array(receiptSchema), value, file))
  }
  // A receipt for an earlier name does not spare the hub the number under the present one: it would miss it for ever.
  const ours = receipts.filter(({ patch }) => isOfPresentName(store.read, patch))
  await applyReceipts(store, ours, manifest.cursor)
  result.receipts = receipts.length
  result.refused = receipts.filter(receipt => receipt.status === 'refused').length
  await applyPage(store, { rows: [], conflicts, cursor: manifest.cursor, head: manifest.cursor, more: false }, control)
  await settleSides(store, control)
  await store.quiesced(db => db.transaction(() => noteIn(store, db, reader, file)).immediate())
  return result
}

/** A survey without a hub joins by its first package; one that has joined takes only what is for it. */
async function joinBy(store: Store, manifest: BundleManifest, file: string): Promise<void> {
  const link = readLink(store.read)
  if (link) {
    if (link.survey !== manifest.survey)
      throw new AppError('refused', '数据包属于另一个调查', { reason: 'bundle_other_survey', file })
    const isForUs = link.unit === manifest.unit && (link.grant === null || link.grant === manifest.grant)
    if (!isForUs) throw new AppError('refused', '数据包是给另一台设备的', { reason: 'bundle_other_device', file })
    return
  }
  await giveWay(store)
  await store.quiesced(db =>
    db
      .transaction(() => {
        for (const [key, value] of Object.entries(manifest.settings))
          if (key === 'plane' || key === 'guard_box') writeSetting(db, key, value)
        writeLink(db, {
          ...newLink(db),
          device: store.newId(),
          hub: null,
          survey: manifest.survey,
          survey_name: manifest.survey_name,
          unit: manifest.unit,
          role: 'inspector',
          enrolled_at: store.now().toISOString(),
          grant: manifest.grant,
        })
      })
      .immediate(),
  )
}

function resultOf(store: Store, manifest: BundleManifest): ImportResult {
  const peer = peerOf(manifest)
  const numbers = new Set(
    all<{ number: number }>(store.read, `SELECT number FROM sync_bundle WHERE direction = 'in' AND peer = ?`, [
      peer,
    ]).map(({ number }) => number),
  )
  const missing: number[] = []
  for (let number = 1; number < manifest.number && missing.length < 100; number++)
    if (!numbers.has(number)) missing.push(number)
  const already = get(store.read, 'SELECT 1 FROM sync_bundle WHERE id = ?', [manifest.id]) !== undefined
  const { kind, number, unit, device_name: from } = manifest
  return { kind, number, from, unit, already, pushed: 0, pulled: 0, refused: 0, receipts: 0, missing }
}

function noteIn(store: Store, db: Store['read'], reader: BundleReader, file: string): void {
  const { manifest, sha256 } = reader
  run(
    db,
    `INSERT OR IGNORE INTO sync_bundle (id, direction, kind, peer, number, file, sha256, detail, at)
     VALUES (:id, 'in', :kind, :peer, :number, :file, :sha256, :detail, :at)`,
    {
      id: manifest.id,
      kind: manifest.kind,
      peer: peerOf(manifest),
      number: manifest.number,
      file,
      sha256,
      detail: JSON.stringify(manifest.counts),
      at: store.now().toISOString(),
    },
  )
}

function named(numbers: readonly number[]): string {
  return numbers.length === 0 ? '' : `(缺第 ${numbers.join('、')} 号)`
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, file: string): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (!parsed.success)
    throw new AppError('file_unreadable', '数据包内容不符合约定，已拒绝', { reason: 'bundle_damaged', file })
  return parsed.data
}
