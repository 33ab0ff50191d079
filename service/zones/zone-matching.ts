/**
 * Which detected cluster is which stored zone, and what saving would change. Pure. A zone keeps its identity as long as it
 * shares most of its area with a cluster; locked zones and what people decided by hand are never touched.
 */

export interface StoredZone {
  readonly id: string
  readonly code: string
  readonly unit: string | null
  /** Locked, or past planning: neither its members nor its outline may be changed by detection. */
  readonly fixed: boolean
  readonly members: readonly { readonly parcelId: string; readonly manual: boolean }[]
}

export interface Candidate {
  readonly unit: string | null
  readonly parcelIds: readonly string[]
}

export interface MatchInput {
  readonly candidates: readonly Candidate[]
  readonly zones: readonly StoredZone[]
  areaOf(parcelId: string): number
  /** Did a person take this parcel out of this zone? */
  isTakenOut(zoneId: string, parcelId: string): boolean
}

/** For each candidate the index of the zone that it continues, or undefined when it is new. */
export function matchCandidates(input: Pick<MatchInput, 'candidates' | 'zones' | 'areaOf'>): (number | undefined)[] {
  const { candidates, zones, areaOf } = input
  const areaSum = (ids: readonly string[]) => ids.reduce((sum, id) => sum + areaOf(id), 0)
  const zoneOfParcel = new Map<string, number>()
  zones.forEach((zone, index) => {
    for (const member of zone.members) zoneOfParcel.set(member.parcelId, index)
  })
  const zoneAreas = zones.map(zone => areaSum(zone.members.map(member => member.parcelId)))
  const pairs: { candidate: number; zone: number; shared: number }[] = []
  candidates.forEach((candidate, index) => {
    const shared = new Map<number, number>()
    for (const id of candidate.parcelIds) {
      const zone = zoneOfParcel.get(id)
      if (zone !== undefined) shared.set(zone, (shared.get(zone) ?? 0) + areaOf(id))
    }
    const candidateArea = areaSum(candidate.parcelIds)
    for (const [zone, area] of shared) {
      const most = area > 0.5 * Math.min(candidateArea, zoneAreas[zone]!)
      if (most && zones[zone]!.unit === candidate.unit) pairs.push({ candidate: index, zone, shared: area })
    }
  })
  pairs.sort((a, b) => b.shared - a.shared || a.zone - b.zone || a.candidate - b.candidate)
  const matches: (number | undefined)[] = candidates.map(() => undefined)
  const taken = new Set<number>()
  for (const { candidate, zone } of pairs) {
    if (matches[candidate] !== undefined || taken.has(zone)) continue
    matches[candidate] = zone
    taken.add(zone)
  }
  return matches
}

export interface SavePlan {
  /** New member sets of stored zones that change, by zone index. */
  readonly changed: Map<number, Set<string>>
  /** Member sets of new zones, with the candidate that each comes from. */
  readonly created: readonly { readonly candidate: number; readonly parcelIds: readonly string[] }[]
}

/**
 * What saving the candidates changes. A zone that continues in a candidate takes in its free parcels and gives up those that
 * no longer hang together with it; parcels of other zones stay there, because merging zones is for people to decide.
 * `groupsOf` says which free parcels of a candidate are enough for a new zone (or several).
 */
export function planSave(
  input: MatchInput,
  matches: readonly (number | undefined)[],
  groupsOf: (candidate: number, free: readonly string[]) => readonly (readonly string[])[],
): SavePlan {
  const { candidates, zones } = input
  const holder = new Map<string, number>()
  zones.forEach((zone, index) => {
    const candidate = zone.fixed ? -1 : matches.indexOf(index)
    const reach = candidate < 0 ? undefined : new Set(candidates[candidate]!.parcelIds)
    for (const member of zone.members) {
      if (!reach || member.manual || reach.has(member.parcelId)) holder.set(member.parcelId, index)
    }
  })
  const changed = new Map<number, Set<string>>()
  const created: { candidate: number; parcelIds: readonly string[] }[] = []
  candidates.forEach((candidate, index) => {
    const free = candidate.parcelIds.filter(id => !holder.has(id))
    const match = matches[index]
    if (match === undefined || zones[match]!.fixed) {
      if (free.length === 0) return
      for (const parcelIds of groupsOf(index, free)) created.push({ candidate: index, parcelIds })
      return
    }
    const zone = zones[match]!
    const stay = zone.members.map(member => member.parcelId).filter(id => holder.get(id) === match)
    const join = free.filter(id => !input.isTakenOut(zone.id, id))
    if (join.length > 0 || stay.length < zone.members.length) changed.set(match, new Set([...stay, ...join]))
  })
  return { changed, created }
}
