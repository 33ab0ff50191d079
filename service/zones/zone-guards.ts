/** What every change of a zone by hand has to look at first: that it is there, unlocked, and whose parcels are free. */
import { AppError } from '../../shared/contract/errors.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { type ZoneParcel, zoneParcelOf } from './zone-parcels.ts'
import { DEFAULT_GAP_M } from './zone-settings.ts'
import { campaignZoneSettings, findZone, type ZoneRow, zoneParcelsByIds, zonesHolding } from './zones-repo.ts'

export function gapOf(db: Db, zone: ZoneRow | null): number {
  return zone?.gap_m ?? campaignZoneSettings(db)?.gap_m ?? DEFAULT_GAP_M
}

export function requireZone(db: Db, key: { id?: string; code?: string }): ZoneRow {
  const zone = findZone(db, key)
  if (zone) return zone
  throw new AppError('not_found', `找不到连片区域“${(key.code ?? key.id ?? '').slice(0, 60)}”，可能已被删除`, {
    reason: 'zone_not_found',
    values: { key: key.code ?? key.id ?? '' },
  })
}

/** The last parcel of a zone cannot leave it: a zone without land is nothing that a report could count. */
export function wouldBeEmpty(zone: ZoneRow): AppError {
  return new AppError('refused', `“${zone.name}”至少要保留一个地块；不再需要时请删除整个区域`, {
    reason: 'zone_would_be_empty',
    values: { name: zone.name, code: zone.code },
  })
}

export function requireUnlocked(db: Db, id: string): ZoneRow {
  const zone = requireZone(db, { id })
  if (zone.locked !== 1) return zone
  throw new AppError('refused', `“${zone.name}”已锁定，请先解锁再调整地块`, {
    reason: 'zone_locked',
    values: { name: zone.name, code: zone.code },
  })
}

/** The parcels in the plane; a missing one is refused unless `lenient` (members whose parcel was removed since). */
export function requireParcels(store: Store, db: Db, ids: readonly string[], lenient = false): ZoneParcel[] {
  const rows = zoneParcelsByIds(db, ids)
  if (rows.length !== ids.length && !lenient) {
    throw new AppError('not_found', `有 ${ids.length - rows.length} 个地块已被删除，请刷新后再选`, {
      reason: 'parcel_not_found',
      values: { missing: ids.length - rows.length },
    })
  }
  return rows.map(row => zoneParcelOf(row, store.plane))
}

export function refuseTaken(db: Db, year: number, parcelIds: readonly string[]): void {
  const [taken, ...more] = zonesHolding(db, year, parcelIds)
  if (!taken) return
  const others = more.length > 0 ? `(另有 ${more.length} 个地块也已归入其他区域)` : ''
  throw new AppError(
    'refused',
    `地块 ${taken.parcel_code} 在 ${year} 年已属于“${taken.zone_name}”(${taken.zone_code})，请先从该区域移出${others}`,
    {
      reason: 'parcel_in_other_zone',
      values: {
        parcel: taken.parcel_code,
        zone: taken.zone_name,
        zone_code: taken.zone_code,
        zone_id: taken.zone_id,
        more: more.length,
      },
    },
  )
}

export function refuseOtherUnit(parcels: readonly ZoneParcel[], unit: string): void {
  const stranger = parcels.find(parcel => parcel.unit !== unit)
  if (!stranger) return
  throw new AppError('refused', `地块 ${stranger.code} 不属于本区域的考核单位；跨单位的区域请另建并选择“跨单位”`, {
    reason: 'zone_other_unit',
    values: { parcel: stranger.code, unit: stranger.unit ?? '' },
  })
}
