/** What a reader has to know before trusting the totals of a zone report. Reads only. */
import type { Db } from '../db/open.ts'
import { all } from '../db/sql.ts'
import type { ZoneRow } from '../zones/zones-repo.ts'

const NAMED = 10

function listed(names: readonly string[]): string {
  return names.length > NAMED ? `${names.slice(0, NAMED).join('、')} 等` : names.join('、')
}

/**
 * Sentences on zones without parcels and on parcels that belong to several of the zones (their area is in the sums of
 * each, so the total counts it more than once). Empty when there is nothing to say. Zones and parcels by code, ten at most.
 */
export function zoneWarnings(db: Db, zones: readonly ZoneRow[]): string[] {
  const ids = JSON.stringify(zones.map(zone => zone.id))
  const members = all<{ zone_id: string; code: string }>(
    db,
    `SELECT m.zone_id, p.code FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
     WHERE m.deleted = 0 AND m.zone_id IN (SELECT value FROM json_each(?)) ORDER BY p.code`,
    [ids],
  )
  const filled = new Set(members.map(member => member.zone_id))
  const empty = zones.filter(zone => !filled.has(zone.id)).map(zone => zone.code)
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const { code } of members) (seen.has(code) ? shared : seen).add(code)
  const twice = [...shared]
  return [
    ...(empty.length > 0 ? [`提示:${empty.length} 个区域没有地块:${listed(empty)}。`] : []),
    ...(twice.length > 0 ? [`提示:${twice.length} 宗地块同时属于多个区域,合计面积中重复计入:${listed(twice)}。`] : []),
  ]
}
