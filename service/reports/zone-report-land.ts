/** Parts one to four of a zone's chapter: the zone, its parcels and enterprises, why they are inefficient, the plans above it. */
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import { type EnumerationName, labelOf } from '../../shared/model/enumerations.ts'
import { landClassName } from '../../shared/model/land-classes.ts'
import { type ReportSection, type ReportTable, ROUNDING_NOTE, sumKnown } from '../../shared/report/model.ts'
import { printedClass } from '../../shared/rules/scoring/rated.ts'
import type { Store } from '../db/store.ts'
import type { ReportParcel } from './report-repo.ts'
import { codesIn, type ZoneFacts } from './zone-report-facts.ts'
import {
  extentInWords,
  inMu,
  inWords,
  listed,
  mu,
  numberColumn,
  sideInWords,
  taxOf,
  textColumn,
  totalRow,
} from './zone-report-parts.ts'

export interface ChapterContext {
  readonly store: Store
  readonly unitName: string
  /** Codes of the other zones of the report that hold a parcel, by parcel id. */
  readonly alsoIn: ReadonlyMap<string, readonly string[]>
  /** Whether layers of farmland and of the red line were loaded: without them nothing is known of overlaps. */
  readonly hasFarmland: boolean
  readonly hasEcoLine: boolean
  readonly hasBoundary: boolean
  /** 截至日期, yyyy-mm-dd. */
  readonly today: string
}

export const section = (
  heading: string,
  paragraphs: readonly string[],
  tables: readonly ReportTable[] = [],
): ReportSection => ({ heading, paragraphs, tables, figures: [] })

const labels = (name: EnumerationName, list: readonly string[]) =>
  list.map(code => labelOf(name, code)).join('、') || '—'
const distinct = (values: Iterable<string | null>) => [...new Set([...values].filter(value => value))].join('、') || '—'

export function landSections(facts: ZoneFacts, context: ChapterContext): ReportSection[] {
  return [
    overview(facts, context),
    section('二、企业与地块明细', [], [parcelTable(facts, context), enterpriseTable(facts)]),
    causes(facts),
    planning(facts, context),
  ]
}

function overview(facts: ZoneFacts, { store, unitName }: ChapterContext): ReportSection {
  const { zone, record, parcels, areaM2, outline } = facts
  const bounds = record['sizhi'] ?? (outline ? extentInWords(store, outline) : '—')
  const approved = record['approve_doc'] ? `；批准文号：${String(record['approve_doc'])}` : ''
  return section('一、区域概况', [
    `区域编号：${zone.code}；名称：${zone.name}；年度：${zone.year}；考核单位：${unitName}；状态：${labelOf('zone_status', zone.status)}${approved}。`,
    `四至：${String(bounds)}。`,
    outline
      ? `区域总面积 ${inWords(inMu(facts.outlineM2))} 亩(${inWords(facts.outlineM2)} 平方米，含区域内道路等)。`
      : '区域没有范围线，总面积未知。',
    parcels.length === 0
      ? '区域内没有地块：本报告没有可统计的低效工业用地，请先在连片区域里补充地块。'
      : `其中低效工业用地 ${parcels.length} 宗，面积 ${inWords(squareMetersToMu(areaM2))} 亩(${inWords(areaM2)} 平方米，${inWords(areaM2 / 10_000, 4)} 公顷)，界内 ${inWords(inMu(facts.areaInM2))} 亩，界外 ${inWords(inMu(facts.areaOutM2))} 亩。`,
    `权属：${distinct(parcels.map(parcel => parcel.ownership && labelOf('ownership', parcel.ownership)))}；现状地类：${distinct(parcels.map(parcel => landClassName(parcel.land_class)))}。`,
  ])
}

function parcelTable({ parcels, areaM2, areaInM2, areaOutM2 }: ZoneFacts, { alsoIn }: ChapterContext): ReportTable {
  const isShared = parcels.some(parcel => alsoIn.has(parcel.id))
  const columns = [
    { ...numberColumn('序号', '', 0), width: 1 },
    textColumn('地块编号', 3.7),
    textColumn('名称', 3),
    { ...numberColumn('面积', 'm²'), width: 1.9 },
    mu('面积'),
    textColumn('边界判定', 1.7),
    mu('界内'),
    mu('界外'),
    textColumn('地类', 2.2),
    ...(isShared ? [textColumn('备注', 3)] : []),
  ]
  return {
    title: '表B 地块明细表',
    columns,
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
      ...(isShared ? [alsoIn.has(parcel.id) ? `同属 ${alsoIn.get(parcel.id)!.join('、')}` : '\u00a0'] : []),
    ]),
    totals: totalRow(columns, {
      '面积/m²': areaM2,
      '面积/亩': squareMetersToMu(areaM2),
      '界内/亩': inMu(areaInM2),
      '界外/亩': inMu(areaOutM2),
    }),
    footnote: ROUNDING_NOTE,
  }
}

