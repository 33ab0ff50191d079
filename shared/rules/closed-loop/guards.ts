/** What each step of the closed loop demands (domain §11.4), as lists of what is missing. Pure. */
import { isBeyondYear } from '../plan-rules.ts'
import { INSPECTORS_NEEDED } from '../visits.ts'
import {
  CORE_DIMENSIONS,
  coreAnswered,
  countPictures,
  isOpen,
  isPicture,
  missingAfterPhotos,
  missingEvidence,
  missingOwnPhotos,
  PHOTOS_NEEDED,
} from './evidence.ts'
import { type AcceptanceFacts, type LoopFacts, lastStepInto, type Missing, type PlanFacts } from './facts.ts'

const input = (field: string, key = field): Missing => ({ key, place: { entity: 'input', field } })

const isBlank = (text: string | null): boolean => text === null || text.trim() === ''

/** S0 → S1: the rule hit is stored. */
export function missingHit({ entry, enterprise }: LoopFacts): Missing[] {
  return entry.hits > 0 ? [] : [{ key: 'hit', place: { entity: 'enterprise', id: enterprise.id } }]
}

/** S1 → S2: the file is complete. */
export function missingFile(facts: LoopFacts): Missing[] {
  const { enterprise, visits, parcels, photos, years } = facts
  const missing: Missing[] = []
  const here = { entity: 'enterprise', id: enterprise.id } as const
  const confirmed = visits.filter(visit => visit.status === 'CONFIRMED')
  if (confirmed.length === 0) missing.push({ key: 'visit', place: { entity: 'visit' } })
  else if (!confirmed.some(visit => visit.inspectors >= INSPECTORS_NEEDED))
    missing.push({ key: 'visit_inspectors', values: { need: INSPECTORS_NEEDED }, place: { entity: 'visit' } })
  if (parcels.length === 0) missing.push({ key: 'parcel', place: { ...here, field: 'parcels' } })
  const have = countPictures(photos)
  if (have < PHOTOS_NEEDED) {
    missing.push({ key: 'photos', values: { have, need: PHOTOS_NEEDED }, place: { entity: 'photo' } })
  }
  missing.push(...missingOwnPhotos(facts))
  for (const { id, code, side_marked } of parcels) {
    if (side_marked === null) {
      missing.push({ key: 'side_mark', values: { code }, place: { entity: 'parcel', id, field: 'side_marked' } })
    }
  }
  if (!years.some(year => year.land_mu_actual !== null))
    missing.push({ key: 'land_mu_actual', place: { ...here, field: 'years' } })
  if (!years.some(year => year.tax !== null)) missing.push({ key: 'tax_year', place: { ...here, field: 'years' } })
  return missing
}

/** What is said when a candidate is left out: why, and the proof. */
export function missingExclusion({ entry, photos }: LoopFacts, doc_no: string | null): Missing[] {
  const missing: Missing[] = []
  if (entry.exclusion_reason === null) missing.push(input('exclusion_reason'))
  const hasProof = photos.some(photo => photo.kind !== 'signature' && !isPicture(photo))
  if (!hasProof && isBlank(doc_no)) missing.push(input('doc_no', 'proof'))
  return missing
}

/** What a listed entry carries. */
export function missingListing({ entry }: LoopFacts): Missing[] {
  const missing: Missing[] = []
  if (entry.list_year === null) missing.push(input('list_year'))
  if (isBlank(entry.batch)) missing.push(input('batch'))
  if (isBlank(entry.listed_doc)) missing.push(input('listed_doc'))
  return missing
}

/** S2 → S3 besides: publicity over, no dispute about the land. */
export function missingPublicity({ entry, parcels, today }: LoopFacts): Missing[] {
  const missing: Missing[] = []
  const { publicity_from: from, publicity_to: to } = entry
  if (from === null) missing.push(input('publicity_from'))
  if (to === null) missing.push(input('publicity_to'))
  else if (from !== null && to < from) missing.push(input('publicity_to', 'publicity_order'))
  else if (to >= today) missing.push({ ...input('publicity_to', 'publicity_open'), values: { date: to } })
  for (const { id, code, disputed } of parcels) {
    if (disputed)
      missing.push({ key: 'disputed', values: { code }, place: { entity: 'parcel', id, field: 'disputed' } })
  }
  return missing
}

const noPlan = ({ enterprise }: LoopFacts): Missing => ({
  key: 'plan',
  place: { entity: 'enterprise', id: enterprise.id, field: 'plans' },
})

