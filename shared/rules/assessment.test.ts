import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AssessmentItem, assessmentSum, itemScore, methodInWords, parseSteps } from './assessment.ts'

const item = (values: Partial<AssessmentItem>): AssessmentItem => ({
  indicator: '盘活低效用地',
  weight: 20,
  target: 100,
  method: 'linear',
  steps: [],
  per_unit: null,
  cap: 1,
  value: null,
  evidence: null,
  ...values,
})

describe('a score', () => {
  test('linear, steps, deduction; unknown is unknown', () => {
    expect(itemScore(item({}), 50)).toBe(10)
    expect(itemScore(item({}), 150)).toBe(20)
    expect(itemScore(item({ cap: 1.2 }), 150)).toBe(24)
    const steps = parseSteps('≥80%:60%;≥100%:100%')!
    expect(itemScore(item({ method: 'steps', steps }), 99.9)).toBe(12)
    expect(itemScore(item({ method: 'steps', steps }), 100)).toBe(20)
    expect(itemScore(item({ method: 'steps', steps }), 79)).toBe(0)
    expect(itemScore(item({ method: 'deduct', per_unit: 3 }), 4)).toBe(8)
    expect(itemScore(item({ method: 'deduct', per_unit: 3 }), 40)).toBe(0)
    expect(itemScore(item({}), null)).toBeNull()
    expect(itemScore(item({ target: null }), 4)).toBeNull()
  })

  test('never leaves 0 … weight without a cap above one, and never falls when more is reached', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (a, b) => {
          for (const method of ['linear', 'steps'] as const) {
            const one = item({ method, steps: parseSteps('100:100;50:30')! })
            const [low, high] = [Math.min(a, b), Math.max(a, b)].map(value => itemScore(one, value)!)
            expect(low).toBeGreaterThanOrEqual(0)
            expect(high).toBeLessThanOrEqual(one.weight)
            expect(high!).toBeGreaterThanOrEqual(low!)
          }
        },
      ),
    )
  })

  test('what could not be scored is left out of the sum and told by its weight', () => {
    expect(assessmentSum([item({}), item({ weight: 5 })], [10, null])).toEqual({
      points: 10,
      scored_weight: 20,
      weight: 25,
    })
    expect(assessmentSum([item({})], [null]).points).toBeNull()
  })

  test('steps read as people write them', () => {
    expect(parseSteps('>=100:100; ≥60%:40%')).toEqual([
      { from: 1, share: 1 },
      { from: 0.6, share: 0.4 },
    ])
    expect(parseSteps('好：100')).toBeUndefined()
    expect(methodInWords(item({ method: 'steps', steps: parseSteps('100:100;60:40')! }))).toBe(
      '阶梯(≥100%得100%;≥60%得40%)',
    )
  })
})
