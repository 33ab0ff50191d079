import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CountEntry, type CountEvent, type CountPlan, countEvents, countTotals, M2_PER_MU } from './counting.ts'

const AREAS = new Map([
  ['p', 10_000],
  ['q', 4000],
])
const plan = (change: Partial<CountPlan>): CountPlan => ({
  id: 'plan',
  status: 'approved',
  route: 'EXIT_RECLAIM',
  parcels: [
    { parcel_id: 'p', area_m2: 10_000 },
    { parcel_id: 'q', area_m2: 4000 },
  ],
  measures: [],
  milestones: [],
  acceptances: [],
  ...change,
})
const entry = (change: Partial<CountEntry>): CountEntry => ({
  id: 'e',
  enterprise_id: 'x',
  unit: 'U',
  steps: [],
  plans: [],
  rented: [],
  reclamations: [],
  earlier: { counted_at: null, counted_mu: null, counted_tce: null, rebound_at: null },
  ...change,
})
const closing = (on: string) => ({ from: 'S6', to: 'S7', on })
const year = (events: readonly CountEvent[]) => countTotals(events, '2022-01-01', '2022-12-31')
const month = (events: readonly CountEvent[], name: string) => countTotals(events, `2022-${name}-01`, `2022-${name}-31`)

describe('rules of counting', () => {
  test('M10 counts at its acceptance document, before the enterprise is closed, and not again with it', () => {
    const done = entry({
      steps: [closing('2022-06-10')],
      reclamations: [
        { id: 'r', parcel_id: 'p', area_m2: 9000, accepted_on: '2022-04-02', acceptance_doc: '兰复验〔2022〕1号' },
        { id: 'n', parcel_id: 'q', area_m2: 4000, accepted_on: '2022-04-02', acceptance_doc: ' ' },
      ],
      plans: [
        plan({
          measures: [{ id: 'm', type: 'M10', done_at: '2022-04-01', area_mu: null }],
          acceptances: [
            {
              id: 'a',
              on: '2022-06-01',
              conclusion: 'passed',
              land: [{ parcel_id: 'p', area_m2: 9000 }],
              freed_tce: 12,
            },
          ],
        }),
      ],
    })
    const events = countEvents([done], AREAS)
    expect(month(events, '04')).toMatchObject({ enterprises: 0, land_m2: 9000, reclaimed_m2: 9000 })
    expect(month(events, '06')).toMatchObject({ enterprises: 1, land_m2: 0, energy_tce: 12 })
  })

  test('M4 counts when vacated and demolished, up to the area of the measure', () => {
    const plans = (demolished: string | null) => [
      plan({
        measures: [{ id: 'm', type: 'M4', done_at: null, area_mu: 12_000 / M2_PER_MU }],
        milestones: [
          { type: 'vacated', date_actual: '2022-02-01' },
          { type: 'demolished', date_actual: demolished },
        ],
      }),
    ]
    expect(countEvents([entry({ plans: plans(null) })], AREAS)).toEqual([])
    const events = countEvents([entry({ plans: plans('2022-03-05') })], AREAS)
    expect(events.map(({ parcel_id, amount, on }) => [parcel_id, Math.round(amount!), on])).toEqual([
      ['p', 10_000, '2022-03-05'],
      ['q', 2000, '2022-03-05'],
    ])
  })

  test('land is counted once by owner and second claimant, and never by a tenant', () => {
    const accepted = (id: string, on: string) =>
      plan({
        route: 'UPGRADE',
        acceptances: [{ id, on, conclusion: 'passed', land: [{ parcel_id: 'p', area_m2: 10_000 }], freed_tce: null }],
      })
    const events = countEvents(
      [
        entry({ id: 'b', enterprise_id: 'y', steps: [closing('2022-05-02')], plans: [accepted('2', '2022-05-01')] }),
        entry({ steps: [closing('2022-03-02')], plans: [accepted('1', '2022-03-01')] }),
        entry({
          id: 'c',
          enterprise_id: 'z',
          steps: [closing('2022-02-02')],
          plans: [accepted('3', '2022-02-01')],
          rented: ['p'],
        }),
      ],
      AREAS,
    )
    expect(year(events)).toMatchObject({ enterprises: 3, land_m2: 10_000, upgraded_m2: 10_000, energy_tce: null })
    expect(month(events, '03').land_m2).toBe(10_000)
  })

  test('found back and closed anew on one day, it counts once', () => {
    const steps = [closing('2022-03-01'), { from: 'S8', to: 'S5', on: '2022-09-01' }, closing('2022-09-01')]
    const events = countEvents([entry({ steps })], AREAS)
    expect(month(events, '09')).toMatchObject({ enterprises: 0, rebounds: 1 })
    expect(year(events).enterprises).toBe(1)
    const found = { from: 'S8', to: 'S5', on: '2022-09-01' }
    expect(year(countEvents([entry({ steps: [...steps, found] })], AREAS)).enterprises).toBe(0)
  })

  test('a rebound takes back in its month; a second closing counts again, once', () => {
    const accepted = { conclusion: 'passed', land: [{ parcel_id: 'q', area_m2: 4000 }], freed_tce: 5 }
    const events = countEvents(
      [
        entry({
          steps: [
            closing('2022-02-10'),
            { from: 'S7', to: 'S8', on: '2022-08-09' },
            { from: 'S8', to: 'S5', on: '2022-08-20' },
            closing('2022-11-03'),
          ],
          plans: [
            plan({
              route: 'UPGRADE',
              acceptances: [
                { id: '1', on: '2022-02-01', ...accepted },
                { id: '2', on: '2022-11-01', ...accepted, freed_tce: 7 },
              ],
            }),
          ],
        }),
      ],
      AREAS,
    )
    expect(month(events, '02')).toMatchObject({ enterprises: 1, land_m2: 4000, energy_tce: 5 })
    expect(month(events, '08')).toMatchObject({ enterprises: -1, land_m2: -4000, energy_tce: -5, rebounds: 1 })
    expect(month(events, '11')).toMatchObject({ enterprises: 1, land_m2: 4000, energy_tce: 7 })
    expect(year(events)).toMatchObject({ enterprises: 1, land_m2: 4000, energy_tce: 7 })
  })

  test('land counted before a split stays counted, and its parts are not counted again', () => {
    const areas = new Map([...AREAS, ['q-1', 2500], ['q-2', 1500]])
    const rootOf = new Map([
      ['q-1', 'q'],
      ['q-2', 'q'],
    ])
    const closed = (id: string, on: string, parcel_id: string, area_m2: number) =>
      entry({
        id,
        enterprise_id: id,
        steps: [closing(on)],
        plans: [
          plan({
            acceptances: [{ id, on, conclusion: 'passed', land: [{ parcel_id, area_m2 }], freed_tce: null }],
          }),
        ],
      })
    const before = closed('a', '2022-02-01', 'q', 3000)
    const events = countEvents([before, closed('b', '2022-05-01', 'q-1', 2500)], areas, rootOf)
    expect(month(events, '02').land_m2).toBe(3000)
    expect(month(events, '05').land_m2).toBe(1000)
    const parts = countEvents(
      [closed('a', '2022-02-01', 'q-1', 9000), closed('b', '2022-05-01', 'q-2', 9000)],
      areas,
      rootOf,
    )
    expect(year(parts).land_m2).toBe(4000)
  })

  test('a removal takes back what was counted, at its day; lists from before steps count as they were imported', () => {
    const closed = { counted_at: '2022-03-01', counted_mu: 3, counted_tce: null, rebound_at: null }
    const removed = entry({ earlier: closed, steps: [{ from: 'S7', to: 'S9', on: '2022-09-01' }] })
    const events = countEvents([removed], AREAS)
    expect(month(events, '03')).toMatchObject({ enterprises: 1, energy_tce: null })
    expect(month(events, '03').land_m2).toBeCloseTo(2000, 9)
    expect(year(events)).toMatchObject({ enterprises: 0, land_m2: 0, rebounds: 0 })
  })

  test('two approved versions of a plan, a clearing and a reclamation prove the same land once', () => {
    const measures = [
      { id: 'm4', type: 'M4', done_at: null, area_mu: 0.9 },
      { id: 'm10', type: 'M10', done_at: null, area_mu: null },
    ]
    const milestones = [
      { type: 'vacated', date_actual: '2022-02-01' },
      { type: 'demolished', date_actual: '2022-03-01' },
    ]
    const version = plan({ id: 'v1', parcels: [{ parcel_id: 'p', area_m2: AREAS.get('p')! }], measures, milestones })
    const part = { id: 'r', parcel_id: 'p', area_m2: 700, accepted_on: '2022-06-01', acceptance_doc: '文' }
    const events = countEvents([entry({ plans: [version, { ...version, id: 'v2' }], reclamations: [part] })], AREAS)
    expect(month(events, '03').land_m2).toBeCloseTo(600, 9)
    expect(month(events, '06').land_m2).toBeCloseTo(100, 9)
    expect(year(events).land_m2).toBeCloseTo(700, 9)
  })

  test('nothing closed is 0 tce, closed with nothing known is unknown', () => {
    expect(countTotals([], '2022-01-01', '2022-12-31').energy_tce).toBe(0)
  })
})

