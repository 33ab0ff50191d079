/**
 * Who is judged together (domain §2, 遂昌 2023): enterprises on one parcel are one unit: the tenants' figures are added to
 * those of who holds the land and all share the result; large tenants are judged apart. Their
 * indicators are Σ/Σ over those whose figures are known. Pure; the limits are data of the standard.
 */
import type { Combining } from './standard.ts'
import type { ScoreSubject } from './subject.ts'

/** One relation of an enterprise to a parcel. */
export interface Tie {
  readonly enterprise_id: string
  readonly parcel_id: string
  /** OWNER, TENANT or ACTUAL_USER. */
  readonly role: string
  readonly used_area_m2: number | null
}

export interface ScoreUnit {
  readonly head: ScoreSubject
  /** All that share the result, the head first; the others in the order of the subjects. */
  readonly members: readonly ScoreSubject[]
}

/** The units of a year in the order of their heads. A tenant of several parcels belongs to where it uses most. */
export function unitsOf(subjects: readonly ScoreSubject[], ties: readonly Tie[], rule: Combining): ScoreUnit[] {
  const heads = rule.tenants ? headsOf(subjects, ties, rule) : new Map<string, string>()
  const members = new Map<string, ScoreSubject[]>()
  for (const subject of subjects) {
    const head = heads.get(subject.id)
    if (head === undefined) continue
    const known = members.get(head)
    if (known) known.push(subject)
    else members.set(head, [subject])
  }
  return subjects
    .filter(subject => !heads.has(subject.id))
    .map(head => ({ head, members: [head, ...(members.get(head.id) ?? [])] }))
}

/** The head of each tenant that is judged with somebody. */
function headsOf(subjects: readonly ScoreSubject[], ties: readonly Tie[], rule: Combining): Map<string, string> {
  const byId = new Map(subjects.map(subject => [subject.id, subject]))
  const owners = ownersOf(ties.filter(tie => byId.has(tie.enterprise_id)))
  const best = new Map<string, { head: string; area: number }>()
  for (const { enterprise_id: id, parcel_id, role, used_area_m2 } of ties) {
    const subject = byId.get(id)
    const head = owners.get(parcel_id)
    if (role !== 'TENANT' || !subject || head === undefined || head === id || isApart(subject, rule)) continue
    const area = used_area_m2 ?? 0
    const known = best.get(id)
    if (!known || area > known.area || (area === known.area && head < known.head)) best.set(id, { head, area })
  }
  // Who has tenants of its own stays a head: nobody is judged with somebody who is judged with a third.
  const taken = new Set([...best.values()].map(({ head }) => head))
  return new Map([...best].filter(([id]) => !taken.has(id)).map(([id, { head }]) => [id, head]))
}

const STANDING: Readonly<Record<string, number>> = { OWNER: 2, ACTUAL_USER: 1 }

/** Who holds each parcel: the owner, else who uses most of it without being a tenant. */
function ownersOf(ties: readonly Tie[]): Map<string, string> {
  const found = new Map<string, Tie>()
  for (const tie of ties) {
    const standing = STANDING[tie.role] ?? 0
    if (standing === 0) continue
    const known = found.get(tie.parcel_id)
    if (known) {
      const by = standing - (STANDING[known.role] ?? 0) || (tie.used_area_m2 ?? 0) - (known.used_area_m2 ?? 0)
      if (by < 0 || (by === 0 && tie.enterprise_id >= known.enterprise_id)) continue
    }
    found.set(tie.parcel_id, tie)
  }
  return new Map([...found].map(([parcel, tie]) => [parcel, tie.enterprise_id]))
}

function isApart(subject: ScoreSubject, rule: Combining): boolean {
  if (rule.apart_above && subject.scale === 'above') return true
  const land = subject.land_mu_actual
  return rule.apart_mu !== null && land !== null && land !== undefined && land >= rule.apart_mu
}
