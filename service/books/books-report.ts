/** Each register as a report (domain §11.7, 8–10): its fields with what follows from them; sums from raw values. */
import type { BookName } from '../../shared/contract/books.ts'
import { ENTITIES } from '../../shared/model/entity.ts'
import { type EnumerationName, labelOf } from '../../shared/model/enumerations.ts'
import {
  type CellValue,
  type Report,
  type ReportColumn,
  type ReportTable,
  ROUNDING_NOTE,
  sumKnown,
} from '../../shared/report/model.ts'
import { type IdleFigures, idleFee, idleReasons } from '../../shared/rules/idle.ts'
import { ratio } from '../../shared/rules/indicators.ts'
import { STANDARD_INDICATORS, standardShortfalls } from '../../shared/rules/standard-land.ts'
import { activeBoundary, findBoundary } from '../boundary/boundary-repo.ts'
import type { Store } from '../db/store.ts'
import { chinaDate } from '../reports/output.ts'
import { inMu, mu, numberColumn, textColumn } from '../reports/zone-report-parts.ts'
import { unitNames } from '../zones/zones-repo.ts'
import { type BookRecord, bookRecords, checkSummary } from './books-repo.ts'

interface Column {
  readonly column: ReportColumn
  readonly read: (row: BookRecord) => CellValue
  /** What the last row shows of all records. */
  readonly sum?: (rows: readonly BookRecord[]) => number | null
}

const TITLES: Readonly<Record<BookName, string>> = {
  reclamation: '退出复垦台账',
  idle_case: '疑似闲置土地台账',
  standard_land: '标准地台账',
  small_park: '小微企业园台账',
  two_high: '两高项目台账',
  compliance_check: '合规检查台账',
}

const text = (title: string, field: string, width = 1.6): Column => ({
  column: textColumn(title, width),
  read: row => (row[field] as string | null) ?? null,
})
const code = (title: string, field: string, list: EnumerationName): Column => ({
  column: textColumn(title, 1.2),
  read: row => (row[field] == null ? null : labelOf(list, String(row[field]))),
})
const rawSum = (rows: readonly BookRecord[], field: string): number | null =>
  sumKnown(rows.map(row => row[field] as number | null))
const amount = (title: string, field: string, unit: string): Column => ({
  column: numberColumn(title, unit),
  read: row => (row[field] as number | null) ?? null,
  sum: rows => rawSum(rows, field),
})
/** m² as stored, printed in 亩: converted once, after summing. */
const land = (title: string, field: string): Column => ({
  column: mu(title),
  read: row => inMu((row[field] as number | null) ?? null),
  sum: rows => inMu(rawSum(rows, field)),
})
const parcel: Column = { column: textColumn('地块编号', 2.4), read: row => row.place.parcel }
const enterprise: Column = { column: textColumn('企业', 2.6), read: row => row.place.enterprise }
const derived = (title: string, width: number, read: Column['read']): Column => ({
  column: textColumn(title, width),
  read,
})

const REASONS = {
  not_started: '约定动工日满一年未动工',
  little_developed: '停工满一年且已动工面积不足应动工三分之一',
  little_invested: '停工满一年且已投资不足总投资 25%',
} as const

const percent = (title: string, over: string, under: string): Column => ({
  column: numberColumn(title, '%', 1),
  read: row => {
    const share = ratio(row[over] as number | null, row[under] as number | null)
    return share === null ? null : share * 100
  },
})

/** The record's fields are those that the tests ask for. */
const reasonsOf = (row: BookRecord, today: string) => idleReasons(row as IdleFigures, today)
const feeOf = (row: BookRecord, today: string): number | null =>
  reasonsOf(row, today).length > 0 ? idleFee(row['land_price'] as number | null) : null

const DAY_MS = 86_400_000

/** Days from an ISO date to another; null while the date is not known or still to come. */
function daysPast(date: unknown, today: string): number | null {
  if (typeof date !== 'string' || date >= today) return null
  return Math.round((Date.parse(today) - Date.parse(date)) / DAY_MS)
}

