/** Builds the report model of contiguous zones: the twelve parts of each, a summary of all, the yearly duty. Reads only. */

import { chinaDate } from '../../shared/lib/china-time.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import {
  type CellValue,
  type Report,
  type ReportChapter,
  type ReportTable,
  type ReportZone,
  ROUNDING_NOTE,
  SIGNATURE,
} from '../../shared/report/model.ts'
import { activeBoundary, activeLayer, findBoundary } from '../boundary/boundary-repo.ts'
import { createJobControl, type JobControl } from '../boundary/job-stream.ts'
import type { Store } from '../db/store.ts'
import { loadGeos } from '../geos/geos.ts'
import { listZones, quotaRows, unitNames, type ZoneRow } from '../zones/zones-repo.ts'
import { campaignHead } from './report-repo.ts'
import { readZoneFacts, type ZoneFacts } from './zone-report-facts.ts'
import { type ChapterContext, landSections, section } from './zone-report-land.ts'
import { zoneMaps } from './zone-report-maps.ts'
import {
  inMu,
  listed,
  pointTable,
  provenanceNote,
  SUMMARY_COLUMNS,
  scaleCounts,
  taxOf,
  totalRow,
} from './zone-report-parts.ts'
import { reportPhotos, type ZonePhoto, zonePhotos } from './zone-report-photos.ts'
import { planSections } from './zone-report-plans.ts'
import { totalsOf } from './zone-report-totals.ts'
import { warningInWords, zoneWarnings } from './zone-report-warnings.ts'

export interface ZoneReportFilter {
  readonly year?: number | undefined
  readonly unit?: string | undefined
  readonly zoneIds?: readonly string[] | undefined
}

const AREA_NOTE =
  '注：总面积为区域范围(含道路等)，低效面积、界内、界外为成员地块之和；同一地块、企业属于多个区域的，合计只计一次。'

/** The zones that match, by code within the year. */
export function zonesOfReport(store: Store, filter: ZoneReportFilter): ZoneRow[] {
  const wanted = filter.zoneIds && new Set(filter.zoneIds)
  return listZones(store.read, {
    ...(filter.year === undefined ? {} : { year: filter.year }),
    ...(filter.unit === undefined ? {} : { unit: filter.unit }),
  }).filter(zone => !wanted || wanted.has(zone.id))
}

/**
 * The report of the zones that match. `resourcesFolder` holds the county line of the location maps. Reports each zone as it is
 * built and can be cancelled between two.
 */
export async function buildZoneReport(
  store: Store,
  filter: ZoneReportFilter,
  resourcesFolder: string,
  control: JobControl = createJobControl(),
): Promise<Report> {
  const db = store.read
  const zones = zonesOfReport(store, filter)
  const names = unitNames(db)
  const boundary = activeBoundary(db)
  const version = boundary && findBoundary(db, boundary.id)
  const facts = zones.map(zone => readZoneFacts(store, zone))
  const drawMaps = zoneMaps(store, facts, boundary?.id, resourcesFolder)
  const photosOf = grouped(
    zonePhotos(
      db,
      zones.map(zone => zone.id),
    ),
  )
  const carbonFactor = campaignHead(db)?.carbon_factor ?? null
  const today = chinaDate(store.now())
  const base = {
    store,
    alsoIn: new Map<string, readonly string[]>(),
    hasBoundary: boundary !== undefined,
    hasFarmland: activeLayer(db, 'farmland') !== undefined,
    hasEcoLine: activeLayer(db, 'eco_redline') !== undefined,
    today,
  }
  const zoneOf = zonesByParcel(facts)
  const chapters: ReportChapter[] = []
  for (const each of facts) {
    control.report({ phase: 'report_zones', done: chapters.length, total: facts.length })
    await control.checkpoint()
    const { zone } = each
    const context: ChapterContext = {
      ...base,
      unitName: (zone.unit && (names.get(zone.unit) ?? zone.unit)) || '—',
      alsoIn: othersOf(each, zoneOf),
    }
    chapters.push({
      title: `${zone.name}(${zone.code})`,
      code: zone.code,
      sections: [
        ...landSections(each, context),
        ...planSections(each, context, carbonFactor),
        await pictures(store, each, drawMaps, photosOf.get(zone.id) ?? [], context.hasBoundary),
        section(
          '十二、界址点成果表',
          each.outline
            ? [`纵坐标 X 为北，横坐标 Y 为东；中央子午线 ${store.plane.centralMeridianDegrees}°，CGCS2000。`]
            : ['区域没有范围线，没有界址点。'],
          each.outline ? [pointTable(store, each.outline)] : [],
        ),
      ],
    })
  }
  const years = [...new Set(zones.map(zone => zone.year))].sort()
  const units = unitsOf(filter, zones)
  const duty = years.map(year => {
    const rows = quotaRows(db, year).filter(row => units === undefined || units.includes(row.unit))
    const owing = rows.filter(row => row.zones === 0).map(row => names.get(row.unit) ?? row.unit)
    return `${year} 年度每单位至少谋划 1 个连片整治区域：应完成 ${rows.length} 个单位，已完成 ${rows.length - owing.length} 个${owing.length ? `；尚未谋划：${owing.join('、')}` : ''}。`
  })
  return {
    title: '工业低效用地连片整治区域报告',
    header: [
      ['单位', units?.map(unit => names.get(unit) ?? unit).join('、') ?? '全市'],
      ['年度', years.join('、') || '—'],
      ['截至日期', today],
      ['面积口径', '椭球面积(CGCS2000)'],
      ['边界版本', version ? `${version.name}(${version.effective_date})` : '未导入边界'],
      ['填表人', store.profile().user || '—'],
      ['审核人', '—'],
    ],
    summary: summaryTable(facts, names, totalsOf(facts, await loadGeos())),
    notes: [...duty, ...zoneWarnings(store, zones).map(warningInWords), provenanceNote(store, version, zones)],
    chapters,
    zones: facts.map(each => flatZone(each, zoneOf)),
    signature: SIGNATURE,
    provenance: { boundaryId: boundary?.id ?? null, revision: store.revision(), zoneIds: zones.map(zone => zone.id) },
  }
}

