/** Parts five to ten of a zone's chapter: direction, plans, progress, money, effects, who is responsible. */
import { type EnumerationName, labelOf } from '../../shared/model/enumerations.ts'
import { type CellValue, type ReportSection, type ReportTable, sumKnown } from '../../shared/report/model.ts'
import type { PlanStep } from './report-repo.ts'
import { codesIn, type ZoneFacts } from './zone-report-facts.ts'
import { type ChapterContext, section } from './zone-report-land.ts'
import { inMu, inWords, listed, mu, numberColumn, textColumn, totalRow } from './zone-report-parts.ts'

export function planSections(facts: ZoneFacts, context: ChapterContext, carbonFactor: number | null): ReportSection[] {
  return [
    direction(facts),
    plansSection(facts),
    progress(facts, context.today),
    money(facts),
    effects(facts, carbonFactor),
    responsibility(facts),
  ]
}

function direction({ zone, areaInM2, areaOutM2, measures }: ZoneFacts): ReportSection {
  const types = new Map<string, number>()
  for (const measure of measures) types.set(measure.type, (types.get(measure.type) ?? 0) + 1)
  const parts = [...types].sort(([, a], [, b]) => b - a)
  return section('五、整治方向', [
    `整治方向：${zone.direction ? labelOf('zone_direction', zone.direction) : '未确定'}。`,
    ...(areaInM2 === null && areaOutM2 === null
      ? []
      : [
          `按边界默认路径：界内 ${inWords(inMu(areaInM2))} 亩以整治提升为主，界外 ${inWords(inMu(areaOutM2))} 亩以退出复垦为主。`,
        ]),
    ...(parts.length > 0
      ? [`已列措施：${parts.map(([type, count]) => `${labelOf('measure_type', type)} ${count} 项`).join('、')}。`]
      : []),
  ])
}

function plansSection({ enterprises, plans, measures }: ZoneFacts): ReportSection {
  const planOf = new Map(plans.map(plan => [plan.enterprise_id, plan]))
  const nameOf = new Map(plans.map(plan => [plan.id, plan.enterprise]))
  const without = enterprises.filter(enterprise => !planOf.has(enterprise.id)).map(enterprise => enterprise.name)
  const columns = [
    textColumn('企业', 4),
    textColumn('方案编号', 2.6),
    textColumn('处置路径', 1.7),
    mu('腾出用地'),
    numberColumn('腾出能耗', 'tce'),
    { ...numberColumn('投资', '万元'), width: 1.8 },
    textColumn('完成时限', 1.9),
    textColumn('责任人', 1.4),
    textColumn('状态', 1.5),
  ]
  const table: ReportTable = {
    title: '一企一策方案',
    columns,
    rows: enterprises.map(enterprise => {
      const plan = planOf.get(enterprise.id)
      if (!plan) return [enterprise.name, '未编制', ...columns.slice(2).map((): CellValue => '\u00a0')]
      return [
        plan.enterprise,
        plan.code,
        labelOf('route', plan.route),
        plan.freed_mu,
        plan.freed_tce,
        plan.investment,
        plan.due_date,
        plan.responsible,
        labelOf('plan_status', plan.status),
      ]
    }),
    totals: totalRow(columns, {
      '腾出用地/亩': sumKnown(plans.map(plan => plan.freed_mu)),
      '腾出能耗/tce': sumKnown(plans.map(plan => plan.freed_tce)),
      '投资/万元': sumKnown(plans.map(plan => plan.investment)),
    }),
  }
  const steps: ReportTable = {
    title: '措施',
    columns: [
      textColumn('企业', 3.6),
      textColumn('措施', 1.5),
      textColumn('内容', 4),
      mu('面积'),
      textColumn('时限', 1.8),
      textColumn('完成', 1.8),
    ],
    rows: measures.map(row => stepCells(row, nameOf, 'measure_type')),
  }
  const intro =
    enterprises.length === 0
      ? '区域内地块没有登记用地企业。'
      : without.length === 0
        ? `区域内 ${enterprises.length} 家企业均已编制方案。`
        : `区域内 ${enterprises.length} 家企业中 ${plans.length} 家已编制方案，${without.length} 家未编制：${listed(without)}。`
  return section(
    '六、一企一策汇总',
    [intro],
    [...(enterprises.length > 0 ? [table] : []), ...(measures.length > 0 ? [steps] : [])],
  )
}