/** The same rules once more, day by day and square metre by square metre, without the book's bookkeeping. */
function bruteForce(entries: readonly CountEntry[], to: string) {
  const days = Array.from({ length: 365 }, (_, index) =>
    new Date(Date.UTC(2022, 0, 1 + index)).toISOString().slice(0, 10),
  ).filter(day => day <= to)
  /** Owner of each whole m² unit of each parcel, or undefined. */
  const cells = new Map([...AREAS].map(([id, area]) => [id, new Array<string | undefined>(area / 1000)]))
  const closed = new Set<string>()
  const sorted = [...entries].sort((a, b) => (a.id < b.id ? -1 : 1))
  for (const day of days) {
    for (const candidate of sorted)
      for (const row of candidate.reclamations)
        if (row.accepted_on === day && row.acceptance_doc && !candidate.rented.includes(row.parcel_id))
          claim(cells.get(row.parcel_id)!, candidate.id, (row.area_m2 ?? 0) / 1000)
    for (const candidate of sorted) {
      if (!candidate.steps.some(step => step.to === 'S7' && step.on === day)) continue
      closed.add(candidate.id)
      for (const part of candidate.plans[0]!.acceptances[0]!.land ?? []) {
        if (candidate.rented.includes(part.parcel_id)) continue
        const parcel = cells.get(part.parcel_id)!
        claim(parcel, candidate.id, part.area_m2 / 1000 - parcel.filter(owner => owner === candidate.id).length)
      }
    }
    for (const candidate of sorted) {
      if (!candidate.steps.some(step => step.to === 'S5' && step.on === day)) continue
      closed.delete(candidate.id)
      for (const parcel of cells.values())
        for (let index = 0; index < parcel.length; index++)
          if (parcel[index] === candidate.id) parcel[index] = undefined
    }
  }
  const land = [...cells.values()].flatMap(parcel => [...parcel]).filter(owner => owner !== undefined).length * 1000
  return { enterprises: closed.size, land }
}

