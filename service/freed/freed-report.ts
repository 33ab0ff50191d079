/** 可供地清单 as a report: one table with every row's evidence; sums from raw m², converted to 亩 once. */
import type { FreedRow } from '../../shared/contract/freed.ts'
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { ENTITIES, isEntityName } from '../../shared/model/entity.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import {
  BLANK,
  type CellValue,
  type Report,
  type ReportColumn,
  ROUNDING_NOTE,
  SIGNATURE,
  sumKnown,
} from '../../shared/report/model.ts'
import { activeBoundary, findBoundary } from '../boundary/boundary-repo.ts'
import type { Store } from '../db/store.ts'
import { listed, mu, numberColumn, textColumn } from '../reports/zone-report-parts.ts'
import { unitNames } from '../zones/zones-repo.ts'
import { countedOnce } from './freed-view.ts'

type Read = (row: FreedRow, index: number) => CellValue

/** What proves the row, in words: 措施 · 企业 …; rows that a person made say so. */
export function evidenceOf({ source_entity, source_id, enterprise }: FreedRow): string {
  if (source_entity === null || source_id === null) return '人工登记'
  const kind = isEntityName(source_entity) ? ENTITIES[source_entity].zh : source_entity
  // An id says something only where there is nothing else: it ends in what tells records apart, its beginning is the day.
  return enterprise === null ? `${kind} …${source_id.slice(-6)}` : `${kind}：${enterprise}`
}

export function freedReport(store: Store, rows: readonly FreedRow[]): Report {
  const units = unitNames(store.read)
  const columns: readonly (readonly [ReportColumn, Read])[] = [
    [numberColumn('序号', '', 0), (_, index) => index + 1],
    [textColumn('考核单位'), row => (row.unit === null ? null : (units.get(row.unit) ?? row.unit))],
    [textColumn('地块编号', 2.6), row => row.parcel_code],
    [textColumn('坐落', 2.6), row => row.location],
    [textColumn('腾出方式', 1.7), row => labelOf('freed_source', row.source)],
    [numberColumn('可供面积', 'm²'), row => row.area_m2],
    [mu('可供面积'), row => (row.area_m2 === null ? null : squareMetersToMu(row.area_m2))],
    [textColumn('开发边界', 1.2), row => labelOf('side', row.side)],
    [textColumn('规划分区'), row => row.subzones.map(code => labelOf('subzone', code)).join('、') || null],
    [textColumn('规划用途', 1.6), row => row.plan_use],
    [textColumn('地块现状', 1.6), row => (row.condition === null ? null : labelOf('land_condition', row.condition))],
    [textColumn('可供日期', 1.6), row => row.available_on],
    [textColumn('状态', 1.4), row => (row.status === 'proposed' ? '待纳入' : labelOf('supply_status', row.status))],
    [textColumn('承接项目', 2), row => row.project_name],
    [textColumn('投资主体', 1.8), row => row.investor],
    [numberColumn('计划投资', '万元'), row => row.investment],
    [textColumn('签约', 1.3), row => row.signed_on],
    [textColumn('供地', 1.3), row => row.supplied_on],
    [textColumn('开工', 1.3), row => row.started_on],
    [textColumn('竣工', 1.3), row => row.completed_on],
    [textColumn('投产', 1.3), row => row.production_on],
    [textColumn('依据', 3.4), evidenceOf],
    [textColumn('备注', 2), row => row.remark],
  ]
  const counted = countedOnce(rows)
  const area = sumKnown(counted.map(row => row.area_m2))
  const totals: CellValue[] = columns.map(() => BLANK)
  totals[1] = '合计'
  totals[5] = area
  totals[6] = area === null ? null : squareMetersToMu(area)
  totals[15] = sumKnown(counted.map(row => row.investment))
  const twice = rows.filter(row => row.problems.includes('recorded_twice')).map(row => row.parcel_code)
  const active = activeBoundary(store.read)
  const boundary = active && findBoundary(store.read, active.id)
  return {
    title: '可供地清单',
    header: [
      ['单位', '全市'],
      ['截至日期', chinaDate(store.now())],
      ['面积口径', '椭球面积'],
      ['边界版本', boundary?.name ?? '—'],
      ['填表人', store.profile().user || '—'],
      ['审核人', '—'],
    ],
    summary: {
      title: '可供地清单',
      columns: columns.map(([column]) => column),
      rows: rows.map((row, index) => columns.map(([, read]) => read(row, index))),
      totals,
      footnote: `${ROUNDING_NOTE}“待纳入”为闭环记录已能证明、尚未纳入清单的土地。`,
    },
    notes: [
      ...(twice.length === 0
        ? []
        : [
            `提示：${twice.length} 行为重复登记的土地，合计中只计先登记的一行，请核对：${listed([...new Set(twice)])}。`,
          ]),
      `制表日期 ${chinaDate(store.now())}；数据修订号 ${store.revision()}。`,
    ],
    chapters: [],
    zones: [],
    signature: SIGNATURE,
    provenance: { boundaryId: boundary?.id ?? null, revision: store.revision(), zoneIds: [] },
  }
}