function stepCells(row: PlanStep, nameOf: ReadonlyMap<string, string>, name: EnumerationName): CellValue[] {
  return [
    nameOf.get(row.plan_id) ?? null,
    labelOf(name, row.type),
    row.description,
    row.area_mu,
    row.planned,
    row.actual,
  ]
}

function progress({ plans, milestones }: ZoneFacts, today: string): ReportSection {
  const nameOf = new Map(plans.map(plan => [plan.id, plan.enterprise]))
  const stateOf = ({ planned, actual }: PlanStep): string => {
    if (actual !== null) return '完成'
    return planned !== null && planned < today ? '逾期' : '未到期'
  }
  const count = (state: string) => milestones.filter(row => stateOf(row) === state).length
  return section(
    '七、计划进度',
    milestones.length === 0
      ? ['方案没有列出进度节点。']
      : [
          `共 ${milestones.length} 个节点，截至 ${today} 已完成 ${count('完成')} 个，逾期 ${count('逾期')} 个，未到期 ${count('未到期')} 个。`,
        ],
    milestones.length === 0
      ? []
      : [
          {
            title: '表D 进度节点',
            columns: [
              textColumn('企业', 4),
              textColumn('节点', 1.6),
              mu('面积'),
              textColumn('计划日期', 2),
              textColumn('实际日期', 2),
              textColumn('状态', 1.4),
            ],
            rows: milestones.map(row => [
              nameOf.get(row.plan_id) ?? null,
              labelOf('milestone_type', row.type),
              row.area_mu,
              row.planned,
              row.actual,
              stateOf(row),
            ]),
          },
        ],
  )
}

function money({ ownInvestment, investment, plans }: ZoneFacts): ReportSection {
  const unknown = plans.filter(plan => plan.investment === null).length
  const source =
    ownInvestment !== null
      ? '(区域填报)'
      : investment === null
        ? '(区域和方案都没有填报)'
        : `(${plans.length - unknown} 个方案合计${unknown > 0 ? `，另有 ${unknown} 个方案未填` : ''})`
  return section('八、资金测算', [`计划投资 ${inWords(investment)} 万元${source}。`])
}

function effects({ plans, newFarmlandM2 }: ZoneFacts, carbonFactor: number | null): ReportSection {
  const freedTce = sumKnown(plans.map(plan => plan.freed_tce))
  return section(
    '九、预期成效',
    [],
    [
      {
        title: '表E 预期成效',
        columns: [
          mu('盘活'),
          numberColumn('腾能', 'tce'),
          numberColumn('减碳', 'tCO₂'),
          numberColumn('新增税收', '万元'),
          mu('新增耕地'),
        ],
        rows: [
          [
            sumKnown(plans.map(plan => plan.freed_mu)),
            freedTce,
            freedTce === null || carbonFactor === null ? null : freedTce * carbonFactor,
            sumKnown(plans.map(plan => plan.new_tax)),
            inMu(newFarmlandM2),
          ],
        ],
        footnote: `注：由 ${plans.length} 个方案合计${carbonFactor === null ? '；没有设定碳排放系数，减碳未知' : `；减碳按 ${inWords(carbonFactor, 2)} tCO₂/tce 折算`}。`,
      },
    ],
  )
}

function responsibility({ departments, plans }: ZoneFacts): ReportSection {
  const others = departments.slice(1).map(code => labelOf('department', code))
  const names = (codes: readonly string[]) => codes.map(code => labelOf('department', code)).join('、')
  return section(
    '十、责任分工',
    [
      departments.length > 0
        ? `牵头单位：${labelOf('department', departments[0]!)}；配合单位：${others.join('、') || '无'}。`
        : '没有指定责任单位。',
    ],
    plans.length === 0
      ? []
      : [
          {
            title: '企业责任分工',
            columns: [
              textColumn('企业', 4),
              textColumn('牵头单位', 1.6),
              textColumn('配合单位', 3),
              textColumn('联系领导', 1.5),
              textColumn('责任人', 1.5),
            ],
            rows: plans.map(plan => {
              const [lead, ...rest] = codesIn(plan.departments)
              return [plan.enterprise, lead ? names([lead]) : null, names(rest) || null, plan.liaison, plan.responsible]
            }),
          },
        ],
  )
}
