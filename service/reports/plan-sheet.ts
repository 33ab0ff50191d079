/** Builds the plan sheet (一企一策方案表) of one enterprise from the stored plan. Reads only; unknown stays unknown. */
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { projectToPlane } from '../../shared/geometry/plane.ts'
import { boxOf } from '../../shared/geometry/types.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import { type CellValue, printNumber, type ReportColumn, type ReportFigure } from '../../shared/report/model.ts'
import type { PlanSheet, SheetFacts, SheetTable } from '../../shared/report/plan-sheet.ts'
import { indicatorsOf, type YearFigures } from '../../shared/rules/indicators.ts'
import { MEASURE_CRITERIA } from '../../shared/rules/measure-criteria.ts'
import { freedCo2 } from '../../shared/rules/plan-forecast.ts'
import { defaultRoute, effectiveSide } from '../../shared/rules/plan-rules.ts'
import { printedClass, ratedOf } from '../../shared/rules/scoring/rated.ts'
import { activeBoundary, boundaryFeaturesIn } from '../boundary/boundary-repo.ts'
import { requireBoundary } from '../boundary/classify.ts'
import type { Store } from '../db/store.ts'
import { enterpriseRecord, yearRecords } from '../enterprises/enterprises-repo.ts'
import { planRows, requirePlan } from '../plans/plans-repo.ts'
import { maskRecord } from '../roles/role-guard.ts'
import { mapFigure } from './map-figure.ts'
import { checksOfPlan, type SheetParcel, sheetParcels } from './plan-sheet-repo.ts'
import { campaignHead, outlinesNear } from './report-repo.ts'
import { mu, numberColumn, textColumn } from './zone-report-parts.ts'

type Values = Record<string, unknown>
const UNKNOWN = '—'
/** A cell with nothing to say, which is not the same as one whose value is unknown. */
const BLANK = '\u00a0'
const M2_PER_MU = 2000 / 3
/** Degrees of surroundings on the map. */
const AROUND = 0.0015
/** The dimensions that have to be answered for every plan (domain §0), then whatever else was checked. */
const CORE_DIMENSIONS = ['AQ', 'HB', 'ZL', 'NY'] as const

/** The sheet of a plan; throws `not_found` for an unknown one. */
export function buildPlanSheet(store: Store, planId: string): PlanSheet {
  const db = store.read
  const plan = requirePlan(db, planId)
  const enterprise = maskRecord(store.profile(), enterpriseRecord(db, String(plan['enterprise_id'])))
  const parcels = sheetParcels(db, (plan['parcel_ids'] as string[] | null) ?? [])
  const measures = planRows(db, 'measure', planId)
  const route = defaultRoute(parcels.map(effectiveSide))
  const version = activeBoundary(db)
  const boundary = version ? requireBoundary(db, version.id).name : '未导入'
  return {
    title: `${text(enterprise['name'])}整治提升“一企一策”方案表`,
    code: text(plan['code']),
    enterprise: text(enterprise['name']),
    basics: basicsOf(plan, enterprise),
    targets: targetsOf(plan, campaignHead(db)?.carbon_factor ?? null),
    tables: [
      landTable(parcels),
      figuresTable(plan, yearRecords(db, String(plan['enterprise_id']))),
      checksTable(checksOfPlan(db, planId, String(plan['enterprise_id']))),
      measuresTable(measures),
      milestonesTable(planRows(db, 'milestone', planId)),
    ],
    problems: text(plan['problems']),
    route: routeInWords(plan, route),
    criteria: criteriaOf(measures),
    figure: mapOf(store, parcels, version?.id),
    opinions: [
      { heading: '企业承诺', text: '本企业知悉并承诺按本方案和时间节点完成整治。' },
      { heading: '乡镇(街道)意见', text: '' },
      { heading: '部门意见', text: '' },
    ],
    footer: `方案版本 ${text(plan['version'])}；开发边界：${boundary}；面积为 CGCS2000 椭球面积；打印日期 ${chinaDate(store.now())}；数据修订号 ${store.revision()}`,
  }
}

const text = (value: unknown): string =>
  value === null || value === undefined || value === '' ? UNKNOWN : String(value)
const figure = (value: unknown, decimals: number): string =>
  typeof value === 'number' ? printNumber(value, decimals) : UNKNOWN
const code = (name: Parameters<typeof labelOf>[0], value: unknown): string =>
  typeof value === 'string' && value !== '' ? labelOf(name, value) : UNKNOWN
const cell = (value: unknown): CellValue => (typeof value === 'number' || typeof value === 'string' ? value : null)

