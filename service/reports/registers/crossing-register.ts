/** 边界跨界地块复核表 (domain §11.7, 11): parcels on the line and marks that differ from the computed side. */
import { labelOf } from '../../../shared/model/enumerations.ts'
import { caution } from '../../../shared/report/cautions.ts'
import type { Report } from '../../../shared/report/model.ts'
import { all, get } from '../../db/sql.ts'
import type { Store } from '../../db/store.ts'
import {
  commonCautions,
  muCells,
  numberCells,
  type RegisterColumn,
  type RegisterFilter,
  registerReport,
  registerTable,
  textCells,
} from './frame.ts'

interface Row {
  readonly unit: string | null
  readonly code: string
  readonly name: string | null
  readonly area_m2: number | null
  readonly area_in_m2: number | null
  readonly area_out_m2: number | null
  readonly inside_share: number | null
  readonly side: string
  readonly side_marked: string | null
  readonly boundary_opinion: string | null
}

/** A mark where nothing was computed is no difference. */
const differs = (row: Row): boolean =>
  row.side_marked !== null && row.side !== 'unknown' && row.side_marked !== row.side

export function crossingRegister(store: Store, filter: RegisterFilter): Report {
  const unit = { unit: filter.unit ?? null }
  const rows = all<Row>(
    store.read,
    `SELECT coalesce(u.name, p.unit) AS unit, p.code, p.name, p.area_m2, p.area_in_m2, p.area_out_m2, p.inside_share,
       coalesce(p.side, 'unknown') AS side, p.side_marked, p.boundary_opinion
     FROM parcel p LEFT JOIN report_unit u ON u.code = p.unit AND u.deleted = 0
     WHERE p.deleted = 0 AND (:unit IS NULL OR p.unit = :unit) AND (p.side = 'crossing'
       OR (p.side_marked IS NOT NULL AND p.side IS NOT NULL AND p.side <> 'unknown' AND p.side_marked <> p.side))
     ORDER BY p.unit, p.code`,
    unit,
  )
  const unjudged = get<{ n: number }>(
    store.read,
    `SELECT count(*) AS n FROM parcel WHERE deleted = 0 AND (:unit IS NULL OR unit = :unit) AND coalesce(side, 'unknown') = 'unknown'`,
    unit,
  )!.n
  const columns: RegisterColumn<Row>[] = [
    textCells('考核单位', 1.8, row => row.unit),
    textCells('地块', 5, row => (row.name === null ? row.code : `${row.code} ${row.name}`)),
    muCells('总面积', row => row.area_m2),
    muCells('界内', row => row.area_in_m2),
    muCells('界外', row => row.area_out_m2),
    numberCells('界内比例', '%', 2, row => (row.inside_share === null ? null : 100 * row.inside_share)),
    textCells('系统判定', 1.3, row => labelOf('side', row.side)),
    textCells('人工标注', 1.3, row => (row.side_marked === null ? null : labelOf('side_mark', row.side_marked))),
    textCells('差异', 1.2, row => (row.side_marked === null ? null : differs(row) ? '不一致' : '一致')),
    textCells('资规意见', 2.6, row => row.boundary_opinion),
  ]
  const undecided = rows.filter(row => (row.boundary_opinion ?? '') === '').length
  const table = registerTable('边界跨界地块复核表', columns, rows, '跨界地块的面积按界内、界外分别计，不按标签计。')
  const cautions = [
    ...commonCautions(store, filter, rows.length, true),
    ...(unjudged > 0 ? [caution('not_judged', { count: unjudged })] : []),
  ]
  return registerReport(
    store,
    filter,
    {
      title: '边界跨界地块复核表',
      table,
      notes: [
        `共 ${rows.length} 宗，其中人工标注与系统判定不一致 ${rows.filter(differs).length} 宗，尚无资规意见 ${undecided} 宗。`,
      ],
    },
    cautions,
  )
}
