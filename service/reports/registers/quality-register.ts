/**
 * 导入质检报告 (domain §11.7, 12): counts by the official rule families and the list. Families are those of the provincial
 * checks (§3): 1 files, 2 reference system, 3 attributes, 4 topology, 5 logic, 8 and 9 against other surveys.
 */
import { AppError } from '../../../shared/contract/errors.ts'
import type { Report } from '../../../shared/report/model.ts'
import { all, get } from '../../db/sql.ts'
import type { Store } from '../../db/store.ts'
import { issueOf } from '../../imports/batches.ts'
import { RULE_LABELS, SEVERITIES } from '../../imports/issues-report.ts'
import {
  commonCautions,
  numberCells,
  type RegisterColumn,
  type RegisterFilter,
  registerReport,
  registerTable,
  summedCells,
  textCells,
} from './frame.ts'

/** Family and, where there is one of the same meaning, the code of the provincial check. */
const FAMILIES: Readonly<Record<string, readonly [family: string, code: string | null]>> = {
  bad_properties: ['1 目录文件', null],
  surplus_cells: ['1 目录文件', null],
  cell_error: ['1 目录文件', null],
  not_finite: ['2 数学基础', '2201'],
  out_of_range: ['2 数学基础', '2201'],
  outside_guard: ['2 数学基础', '2201'],
  z_dropped: ['2 数学基础', null],
  required: ['3 属性', '3101'],
  invalid_enum: ['3 属性', '3201'],
  invalid_value: ['3 属性', '3201'],
  unit_converted: ['3 属性', '3201'],
  uscc_invalid: ['3 属性', '3201'],
  year_missing: ['3 属性', '3101'],
  unknown_unit: ['3 属性', '3301'],
  duplicate_code: ['3 属性', '3302'],
  code_exists: ['3 属性', '3302'],
  code_proposed: ['3 属性', '3302'],
  area_mismatch: ['3 属性', '3401'],
  geometry_missing: ['4 图形', '4101'],
  geometry_type: ['4 图形', '4101'],
  geometry_empty: ['4 图形', '4101'],
  bad_coordinates: ['4 图形', '4101'],
  ring_not_closed: ['4 图形', '4101'],
  too_few_points: ['4 图形', '4101'],
  duplicate_point: ['4 图形', '4101'],
  spike: ['4 图形', '4101'],
  self_intersection: ['4 图形', '4101'],
  ring_self_touch: ['4 图形', '4101'],
  rings_cross: ['4 图形', '4101'],
  hole_outside_shell: ['4 图形', '4101'],
  hole_inside_hole: ['4 图形', '4101'],
  parts_overlap: ['4 图形', '4101'],
  zero_area: ['4 图形', '4201'],
  sliver: ['4 图形', '4201'],
  overlap: ['4 图形', '4101'],
  duplicate_geometry: ['4 图形', '4101'],
  matched_by_geometry: ['5 逻辑一致', '5101'],
  parcel_not_found: ['5 逻辑一致', '5101'],
  ambiguous_match: ['5 逻辑一致', '5101'],
}
const OTHER: readonly [string, string | null] = ['其他', null]

/** On paper a longer list is read by nobody; the import page gives all of it. */
const LISTED = 2000

interface RuleRow {
  readonly rule: string
  readonly severity: string
  readonly n: number
}

interface IssueLine {
  readonly file: string
  readonly issue: ReturnType<typeof issueOf>
}

