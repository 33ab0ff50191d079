/** What a new survey starts with: the campaign, its units, its targets, the guard against data from elsewhere. */
import { EPSG_4549 } from '../../shared/geometry/plane.ts'
import { LANXI_GUARD_BOX, LANXI_UNITS } from '../../shared/model/lanxi-units.ts'
import type { Store } from '../db/store.ts'
import { writeSetting } from '../db/store.ts'

export type CampaignTemplate = 'lanxi-2021-2023' | 'blank'

const DEFAULTS = {
  carbon_factor: 2,
  area_basis: 'ELLIPSOID',
  gap_m: 20,
  zone_min_mu: 50,
  zone_min_parcels: 2,
  side_tolerance_m2: 10,
  side_tolerance_per_m: 0.1,
} as const

/** Targets of the action plan 2021-2023 (draft for comment), city-wide and cumulative. */
const LANXI_TARGETS: readonly { indicator: string; value: number; unit_symbol: string }[] = [
  { indicator: '整治高耗低效企业', value: 1000, unit_symbol: '家' },
  { indicator: '盘活低效用地', value: 10_000, unit_symbol: '亩' },
  { indicator: '腾出用能', value: 50_000, unit_symbol: 'tce' },
  { indicator: '减碳', value: 100_000, unit_symbol: 't' },
  { indicator: '小微企业园', value: 10, unit_symbol: '个' },
  { indicator: '三星级以上小微企业园', value: 2, unit_symbol: '个' },
  { indicator: '规上工业亩均税收', value: 20, unit_symbol: '万元/亩' },
  { indicator: '规上工业亩均增加值', value: 113, unit_symbol: '万元/亩' },
  { indicator: '规上制造业全员劳动生产率', value: 30, unit_symbol: '万元/人' },
  { indicator: '单位工业增加值能耗下降', value: 10.4, unit_symbol: '%' },
  { indicator: '规上制造业研发经费占营业收入比重', value: 1.9, unit_symbol: '%' },
]

/** Fills a new, empty survey in one edit that does not enter the undo stack. */
export async function fillNewSurvey(store: Store, template: CampaignTemplate, name: string): Promise<void> {
  await store.mutate({ label: 'survey_created', kind: 'system', values: { name } }, tx => {
    writeSetting(tx.db, 'name', name)
    writeSetting(tx.db, 'template', template)
    if (template === 'blank') {
      tx.create('campaign', { name, ...DEFAULTS })
      return
    }
    writeSetting(tx.db, 'plane', EPSG_4549)
    writeSetting(tx.db, 'guard_box', LANXI_GUARD_BOX)
    tx.create('campaign', {
      name: '兰溪市新一轮制造业“腾笼换鸟、凤凰涅槃”攻坚行动(2021-2023)',
      start_year: 2021,
      end_year: 2023,
      doc_status: 'draft',
      ...DEFAULTS,
    })
    for (const unit of LANXI_UNITS) tx.create('report_unit', { ...unit })
    for (const target of LANXI_TARGETS) {
      tx.create('target', { scope: '330781', ...target, source: '兰溪市攻坚行动方案(2021-2023，征求意见稿)' })
    }
    // Every unit and zone owes a contiguous zone each year (行动方案 三(一)4).
    for (const unit of LANXI_UNITS) {
      for (const year of [2021, 2022, 2023]) {
        tx.create('target', {
          scope: unit.code,
          year,
          indicator: '连片整治区域',
          value: 1,
          unit_symbol: '个',
          source: '兰溪市攻坚行动方案(2021-2023，征求意见稿)',
        })
      }
    }
  })
}
