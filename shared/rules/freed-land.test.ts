import { describe, expect, test } from 'vitest'
import type { CountEvent } from './closed-loop/counting.ts'
import { nodesOutOfOrder, type PlanFacts, proposalsOf, type SupplyDates, supplyStatus } from './freed-land.ts'

const NONE: SupplyDates = {
  signed_on: null,
  supplied_on: null,
  started_on: null,
  completed_on: null,
  production_on: null,
  withdrawn: false,
}

describe('where freed land stands', () => {
  test('the furthest node with a day decides, also when one before it is not known; a withdrawn row is withdrawn', () => {
    expect(supplyStatus(NONE)).toBe('available')
    expect(supplyStatus({ ...NONE, signed_on: '2022-01-05' })).toBe('signed')
    expect(supplyStatus({ ...NONE, signed_on: '2022-01-05', started_on: '2022-06-01' })).toBe('started')
    expect(supplyStatus({ ...NONE, production_on: '2023-01-01' })).toBe('in_production')
    expect(supplyStatus({ ...NONE, production_on: '2023-01-01', withdrawn: true })).toBe('withdrawn')
  })

  test('nodes run forward; one day for two nodes is in order', () => {
    expect(nodesOutOfOrder({ ...NONE, signed_on: '2022-03-01', supplied_on: '2022-03-01' })).toBeNull()
    expect(nodesOutOfOrder({ ...NONE, signed_on: '2022-03-01', completed_on: '2022-02-28' })).toEqual([
      'signed_on',
      'completed_on',
    ])
  })
})

const land = (change: Partial<CountEvent>): CountEvent => ({
  on: '2022-04-01',
  unit: 'U',
  enterprise_id: 'x',
  entry_id: 'e',
  what: 'land',
  amount: 9000,
  parcel_id: 'p',
  basis: 'vacated',
  use: null,
  record_id: 'm',
  ...change,
})
const facts = (measures: string[], reached: string[] = []): ReadonlyMap<string, PlanFacts> =>
  new Map([['m', { measures, reached }]])

describe('proposals', () => {
  test('each names its record, its day and its area; the condition is what the milestones say', () => {
    expect(proposalsOf([land({})], facts(['M4'], ['vacated', 'demolished']), [])).toEqual([
      {
        key: 'measure:m:p',
        source: 'vacated',
        source_entity: 'measure',
        source_id: 'm',
        parcel_id: 'p',
        enterprise_id: 'x',
        area_m2: 9000,
        available_on: '2022-04-01',
        condition: 'demolished',
      },
    ])
    const conditionAfter = (reached: string[]) => proposalsOf([land({})], facts(['M4'], reached), [])[0]!.condition
    expect(conditionAfter(['vacated', 'demolished', 'levelled'])).toBe('cleared')
    expect(conditionAfter(['vacated'])).toBeNull()
  })

  test('reclaimed, bought back and left at the acceptance; upgrading in place frees nothing', () => {
    const sourceAfter = (basis: CountEvent['basis'], measures: string[]) =>
      proposalsOf([land({ basis })], facts(measures), [])[0]?.source
    expect(sourceAfter('reclamation', ['M10'])).toBe('reclaimed')
    expect(sourceAfter('recovered', ['M9'])).toBe('recovered')
    expect(sourceAfter('acceptance', ['M5'])).toBe('vacated')
    expect(sourceAfter('acceptance', ['M6', 'M1'])).toBeUndefined()
    // A reclamation of the part outside counts by itself; who goes on inside leaves nothing with the acceptance.
    expect(sourceAfter('acceptance', ['M10', 'M6'])).toBeUndefined()
  })

  test('what was taken back is proposed no longer, what is counted again is', () => {
    const rebound = land({ on: '2022-08-01', amount: -9000, basis: 'rebound', record_id: null })
    expect(proposalsOf([land({}), rebound], facts(['M4']), [])).toEqual([])
    const again = land({ on: '2023-01-01', amount: 8000 })
    expect(proposalsOf([land({}), rebound, again], facts(['M4']), []).map(row => row.area_m2)).toEqual([8000])
  })

  test('land without a parcel or a record is not proposed', () => {
    expect(proposalsOf([land({ basis: 'earlier', parcel_id: null, record_id: null })], facts(['M4']), [])).toEqual([])
    expect(proposalsOf([land({ record_id: null })], facts(['M4']), [])).toEqual([])
  })

  test('a part that was split off and left is proposed once', () => {
    const part = { parcel_id: 'p', area_m2: 3000, left_on: '2022-05-01', enterprise_id: 'x' }
    expect(proposalsOf([], new Map(), [part])).toMatchObject([{ source: 'split', key: 'parcel:p:p', area_m2: 3000 }])
    expect(proposalsOf([land({})], facts(['M4']), [part]).map(row => row.source)).toEqual(['vacated'])
  })
})