export function qualityRegister(store: Store, filter: RegisterFilter): Report {
  const batches = all<{ id: string; file: string; at: string; undone_at: string | null }>(
    store.read,
    'SELECT id, file, at, undone_at FROM import_batch WHERE (:batch IS NULL OR id = :batch) ORDER BY seq',
    { batch: filter.batch ?? null },
  )
  if (filter.batch !== undefined && batches.length === 0)
    throw new AppError('not_found', '找不到这次导入(预览已过期或批次不存在)', { reason: 'batch_not_found' })
  // What was taken back is no part of the data any more, unless it is asked for by name.
  const counted = batches.filter(batch => filter.batch !== undefined || batch.undone_at === null)
  const ids = JSON.stringify(counted.map(batch => batch.id))
  const rules = all<RuleRow>(
    store.read,
    `SELECT rule, severity, count(*) AS n FROM qc_issue WHERE batch_id IN (SELECT value FROM json_each(?))
     GROUP BY rule, severity`,
    [ids],
  )
  rules.sort((a, b) => {
    const [one, other] = [familyOf(a.rule), familyOf(b.rule)]
    return compare(one[0], other[0]) || compare(one[1] ?? '', other[1] ?? '') || b.n - a.n || compare(a.rule, b.rule)
  })
  const columns: RegisterColumn<RuleRow>[] = [
    textCells('规则族', 1.6, row => familyOf(row.rule)[0]),
    textCells('质检代码', 1.2, row => familyOf(row.rule)[1]),
    textCells('规则', 3, row => RULE_LABELS[row.rule] ?? row.rule),
    textCells('级别', 1.6, row => SEVERITIES[row.severity] ?? row.severity),
    summedCells('数量', '条', 0, row => row.n),
  ]
  const issues = all<Parameters<typeof issueOf>[0] & { batch_id: string }>(
    store.read,
    `SELECT batch_id, row_index, entity_id, rule, severity, field, message, message_values FROM qc_issue
     WHERE batch_id IN (SELECT value FROM json_each(?)) ORDER BY batch_id, row_index, seq LIMIT ${LISTED}`,
    [ids],
  )
  const files = new Map(counted.map(batch => [batch.id, batch.file]))
  const lines: IssueLine[] = issues.map(row => ({ file: files.get(row.batch_id) ?? '', issue: issueOf(row) }))
  const list: RegisterColumn<IssueLine>[] = [
    numberCells('序号', '', 0, (_, index) => index + 1),
    textCells('文件', 2.4, line => line.file),
    numberCells('行', '', 0, line => line.issue.row ?? null),
    textCells('级别', 1.3, line => SEVERITIES[line.issue.severity] ?? line.issue.severity),
    textCells('规则', 2, line => RULE_LABELS[line.issue.code] ?? line.issue.code),
    textCells('说明', 4, line => line.issue.message),
  ]
  const total = get<{ n: number }>(
    store.read,
    'SELECT count(*) AS n FROM qc_issue WHERE batch_id IN (SELECT value FROM json_each(?))',
    [ids],
  )!.n
  const heading = total > LISTED ? `共 ${total} 条，列出前 ${LISTED} 条` : `共 ${total} 条`
  const sums = sumsOf(store, ids)
  const tail = total > LISTED ? ['全部问题见“导入”页的质检表。'] : total === 0 ? ['没有发现问题。'] : []
  return registerReport(
    store,
    filter,
    {
      title: '导入质检报告',
      table: registerTable(
        '导入质检汇总',
        columns,
        rules,
        '规则族和代码按浙江省调查数据库质检规则；8、9 类(与三调成果比对、增量库比对)须有对应成果，本系统不检查。',
      ),
      notes: [`导入 ${counted.length} 批：读入 ${sums.read} 条，拒绝 ${sums.rejected} 条，修复 ${sums.repaired} 条。`],
      chapters: [
        {
          title: '问题清单',
          code: '问题清单',
          sections: [
            {
              heading,
              paragraphs: tail,
              tables: lines.length === 0 ? [] : [registerTable('问题清单', list, lines)],
              figures: [],
            },
          ],
        },
      ],
    },
    counted.length === 0 ? commonCautions(store, filter, 0, false) : [],
  )
}

function familyOf(rule: string): readonly [string, string | null] {
  return FAMILIES[rule] ?? OTHER
}

function sumsOf(store: Store, ids: string): { read: number; rejected: number; repaired: number } {
  return get(
    store.read,
    `SELECT coalesce(sum(json_extract(counts, '$.read')), 0) AS read, coalesce(sum(json_extract(counts, '$.rejected')), 0) AS rejected,
       coalesce(sum(json_extract(counts, '$.repaired')), 0) AS repaired
     FROM import_batch WHERE id IN (SELECT value FROM json_each(?))`,
    [ids],
  )!
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