function basicsOf(plan: Values, enterprise: Values): SheetFacts {
  const departments = ((plan['departments'] as string[] | null) ?? []).map(name => labelOf('department', name))
  const [lead, ...others] = departments
  return [
    ['企业名称', text(enterprise['name'])],
    ['统一社会信用代码', text(enterprise['uscc'])],
    ['法定代表人', text(enterprise['legal_person'])],
    ['联系电话', text(enterprise['phone'])],
    ['地址', text(enterprise['address'])],
    ['行业代码', text(enterprise['industry_code'])],
    ['经营状态', code('operating_status', enterprise['op_status'])],
    [
      '所在园区',
      enterprise['in_park'] ? text(enterprise['park_name'] ?? '是') : enterprise['in_park'] === false ? '否' : UNKNOWN,
    ],
    ['主要产品', text(enterprise['products'])],
    ['方案编号', text(plan['code'])],
    ['牵头单位', lead ?? UNKNOWN],
    ['配合单位', others.join('、') || UNKNOWN],
    ['责任人', text(plan['responsible'])],
    ['联系领导', text(plan['liaison'])],
  ]
}

function targetsOf(plan: Values, carbonFactor: number | null): SheetFacts {
  return [
    ['目标亩均税收(万元/亩)', figure(plan['target_tax_per_mu'], 2)],
    ['目标能耗(tce)', figure(plan['target_energy_tce'], 2)],
    ['预计腾出用地(亩)', figure(plan['freed_mu'], 2)],
    ['预计腾出能耗(tce)', figure(plan['freed_tce'], 2)],
    ['预计减排二氧化碳(tCO₂)', figure(freedCo2(plan['freed_tce'] as number | null, carbonFactor), 2)],
    ['预计新增税收(万元)', figure(plan['new_tax'], 2)],
    ['新增建筑面积(m²)', figure(plan['new_floor_m2'], 2)],
    ['计划投资(万元)', figure(plan['investment'], 2)],
    ['开始时间', text(plan['start_date'])],
    ['计划完成时间', text(plan['due_date'])],
  ]
}

function landTable(parcels: readonly SheetParcel[]): SheetTable {
  const areas = (pick: (parcel: SheetParcel) => number | null): number | null =>
    parcels.some(parcel => pick(parcel) !== null)
      ? parcels.reduce((sum, parcel) => sum + (pick(parcel) ?? 0), 0) / M2_PER_MU
      : null
  return {
    place: '用地情况',
    title: '用地情况',
    columns: [
      textColumn('地块编号', 3),
      textColumn('不动产权证号', 2.4),
      mu('面积'),
      mu('界内'),
      mu('界外'),
      textColumn('边界判定', 1.5),
      textColumn('地类', 1.2),
      numberColumn('容积率'),
    ],
    rows: parcels.map(parcel => [
      parcel.code,
      parcel.cert_no,
      inMu(parcel.area_m2),
      inMu(parcel.area_in_m2),
      inMu(parcel.area_out_m2),
      labelOf('side', parcel.side ?? 'unknown') +
        (parcel.side_marked && parcel.side_marked !== parcel.side
          ? `(人工：${labelOf('side', parcel.side_marked)})`
          : ''),
      parcel.land_class,
      parcel.far,
    ]),
    totals: [
      '合计',
      BLANK,
      areas(parcel => parcel.area_m2),
      areas(parcel => parcel.area_in_m2),
      areas(parcel => parcel.area_out_m2),
      BLANK,
      BLANK,
      BLANK,
    ],
  }
}

const inMu = (m2: number | null): number | null => (m2 === null ? null : m2 / M2_PER_MU)

function classOf(year: Values): string | null {
  const rated = ratedOf(year)
  return rated && printedClass(code('class', rated.code), rated.source)
}

/** The baseline year and the year before it, side by side. What the plan froze counts, not what was stored since. */
function figuresTable(plan: Values, years: readonly Values[]): SheetTable {
  const baselineYear = Number(plan['baseline_year'] ?? Number(plan['year']) - 1)
  const frozen = (plan['baseline'] as { years?: Values[] } | null)?.years ?? []
  const of = (year: number): Values | undefined =>
    frozen.find(row => row['year'] === year) ?? years.find(row => row['year'] === year)
  const [before, now] = [of(baselineYear - 1), of(baselineYear)]
  const rows: [string, number, (year: Values) => unknown][] = [
    ['实际用地(亩)', 2, year => year['land_mu_actual']],
    ['评价税收(万元)', 2, year => year['tax']],
    ['亩均税收(万元/亩)', 2, year => indicatorsOf(year as YearFigures).tax_per_mu],
    ['工业增加值(万元)', 2, year => year['value_added']],
    ['亩均增加值(万元/亩)', 2, year => indicatorsOf(year as YearFigures).va_per_mu],
    ['综合能耗(tce)', 2, year => year['energy_tce']],
    ['单位增加值能耗(tce/万元)', 4, year => indicatorsOf(year as YearFigures).energy_intensity],
    ['年平均职工(人)', 0, year => year['employees']],
    ['评价等级', 0, classOf],
  ]
  const print = (year: Values | undefined, decimals: number, pick: (year: Values) => unknown): string => {
    const value = year ? pick(year) : null
    return typeof value === 'string' ? value : figure(value, decimals)
  }
  const half: ReportColumn[] = [
    textColumn('指标', 2.3),
    // A class with its wording (D 类(倒逼整治)) stands on one line, or the sheet grows by one.
    textColumn(`${baselineYear - 1} 年`, 1.45),
    textColumn(`${baselineYear} 年基准`, 1.45),
  ]
  const printed = rows.map(([label, decimals, pick]) => [
    label,
    print(before, decimals, pick),
    print(now, decimals, pick),
  ])
  // Two halves side by side, or the sheet does not fit its page.
  const middle = Math.ceil(printed.length / 2)
  return {
    place: '效益与能耗',
    title: '上两年效益与能耗',
    columns: [...half, ...half],
    rows: printed.slice(0, middle).map((row, index) => [...row, ...(printed[middle + index] ?? [BLANK, BLANK, BLANK])]),
  }
}

