/** Registers of the action plan's own records (domain §7): 标准地, 小微企业园, 两高项目. */

import { chinaDate } from '../../../shared/lib/china-time.ts'
import { labelOf } from '../../../shared/model/enumerations.ts'
import type { Report } from '../../../shared/report/model.ts'
import { ratio } from '../../../shared/rules/indicators.ts'
import { STANDARD_INDICATORS, standardShortfalls } from '../../../shared/rules/standard-land.ts'
import { type BookRecord, bookRecords } from '../../books/books-repo.ts'
import type { Store } from '../../db/store.ts'
import { unitNames } from '../../zones/zones-repo.ts'
import {
  commonCautions,
  muCells,
  numberCells,
  type RegisterColumn,
  type RegisterFilter,
  registerReport,
  registerTable,
  summedCells,
  textCells,
} from './frame.ts'

type Column = RegisterColumn<BookRecord>

const text = (title: string, field: string, width = 1.8): Column =>
  textCells(title, width, row => (row[field] as string | null) ?? null)
const figure = (row: BookRecord, field: string): number | null => (row[field] as number | null) ?? null
const amount = (title: string, field: string, unit: string, decimals = 2): Column =>
  summedCells(title, unit, decimals, row => figure(row, field))

const DAY_MS = 86_400_000

/** 序号 and 考核单位 first. */
function register(
  store: Store,
  filter: RegisterFilter,
  book: 'standard_land' | 'small_park' | 'two_high',
  title: string,
  own: readonly Column[],
  footnote?: (rows: readonly BookRecord[]) => string,
): Report {
  const rows = bookRecords(store.read, book, filter.unit)
  const units = unitNames(store.read)
  const columns: Column[] = [
    numberCells('序号', '', 0, (_, index) => index + 1),
    textCells('考核单位', 1.8, ({ place: { unit } }) => (unit === null ? null : (units.get(unit) ?? unit))),
    ...own,
  ]
  const table = registerTable(title, columns, rows, footnote?.(rows))
  return registerReport(store, filter, { title, table }, commonCautions(store, filter, rows.length, false))
}

/** What was promised and what was reached, in one cell; what falls short is named beside. */
export function standardLandRegister(store: Store, filter: RegisterFilter): Report {
  const part = (row: BookRecord, side: 'committed' | 'actual', key: string): string =>
    String((row[side] as Record<string, number | null> | null)?.[key] ?? '—')
  const pairs = STANDARD_INDICATORS.map(({ key, zh, unit }) =>
    textCells<BookRecord>(`${zh}${unit ? `(${unit})` : ''}`, 1.6, row => {
      const pair = [part(row, 'committed', key), part(row, 'actual', key)]
      return pair.every(value => value === '—') ? null : pair.join('/')
    }),
  )
  const own: Column[] = [
    textCells('地块编号', 2.2, row => row.place.parcel),
    textCells('企业', 2.6, row => row.place.enterprise),
    text('协议号', 'agreement_no', 2.2),
    ...pairs,
    textCells(
      '未达标',
      2,
      row =>
        standardShortfalls(row)
          .map(({ zh }) => zh)
          .join('、') || null,
    ),
    text('竣工核验', 'construction_checked_on'),
    text('达产复核', 'production_checked_on'),
    text('违约责任', 'breach', 2.2),
  ]
  return register(
    store,
    filter,
    'standard_land',
    '标准地台账',
    own,
    () => '各指标为“承诺/实际”；任一未知的不判为未达标。',
  )
}

export function smallParkRegister(store: Store, filter: RegisterFilter): Report {
  const own: Column[] = [
    text('园区名称', 'name', 2.6),
    numberCells('星级', '', 0, row => figure(row, 'star')),
    muCells('用地', row => figure(row, 'land_m2')),
    amount('建筑面积', 'floor_area_m2', 'm²'),
    amount('入驻企业', 'firms', '家', 0),
    text('主导产业', 'industry'),
    text('建成日期', 'completed_on'),
    text('备注', 'remark', 2.2),
  ]
  const starred = (rows: readonly BookRecord[]) => rows.filter(row => Number(row['star'] ?? 0) >= 3).length
  return register(store, filter, 'small_park', '小微企业园台账', own, rows => `三星级及以上 ${starred(rows)} 个。`)
}

export function twoHighRegister(store: Store, filter: RegisterFilter): Report {
  const today = chinaDate(store.now())
  const late = (row: BookRecord): string | null => {
    const due = row['due_date'] as string | null
    if (due === null || due >= today || row['status'] === 'stopped') return null
    return `逾期 ${Math.round((Date.parse(today) - Date.parse(due)) / DAY_MS)} 天`
  }
  const own: Column[] = [
    text('项目名称', 'project_name', 2.6),
    text('项目代码', 'project_code'),
    textCells('企业', 2.6, row => row.place.enterprise),
    text('行业代码', 'industry_code', 1.2),
    textCells('阶段', 1.2, row => (row['status'] == null ? null : labelOf('project_stage', String(row['status'])))),
    amount('综合能耗', 'energy_tce', 'tce'),
    amount('工业增加值', 'value_added', '万元'),
    {
      ...numberCells<BookRecord>('单位增加值能耗', 'tce/万元', 3, row =>
        ratio(figure(row, 'energy_tce'), figure(row, 'value_added')),
      ),
    },
    text('节能审查', 'energy_doc'),
    text('环评', 'environment_doc'),
    textCells('处置', 1.2, row =>
      row['decision'] == null ? null : labelOf('two_high_decision', String(row['decision'])),
    ),
    text('完成时限', 'due_date'),
    textCells('提示', 1.6, late),
    text('备注', 'remark', 2),
  ]
  return register(store, filter, 'two_high', '两高项目台账', own)
}
