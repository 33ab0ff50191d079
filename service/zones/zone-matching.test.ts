import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Candidate, matchCandidates, planSave, type StoredZone } from './zone-matching.ts'

const zone = (id: string, members: string, options: Partial<StoredZone> & { manual?: string } = {}): StoredZone => ({
  id,
  code: id,
  unit: 'U',
  fixed: false,
  ...options,
  members: [...members].map(parcelId => ({ parcelId, manual: options.manual?.includes(parcelId) ?? false })),
})
const candidate = (parcels: string, unit: string | null = 'U'): Candidate => ({ unit, parcelIds: [...parcels] })

function run(candidates: Candidate[], zones: StoredZone[], takenOut: string[] = []) {
  const input = { candidates, zones, areaOf: () => 1, isTakenOut: (z: string, p: string) => takenOut.includes(z + p) }
  const matches = matchCandidates(input)
  const plan = planSave(input, matches, (_, free) => (free.length >= 2 ? [free] : []))
  return {
    matches,
    changed: Object.fromEntries([...plan.changed].map(([index, set]) => [zones[index]!.id, [...set].sort().join('')])),
    created: plan.created.map(entry => [...entry.parcelIds].join('')),
  }
}

test('the same cluster is the same zone and nothing changes', () => {
  expect(run([candidate('abc')], [zone('1', 'abc')])).toEqual({ matches: [0], changed: {}, created: [] })
})

test('a grown cluster keeps its zone and takes in the new parcels', () => {
  expect(run([candidate('abcde')], [zone('1', 'abc')])).toMatchObject({ changed: { '1': 'abcde' } })
})

test('a cluster that fell apart keeps the zone on its larger part; the rest becomes new', () => {
  expect(run([candidate('abc'), candidate('de')], [zone('1', 'abcde')])).toEqual({
    matches: [0, undefined],
    changed: { '1': 'abc' },
    created: ['de'],
  })
})

test('two zones that grew together stay two: merging is for people', () => {
  expect(run([candidate('abcdefx')], [zone('1', 'abcd'), zone('2', 'ef')])).toEqual({
    matches: [0],
    changed: { '1': 'abcdx' },
    created: [],
  })
})

test('locked zones keep exactly their members; what is left over may become a zone of its own', () => {
  expect(run([candidate('abcde')], [zone('1', 'abc', { fixed: true })])).toEqual({
    matches: [0],
    changed: {},
    created: ['de'],
  })
})

test('what people added stays and what they took out does not come back', () => {
  expect(run([candidate('abc')], [zone('1', 'abz', { manual: 'z' })], ['1c'])).toMatchObject({ changed: {} })
})

test('a zone of another unit is not continued', () => {
  expect(run([candidate('ab', 'V')], [zone('1', 'ab')])).toEqual({ matches: [undefined], changed: {}, created: [] })
})

test('after saving no parcel is in two zones, and fixed or manual members are where they were', () => {
  const parcels = [...'abcdefghijklmnop']
  const partition = fc.array(fc.integer({ min: -1, max: 4 }), { minLength: parcels.length, maxLength: parcels.length })
  fc.assert(
    fc.property(
      partition,
      partition,
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      fc.subarray(parcels),
      (was, is, fixed, manual) => {
        const group = (labels: number[], label: number) =>
          parcels.filter((_, index) => labels[index] === label).join('')
        const zones = [0, 1, 2, 3, 4]
          .map(label => zone(String(label), group(was, label), { fixed: fixed[label]!, manual: manual.join('') }))
          .filter(z => z.members.length > 0)
        const candidates = [0, 1, 2, 3, 4].map(label => candidate(group(is, label))).filter(c => c.parcelIds.length > 0)
        const { changed, created } = run(candidates, zones)
        const after = [...zones.map(z => changed[z.id] ?? z.members.map(m => m.parcelId).join('')), ...created].join('')
        expect(new Set(after).size).toBe(after.length)
        for (const z of zones) {
          const members = changed[z.id] ?? z.members.map(m => m.parcelId).join('')
          if (z.fixed) expect(changed[z.id]).toBeUndefined()
          for (const m of z.members) if (m.manual) expect(members).toContain(m.parcelId)
        }
      },
    ),
  )
})
