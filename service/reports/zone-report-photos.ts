/** Photos of a zone report: which of them, in what order, with what words below; one that cannot be shown is named. Reads only. */
import { labelOf } from '../../shared/model/enumerations.ts'
import type { ReportPhoto } from '../../shared/report/model.ts'
import { photoAsset } from '../attachments/attachments-methods.ts'
import { hasPicture, readThumbnail } from '../attachments/original-store.ts'
import { pixelSize } from '../attachments/photo-facts.ts'
import type { Db } from '../db/open.ts'
import { all } from '../db/sql.ts'
import type { Store } from '../db/store.ts'

/** More would bury the figures; how many were left out is said. */
export const MOST_PHOTOS = 12

export interface ZonePhoto {
  readonly id: string
  readonly zone_id: string
  readonly sha256: string
  readonly file_name: string
  readonly stage: string | null
  readonly caption: string | null
  readonly taken_at: string | null
  readonly created_at: string
  /** The parcel that it shows; null for photos of the zone itself. */
  readonly parcel: string | null
}

/** Photos of zones, of their live parcels and of the visits there, in the order they were taken. */
export function zonePhotos(db: Db, zoneIds: readonly string[]): ZonePhoto[] {
  const columns = 'a.id, a.sha256, a.file_name, a.stage, a.caption, a.taken_at, a.created_at'
  const where = `a.deleted = 0 AND (a.mime IS NULL OR a.mime LIKE 'image/%') AND (a.kind IS NULL OR a.kind IN ('site', 'demolition'))`
  return all(
    db,
    `WITH member AS (SELECT m.zone_id, p.id, p.code FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
       WHERE m.deleted = 0 AND m.zone_id IN (SELECT value FROM json_each(:ids)))
     SELECT * FROM (
       SELECT ${columns}, a.owner_id AS zone_id, NULL AS parcel, a.pk FROM attachment a
         WHERE ${where} AND a.owner_entity = 'zone' AND a.owner_id IN (SELECT value FROM json_each(:ids))
       UNION ALL SELECT ${columns}, m.zone_id, m.code, a.pk FROM attachment a JOIN member m ON m.id = a.owner_id
         WHERE ${where} AND a.owner_entity = 'parcel'
       UNION ALL SELECT ${columns}, m.zone_id, m.code, a.pk FROM attachment a
         JOIN survey_visit v ON v.id = a.owner_id AND v.deleted = 0 JOIN member m ON m.id = v.parcel_id
         WHERE ${where} AND a.owner_entity = 'survey_visit')
     ORDER BY coalesce(taken_at, created_at), pk`,
    { ids: JSON.stringify(zoneIds) },
  )
}

/**
 * Photos in the order of print, at most `MOST_PHOTOS`: those of the zone, then parcel by parcel the first one before beside
 * the last one after, then of each parcel the newest, and so on.
 */
export function choosePhotos(photos: readonly ZonePhoto[]): ZonePhoto[] {
  const chosen = new Set(photos.filter(photo => photo.parcel === null))
  const parcels = [...new Set(photos.flatMap(photo => photo.parcel ?? []))].sort()
  const of = (parcel: string, stage: string) => photos.filter(photo => photo.parcel === parcel && photo.stage === stage)
  for (const parcel of parcels) {
    const before = of(parcel, 'before')[0]
    const after = of(parcel, 'after').at(-1)
    if (before && after) chosen.add(before).add(after)
  }
  // Then every parcel has its newest one before any has a second.
  const newest = parcels.map(parcel => photos.filter(photo => photo.parcel === parcel && !chosen.has(photo)).reverse())
  for (let turn = 0; chosen.size < MOST_PHOTOS && newest.some(list => turn < list.length); turn++)
    for (const list of newest) if (list[turn]) chosen.add(list[turn]!)
  return [...chosen].slice(0, MOST_PHOTOS)
}

/**
 * The photos with their pictures (small ones, as the window shows them) and the names of those whose files are gone: these give
 * way to photos that can be printed.
 */
export async function reportPhotos(
  store: Store,
  photos: readonly ZonePhoto[],
): Promise<{ photos: ReportPhoto[]; missing: string[] }> {
  const made: ReportPhoto[] = []
  const missing = photos.filter(photo => !hasPicture(store.file, photo))
  const there = new Set(photos)
  // A small picture may have come from the hub before its original.
  for (const photo of missing) if (!(await readThumbnail(store.file, photo.sha256))) there.delete(photo)
  for (const photo of choosePhotos([...there])) {
    const caption = captionOf(photo)
    const asset = await photoAsset(store, photo.id, 'thumbnail').catch(() => null)
    const type = asset?.type
    const size = asset && (type === 'image/jpeg' || type === 'image/png') ? pixelSize(asset.bytes, type) : undefined
    if (asset && size && (type === 'image/jpeg' || type === 'image/png'))
      made.push({ caption, image: { bytes: asset.bytes, type, widthPx: size.width, heightPx: size.height } })
    else made.push({ caption, image: null, problem: `照片无法显示：${photo.file_name}` })
  }
  return { photos: made, missing: missing.map(photo => photo.file_name) }
}

function captionOf({ stage, parcel, taken_at, caption }: ZonePhoto): string {
  return [stage ? labelOf('photo_stage', stage) : null, parcel ?? '区域', taken_at?.slice(0, 10), caption]
    .filter(part => part)
    .join(' · ')
}