function columnsOf(book: BookName, today: string): Column[] {
  switch (book) {
    case 'reclamation':
      return [
        parcel,
        enterprise,
        text('项目名称', 'project_name', 2.4),
        text('项目编号', 'project_no'),
        text('立项批文', 'approval_doc'),
        {
          column: mu('地块界外'),
          read: row => inMu(row.place.area_out_m2),
        },
        land('复垦面积', 'area_m2'),
        land('新增耕地', 'new_farmland_m2'),
        land('其中水田', 'paddy_m2'),
        land('其中旱地', 'dry_m2'),
        text('质量等别(前)', 'quality_before'),
        text('质量等别(后)', 'quality_after'),
        text('施工单位', 'contractor'),
        text('开工', 'started_on'),
        text('竣工', 'finished_on'),
        text('验收日期', 'accepted_on'),
        text('验收文号', 'acceptance_doc'),
        land('节余指标', 'quota_m2'),
        amount('投资', 'investment', '万元'),
        { column: numberColumn('补偿', '万元/亩'), read: row => (row['compensation_per_mu'] as number | null) ?? null },
        text('管护主体', 'keeper'),
      ]
    case 'idle_case':
      return [
        parcel,
        enterprise,
        text('合同编号', 'contract_no'),
        text('电子监管号', 'supervision_no'),
        text('交付', 'delivered_on'),
        text('约定动工', 'agreed_start'),
        text('约定竣工', 'agreed_completion'),
        text('实际动工', 'actual_start'),
        text('停工', 'stopped_on'),
        percent('已动工比例', 'developed_area_m2', 'due_area_m2'),
        percent('已投资比例', 'actual_investment', 'total_investment'),
        derived(
          '疑似理由',
          3,
          row =>
            reasonsOf(row, today)
              .map(reason => REASONS[reason])
              .join(';') || null,
        ),
        {
          column: numberColumn('超约定动工', '天', 0),
          read: row => (row['actual_start'] ? null : daysPast(row['agreed_start'], today)),
        },
        amount('土地价款', 'land_price', '万元'),
        {
          column: numberColumn('闲置费测算', '万元'),
          read: row => feeOf(row, today),
          sum: rows => sumKnown(rows.map(row => feeOf(row, today))),
        },
        code('原因', 'cause', 'idle_cause'),
        text('处置阶段', 'stage'),
        text('认定书号', 'finding_no'),
        text('收回决定书号', 'recovery_no'),
      ]
    case 'standard_land':
      return [
        parcel,
        enterprise,
        text('协议号', 'agreement_no'),
        ...STANDARD_INDICATORS.map(({ key, zh, unit }): Column => {
          const part = (row: BookRecord, side: string) =>
            ((row[side] as Record<string, number | null> | null) ?? {})[key] ?? '—'
          return derived(`${zh}(承诺/实际${unit ? `,${unit}` : ''})`, 1.8, row => {
            const pair = [part(row, 'committed'), part(row, 'actual')]
            return pair.every(value => value === '—') ? null : pair.join(' / ')
          })
        }),
        derived(
          '未达标',
          2,
          row =>
            standardShortfalls(row)
              .map(item => item.zh)
              .join('、') || null,
        ),
        text('竣工核验', 'construction_checked_on'),
        text('达产复核', 'production_checked_on'),
        text('违约责任', 'breach', 2.4),
      ]
    case 'small_park':
      return [
        text('园区名称', 'name', 2.6),
        { column: numberColumn('星级', '', 0), read: row => (row['star'] as number | null) ?? null },
        land('用地', 'land_m2'),
        amount('建筑面积', 'floor_area_m2', 'm²'),
        { ...amount('入驻企业', 'firms', '家'), column: numberColumn('入驻企业', '家', 0) },
        text('主导产业', 'industry'),
        text('建成日期', 'completed_on'),
        text('备注', 'remark', 2.4),
      ]
    case 'two_high':
      return [
        text('项目名称', 'project_name', 2.6),
        text('项目代码', 'project_code'),
        enterprise,
        text('行业代码', 'industry_code', 1),
        code('阶段', 'status', 'project_stage'),
        amount('综合能耗', 'energy_tce', 'tce'),
        amount('工业增加值', 'value_added', '万元'),
        {
          column: numberColumn('单位增加值能耗', 'tce/万元', 3),
          read: row => ratio(row['energy_tce'] as number | null, row['value_added'] as number | null),
        },
        text('节能审查', 'energy_doc'),
        text('环评', 'environment_doc'),
        code('处置', 'decision', 'two_high_decision'),
        text('完成时限', 'due_date'),
        derived('提示', 1.6, row => {
          const days = row['status'] === 'stopped' ? null : daysPast(row['due_date'], today)
          return days === null ? null : `逾期 ${days} 天`
        }),
        text('备注', 'remark', 2),
      ]
    case 'compliance_check':
      return [
        enterprise,
        code('维度', 'dimension', 'dimension'),
        text('检查内容', 'item', 2.6),
        code('结果', 'result', 'check_result'),
        text('依据', 'legal_basis', 2.4),
        code('责任部门', 'department', 'department'),
        text('整改期限', 'deadline'),
        text('整改完成', 'rectified_at'),
        derived('闭环', 1.6, row => {
          if (row['result'] !== 'fail') return null
          if (row['rectified_at']) return '已整改'
          const days = daysPast(row['deadline'], today)
          if (days !== null) return `逾期 ${days} 天`
          return row['deadline'] ? '整改中' : '未定期限'
        }),
      ]
  }
}

