/** What a reader has to know before trusting the figures of a zone report: as data for the screen, as words for the paper. */
import type { ZoneReportWarning } from '../../shared/contract/zone-report.ts'
import { hasPicture } from '../attachments/original-store.ts'
import { activeBoundary } from '../boundary/boundary-repo.ts'
import { all } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { quotaRows, unitNames, type ZoneRow } from '../zones/zones-repo.ts'
import { zonePhotos } from './zone-report-photos.ts'

const NAMED = 10

interface Member {
  readonly zone_id: string
  readonly code: string
  readonly judged: number
  /** Also in another zone of the same year, whether that one is in the report or not. */
  readonly elsewhere: number
}

/** Empty when there is nothing to say. Zones, parcels and photos by their code or name, ten at most. */
export function zoneWarnings(
  store: Store,
  zones: readonly ZoneRow[],
  scope: {
    readonly unit?: string | undefined
    readonly year?: number | undefined
    readonly zoneIds?: readonly string[] | undefined
  } = {},
): ZoneReportWarning[] {
  const db = store.read
  const ids = JSON.stringify(zones.map(zone => zone.id))
  const members = all<Member>(
    db,
    `SELECT m.zone_id, p.code, p.area_in_m2 IS NOT NULL AS judged,
       EXISTS (SELECT 1 FROM zone_member o JOIN zone z ON z.id = o.zone_id AND z.deleted = 0
               WHERE o.parcel_id = m.parcel_id AND o.deleted = 0 AND o.zone_id <> m.zone_id
                 AND z.year = (SELECT year FROM zone WHERE id = m.zone_id)) AS elsewhere
     FROM zone_member m
     JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
     WHERE m.deleted = 0 AND m.zone_id IN (SELECT value FROM json_each(?)) ORDER BY p.code`,
    [ids],
  )
  const filled = new Set(members.map(member => member.zone_id))
  const hasBoundary = activeBoundary(db) !== undefined
  const unjudged = members.filter(member => member.judged === 0).map(member => member.code)
  const missing = zonePhotos(
    db,
    zones.map(zone => zone.id),
  ).filter(photo => !hasPicture(store.file, photo))
  return [
    warning(
      'empty_zone',
      zones.filter(zone => !filled.has(zone.id)).map(zone => zone.code),
    ),
    warning('shared_parcel', [
      ...new Set([
        ...repeated(members.map(member => member.code)),
        ...members.filter(m => m.elsewhere).map(m => m.code),
      ]),
    ]),
    ...(hasBoundary ? [] : [{ code: 'no_boundary' as const, count: 1, names: [] }]),
    warning('not_judged', hasBoundary ? [...new Set(unjudged)] : []),
    warning(
      'no_outline',
      zones.filter(zone => zone.geometry === null).map(zone => zone.code),
    ),
    warning(
      'unit_without_zone',
      scope.unit === undefined && scope.zoneIds === undefined ? owingUnits(store, scope.year) : [],
    ),
    warning('photo_missing', [...new Set(missing.map(photo => photo.file_name))]),
  ].filter(each => each.count > 0)
}

function warning(code: ZoneReportWarning['code'], names: readonly string[]): ZoneReportWarning {
  return { code, count: names.length, names: names.slice(0, NAMED) }
}

/** Units without a zone in a year; none when no year is asked for. */
function owingUnits(store: Store, year: number | undefined): string[] {
  if (year === undefined) return []
  const names = unitNames(store.read)
  return quotaRows(store.read, year).flatMap(row => (row.zones === 0 ? [names.get(row.unit) ?? row.unit] : []))
}

function repeated(codes: readonly string[]): string[] {
  const seen = new Set<string>()
  const again = new Set<string>()
  for (const code of codes) (seen.has(code) ? again : seen).add(code)
  return [...again]
}

/** The warning as the report prints it. */
export function warningInWords({ code, count, names }: ZoneReportWarning): string {
  const list = `${names.join('、')}${count > names.length ? ' 等' : ''}`
  const words: Readonly<Record<ZoneReportWarning['code'], string>> = {
    empty_zone: `${count} 个区域没有地块：${list}`,
    shared_parcel: `${count} 宗地块同时属于多个区域，各区域分别列出，合计只计一次：${list}`,
    no_boundary: '没有启用的城镇开发边界，界内、界外面积未知(以“—”表示)，不作 0 计',
    not_judged: `${count} 宗地块尚未判定边界内外，不计入界内、界外面积：${list}`,
    no_outline: `${count} 个区域没有范围线，总面积和界址点未知：${list}`,
    unit_without_zone: `${count} 个单位还没有谋划连片整治区域：${list}`,
    photo_missing: `${count} 张照片的文件不在附件文件夹中：${list}`,
  }
  return `提示：${words[code]}。`
}
