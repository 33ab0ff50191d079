/** What a detection does to the zones of its year, in codes that people know: which parcels join, which leave, what is new. */
import type { ZoneChange } from '../../shared/contract/zones.ts'
import type { Db } from '../db/open.ts'
import type { SavePlan, StoredZone } from './zone-matching.ts'
import { parcelCodes } from './zones-repo.ts'

/**
 * Stored zones (with the members that they had before) in their order, then the new ones; `createdCodes` are the codes of
 * `plan.created`, one each.
 */
export function changesOf(
  db: Db,
  zones: readonly (StoredZone & { readonly name: string })[],
  plan: SavePlan,
  createdCodes: readonly string[],
): ZoneChange[] {
  const codes = parcelCodes(db, [
    ...new Set([
      ...zones.flatMap(zone => zone.members.map(member => member.parcelId)),
      ...[...plan.changed.values()].flatMap(ids => [...ids]),
      ...plan.created.flatMap(zone => zone.parcelIds),
    ]),
  ])
  const codeOf = (id: string): string => codes.get(id) ?? id
  const stored = zones.map((zone, index): ZoneChange => {
    const target = plan.changed.get(index)
    const before = new Set(zone.members.map(member => member.parcelId))
    const common = { code: zone.code, name: zone.name }
    if (!target) return { ...common, kind: zone.fixed ? 'fixed' : 'kept', added: [], removed: [] }
    return {
      ...common,
      kind: 'changed',
      added: [...target]
        .filter(id => !before.has(id))
        .map(codeOf)
        .sort(),
      removed: [...before]
        .filter(id => !target.has(id))
        .map(codeOf)
        .sort(),
    }
  })
  const created = plan.created.map((zone, index): ZoneChange => {
    const added = zone.parcelIds.map(codeOf).sort()
    return { code: createdCodes[index] ?? '', name: '', kind: 'new', added, removed: [] }
  })
  return [...stored, ...created]
}