function enterpriseTable({ parcels, enterprises }: ZoneFacts): ReportTable {
  const numberOf = new Map(parcels.map((parcel, index) => [parcel.code, index + 1]))
  const tax = taxOf(enterprises)
  const columns = [
    textColumn('企业名称', 4),
    textColumn('统一社会信用代码', 3.8),
    textColumn('地块(表B序号)', 1.9),
    textColumn('经营状态', 1.5),
    textColumn('规模', 1.2),
    textColumn('等级', 1.1),
    mu('实际用地'),
    { ...numberColumn('评价税收', '万元'), width: 1.6 },
    { ...numberColumn('亩均税收', '万元/亩'), width: 1.6 },
  ]
  return {
    title: '表C 企业明细表',
    columns,
    rows: enterprises.map(row => [
      row.name,
      row.uscc,
      row.parcels
        .split(',')
        .map(code => numberOf.get(code) ?? 0)
        .sort((a, b) => a - b)
        .join('、'),
      row.op_status === null ? null : labelOf('operating_status', row.op_status),
      row.scale === null ? null : labelOf('scale', row.scale),
      printedClass(row.class, row.class_source),
      row.land_mu,
      row.tax,
      row.tax !== null && row.land_mu ? row.tax / row.land_mu : null,
    ]),
    totals: totalRow(columns, {
      '实际用地/亩': sumKnown(enterprises.map(row => row.land_mu)),
      '评价税收/万元': sumKnown(enterprises.map(row => row.tax)),
      '亩均税收/万元/亩': tax.value,
    }),
    ...(tax.missing > 0 ? { footnote: `注：税收或实际用地未知的 ${tax.missing} 家企业不计入亩均税收。` } : {}),
  }
}

function causes({ record, parcels, areaM2 }: ZoneFacts): ReportSection {
  const found = new Map<string, { parcels: number; area: number }>()
  for (const parcel of parcels) {
    for (const type of codesIn(parcel.ineff_types)) {
      const entry = found.get(type) ?? { parcels: 0, area: 0 }
      found.set(type, { parcels: entry.parcels + 1, area: entry.area + parcel.area_m2 })
    }
  }
  const sorted = [...found].sort(([, a], [, b]) => b.area - a.area)
  const unnamed = parcels.filter(parcel => codesIn(parcel.ineff_types).length === 0).length
  const share = (area: number) => (areaM2 > 0 ? (100 * area) / areaM2 : null)
  const written = record['cause_analysis'] ? String(record['cause_analysis']) : null
  const counted = sorted
    .slice(0, 3)
    .map(
      ([type, entry]) =>
        `${labelOf('ineff_type', type)} ${entry.parcels} 宗(占低效面积 ${inWords(share(entry.area), 1)}%)`,
    )
  return section(
    '三、低效原因分析',
    [
      ...(written ? [written] : []),
      ...(counted.length > 0 ? [`按调查登记的低效类型，主要为：${counted.join('；')}。`] : []),
      ...(unnamed > 0 ? [`${unnamed} 宗地块没有登记低效类型。`] : []),
    ],
    sorted.length === 0
      ? []
      : [
          {
            title: '低效类型统计(一宗可有多种，不合计)',
            columns: [
              textColumn('低效类型', 4),
              numberColumn('地块数', '宗', 0),
              mu('面积'),
              numberColumn('占低效面积', '%', 1),
            ],
            rows: sorted.map(([type, entry]) => [
              labelOf('ineff_type', type),
              entry.parcels,
              squareMetersToMu(entry.area),
              share(entry.area),
            ]),
          },
        ],
  )
}

function planning({ parcels }: ZoneFacts, context: ChapterContext): ReportSection {
  const overlap = (name: string, isLoaded: boolean, read: (parcel: ReportParcel) => number | null): string => {
    const known = parcels.filter(parcel => read(parcel) !== null)
    const hit = known.filter(parcel => (read(parcel) ?? 0) > 0)
    if (known.length === 0) return `${name}：${isLoaded ? '尚未叠加' : '没有导入图层，未叠加'}。`
    const gap = known.length < parcels.length ? `；另有 ${parcels.length - known.length} 宗未叠加` : ''
    return hit.length === 0
      ? `${name}：不占用${gap}。`
      : `【红线提示】占${name} ${inWords(sumKnown(known.map(read)))} 平方米，涉及 ${hit.length} 宗：${listed(hit.map(parcel => parcel.code))}${gap}。`
  }
  const sides = distinct(parcels.map(parcel => labelOf('side', parcel.side ?? 'unknown')))
  const subzones = labels('subzone', [...new Set(parcels.flatMap(parcel => codesIn(parcel.subzones)))])
  return section('四、规划衔接', [
    context.hasBoundary
      ? `开发边界：${sides}；规划分区：${subzones}；规划用途：${distinct(parcels.map(parcel => landClassName(parcel.plan_use)))}。`
      : `没有启用的城镇开发边界，边界内外和规划分区未判定；规划用途：${distinct(parcels.map(parcel => landClassName(parcel.plan_use)))}。`,
    overlap('永久基本农田', context.hasFarmland, parcel => parcel.overlap_farmland_m2),
    overlap('生态保护红线', context.hasEcoLine, parcel => parcel.overlap_eco_m2),
  ])
}