/** Units that the report is about; undefined for the whole county. Zones over several units belong to none of them. */
function unitsOf(filter: ZoneReportFilter, zones: readonly ZoneRow[]): string[] | undefined {
  if (filter.unit !== undefined) return [filter.unit]
  if (filter.zoneIds === undefined || zones.some(zone => zone.unit === null)) return undefined
  return [...new Set(zones.flatMap(zone => zone.unit ?? []))].sort()
}

function summaryTable(
  zones: readonly ZoneFacts[],
  names: ReadonlyMap<string, string>,
  totals: ReturnType<typeof totalsOf>,
): ReportTable {
  const tax = taxOf(totals.enterprises)
  return {
    title: '表A 连片整治区域汇总表',
    columns: SUMMARY_COLUMNS,
    rows: zones.map(({ zone, record, parcels, enterprises, ...sums }): CellValue[] => [
      zone.code,
      zone.name,
      zone.year,
      names.get(zone.unit ?? '') ?? zone.unit,
      inMu(sums.outlineM2),
      inMu(sums.areaM2),
      inMu(sums.areaInM2),
      inMu(sums.areaOutM2),
      parcels.length,
      enterprises.length,
      scaleCounts(enterprises),
      taxOf(enterprises).value,
      zone.direction && labelOf('zone_direction', zone.direction),
      sums.investment,
      record['due_date'] as string | null,
      labelOf('zone_status', zone.status),
    ]),
    totals: totalRow(SUMMARY_COLUMNS, {
      '总面积/亩': inMu(totals.outlineM2),
      '低效面积/亩': inMu(totals.areaM2),
      '界内/亩': inMu(totals.areaInM2),
      '界外/亩': inMu(totals.areaOutM2),
      '地块数/宗': totals.parcels.length,
      '企业数/家': totals.enterprises.length,
      '规上/规下': scaleCounts(totals.enterprises),
      '平均亩均税收/万元/亩': tax.value,
      '计划投资/万元': totals.investment,
    }),
    footnote: `${AREA_NOTE}${ROUNDING_NOTE.replace('注：', '')}${tax.missing > 0 ? `税收或实际用地未知的 ${tax.missing} 家企业不计入平均亩均税收。` : ''}`,
  }
}

async function pictures(
  store: Store,
  facts: ZoneFacts,
  drawMaps: ReturnType<typeof zoneMaps>,
  photos: readonly ZonePhoto[],
  hasBoundary: boolean,
) {
  const { photos: shown, missing } = await reportPhotos(store, photos)
  const said = [
    ...(facts.parcels.length === 0 && !facts.outline ? ['没有地块和范围线，无法绘图。'] : []),
    ...(hasBoundary ? [] : ['没有启用的城镇开发边界，不绘边界图。']),
    ...(photos.length === 0 ? ['没有登记现场照片。'] : []),
    ...(photos.length > shown.length ? [`共 ${photos.length} 张照片，本报告选印 ${shown.length} 张。`] : []),
    ...(missing.length > 0 ? [`照片文件缺失：${listed(missing)}。`] : []),
  ]
  return { ...section('十一、位置图、现状图、边界图与照片', said), figures: drawMaps(facts), photos: shown }
}

function grouped(photos: readonly ZonePhoto[]): Map<string, ZonePhoto[]> {
  const groups = new Map<string, ZonePhoto[]>()
  for (const photo of photos) {
    const group = groups.get(photo.zone_id)
    if (group) group.push(photo)
    else groups.set(photo.zone_id, [photo])
  }
  return groups
}

function zonesByParcel(facts: readonly ZoneFacts[]): Map<string, string[]> {
  const codes = new Map<string, string[]>()
  for (const { zone, parcels } of facts)
    for (const { id } of parcels) codes.set(id, [...(codes.get(id) ?? []), zone.code])
  return codes
}

function othersOf({ zone, parcels }: ZoneFacts, zoneOf: ReadonlyMap<string, readonly string[]>) {
  return new Map(
    parcels.flatMap(({ id }): [string, string[]][] => {
      const others = (zoneOf.get(id) ?? []).filter(code => code !== zone.code)
      return others.length > 0 ? [[id, others]] : []
    }),
  )
}

function flatZone(facts: ZoneFacts, zoneOf: ReadonlyMap<string, readonly string[]>): ReportZone {
  const { zone, parcels, enterprises } = facts
  const others = othersOf(facts, zoneOf)
  return {
    id: zone.id,
    code: zone.code,
    name: zone.name,
    year: zone.year,
    unit: zone.unit,
    status: zone.status,
    direction: zone.direction,
    outlineM2: facts.outlineM2,
    areaM2: facts.areaM2,
    areaInM2: facts.areaInM2,
    areaOutM2: facts.areaOutM2,
    enterprises: enterprises.length,
    taxPerMu: taxOf(enterprises).value,
    investment: facts.investment,
    outline: zone.geometry,
    members: parcels.map((parcel, index) => ({
      number: index + 1,
      code: parcel.code,
      name: parcel.name,
      side: parcel.side ?? 'unknown',
      areaM2: parcel.area_m2,
      areaInM2: parcel.area_in_m2,
      areaOutM2: parcel.area_out_m2,
      alsoIn: others.get(parcel.id) ?? [],
      outline: parcel.geometry,
    })),
  }
}
