/** Finding records by code, name, former name, credit code, place or pinyin, and units by name to fly to. */
import type { SearchResult } from '../../shared/contract/zones.ts'
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import type { Db } from '../db/open.ts'
import {
  boxOfEnterprise,
  boxOfParcel,
  boxOfUnit,
  boxOfZone,
  findHits,
  type SearchHit,
  type TitleRow,
  titleOf,
} from './search-repo.ts'

/** The best `limit` results for a text, best first. */
export function searchRecords(db: Db, text: string, limit: number): SearchResult[] {
  const results: SearchResult[] = []
  for (const hit of findHits(db, text, limit)) {
    const row = titleOf(db, hit)
    if (row)
      results.push({ entity: hit.entity, id: row.id, code: row.code, ...wordsOf(hit, row), box: boxOf(db, hit, row) })
  }
  return results
}

function wordsOf(hit: SearchHit, row: TitleRow): { title: string; subtitle: string } {
  const title = row.name ?? row.code
  const parts = hit.entity === 'report_unit' ? [row.code] : [row.code, row.unit_name ?? row.unit]
  if (row.area_m2 !== null) parts.push(`${squareMetersToMu(row.area_m2).toFixed(2)} 亩`)
  parts.push(row.place)
  return { title, subtitle: parts.filter(part => part !== null && part !== '' && part !== title).join(' · ') }
}

function boxOf(db: Db, hit: SearchHit, row: TitleRow): SearchResult['box'] {
  switch (hit.entity) {
    case 'parcel':
      return boxOfParcel(db, hit.pk)
    case 'enterprise':
      return boxOfEnterprise(db, row.id)
    case 'zone':
      return boxOfZone(db, row.id)
    case 'report_unit':
      return boxOfUnit(db, row.code)
  }
}
