/** What the map formats say of a zone and of its members: one list for GeoJSON and GeoPackage, with Chinese titles. Pure. */
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import { BLANK, columnTitle, type Report, type ReportMember, type ReportZone } from '../../shared/report/model.ts'

type Value = string | number | null
type Kind = 'text' | 'integer' | 'real'

export interface Property<T> {
  readonly name: string
  readonly zh: string
  readonly kind: Kind
  read(of: T): Value
}

const inMu = (m2: number | null): number | null => (m2 === null ? null : squareMetersToMu(m2))

export const ZONE_PROPERTIES: readonly Property<ReportZone>[] = [
  { name: 'id', zh: '标识', kind: 'text', read: zone => zone.id },
  { name: 'code', zh: '区域编号', kind: 'text', read: zone => zone.code },
  { name: 'name', zh: '区域名称', kind: 'text', read: zone => zone.name },
  { name: 'year', zh: '年度', kind: 'integer', read: zone => zone.year },
  { name: 'unit', zh: '考核单位', kind: 'text', read: zone => zone.unit },
  { name: 'status', zh: '状态', kind: 'text', read: zone => zone.status },
  { name: 'direction', zh: '整治方向', kind: 'text', read: zone => zone.direction },
  { name: 'outline_m2', zh: '总面积(m²)', kind: 'real', read: zone => zone.outlineM2 },
  { name: 'outline_mu', zh: '总面积(亩)', kind: 'real', read: zone => inMu(zone.outlineM2) },
  { name: 'area_m2', zh: '低效面积(m²)', kind: 'real', read: zone => zone.areaM2 },
  { name: 'area_mu', zh: '低效面积(亩)', kind: 'real', read: zone => squareMetersToMu(zone.areaM2) },
  { name: 'area_in_m2', zh: '界内(m²)', kind: 'real', read: zone => zone.areaInM2 },
  { name: 'area_in_mu', zh: '界内(亩)', kind: 'real', read: zone => inMu(zone.areaInM2) },
  { name: 'area_out_m2', zh: '界外(m²)', kind: 'real', read: zone => zone.areaOutM2 },
  { name: 'area_out_mu', zh: '界外(亩)', kind: 'real', read: zone => inMu(zone.areaOutM2) },
  { name: 'parcels', zh: '地块数', kind: 'integer', read: zone => zone.members.length },
  { name: 'enterprises', zh: '企业数', kind: 'integer', read: zone => zone.enterprises },
  { name: 'tax_per_mu', zh: '平均亩均税收(万元/亩)', kind: 'real', read: zone => zone.taxPerMu },
  { name: 'investment', zh: '计划投资(万元)', kind: 'real', read: zone => zone.investment },
]

export interface MemberOfZone {
  readonly zone: ReportZone
  readonly member: ReportMember
}

export const MEMBER_PROPERTIES: readonly Property<MemberOfZone>[] = [
  { name: 'zone', zh: '区域编号', kind: 'text', read: ({ zone }) => zone.code },
  { name: 'number', zh: '序号', kind: 'integer', read: ({ member }) => member.number },
  { name: 'code', zh: '地块编号', kind: 'text', read: ({ member }) => member.code },
  { name: 'name', zh: '名称', kind: 'text', read: ({ member }) => member.name },
  { name: 'side', zh: '边界判定', kind: 'text', read: ({ member }) => member.side },
  { name: 'area_m2', zh: '面积(m²)', kind: 'real', read: ({ member }) => member.areaM2 },
  { name: 'area_mu', zh: '面积(亩)', kind: 'real', read: ({ member }) => squareMetersToMu(member.areaM2) },
  { name: 'area_in_m2', zh: '界内(m²)', kind: 'real', read: ({ member }) => member.areaInM2 },
  { name: 'area_out_m2', zh: '界外(m²)', kind: 'real', read: ({ member }) => member.areaOutM2 },
  {
    name: 'also_in',
    zh: '同属其他区域',
    kind: 'text',
    read: ({ member }) => (member.alsoIn.length > 0 ? member.alsoIn.join(',') : null),
  },
]

export function membersOf(zone: ReportZone): MemberOfZone[] {
  return zone.members.map(member => ({ zone, member }))
}

/** Head, totals by the title of their column (land in two zones counts once, so they are no sum of the zones), and notes. */
export function reportFacts({ title, header, summary, notes }: Report) {
  const totals = summary.columns.flatMap((column, index): [string, Value][] => {
    const value = summary.totals?.[index] ?? null
    return index === 0 || value === BLANK ? [] : [[columnTitle(column), value]]
  })
  return { title, header: Object.fromEntries(header), totals: Object.fromEntries(totals), notes }
}
