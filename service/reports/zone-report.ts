/** Builds the report model of contiguous zones: the twelve parts of each, a summary of all, the yearly duty. Reads only. */
import { ellipsoidAreaM2, squareMetersToMu } from '../../shared/geometry/area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { type EnumerationName, labelOf } from '../../shared/model/enumerations.ts'
import { landClassName } from '../../shared/model/land-classes.ts'
import {
  type CellValue,
  printCell,
  type Report,
  type ReportChapter,
  type ReportFigure,
  type ReportSection,
  type ReportTable,
  type ReportZone,
  ROUNDING_NOTE,
  sumKnown,
} from '../../shared/report/model.ts'
import { activeBoundary, findBoundary } from '../boundary/boundary-repo.ts'
import type { Store } from '../db/store.ts'
import { listZones, quotaRows, unitNames, type ZoneRow, zoneRecord } from '../zones/zones-repo.ts'
import { chinaDate } from './output.ts'
import * as repo from './report-repo.ts'
import {
  extentInWords,
  figures,
  mu,
  numberColumn,
  pointTable,
  provenanceNote,
  SUMMARY_COLUMNS,
  scaleCounts,
  sideInWords,
  taxOf,
  textColumn,
} from './zone-report-parts.ts'
import { zoneWarnings } from './zone-report-warnings.ts'

export interface ZoneReportFilter {
  readonly year?: number
  readonly unit?: string
  readonly zoneIds?: readonly string[]
}

const inMu = (value: number | null): number | null => (value === null ? null : squareMetersToMu(value))
const print = (value: number | null, decimals = 2) => printCell({ kind: 'number', decimals }, value)
const codes = (text: string | null): string[] => (text ? (JSON.parse(text) as string[]) : [])
const labels = (name: EnumerationName, list: readonly string[]) =>
  list.map(code => labelOf(name, code)).join('、') || '—'
const distinct = (values: Iterable<string | null>) => [...new Set([...values].filter(value => value))].join('、') || '—'

const AREA_NOTE = '注:总面积为区域范围(含道路等),低效面积、界内、界外为成员地块之和。'

/** The report of the zones that match, by code. `today` is the 截至日期. */
export function buildZoneReport(store: Store, filter: ZoneReportFilter): Report {
  const db = store.read
  const wanted = filter.zoneIds && new Set(filter.zoneIds)
  const zones = listZones(db, {
    ...(filter.year === undefined ? {} : { year: filter.year }),
    ...(filter.unit === undefined ? {} : { unit: filter.unit }),
  }).filter(zone => !wanted || wanted.has(zone.id))
  const names = unitNames(db)
  const boundary = activeBoundary(db)
  const version = boundary && findBoundary(db, boundary.id)
  const built = zones.map(zone => buildZone(store, zone, names, boundary?.id))
  const years = [...new Set(zones.map(zone => zone.year))].sort()
  const duty = years.map(year => {
    const rows = quotaRows(db, year).filter(row => filter.unit === undefined || row.unit === filter.unit)
    const owing = rows.filter(row => row.zones === 0).map(row => names.get(row.unit) ?? row.unit)
    return `${year} 年度每单位至少谋划 1 个连片整治区域:应完成 ${rows.length} 个单位,已完成 ${rows.length - owing.length} 个${owing.length ? `;尚未谋划:${owing.join('、')}` : ''}。`
  })
  const rows = built.map(zone => zone.summary)
  // An enterprise with land in two zones counts once.
  const firms = [...new Map(built.flatMap(zone => zone.enterprises.map(firm => [firm.id, firm] as const))).values()]
  const tax = taxOf(firms)
  const totalOf = (read: (zone: ReportZone) => number | null) => inMu(sumKnown(built.map(zone => read(zone.zone))))
  return {
    title: '工业低效用地连片整治区域报告',
    header: [
      ['单位', filter.unit === undefined ? '全市' : (names.get(filter.unit) ?? filter.unit)],
      ['年度', years.join('、') || '—'],
      ['截至日期', chinaDate(store.now())],
      ['面积口径', '椭球面积(CGCS2000)'],
      ['边界版本', version ? `${version.name}(${version.effective_date})` : '未导入边界'],
      ['填表人', store.profile().user || '—'],
      ['审核人', '—'],
    ],
    summary: {
      title: '表A 连片整治区域汇总表',
      columns: SUMMARY_COLUMNS,
      rows,
      totals: [
        '合计',
        null,
        null,
        null,
        totalOf(zone => zone.outlineM2),
        totalOf(zone => zone.areaM2),
        totalOf(zone => zone.areaInM2),
        totalOf(zone => zone.areaOutM2),
        sumKnown(built.map(zone => zone.zone.members.length)),
        firms.length,
        scaleCounts(firms),
        tax.value,
        null,
        sumKnown(rows.map(row => row[13] as number | null)),
        null,
        null,
      ],
      footnote: `${AREA_NOTE}${ROUNDING_NOTE.replace('注:', '')}${tax.missing > 0 ? `税收或实际用地未知的 ${tax.missing} 家企业不计入平均亩均税收。` : ''}`,
    },
    notes: [...duty, ...zoneWarnings(db, zones), provenanceNote(store, version, zones)],
    chapters: built.map(zone => zone.chapter),
    zones: built.map(zone => zone.zone),
    signature: ['填表单位(盖章):', '填表人:', '审核人:', '日期:    年  月  日'],
    provenance: { boundaryId: boundary?.id ?? null, revision: store.revision(), zoneIds: zones.map(zone => zone.id) },
  }
}