/** The register of one unit or of all. */
export function bookReport(store: Store, book: BookName, unit: string | undefined): Report {
  const db = store.read
  const today = chinaDate(store.now())
  const units = unitNames(db)
  const records = bookRecords(db, book, unit)
  const place: Column = {
    column: textColumn('考核单位', 1.6),
    read: row => (row.place.unit === null ? null : (units.get(row.place.unit) ?? row.place.unit)),
  }
  const columns = [place, ...columnsOf(book, today)]
  const rows = records.map((row, index) => [index + 1, ...columns.map(({ read }) => read(row))])
  const totals: CellValue[] = [null, ...columns.map(({ sum }) => sum?.(records) ?? null)]
  totals[1] = `合计 ${records.length}`
  const active = activeBoundary(db)
  const boundary = active && findBoundary(db, active.id)
  return {
    title: TITLES[book],
    header: [
      ['单位', unit === undefined ? '全市' : (units.get(unit) ?? unit)],
      ['截至日期', today],
      ['面积口径', '椭球面积'],
      ['边界版本', boundary?.name ?? '—'],
      ['填表人', store.profile().user || '—'],
      ['审核人', '—'],
    ],
    summary: {
      title: TITLES[book],
      columns: [numberColumn('序号', '', 0), ...columns.map(({ column }) => column)],
      rows,
      totals,
      footnote: footnoteOf(book, records),
    },
    notes: [`制表日期 ${today};数据修订号 ${store.revision()}。`],
    chapters:
      book === 'compliance_check'
        ? [
            {
              title: '合规检查汇总',
              code: '按维度汇总',
              sections: [
                { heading: '维度与部门', paragraphs: [], tables: [summaryTable(store, unit, today)], figures: [] },
              ],
            },
          ]
        : [],
    zones: [],
    signature: ['填表单位(盖章):', '填表人:', '审核人:', '日期:    年  月  日'],
    provenance: { boundaryId: boundary?.id ?? null, revision: store.revision(), zoneIds: [] },
  }
}

function summaryTable(store: Store, unit: string | undefined, today: string): ReportTable {
  const rows = checkSummary(store.read, unit, today)
  const counts = ['checked', 'failed', 'rectified', 'open', 'overdue', 'without_deadline'] as const
  return {
    title: `${ENTITIES.compliance_check.zh}汇总`,
    columns: [
      textColumn('维度'),
      textColumn('责任部门'),
      ...['已查', '不合格', '已整改', '未整改', '其中逾期', '其中未定期限'].map(title => numberColumn(title, '项', 0)),
    ],
    rows: rows.map(row => [
      labelOf('dimension', row.dimension),
      row.department === null ? null : labelOf('department', row.department),
      ...counts.map(name => row[name]),
    ]),
    totals: ['合计', null, ...counts.map(name => sumKnown(rows.map(row => row[name])))],
  }
}

function footnoteOf(book: BookName, records: readonly BookRecord[]): string {
  if (book === 'idle_case')
    return '仅为疑似:闲置土地由自然资源主管部门依《闲置土地处置办法》认定;闲置费为土地价款的 20%。'
  if (book === 'small_park') {
    const starred = records.filter(row => Number(row['star'] ?? 0) >= 3).length
    return `三星级及以上 ${starred} 个。${ROUNDING_NOTE}`
  }
  return ROUNDING_NOTE
}

/**
 * The report for A4: a register has up to 22 columns, so those without any value are left out and named, and codes and
 * dates may break after a hyphen.
 */
export function onPaper(report: Report): Report {
  const { columns, rows, totals, footnote } = report.summary
  const kept = columns.map((_, index) => index < 2 || rows.some(row => row[index] !== null))
  const keep = <T>(list: readonly T[]): T[] => list.filter((_, index) => kept[index])
  const empty = columns.filter((_, index) => !kept[index]).map(column => column.title)
  const breakable = (cell: CellValue): CellValue => (typeof cell === 'string' ? cell.replaceAll('-', '-\u200b') : cell)
  const note = rows.length > 0 && empty.length > 0 ? `没有数据、未印的列:${empty.join('、')}。` : ''
  return {
    ...report,
    summary: {
      ...report.summary,
      columns: rows.length > 0 ? keep(columns) : columns,
      rows: rows.map(row => keep(row).map(breakable)),
      ...(totals === undefined ? {} : { totals: rows.length > 0 ? keep(totals) : totals }),
      footnote: `${footnote ?? ''}${note}`,
    },
  }
}
