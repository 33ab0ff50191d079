/** Invented plans in every state: what a township would have written for the enterprises at hand. */
import type { BulkTransaction } from '../../service/db/bulk.ts'
import type { Firm } from './firms.ts'
import type { Random } from './random.ts'

/** How far along the enterprises of the demo are; the weights make a believable funnel. */
export const STATES: readonly { state: string; plan: string | null; weight: number }[] = [
  { state: 'S0', plan: null, weight: 20 },
  { state: 'S1', plan: null, weight: 14 },
  { state: 'S2', plan: null, weight: 12 },
  { state: 'S3', plan: 'draft', weight: 12 },
  { state: 'S3', plan: 'returned', weight: 4 },
  { state: 'S4', plan: 'submitted', weight: 10 },
  { state: 'S5', plan: 'approved', weight: 20 },
  { state: 'S6', plan: 'approved', weight: 8 },
  { state: 'S7', plan: 'approved', weight: 12 },
  { state: 'S8', plan: 'approved', weight: 3 },
  { state: 'S9', plan: 'approved', weight: 1 },
  { state: 'SX', plan: null, weight: 4 },
]

export function pickState(random: Random): (typeof STATES)[number] {
  let left = random.next() * STATES.reduce((sum, entry) => sum + entry.weight, 0)
  for (const entry of STATES) {
    left -= entry.weight
    if (left < 0) return entry
  }
  return STATES[0]!
}

const PROBLEMS = [
  '亩均税收连续两年低于全市平均水平，厂房利用率不足六成。',
  '设备陈旧、能耗偏高，单位增加值能耗高于行业指南。',
  '部分厂房出租给多家小企业，安全和环保管理不到位。',
  '地块位于城镇开发边界外，不符合国土空间规划。',
  '长期半停产，土地利用粗放，建筑密度和容积率偏低。',
]

const MEASURES: Readonly<Record<string, readonly { type: string; description: string }[]>> = {
  EXIT_RECLAIM: [
    { type: 'M4', description: '与企业签订腾退协议，限期停产并清空设备' },
    { type: 'M10', description: '拆除地上建筑，清运平整后实施复垦并组织验收' },
    { type: 'M5', description: '引导企业搬迁至小微企业园' },
  ],
  UPGRADE: [
    { type: 'M6', description: '实施零土地技改，更新主要生产设备' },
    { type: 'M1', description: '委托专业机构开展能效诊断' },
    { type: 'M8', description: '按合规检查清单逐项整改并复查' },
    { type: 'M3', description: '与上下游企业兼并重组，整合存量厂房' },
  ],
  MIXED: [
    { type: 'M10', description: '边界外部分退出复垦' },
    { type: 'M6', description: '边界内部分改造提升' },
  ],
}

export function planValues(random: Random, route: string, landMu: number, tax: number | null): Record<string, unknown> {
  const month = random.integer(3, 12)
  const freed = route === 'EXIT_RECLAIM' ? landMu : route === 'MIXED' ? landMu * 0.4 : landMu * random.between(0, 0.25)
  const round = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits
  return {
    problems: random.pick(PROBLEMS),
    route,
    target_tax_per_mu: route === 'EXIT_RECLAIM' ? null : round(Math.max(8, ((tax ?? 0) / landMu) * 1.8)),
    freed_mu: round(freed, 4),
    freed_tce: round(landMu * random.between(1, 14)),
    new_tax: route === 'EXIT_RECLAIM' ? 0 : round(landMu * random.between(1, 6)),
    investment: round(landMu * random.between(8, 60)),
    start_date: `2022-${String(random.integer(1, 3)).padStart(2, '0')}-15`,
    due_date: `2022-${String(month).padStart(2, '0')}-28`,
    departments: route === 'EXIT_RECLAIM' ? ['ZG', 'JX', 'XZ'] : ['JX', 'FG', 'ST'],
    responsible: random.pick(['张伟', '王芳', '李强', '陈静', '徐明', '吴敏']),
  }
}

export function planMeasures(random: Random, route: string, landMu: number, state: string): Record<string, unknown>[] {
  const done = ['S6', 'S7', 'S8'].includes(state)
  return (MEASURES[route] ?? MEASURES['UPGRADE']!).slice(0, random.integer(1, 3)).map((measure, index) => ({
    position: index + 1,
    ...measure,
    area_mu: Math.round(landMu * 10_000) / 10_000,
    due_date: `2022-${String(random.integer(6, 12)).padStart(2, '0')}-20`,
    progress: done ? 100 : state === 'S5' ? random.integer(10, 90) : 0,
    done_at: done ? '2022-11-20' : null,
    owner: random.pick(['张伟', '王芳', '李强', '陈静']),
  }))
}

const MILESTONES: Readonly<Record<string, readonly string[]>> = {
  EXIT_RECLAIM: ['signed', 'vacated', 'demolished', 'levelled', 'reclaimed'],
  UPGRADE: ['filed', 'started', 'completed', 'in_production', 'up_to_standard'],
  MIXED: ['signed', 'vacated', 'started', 'completed'],
}

export function planMilestones(random: Random, route: string, state: string): Record<string, unknown>[] {
  const reached = state === 'S5' ? random.integer(0, 3) : ['S6', 'S7', 'S8'].includes(state) ? 9 : 0
  return (MILESTONES[route] ?? []).map((type, index) => {
    const month = String(Math.min(12, 2 + index * 2)).padStart(2, '0')
    return {
      position: index + 1,
      type,
      date_planned: `2022-${month}-25`,
      date_actual: index < reached ? `2022-${month}-${random.integer(10, 28)}` : null,
    }
  })
}

export function insertPlan(
  tx: BulkTransaction,
  random: Random,
  firm: Firm,
  enterprise: { id: string; tax: number | null },
  stage: { status: string; state: string; sides: ReadonlySet<string>; landMu: number; parcelIds: string[] },
): void {
  const route =
    stage.sides.size === 1 && stage.sides.has('outside')
      ? 'EXIT_RECLAIM'
      : stage.sides.size === 1 && stage.sides.has('inside')
        ? 'UPGRADE'
        : 'MIXED'
  const plan = tx.insert('plan', {
    code: `FA-2022-${firm.code.slice(3)}`,
    enterprise_id: enterprise.id,
    year: 2022,
    version: 1,
    baseline_year: 2021,
    baseline: { years: [{ year: 2021, land_mu_actual: stage.landMu, tax: enterprise.tax }] },
    parcel_ids: stage.parcelIds,
    status: stage.status,
    approval_doc: stage.status === 'approved' ? '兰经信示例〔2022〕1号' : null,
    ...planValues(random, route, stage.landMu, enterprise.tax),
  })
  for (const measure of planMeasures(random, route, stage.landMu, stage.state))
    tx.insert('measure', { plan_id: plan.id, ...measure })
  for (const milestone of planMilestones(random, route, stage.state))
    tx.insert('milestone', { plan_id: plan.id, ...milestone })
}