function claim(parcel: (string | undefined)[], owner: string, cells: number): void {
  let left = cells
  for (let index = 0; index < parcel.length && left > 0; index++) {
    if (parcel[index] !== undefined) continue
    parcel[index] = owner
    left--
  }
}

test('totals equal those of a brute-force counter on every day, and no parcel is counted beyond its area', () => {
  const day = fc.integer({ min: 0, max: 360 }).map(n => new Date(Date.UTC(2022, 0, 1 + n)).toISOString().slice(0, 10))
  const parcel = fc.constantFrom('p', 'q')
  const area = (id: string) => fc.integer({ min: 1, max: AREAS.get(id)! / 1000 }).map(n => n * 1000)
  const part = parcel.chain(id => area(id).map(area_m2 => ({ parcel_id: id, area_m2 })))
  const arbitrary = fc.record({
    days: fc.uniqueArray(day, { minLength: 3, maxLength: 3 }).map(days => [...days].sort()),
    length: fc.integer({ min: 0, max: 3 }),
    rented: fc.subarray(['p', 'q'], { maxLength: 1 }),
    land: fc.uniqueArray(part, { selector: piece => piece.parcel_id, maxLength: 2 }),
    reclaimed: fc.option(fc.tuple(part, day)),
  })
  fc.assert(
    fc.property(fc.array(arbitrary, { maxLength: 5 }), day, (drawn, to) => {
      const entries = drawn.map(({ days, length, rented, land, reclaimed }, index) =>
        entry({
          id: `e${index}`,
          enterprise_id: `x${index}`,
          rented,
          steps: [closing(days[0]!), { from: 'S8', to: 'S5', on: days[1]! }, closing(days[2]!)].slice(0, length),
          reclamations: reclaimed
            ? [{ id: 'r', ...reclaimed[0], accepted_on: reclaimed[1], acceptance_doc: '文' }]
            : [],
          plans: [
            plan({
              measures: [{ id: 'm', type: 'M10', done_at: null, area_mu: null }],
              acceptances: [{ id: 'a', on: '2022-01-01', conclusion: 'passed', land, freed_tce: null }],
            }),
          ],
        }),
      )
      const events = countEvents(entries, AREAS)
      const totals = countTotals(events, '2022-01-01', to)
      expect({ enterprises: totals.enterprises, land: totals.land_m2 }).toEqual(bruteForce(entries, to))
      for (const [id, size] of AREAS) {
        const held = events.filter(event => event.parcel_id === id).reduce((sum, event) => sum + event.amount!, 0)
        expect(held).toBeLessThanOrEqual(size)
      }
    }),
    { numRuns: 300 },
  )
})
