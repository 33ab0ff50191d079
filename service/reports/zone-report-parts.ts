/** Column kinds, words and the boundary points of a zone report. */
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import { projectToPlane } from '../../shared/geometry/plane.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import { BLANK, type CellValue, printNumber, type ReportColumn, type ReportTable } from '../../shared/report/model.ts'
import { groupRatio } from '../../shared/rules/indicators.ts'
import type { Store } from '../db/store.ts'
import type { ZoneRow } from '../zones/zones-repo.ts'
import type * as repo from './report-repo.ts'

export const textColumn = (title: string, width = 2): ReportColumn => ({ key: title, title, kind: 'text', width })
export const numberColumn = (title: string, unit = '', decimals = 2): ReportColumn => ({
  key: title,
  title,
  kind: 'number',
  decimals,
  width: 1.4,
  ...(unit === '' ? {} : { unit }),
})
export const mu = (title: string) => numberColumn(title, '亩')

export const inMu = (value: number | null): number | null => (value === null ? null : squareMetersToMu(value))
/** A number in a sentence; unknown is —. */
export const inWords = (value: number | null, decimals = 2): string =>
  value === null ? '—' : printNumber(value, decimals)
/** Codes or names, ten at most. */
export const listed = (names: readonly string[]): string =>
  `${names.slice(0, 10).join('、')}${names.length > 10 ? ` 等 ${names.length} 个` : ''}`
/** The total row: what is not summed stays blank, for it is not unknown. */
export const totalRow = (columns: readonly ReportColumn[], sums: Readonly<Record<string, CellValue>>): CellValue[] =>
  columns.map((column, index) =>
    index === 0 ? '合计' : (sums[columnName(column)] ?? (columnName(column) in sums ? null : BLANK)),
  )
/** How a column is named in `totalRow`: its title, with the unit where two columns have the same title. */
export const columnName = ({ title, unit }: ReportColumn): string => (unit ? `${title}/${unit}` : title)

/** 表A (domain §11.7, 4). */
export const SUMMARY_COLUMNS: readonly ReportColumn[] = [
  textColumn('编号', 2.8),
  textColumn('名称', 3.2),
  { ...numberColumn('年度', '', 0), width: 1 },
  textColumn('单位'),
  mu('总面积'),
  mu('低效面积'),
  mu('界内'),
  mu('界外'),
  numberColumn('地块数', '宗', 0),
  numberColumn('企业数', '家', 0),
  textColumn('规上/规下', 1.6),
  numberColumn('平均亩均税收', '万元/亩'),
  textColumn('整治方向'),
  { ...numberColumn('计划投资', '万元'), width: 1.7 },
  textColumn('完成时限'),
  textColumn('状态', 1.3),
]

/** 平均亩均税收: Σ/Σ over the enterprises whose tax and land are known (domain §11.5). */
export const taxOf = (enterprises: readonly repo.ReportEnterprise[]) =>
  groupRatio(
    enterprises,
    row => row.tax,
    row => row.land_mu,
  )

/** “3/12”: above and below size; enterprises of unknown size are said. */
export function scaleCounts(enterprises: readonly repo.ReportEnterprise[]): string {
  const of = (scale: string | null) => enterprises.filter(row => row.scale === scale).length
  return `${of('above')}/${of('below')}${of(null) > 0 ? `(未知 ${of(null)})` : ''}`
}

/** The computed side; a mark that differs is said beside it, for the two never stand for each other. */
export function sideInWords({ side, side_marked: marked }: repo.ReportParcel): string {
  const computed = labelOf('side', side ?? 'unknown')
  return marked !== null && marked !== side ? `${computed}(人工：${labelOf('side', marked)})` : computed
}

/** What the figures were made of, for whoever has to check them. */
export function provenanceNote(
  store: Store,
  version: { name: string; code: string } | undefined,
  zones: readonly ZoneRow[],
): string {
  const gaps = [...new Set(zones.map(zone => zone.gap_m))].map(gap => (gap === null ? '人工划定' : `${gap} 米`))
  const line = version ? `城镇开发边界“${version.name}”(${version.code})` : '未导入城镇开发边界'
  return `数据来源：${line}；相邻间距 ${gaps.join('、') || '—'}；面积为 CGCS2000 椭球面积；数据修订号 ${store.revision()}。`
}

/** 四至 by coordinates when nobody has described them: northing and easting of the outline's extremes, metres. */
export function extentInWords(store: Store, outline: FlatPolygons): string {
  const [west, south, east, north] = boxOf(projectToPlane(outline, store.plane))
  const at = (axis: string, value: number): string => `${axis} ${value.toFixed(1)} 米`
  return `东至 ${at('Y', east)}，西至 ${at('Y', west)}，南至 ${at('X', south)}，北至 ${at('X', north)}(按坐标)`
}

export function pointTable(store: Store, outline: FlatPolygons): ReportTable {
  const flat = projectToPlane(outline, store.plane)
  const rows: CellValue[][] = []
  let from = 0
  flat.ringEnds.forEach((end, ring) => {
    for (let at = from; at < end - 1; at++) {
      const [y, x, nextY, nextX] = flat.coordinates.subarray(at * 2, at * 2 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ]
      rows.push([`J${rows.length + 1}`, x, y, Math.hypot(nextX - x, nextY - y), ring + 1])
    }
    from = end
  })
  return {
    title: '表F 界址点成果表',
    twoUp: true,
    columns: [
      textColumn('点号', 1.1),
      { ...numberColumn('X', 'm', 3), width: 2.3 },
      { ...numberColumn('Y', 'm', 3), width: 2.1 },
      { ...numberColumn('边长', 'm'), width: 1.3 },
      { ...numberColumn('圈号', '', 0), width: 0.9 },
    ],
    rows,
  }
}
