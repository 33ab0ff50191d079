/**
 * Rolls a batch back while nothing was built on it: inserted records are deleted, updated ones get their old rows. Refuses
 * with a list when records were edited, linked, planned, zoned or otherwise used since.
 */
import { AppError } from '../../shared/contract/errors.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { ENTITIES, type EntityName, geometryFieldOf } from '../../shared/model/entity.ts'
import { createBoundaryIndexCache } from '../boundary/boundary-index-cache.ts'
import { forgetVersion } from '../boundary/boundary-repo.ts'
import { remeasureAfterRemoval } from '../boundary/constraints.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import { createJobControl } from '../boundary/job-stream.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import { writeBox, writeSearchKey } from '../db/derive.ts'
import type { Db } from '../db/open.ts'
import { type Row, storedNames, tableOf } from '../db/rows.ts'
import { all, get, prepare, run } from '../db/sql.ts'
import type { Store } from '../db/store.ts'

/** Entities that imports insert, dependants first. */
const IMPORTED: readonly EntityName[] = [
  'occupancy',
  'enterprise_year',
  'enterprise',
  'parcel',
  'boundary_feature',
  'boundary_version',
]

interface Before {
  entity: EntityName
  entity_id: string
  row: string
  geometry: Uint8Array | null
}

export async function undoBatch(
  store: Store,
  batch: string,
  control: JobControl = createJobControl(),
): Promise<{ removed: number; restored: number }> {
  const edit = { label: 'import_undone', kind: 'import' as const, batch, values: { batch } }
  const { result } = await store.bulk(edit, async tx => {
    const { db } = tx
    const found = get<{ file: string; undone_at: string | null }>(
      db,
      'SELECT file, undone_at FROM import_batch WHERE id = ?',
      [batch],
    )
    if (!found) throw new AppError('not_found', '找不到这个导入批次', { reason: 'batch_not_found' })
    if (found.undone_at) throw new AppError('refused', '这个批次已经撤销过', { reason: 'batch_undone' })
    refuseWhenUsed(db, batch)
    let removed = 0
    const layers = forgetSides(tx, batch)
    for (const entity of IMPORTED) removed += await removeInserted(tx, entity, batch, control)
    for (const kind of layers) await remeasureAfterRemoval(tx, kind, createBoundaryIndexCache(), control)
    const added = get<{ n: number }>(
      db,
      `SELECT count(*) AS n FROM import_before WHERE batch_id = ? AND json_extract(row, '$.rev') = 0`,
      [batch],
    )!.n
    const restored = await restoreUpdated(tx, batch, control)
    removed += added
    run(db, 'UPDATE import_batch SET undone_at = ?, undone_by = ? WHERE id = ?', [tx.at, tx.user, batch])
    return { removed, restored }
  })
  return result
}

/** Live records that the batch inserted: they name it and have no row to go back to. */
const insertedSql = (entity: EntityName) =>
  `SELECT r.pk, r.id FROM ${entity} r WHERE r.import_batch = :batch AND r.deleted = 0
   AND NOT EXISTS (SELECT 1 FROM import_before b WHERE b.batch_id = :batch AND b.entity = '${entity}' AND b.entity_id = r.id)`

async function removeInserted(
  tx: BulkTransaction,
  entity: EntityName,
  batch: string,
  control: JobControl,
): Promise<number> {
  const rows = all<{ pk: number; id: string }>(tx.db, insertedSql(entity), { batch })
  const remove = prepare(
    tx.db,
    `UPDATE ${tableOf(entity)} SET deleted = 1, rev = rev + 1, updated_by = ?, updated_at = ? WHERE pk = ?`,
  )
  for (const { pk } of rows) {
    remove.run(tx.user, tx.at, pk)
    writeBox(tx.db, entity, pk, null)
    writeSearchKey(tx.db, entity, pk, null)
    await control.checkpoint()
  }
  return rows.length
}

/**
 * Sides worked out under a boundary that goes away are nobody's any more; if it was the active one, parcels have none.
 * Returns the kinds of other layers that go.
 */
function forgetSides(tx: BulkTransaction, batch: string): string[] {
  const versions = all<{ id: string; kind: string }>(
    tx.db,
    "SELECT id, coalesce(kind, 'development') AS kind FROM boundary_version WHERE import_batch = ? AND deleted = 0",
    [batch],
  )
  for (const { id, kind } of versions) {
    if (kind !== 'development') continue
    forgetVersion(tx.db, id)
  }
  return versions.map(version => version.kind).filter(kind => kind !== 'development')
}

function removeUnit(tx: BulkTransaction, id: string): void {
  const { pk } = get<{ pk: number }>(tx.db, 'SELECT pk FROM report_unit WHERE id = ?', [id])!
  run(tx.db, 'UPDATE report_unit SET deleted = 1, rev = rev + 1, updated_by = ?, updated_at = ? WHERE pk = ?', [
    tx.user,
    tx.at,
    pk,
  ])
  writeSearchKey(tx.db, 'report_unit', pk, null)
}

