import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluationScopeOf, groupRatio, indicatorsOf } from './indicators.ts'

test('unknown figures and zero denominators give null, a known zero gives zero', () => {
  expect(indicatorsOf({ tax: 0, land_mu_actual: 12 }).tax_per_mu).toBe(0)
  expect(indicatorsOf({ tax: null, land_mu_actual: 12 }).tax_per_mu).toBeNull()
  expect(indicatorsOf({ tax: 40, land_mu_actual: 0 }).tax_per_mu).toBeNull()
  expect(indicatorsOf({ tax: 40 }).tax_per_mu).toBeNull()
})

test('indicators follow the formulas of the domain', () => {
  const year = {
    tax: 50,
    land_mu_actual: 10,
    value_added: 300,
    revenue: 1000,
    rd: 20,
    employees: 30,
    power_kwh: 2e5,
    energy_tce: 60,
    emission_t: 1.5,
  }
  expect(indicatorsOf(year)).toEqual({
    tax_per_mu: 5,
    va_per_mu: 30,
    va_per_tce: 5,
    energy_intensity: 0.2,
    va_per_emission: 200,
    labour_productivity: 10,
    rd_ratio: 0.02,
    tax_per_kwh: 2.5,
  })
})

test('a township value is the ratio of the sums, not the mean of the ratios', () => {
  const rows = [
    { tax: 100, land: 10 },
    { tax: 10, land: 100 },
    { tax: null, land: 50 },
  ]
  const group = groupRatio(
    rows,
    row => row.tax,
    row => row.land,
  )
  expect(group).toEqual({ value: 1, numerator: 110, denominator: 110, counted: 2, missing: 1 })
})

test('a group value lies between the smallest and the largest ratio, and does not depend on how rows are merged', () => {
  const row = fc.record({
    tax: fc.double({ min: 0, max: 1e5, noNaN: true }),
    land: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), rows => {
      const value = groupRatio(
        rows,
        entry => entry.tax,
        entry => entry.land,
      ).value!
      const ratios = rows.map(entry => entry.tax / entry.land)
      expect(value).toBeGreaterThanOrEqual(Math.min(...ratios) * (1 - 1e-9))
      expect(value).toBeLessThanOrEqual(Math.max(...ratios) * (1 + 1e-9))
      const merged = [{ tax: rows.reduce((sum, r) => sum + r.tax, 0), land: rows.reduce((sum, r) => sum + r.land, 0) }]
      expect(
        groupRatio(
          merged,
          entry => entry.tax,
          entry => entry.land,
        ).value,
      ).toBeCloseTo(value, 6)
    }),
  )
})

test('exactly 3.00 mu is screened, 规上 goes before everything, a tenant has no land of its own', () => {
  expect(evaluationScopeOf({ scale: 'below', land_mu_actual: 3 })).toBe('BELOW_GE3')
  expect(evaluationScopeOf({ scale: 'below', land_mu_actual: 2.9999 })).toBe('BELOW_LT3')
  expect(evaluationScopeOf({ scale: 'above', land_mu_actual: 1 })).toBe('ABOVE')
  expect(evaluationScopeOf({ scale: 'below', land_mu_actual: 5, land_mu_owned: 0, land_mu_rented: 5 })).toBe('TENANT')
  expect(evaluationScopeOf({ scale: 'below', land_mu_actual: null })).toBeNull()
  expect(evaluationScopeOf({ land_mu_actual: 9 })).toBeNull()
})