function checksTable(checks: readonly Values[]): SheetTable {
  const answered = new Set(checks.map(check => check['dimension']))
  const open = CORE_DIMENSIONS.filter(dimension => !answered.has(dimension))
  return {
    place: '合规检查',
    title: '合规检查',
    columns: [
      textColumn('维度'),
      textColumn('检查内容', 3),
      textColumn('结果'),
      textColumn('整改期限', 1.4),
      textColumn('整改完成', 1.4),
      textColumn('责任部门', 1.6),
    ],
    rows: [
      ...checks.map((check): CellValue[] => [
        code('dimension', check['dimension']),
        cell(check['item']),
        code('check_result', check['result']),
        cell(check['deadline']),
        cell(check['rectified_at']),
        check['department'] ? code('department', check['department']) : null,
      ]),
      ...open.map((dimension): CellValue[] => [labelOf('dimension', dimension), null, '未查', null, null, null]),
    ],
  }
}

function measuresTable(measures: readonly Values[]): SheetTable {
  return {
    place: '整治方式与措施',
    title: '整治方式与措施',
    columns: [
      numberColumn('序号', '', 0),
      textColumn('方式', 1.6),
      textColumn('内容', 4.2),
      mu('涉及面积'),
      textColumn('完成时限', 1.6),
      textColumn('责任人', 1.4),
    ],
    rows: measures.map((measure, index) => [
      index + 1,
      code('measure_type', measure['type']),
      cell(measure['description']),
      cell(measure['area_mu']),
      cell(measure['due_date']),
      cell(measure['owner']),
    ]),
  }
}

function milestonesTable(milestones: readonly Values[]): SheetTable {
  return {
    place: '时间节点',
    title: '时间节点',
    columns: [textColumn('节点', 2), textColumn('计划日期', 2), textColumn('实际日期', 2), mu('面积')],
    rows: milestones.map(row => [
      code('milestone_type', row['type']),
      cell(row['date_planned']),
      cell(row['date_actual']),
      cell(row['area_mu']),
    ]),
  }
}

function routeInWords(plan: Values, usual: string | null): string {
  const route = String(plan['route'] ?? '')
  const words = code('route', route)
  if (usual === null || usual === route) return words
  const signed = plan['route_signed_by'] ? `；资规签认：${text(plan['route_signed_by'])}` : '；资规尚未签认'
  return `${words}(按边界默认为${labelOf('route', usual)}；理由：${text(plan['route_reason'])}${signed})`
}

function criteriaOf(measures: readonly Values[]): string[] {
  const types = [...new Set(measures.map(measure => String(measure['type'])))]
  return types
    .filter(type => MEASURE_CRITERIA[type] !== undefined)
    .map(type => `${labelOf('measure_type', type)}：${MEASURE_CRITERIA[type]!.zh}`)
}

function mapOf(store: Store, parcels: readonly SheetParcel[], boundaryId: string | undefined): ReportFigure | null {
  if (parcels.length === 0) return null
  const plane = (blob: Uint8Array) => projectToPlane(decodeGeometry(blob), store.plane)
  const boxes = parcels.map(parcel => boxOf(decodeGeometry(parcel.geometry)))
  const box: [number, number, number, number] = [
    Math.min(...boxes.map(each => each[0])) - AROUND,
    Math.min(...boxes.map(each => each[1])) - AROUND,
    Math.max(...boxes.map(each => each[2])) + AROUND,
    Math.max(...boxes.map(each => each[3])) + AROUND,
  ]
  const own = new Set(parcels.map(parcel => parcel.id))
  return mapFigure({
    title: '位置图',
    members: parcels.map((parcel, index) => ({
      number: index + 1,
      side: parcel.side,
      outline: plane(parcel.geometry),
    })),
    neighbours: outlinesNear(store.read, box, 500)
      .filter(row => !own.has(row.id))
      .map(row => plane(row.geometry)),
    boundary: boundaryId
      ? boundaryFeaturesIn(store.read, boundaryId, box).map(row => ({
          subzone: row.subzone,
          outline: plane(row.geometry),
        }))
      : [],
    outline: null,
  })
}