/** S3 → S4: the plan is complete and the four core dimensions are answered. */
export function missingPlan(facts: LoopFacts): Missing[] {
  const { plan, entry } = facts
  if (!plan) return [noPlan(facts), ...missingChecks(facts)]
  const missing: Missing[] = plan.missing.map(({ field, key }) => ({
    key: `plan_${key}`,
    place: { entity: 'plan', id: plan.id, field },
  }))
  const isLate = entry.list_year !== null && isBeyondYear(plan.due_date, entry.list_year)
  if (isLate && isBlank(plan.remark) && !plan.missing.some(item => item.key === 'cross_year_reason')) {
    missing.push({ key: 'plan_cross_year_reason', place: { entity: 'plan', id: plan.id, field: 'remark' } })
  }
  return [...missing, ...missingChecks(facts)]
}

function missingChecks(facts: LoopFacts): Missing[] {
  if (coreAnswered(facts)) return []
  return CORE_DIMENSIONS.filter(
    core => !facts.checks.some(({ dimension, result }) => dimension === core && result !== 'unchecked'),
  ).map(dimension => ({ key: 'check', values: { dimension }, place: { entity: 'check', field: dimension } }))
}

/** Measures that free or change land; they need the planning bureau. */
const LAND_MEASURES: ReadonlySet<string> = new Set(['M4', 'M5', 'M9', 'M10'])

/** True when the planning bureau must agree: land is freed or changed, or the route departs from its side. */
export function concernsLand(plan: PlanFacts): boolean {
  return (
    plan.measures.some(measure => LAND_MEASURES.has(measure.type)) || (plan.freed_mu ?? 0) > 0 || departsFromRoute(plan)
  )
}

function departsFromRoute({ default_route, route }: PlanFacts): boolean {
  return default_route !== null && route !== default_route
}

/** Departments whose newest opinion since the last submission is agreement. */
function agreed(facts: LoopFacts, plan: PlanFacts): Set<string> {
  const since = lastStepInto(facts, 'S4')?.at ?? ''
  const opinions = new Map<string, string>()
  for (const { department, decision, created_at } of plan.approvals) {
    if (created_at >= since) opinions.set(department, decision)
  }
  return new Set([...opinions].filter(([, decision]) => decision === 'agree').map(([department]) => department))
}

/** S4 → S5: who has to agree has agreed; a departure from the default route is reasoned and signed. */
export function missingApproval(facts: LoopFacts): Missing[] {
  const { plan } = facts
  if (!plan) return [noPlan(facts)]
  const missing: Missing[] = []
  const have = agreed(facts, plan)
  for (const department of concernsLand(plan) ? ['JX', 'ZG'] : ['JX']) {
    if (!have.has(department)) {
      missing.push({
        key: 'approval',
        values: { department },
        place: { entity: 'approval', id: plan.id, field: department },
      })
    }
  }
  if (departsFromRoute(plan)) {
    const place = { entity: 'plan', id: plan.id } as const
    if (isBlank(plan.route_reason))
      missing.push({ key: 'plan_route_reason', place: { ...place, field: 'route_reason' } })
    if (isBlank(plan.route_signed_by))
      missing.push({ key: 'route_signed', place: { ...place, field: 'route_signed_by' } })
  }
  return missing
}

/** S5 → S6: measures done, milestones dated, photos from the same points, evidence of every measure. */
export function missingWork(facts: LoopFacts): Missing[] {
  const { plan } = facts
  if (!plan) return [noPlan(facts)]
  const missing: Missing[] = []
  const place = { entity: 'plan', id: plan.id } as const
  if (plan.measures.length === 0) missing.push({ key: 'plan_measures', place: { ...place, field: 'measures' } })
  for (const { type, position, done_at } of plan.measures) {
    if (done_at === null) {
      const field = `measures.${position - 1}.done_at`
      missing.push({ key: 'measure_done', values: { type, row: position }, place: { ...place, field } })
    }
  }
  const undated = plan.milestones.filter(milestone => milestone.date_actual === null).length
  if (plan.milestones.length === 0) missing.push({ key: 'milestones', place: { ...place, field: 'milestones' } })
  else if (undated > 0)
    missing.push({ key: 'milestones_dated', values: { count: undated }, place: { ...place, field: 'milestones' } })
  return [...missing, ...missingOwnPhotos(facts), ...missingAfterPhotos(facts), ...missingEvidence(facts, plan)]
}

