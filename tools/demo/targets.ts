/** Invented targets of the demo's year, some units being in step with them and some behind, and what its closings counted. */
import type { BulkTransaction } from '../../service/db/bulk.ts'
import { LANXI_UNITS } from '../../shared/model/lanxi-units.ts'
import { INDICATOR_NAMES } from '../../shared/rules/dashboard.ts'

export function createDemoTargets(tx: BulkTransaction): void {
  for (const [index, { code: scope }] of LANXI_UNITS.entries()) {
    const enterprises = 3 + ((index * 5) % 7)
    const own = { enterprises, land: enterprises * 22, energy: enterprises * 60, carbon: enterprises * 120 }
    for (const [name, value] of Object.entries(own)) {
      const [indicator, unit_symbol] = INDICATOR_NAMES[name as keyof typeof own]
      tx.insert('target', { scope, year: 2022, indicator, value, unit_symbol, source: '示例目标' })
    }
  }
}

export function countedOf(state: string, landMu: number): Record<string, string | number | null> {
  if (state !== 'S7') return { counted_at: null, counted_mu: null, counted_tce: null }
  return {
    counted_at: '2022-11-25',
    counted_mu: Math.round(landMu * 1e4) / 1e4,
    counted_tce: Math.round(landMu * 420) / 100,
  }
}
