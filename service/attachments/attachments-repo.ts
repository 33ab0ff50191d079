/** Reads about photos. SQL text of this area stays here. */
import type { Attachment } from '../../shared/contract/attachments.ts'
import type { Box } from '../../shared/geometry/types.ts'
import type { Db } from '../db/open.ts'
import { all, get, type Parameters } from '../db/sql.ts'
import { PARCEL_LINE } from '../parcels/land-sql.ts'

export type AttachmentRow = Omit<Attachment, 'missing'>

const COLUMNS = `a.id, a.rev, a.sha256, a.file_name, a.mime, a.size, a.kind, a.stage, a.caption, a.taken_at, a.longitude,
  a.latitude, a.azimuth, a.owner_entity, a.owner_id, a.created_by, a.created_at,
  CASE a.owner_entity
    WHEN 'parcel' THEN (SELECT p.code FROM parcel p WHERE p.id = a.owner_id)
    WHEN 'enterprise' THEN (SELECT e.name FROM enterprise e WHERE e.id = a.owner_id)
    WHEN 'plan' THEN (SELECT p.code FROM plan p WHERE p.id = a.owner_id)
    WHEN 'zone' THEN (SELECT z.name FROM zone z WHERE z.id = a.owner_id)
    WHEN 'survey_visit' THEN (SELECT p.code FROM survey_visit v JOIN parcel p ON p.id = v.parcel_id WHERE v.id = a.owner_id)
  END AS owner_name`

export interface PhotoQuery {
  readonly owner?: { readonly entity: string; readonly id: string } | undefined
  readonly unassigned?: boolean | undefined
  readonly box?: Readonly<Box> | undefined
  readonly limit: number
}

/** Newest first; photos of a parcel include those of its visits, and of the parcels that it was a part of. */
export function listPhotos(db: Db, query: PhotoQuery): { rows: AttachmentRow[]; total: number } {
  const where = ['a.deleted = 0']
  const values: Record<string, string | number> = {}
  if (query.owner) {
    const line = `${PARCEL_LINE.replace(':parcel', ':owner')} SELECT id FROM line`
    const own = '(a.owner_entity = :entity AND a.owner_id = :owner)'
    where.push(
      query.owner.entity === 'parcel'
        ? `((a.owner_entity = 'parcel' AND a.owner_id IN (${line})) OR (a.owner_entity = 'survey_visit'
            AND a.owner_id IN (SELECT v.id FROM survey_visit v WHERE v.parcel_id IN (${line}) AND v.deleted = 0)))`
        : own,
    )
    values['entity'] = query.owner.entity
    values['owner'] = query.owner.id
  }
  if (query.unassigned) where.push('a.owner_id IS NULL')
  if (query.box) {
    where.push('a.longitude BETWEEN :west AND :east AND a.latitude BETWEEN :south AND :north')
    const [west, south, east, north] = query.box
    Object.assign(values, { west, south, east, north })
  }
  const from = `FROM attachment a WHERE ${where.join(' AND ')}`
  const total = get<{ n: number }>(db, `SELECT count(*) AS n ${from}`, values)!.n
  const rows = all<AttachmentRow>(
    db,
    `SELECT ${COLUMNS} ${from} ORDER BY coalesce(a.taken_at, a.created_at) DESC, a.pk DESC LIMIT :limit`,
    { ...values, limit: query.limit } as Parameters,
  )
  return { rows, total }
}

export function photoById(db: Db, id: string): AttachmentRow | undefined {
  return get<AttachmentRow>(db, `SELECT ${COLUMNS} FROM attachment a WHERE a.id = ? AND a.deleted = 0`, [id])
}

/** A live photo with the same bytes: of the same owner, or of any when no owner is asked for. */
export function samePhoto(
  db: Db,
  sha256: string,
  owner: { entity: string; id: string } | undefined,
): AttachmentRow | undefined {
  return get<AttachmentRow>(
    db,
    `SELECT ${COLUMNS} FROM attachment a WHERE a.sha256 = :sha256 AND a.deleted = 0
     AND (:id IS NULL OR (a.owner_entity = :entity AND a.owner_id = :id)) ORDER BY a.pk LIMIT 1`,
    { sha256, entity: owner?.entity ?? null, id: owner?.id ?? null },
  )
}

/** True when any record, also a deleted one that undo could bring back, speaks of these bytes. */
export function isReferenced(db: Db, sha256: string): boolean {
  return get(db, 'SELECT 1 FROM attachment WHERE sha256 = ? LIMIT 1', [sha256]) !== undefined
}

export function distinctOriginals(db: Db): { sha256: string; file_name: string }[] {
  return all(
    db,
    'SELECT sha256, min(file_name) AS file_name FROM attachment WHERE deleted = 0 GROUP BY sha256 ORDER BY sha256',
  )
}

export function parcelsInBox(
  db: Db,
  [west, south, east, north]: Readonly<Box>,
): { id: string; code: string; name: string | null; geometry: Uint8Array }[] {
  return all(
    db,
    `SELECT p.id, p.code, p.name, p.geometry FROM parcel_box b CROSS JOIN parcel p ON p.pk = b.pk
     WHERE b.max_x >= ? AND b.min_x <= ? AND b.max_y >= ? AND b.min_y <= ? AND p.deleted = 0 AND p.geometry IS NOT NULL`,
    [west, east, south, north],
  )
}

export function ownerExists(db: Db, owner: { entity: string; id: string }): boolean {
  // The entity comes from a closed list of the contract.
  return get(db, `SELECT 1 FROM ${owner.entity} WHERE id = ? AND deleted = 0`, [owner.id]) !== undefined
}
