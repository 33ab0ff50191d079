/**
 * Rules of 外业核查 (domain §11.2): what a visit needs before it is handed in, and when it proves something. Pure; texts in
 * the UI catalogue under `visit.missing.<key>` and `visit.remark.<key>`.
 */

/** A visit proves something when this many different people were there ([NV] in the source, kept as the stricter reading). */
export const INSPECTORS_NEEDED = 2

export const VISIT_MISSING_KEYS = [
  'operating_status',
  'side_marked',
  'side_reason',
  'side_note',
  'inspectors',
  'visited_at',
  'future',
] as const
export type VisitMissingKey = (typeof VISIT_MISSING_KEYS)[number]

/** Said beside the button, and kept in the history: these do not stop anybody. */
export const VISIT_REMARK_KEYS = ['one_inspector', 'same_inspector', 'no_photo'] as const
export type VisitRemarkKey = (typeof VISIT_REMARK_KEYS)[number]

export interface VisitState {
  readonly status?: unknown
  readonly visited_at?: unknown
  readonly operating_status?: unknown
  readonly side_marked?: unknown
  readonly side_reason?: unknown
  readonly side_note?: unknown
  readonly inspectors?: unknown
}

/** Different people among the inspectors, blanks left out; one person written twice is one. */
export function inspectorsOf(value: unknown): string[] {
  const names = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,,、;;]/) : []
  return [...new Set(names.map(nameOf).filter(name => name !== ''))]
}

/** Blanks inside Chinese names are typing, not names; between Latin words one blank counts. */
function nameOf(value: unknown): string {
  const text = typeof value === 'string' ? value : ((value as { name?: unknown } | null)?.name ?? '')
  return String(text)
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/(\p{Script=Han}) (?=\p{Script=Han})/gu, '$1')
}

/** What keeps a visit from being handed in. `computed` is the computed side of the parcel, `now` an ISO instant. */
export function missingOfVisit(
  visit: VisitState,
  context: { readonly computed: string | null; readonly now: string },
): VisitMissingKey[] {
  const missing: VisitMissingKey[] = []
  const isBlank = (value: unknown): boolean => value === null || value === undefined || String(value).trim() === ''
  if (isBlank(visit.operating_status)) missing.push('operating_status')
  if (isBlank(visit.side_marked)) missing.push('side_marked')
  else if (departsFrom(context.computed, String(visit.side_marked))) {
    if (isBlank(visit.side_reason)) missing.push('side_reason')
    else if (visit.side_reason === 'other' && isBlank(visit.side_note)) missing.push('side_note')
  }
  if (inspectorsOf(visit.inspectors).length === 0) missing.push('inspectors')
  if (isBlank(visit.visited_at)) missing.push('visited_at')
  // A clock that is a little fast is no contradiction; a day is.
  else if (Date.parse(String(visit.visited_at)) > Date.parse(context.now) + 86_400_000) missing.push('future')
  return missing
}

/** True when a mark says otherwise than the computed side; nothing departs from an unknown one. */
export function departsFrom(computed: string | null, marked: string): boolean {
  return computed !== null && computed !== '' && computed !== 'unknown' && computed !== marked
}

/** What makes a visit weak, though it may be handed in. */
export function remarksOfVisit(visit: VisitState, photos: number): VisitRemarkKey[] {
  const remarks: VisitRemarkKey[] = []
  const different = inspectorsOf(visit.inspectors).length
  const written = Array.isArray(visit.inspectors) ? visit.inspectors.filter(entry => nameOf(entry) !== '').length : 0
  if (written > different) remarks.push('same_inspector')
  else if (different < INSPECTORS_NEEDED) remarks.push('one_inspector')
  if (photos === 0) remarks.push('no_photo')
  return remarks
}

/** True when the visit proves something: confirmed, and two different people were there. */
export function isEvidence(visit: VisitState): boolean {
  return visit.status === 'CONFIRMED' && inspectorsOf(visit.inspectors).length >= INSPECTORS_NEEDED
}
