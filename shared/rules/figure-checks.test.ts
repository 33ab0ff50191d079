/** Each contradiction once with figures that have it, and figures a hair beside that do not. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CheckedFigures, figureFindings, findingInWords } from './figure-checks.ts'

const faults = (figures: CheckedFigures, context: Parameters<typeof figureFindings>[1] = {}) =>
  figureFindings(figures, context).map(finding => finding.fault)

/** What has the fault, what has it not, and what surrounds them. */
const CASES: readonly [string, CheckedFigures, CheckedFigures, Parameters<typeof figureFindings>[1]?][] = [
  ['tax_without_land', { tax: 1, land_mu_actual: null }, { tax: 0, land_mu_actual: null }],
  ['tax_without_land', { tax: 1, land_mu_actual: 0 }, { tax: 1, land_mu_actual: 0.1 }],
  [
    'land_parts',
    { land_mu_actual: 10, land_mu_owned: 8, land_mu_rented: 2.2 },
    { land_mu_actual: 10, land_mu_owned: 8, land_mu_rented: 2.1 },
  ],
  ['land_on_map', { land_mu_actual: 12.1 }, { land_mu_actual: 12 }, { mapped_mu: 10 }],
  ['value_added_over_output', { value_added: 101, output: 100 }, { value_added: 100, output: 100 }],
  ['rd_over_revenue', { rd: 101, revenue: 100 }, { rd: 100, revenue: 100 }],
  ['tax_over_revenue', { tax: 101, revenue: 100, land_mu_actual: 1 }, { tax: 100, revenue: 100, land_mu_actual: 1 }],
  // 1,000,000 kWh are 122.9 tce by their heat.
  ['power_over_energy', { energy_tce: 120, power_kwh: 1_000_000 }, { energy_tce: 122.9, power_kwh: 1_000_000 }],
  ['scale_and_revenue', { scale: 'above', revenue: 1999 }, { scale: 'above', revenue: 2000 }],
  ['scale_and_revenue', { scale: 'below', revenue: 2000 }, { scale: 'below', revenue: 1999 }],
  ['produces_while_closed', { output: 1 }, { output: 0 }, { op_status: 'closed' }],
  ['nobody_employed', { value_added: 5, employees: 0 }, { value_added: 5, employees: null }],
  ['negative_tax', { tax: -0.01 }, { tax: 0 }],
  ['leap', { tax: 500_000, land_mu_actual: 1 }, { tax: 2400, land_mu_actual: 1 }, { before: { year: 2021, tax: 50 } }],
  ['unread', { unread: { '税收(万元)': '约五十' } }, { unread: null }],
]

test.each(CASES)('%s', (fault, faulty, fine, context) => {
  expect(faults(faulty, context)).toEqual([fault])
  expect(faults(fine, context)).toEqual([])
})

test('words name the figures, in both languages', () => {
  const [finding] = figureFindings({ tax: 8, land_mu_actual: 0 })
  expect(findingInWords(finding!)).toBe('有税收 8 万元，实际用地为 0，亩均税收无法计算')
  expect(findingInWords(finding!, 'en')).toBe('Tax 8 but land is 0: no tax per mu')
})

const amount = fc.option(fc.integer({ min: -10, max: 5000 }), { nil: null })

test('any figures: nothing unknown is ever a fault, and every finding has words', () => {
  expect(faults({})).toEqual([])
  fc.assert(
    fc.property(
      fc.record({
        scale: fc.constantFrom('above', 'below', null),
        land_mu_actual: amount,
        land_mu_owned: amount,
        land_mu_rented: amount,
        tax: amount,
        value_added: amount,
        output: amount,
        revenue: amount,
        rd: amount,
        employees: amount,
        power_kwh: amount,
        energy_tce: amount,
      }),
      figures => {
        for (const finding of figureFindings(figures, {
          op_status: 'closed',
          mapped_mu: 3,
          before: { year: 1, tax: 1 },
        })) {
          for (const language of ['zh', 'en'] as const)
            expect(findingInWords(finding, language)).not.toMatch(/undefined|NaN|null|—/)
        }
      },
    ),
  )
})
