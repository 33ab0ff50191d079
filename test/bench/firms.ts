/** A deterministic survey of many enterprises with three years of figures, parcels and some plans; nothing real. */
import type { Store } from '../../service/db/store.ts'
import { LANXI_UNITS } from '../../shared/model/lanxi-units.ts'
import { createRandom } from '../../tools/demo/random.ts'

export const YEARS = [2020, 2021, 2022] as const
const WORDS = ['恒诚', '华邦', '利丰', '瑞亿', '金邦', '凯邦', '正诚', '永泰', '兴邦', '新腾', '华益', '鑫凌', '德隆']
const TRADES: readonly (readonly [string, string])[] = [
  ['C1711', '纺织'],
  ['C2921', '塑料'],
  ['C3311', '金属'],
  ['C3411', '机械'],
  ['C2110', '家具'],
  ['C1391', '食品'],
]
const CLASSES = ['A', 'B', 'C', 'D', null] as const
const STATES = ['normal', 'normal', 'normal', 'half', 'stopped', 'not_started'] as const

/** Inserts `count` enterprises; every one uses one of the survey's parcels, some share it. */
export async function fillFirms(store: Store, count: number): Promise<void> {
  const random = createRandom(11)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.between(0, list.length - 1e-9))]!
  const parcels = store.read.prepare('SELECT id FROM parcel ORDER BY pk').all() as { id: string }[]
  await store.bulk({ label: 'import', kind: 'import' }, async tx => {
    for (let number = 1; number <= count; number++) {
      const [industry, trade] = pick(TRADES)
      const unit = pick(LANXI_UNITS).code
      const { id } = tx.insert('enterprise', {
        code: `QY-${String(number).padStart(5, '0')}`,
        name: `兰溪${pick(WORDS)}${pick(WORDS)}${trade}厂${number}(示例)`,
        uscc: `91330781${String(number).padStart(10, '0')}`,
        industry_code: industry,
        unit,
        town: unit,
        in_park: random.between(0, 1) < 0.3,
        op_status: pick(STATES),
      })
      const land = Math.round(random.between(1, 40) * 100) / 100
      const perMu = random.between(0, 20)
      for (const year of YEARS) {
        const grown = random.between(0.8, 1.2)
        const added = Math.round(land * perMu * 4 * grown)
        tx.insert('enterprise_year', {
          enterprise_id: id,
          year,
          scale: added > 800 ? 'above' : 'below',
          land_mu_actual: land,
          land_mu_owned: land,
          land_mu_rented: 0,
          // One in fifty is not known.
          tax: random.between(0, 1) < 0.02 ? null : Math.round(land * perMu * grown * 100) / 100,
          value_added: added,
          output: added * 4,
          revenue: added * 4,
          rd: Math.round(added * 0.1),
          employees: Math.max(1, Math.round(added / 20)),
          power_kwh: added * 900,
          energy_tce: Math.round(added * random.between(0.2, 0.9) * 100) / 100,
          emission_t: Math.round(added * 0.001 * 100) / 100,
          class: pick(CLASSES),
        })
      }
      const parcel = parcels[(number * 7) % Math.max(1, parcels.length)]
      if (parcel) tx.insert('occupancy', { enterprise_id: id, parcel_id: parcel.id, role: 'ACTUAL_USER' })
      if (number % 10 === 0) {
        tx.insert('plan', {
          code: `FA-${number}`,
          enterprise_id: id,
          year: 2022,
          version: 1,
          route: 'UPGRADE',
          status: pick(['draft', 'submitted', 'approved']),
        })
      }
    }
  })
}