function buildZone(store: Store, zone: ZoneRow, names: Map<string, string>, boundaryId: string | undefined) {
  const db = store.read
  const record = zoneRecord(db, zone.id) as Record<string, string | number | string[] | null>
  const parcels = repo.zoneParcels(db, zone.id)
  const enterprises = repo.zoneEnterprises(db, zone.id, zone.year)
  const plans = repo.newestPlans(
    db,
    enterprises.map(enterprise => enterprise.id),
  )
  const planIds = plans.map(plan => plan.id)
  const measures = repo.planSteps(db, 'measure', planIds)
  const milestones = repo.planSteps(db, 'milestone', planIds)
  const areaM2 = parcels.reduce((sum, parcel) => sum + parcel.area_m2, 0)
  const areaInM2 = sumKnown(parcels.map(parcel => parcel.area_in_m2))
  const areaOutM2 = sumKnown(parcels.map(parcel => parcel.area_out_m2))
  const tax = taxOf(enterprises).value
  const outlineM2 = zone.geometry ? ellipsoidAreaM2(decodeGeometry(zone.geometry)) : null
  const investment = (record['investment'] as number | null) ?? sumKnown(plans.map(plan => plan.investment))
  const freedTce = sumKnown(plans.map(plan => plan.freed_tce))
  const factor = repo.campaignHead(db)?.carbon_factor ?? null
  const enterpriseOf = new Map(plans.map(plan => [plan.id, plan.enterprise]))
  const departments = [
    ...new Set([
      ...((record['departments'] as string[] | null) ?? []),
      ...plans.flatMap(plan => codes(plan.departments)),
    ]),
  ]
  const causes = new Map<string, { parcels: number; area: number }>()
  for (const parcel of parcels) {
    for (const type of codes(parcel.ineff_types)) {
      const entry = causes.get(type) ?? { parcels: 0, area: 0 }
      causes.set(type, { parcels: entry.parcels + 1, area: entry.area + parcel.area_m2 })
    }
  }
  const section = (
    heading: string,
    paragraphs: string[],
    tables: ReportTable[] = [],
    figures: ReportFigure[] = [],
  ): ReportSection => ({ heading, paragraphs, tables, figures })
  const sum = (read: (parcel: repo.ReportParcel) => number | null) => sumKnown(parcels.map(read))
  const step = (row: repo.PlanStep, name: EnumerationName): CellValue[] => [
    enterpriseOf.get(row.plan_id) ?? null,
    labelOf(name, row.type),
    row.description,
    row.area_mu,
    row.planned,
    row.actual,
  ]
  const chapter: ReportChapter = {
    title: `${zone.name}(${zone.code})`,
    code: zone.code,
    sections: [
      section('一、区域概况', [
        `区域编号:${zone.code};名称:${zone.name};年度:${zone.year};考核单位:${names.get(zone.unit ?? '') ?? zone.unit ?? '—'};状态:${labelOf('zone_status', zone.status)}。`,
        `四至:${record['sizhi'] ?? (zone.geometry ? extentInWords(store, zone.geometry) : '—')}。`,
        `区域总面积 ${print(inMu(outlineM2))} 亩(含区域内道路等);其中低效工业用地 ${parcels.length} 宗,面积 ${print(squareMetersToMu(areaM2))} 亩(${print(areaM2)} 平方米),界内 ${print(inMu(areaInM2))} 亩,界外 ${print(inMu(areaOutM2))} 亩。`,
        `权属:${distinct(parcels.map(parcel => parcel.ownership && labelOf('ownership', parcel.ownership)))};现状地类:${distinct(parcels.map(parcel => landClassName(parcel.land_class)))}。`,
      ]),
      section(
        '二、企业与地块明细',
        [],
        [
          {
            title: '表B 地块明细表',
            columns: [
              numberColumn('序号', '', 0),
              textColumn('地块编号', 3.6),
              textColumn('名称', 3),
              numberColumn('面积', 'm²'),
              mu('面积'),
              textColumn('边界判定'),
              mu('界内'),
              mu('界外'),
              textColumn('地类', 3),
            ],
            rows: parcels.map((parcel, index) => [
              index + 1,
              parcel.code,
              parcel.name,
              parcel.area_m2,
              inMu(parcel.area_m2),
              sideInWords(parcel),
              inMu(parcel.area_in_m2),
              inMu(parcel.area_out_m2),
              landClassName(parcel.land_class),
            ]),
            totals: ['合计', null, null, areaM2, squareMetersToMu(areaM2), null, inMu(areaInM2), inMu(areaOutM2), null],
            footnote: ROUNDING_NOTE,
          },
          {
            title: '表C 企业明细表',
            columns: [
              textColumn('企业名称', 4),
              textColumn('统一社会信用代码', 4),
              textColumn('地块', 3),
              textColumn('经营状态'),
              textColumn('规模'),
              textColumn('等级'),
              mu('实际用地'),
              numberColumn('评价税收', '万元'),
              numberColumn('亩均税收', '万元/亩'),
            ],
            rows: enterprises.map(row => [
              row.name,
              row.uscc,
              row.parcels.replaceAll(',', '、'),
              labelOf('operating_status', row.op_status),
              labelOf('scale', row.scale),
              row.class,
              row.land_mu,
              row.tax,
              row.tax !== null && row.land_mu ? row.tax / row.land_mu : null,
            ]),
            totals: [
              '合计',
              null,
              null,
              null,
              null,
              null,
              sumKnown(enterprises.map(row => row.land_mu)),
              sumKnown(enterprises.map(row => row.tax)),
              tax,
            ],
          },
        ],
      ),
      section(
        '三、低效原因分析',
        [String(record['cause_analysis'] ?? '—')],
        [
          {
            title: '低效类型统计(一宗可有多种,不合计)',
            columns: [textColumn('低效类型', 4), numberColumn('地块数', '宗', 0), mu('面积')],
            rows: [...causes]
              .sort()
              .map(([type, entry]) => [labelOf('ineff_type', type), entry.parcels, squareMetersToMu(entry.area)]),
          },
        ],
      ),
      section('四、规划衔接', [
        `开发边界:${distinct(parcels.map(parcel => labelOf('side', parcel.side ?? 'unknown')))};规划分区:${labels('subzone', [...new Set(parcels.flatMap(parcel => codes(parcel.subzones)))])};规划用途:${distinct(parcels.map(parcel => landClassName(parcel.plan_use)))}。`,
        `占永久基本农田 ${print(sum(parcel => parcel.overlap_farmland_m2))} 平方米;占生态保护红线 ${print(sum(parcel => parcel.overlap_eco_m2))} 平方米。`,
      ]),
      section('五、整治方向', [labelOf('zone_direction', zone.direction)]),
      section(
        '六、一企一策汇总',
        [],
        [
          {
            title: '方案',
            columns: [
              textColumn('方案编号', 3),
              textColumn('企业', 4),
              textColumn('整治方式'),
              mu('腾出用地'),
              numberColumn('腾出能耗', 'tce'),
              textColumn('完成时限'),
              textColumn('责任人'),
              textColumn('状态'),
            ],
            rows: plans.map(plan => [
              plan.code,
              plan.enterprise,
              labelOf('route', plan.route),
              plan.freed_mu,
              plan.freed_tce,
              plan.due_date,
              plan.responsible,
              labelOf('plan_status', plan.status),
            ]),
          },
          {
            title: '措施',
            columns: [
              textColumn('企业', 3),
              textColumn('措施'),
              textColumn('内容', 4),
              mu('面积'),
              textColumn('时限'),
              textColumn('完成'),
            ],
            rows: measures.map(row => step(row, 'measure_type')),
          },
        ],
      ),
      section(
        '七、计划进度',
        [],
        [
          {
            title: '表D 进度节点',
            columns: [
              textColumn('企业', 3),
              textColumn('节点'),
              mu('面积'),
              textColumn('计划日期'),
              textColumn('实际日期'),
            ],
            rows: milestones.map(row => step(row, 'milestone_type').filter((_, index) => index !== 2)),
          },
        ],
      ),
      section('八、资金测算', [`计划投资 ${print(investment)} 万元。`]),
      section(
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
                freedTce === null || factor === null ? null : freedTce * factor,
                sumKnown(plans.map(plan => plan.new_tax)),
                inMu(repo.newFarmlandM2(db, zone.id)),
              ],
            ],
          },
        ],
      ),
      section('十、责任分工', [
        departments.length
          ? `牵头:${labelOf('department', departments[0])};配合:${labels('department', departments.slice(1))}。`
          : '—',
      ]),
      section('十一、现状图', [], [], figures(store, zone, parcels, boundaryId)),
      section(
        '十二、界址点成果表',
        [`纵坐标 X 为北,横坐标 Y 为东;中央子午线 ${store.plane.centralMeridianDegrees}°,CGCS2000。`],
        zone.geometry ? [pointTable(store, zone.geometry)] : [],
      ),
    ],
  }
  const summary: CellValue[] = [
    zone.code,
    zone.name,
    zone.year,
    names.get(zone.unit ?? '') ?? zone.unit,
    inMu(outlineM2),
    squareMetersToMu(areaM2),
    inMu(areaInM2),
    inMu(areaOutM2),
    parcels.length,
    enterprises.length,
    scaleCounts(enterprises),
    tax,
    labelOf('zone_direction', zone.direction),
    investment,
    record['due_date'] as string | null,
    labelOf('zone_status', zone.status),
  ]
  const flat: ReportZone = {
    id: zone.id,
    code: zone.code,
    name: zone.name,
    year: zone.year,
    unit: zone.unit,
    outlineM2,
    areaM2,
    areaInM2,
    areaOutM2,
    outline: zone.geometry,
    members: parcels.map((parcel, index) => ({
      number: index + 1,
      code: parcel.code,
      areaM2: parcel.area_m2,
      outline: parcel.geometry,
    })),
  }
  return { chapter, summary, zone: flat, enterprises }
}