/** S6 → S7: passed by at least two departments with document and scan, nothing open, land within its parcels. */
export function missingAcceptance(facts: LoopFacts): Missing[] {
  const { plan } = facts
  if (!plan) return [noPlan(facts)]
  const missing: Missing[] = []
  const acceptance = currentAcceptance(facts, plan)
  const place = { entity: 'acceptance', ...(acceptance ? { id: acceptance.id } : {}) } as const
  if (!acceptance) missing.push({ key: 'acceptance', place })
  else {
    if (acceptance.departments.length < 2) {
      const values = { have: acceptance.departments.length }
      missing.push({ key: 'acceptance_departments', values, place: { ...place, field: 'members' } })
    }
    if (isBlank(acceptance.doc_no)) missing.push({ key: 'acceptance_doc', place: { ...place, field: 'doc_no' } })
    missing.push(...missingLand(facts, plan, acceptance))
  }
  if (!facts.photos.some(photo => photo.kind === 'joint_acceptance'))
    missing.push({ key: 'acceptance_scan', place: { entity: 'photo', field: 'joint_acceptance' } })
  const open = facts.checks.filter(isOpen).length
  if (open > 0) missing.push({ key: 'open_checks', values: { count: open }, place: { entity: 'check' } })
  return missing
}

/** Land that was accepted must be land of the plan, and no more than there is. */
function missingLand(facts: LoopFacts, plan: PlanFacts, acceptance: AcceptanceFacts): Missing[] {
  const place = { entity: 'acceptance', id: acceptance.id, field: 'accepted_land' } as const
  if (acceptance.land === null) return [{ key: 'acceptance_land', place }]
  const known = new Map(facts.parcels.map(parcel => [parcel.id, parcel]))
  const seen = new Map<string, number>()
  for (const { parcel_id, area_m2 } of acceptance.land) seen.set(parcel_id, (seen.get(parcel_id) ?? 0) + area_m2)
  for (const [parcel_id, area] of seen) {
    const parcel = known.get(parcel_id)
    const isOwn = parcel !== undefined && plan.parcel_ids.includes(parcel_id)
    if (!isOwn || area < 0 || area > parcel.area_m2 + 1) {
      return [{ key: 'acceptance_land_wrong', values: { code: parcel?.code ?? '—' }, place }]
    }
  }
  return []
}

/** The newest acceptance that passed and belongs to this round: not before the work was handed in or a rebound found. */
export function currentAcceptance(facts: LoopFacts, plan: PlanFacts): AcceptanceFacts | undefined {
  const since = lastStepInto(facts, 'S6')?.happened_on ?? ''
  return [...plan.acceptances]
    .filter(({ conclusion, accepted_on }) => conclusion === 'passed' && accepted_on !== null && accepted_on >= since)
    .sort((a, b) => (a.accepted_on! < b.accepted_on! ? -1 : 1))
    .at(-1)
}

/** S7 → S8: a look-back is due and not yet done. */
export function missingDue(facts: LoopFacts): Missing[] {
  const isDue = facts.look_backs.some(({ due_date, done_at }) => done_at === null && due_date <= facts.today)
  return isDue ? [] : [{ key: 'look_back_due', place: { entity: 'look_back' } }]
}

/** S8 → S7 or S5: the look-back is done with the result that leads there, with new photos and the tax of the year. */
export function missingLookBack(facts: LoopFacts, result: 'stable' | 'rebound'): Missing[] {
  const since = lastStepInto(facts, 'S8')
  const done = facts.look_backs
    .filter(
      ({ done_at, due_date }) => done_at !== null && due_date <= facts.today && done_at >= (since?.happened_on ?? ''),
    )
    .at(-1)
  const missing: Missing[] = []
  if (!done) missing.push({ key: 'look_back_done', place: { entity: 'look_back', field: 'done_at' } })
  else if (done.result !== result) {
    const place = { entity: 'look_back', id: done.id, field: 'result' } as const
    missing.push({ key: `look_back_${result}`, place })
  }
  const closed = lastStepInto(facts, 'S7')?.at ?? ''
  if (!facts.photos.some(photo => isPicture(photo) && photo.created_at > closed))
    missing.push({ key: 'look_back_photos', place: { entity: 'photo' } })
  const due = done?.due_date ?? facts.today
  const year = Number(due.slice(0, 4)) - 1
  if (!facts.years.some(figures => figures.year >= year && figures.tax !== null)) {
    missing.push({
      key: 'look_back_tax',
      values: { year },
      place: { entity: 'enterprise', id: facts.enterprise.id, field: 'years' },
    })
  }
  return missing
}