async function restoreUpdated(tx: BulkTransaction, batch: string, control: JobControl): Promise<number> {
  const rows = all<Before>(tx.db, 'SELECT entity, entity_id, row, geometry FROM import_before WHERE batch_id = ?', [
    batch,
  ])
  for (const before of rows) {
    const stored = JSON.parse(before.row) as Row
    if (stored['rev'] === 0) {
      removeUnit(tx, before.entity_id)
      continue
    }
    const columns: Row = { updated_by: tx.user, updated_at: tx.at, id: before.entity_id }
    const geometryField = geometryFieldOf(before.entity)
    for (const name of storedNames(before.entity)) if (name !== geometryField) columns[name] = stored[name] ?? null
    if (geometryField && before.geometry) columns[geometryField] = before.geometry
    const names = Object.keys(columns).filter(name => name !== 'id')
    run(
      tx.db,
      `UPDATE ${tableOf(before.entity)} SET rev = rev + 1, ${names.map(name => `${name} = :${name}`).join(', ')} WHERE id = :id`,
      columns,
    )
    const pk = Number(stored['pk'])
    writeSearchKey(tx.db, before.entity, pk, { ...stored, ...columns })
    if (geometryField && before.geometry) tx.settle(before.entity, pk, decodeGeometry(before.geometry))
    await control.checkpoint()
  }
  return rows.filter(before => (JSON.parse(before.row) as Row)['rev'] !== 0).length
}

interface Use {
  words: string
  code: string
}

/** Everything that stands on the batch, told by name. */
function refuseWhenUsed(db: Db, batch: string): void {
  const uses: Use[] = []
  const collect = (words: string, sql: string) => {
    for (const { code } of all<{ code: string }>(db, `${sql} LIMIT 200`, { batch })) uses.push({ words, code })
  }
  for (const entity of ['parcel', 'enterprise', 'boundary_version'] as const) {
    const zh = ENTITIES[entity].zh
    collect(
      `${zh}已修改`,
      `SELECT r.code FROM ${entity} r WHERE r.id IN (SELECT id FROM (${insertedSql(entity)})) AND r.rev > 1`,
    )
    collect(
      `${zh}已修改`,
      `SELECT r.code FROM ${entity} r JOIN import_before b ON b.entity_id = r.id WHERE b.batch_id = :batch AND b.entity = '${entity}'
       AND (r.deleted = 1 OR r.rev > json_extract(b.row, '$.rev') + 1)`,
    )
  }
  const parcels = `(SELECT id FROM (${insertedSql('parcel')}))`
  const enterprises = `(SELECT id FROM (${insertedSql('enterprise')}))`
  collect(
    '地块已关联企业',
    `SELECT p.code FROM occupancy o JOIN parcel p ON p.id = o.parcel_id WHERE o.deleted = 0 AND coalesce(o.import_batch, '') <> :batch AND o.parcel_id IN ${parcels}`,
  )
  collect(
    '地块已列入连片区域',
    `SELECT p.code FROM zone_member m JOIN parcel p ON p.id = m.parcel_id WHERE m.deleted = 0 AND m.parcel_id IN ${parcels}`,
  )
  collect(
    '地块已有方案',
    `SELECT DISTINCT p.code FROM plan s, json_each(s.parcel_ids) j JOIN parcel p ON p.id = j.value WHERE s.deleted = 0 AND p.id IN ${parcels}`,
  )
  collect(
    '地块已有外业核查',
    `SELECT p.code FROM survey_visit v JOIN parcel p ON p.id = v.parcel_id WHERE v.deleted = 0 AND v.parcel_id IN ${parcels}`,
  )
  collect(
    '企业已关联地块',
    `SELECT e.code FROM occupancy o JOIN enterprise e ON e.id = o.enterprise_id WHERE o.deleted = 0 AND coalesce(o.import_batch, '') <> :batch AND o.enterprise_id IN ${enterprises}`,
  )
  collect(
    '企业已有方案',
    `SELECT e.code FROM plan s JOIN enterprise e ON e.id = s.enterprise_id WHERE s.deleted = 0 AND s.enterprise_id IN ${enterprises}`,
  )
  collect(
    '企业已有其他年度数据',
    `SELECT e.code FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id WHERE y.deleted = 0 AND coalesce(y.import_batch, '') <> :batch AND y.enterprise_id IN ${enterprises}`,
  )
  if (uses.length === 0) return
  const byWords = new Map<string, string[]>()
  for (const { words, code } of uses) byWords.set(words, [...(byWords.get(words) ?? []), code])
  const list = [...byWords].map(
    ([words, codes]) => `${words}：${codes.slice(0, 10).join('、')}${codes.length > 10 ? `等 ${codes.length} 个` : ''}`,
  )
  throw new AppError('refused', `这个批次之后又做了工作，不能整批撤销。${list.join(';')}`, {
    reason: 'batch_in_use',
    values: {
      uses: uses.length,
      codes: uses
        .slice(0, 50)
        .map(use => use.code)
        .join(','),
    },
  })
}
