/** What one version of a plan says otherwise than another, field by field and row by row. Pure. */

type Values = Readonly<Record<string, unknown>>

export interface PlanContent {
  readonly record: Values
  readonly measures: readonly Values[]
  readonly milestones: readonly Values[]
}

export interface PlanDifference {
  readonly part: 'plan' | 'measure' | 'milestone'
  /** Of a row: its number in the later version, or in the earlier one when it was removed there. */
  readonly row: number | null
  /** Kind of the row, to name it by. */
  readonly type: string | null
  readonly change: 'changed' | 'added' | 'removed'
  /** Null for rows that came or went as a whole. */
  readonly field: string | null
  readonly from: unknown
  readonly to: unknown
  /** Record of the later version (or of the earlier one for what was removed), to ask who and when. */
  readonly id: string
}

/** `fields` names what is compared of each part, in the order in which it is told. */
export function diffPlans(
  from: PlanContent,
  to: PlanContent,
  fields: {
    readonly plan: readonly string[]
    readonly measure: readonly string[]
    readonly milestone: readonly string[]
  },
): PlanDifference[] {
  const differences: PlanDifference[] = []
  const compare = (part: PlanDifference['part'], a: Values, b: Values, row: number | null): void => {
    for (const field of fields[part]) {
      if (isSame(a[field], b[field])) continue
      const type = row === null ? null : String(b['type'])
      differences.push({
        part,
        row,
        type,
        change: 'changed',
        field,
        from: a[field] ?? null,
        to: b[field] ?? null,
        id: String(b['id']),
      })
    }
  }
  compare('plan', from.record, to.record, null)
  for (const [part, before, after] of [
    ['measure', from.measures, to.measures],
    ['milestone', from.milestones, to.milestones],
  ] as const) {
    const pairs = pairRows(before, after)
    after.forEach((row, index) => {
      const other = pairs.get(index)
      if (other !== undefined) compare(part, before[other]!, row, index + 1)
      else differences.push({ ...wholeRow(part, row, index + 1), change: 'added' })
    })
    const kept = new Set(pairs.values())
    before.forEach((row, index) => {
      if (!kept.has(index)) differences.push({ ...wholeRow(part, row, index + 1), change: 'removed' })
    })
  }
  return differences
}

function wholeRow(part: 'measure' | 'milestone', row: Values, number: number): Omit<PlanDifference, 'change'> {
  return { part, row: number, type: String(row['type']), field: null, from: null, to: null, id: String(row['id']) }
}

/** Which row of the earlier version a row of the later one continues: same kind and words first, then same kind in order. */
function pairRows(before: readonly Values[], after: readonly Values[]): Map<number, number> {
  const pairs = new Map<number, number>()
  const taken = new Set<number>()
  const tests: ((a: Values, b: Values) => boolean)[] = [
    (a, b) => a['type'] === b['type'] && isSame(a['description'], b['description']),
    (a, b) => a['type'] === b['type'],
  ]
  for (const isMatch of tests) {
    after.forEach((row, index) => {
      if (pairs.has(index)) return
      const other = before.findIndex((candidate, at) => !taken.has(at) && isMatch(candidate, row))
      if (other < 0) return
      pairs.set(index, other)
      taken.add(other)
    })
  }
  return pairs
}

function isSame(a: unknown, b: unknown): boolean {
  const plain = (value: unknown): unknown => (value === undefined || value === '' ? null : value)
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b))
}
