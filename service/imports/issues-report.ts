/** The defect report (质检报告) as XLSX: counts by rule, then every issue. Text of the file never becomes a formula. */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import ExcelJS from 'exceljs'
import type { Db } from '../db/open.ts'
import { all, iterate } from '../db/sql.ts'
import { issueOf } from './batches.ts'

export const RULE_LABELS: Readonly<Record<string, string>> = {
  geometry_missing: '没有几何',
  geometry_type: '几何类型不是面',
  geometry_empty: '几何为空',
  bad_coordinates: '坐标结构错误',
  bad_properties: '属性结构错误',
  not_finite: '坐标非数值',
  out_of_range: '坐标超出范围',
  outside_guard: '在调查范围之外',
  ring_not_closed: '环未闭合',
  too_few_points: '环点数不足',
  duplicate_point: '重复点',
  spike: '尖刺',
  self_intersection: '环自相交',
  ring_self_touch: '环自身相接',
  rings_cross: '环与环相交',
  hole_outside_shell: '内环在外环之外',
  hole_inside_hole: '内环套内环',
  parts_overlap: '各部分重叠',
  zero_area: '面积为零',
  sliver: '碎片(小于 100 m²)',
  overlap: '与地块重叠',
  duplicate_geometry: '图形重复',
  area_mismatch: '面积与图形不符',
  duplicate_code: '编号重复',
  code_exists: '编号已存在',
  code_proposed: '编号为系统拟定',
  matched_by_geometry: '按图形对应',
  required: '必填项缺失',
  unknown_unit: '单位无法识别',
  invalid_enum: '值不在可选范围',
  invalid_value: '值无法识别',
  uscc_invalid: '信用代码有误',
  parcel_not_found: '找不到关联地块',
  year_missing: '缺少年度',
  renamed: '企业更名',
  contradiction: '数据矛盾',
  ambiguous_match: '对应多家企业',
  surplus_cells: '单元格多于表头',
  cell_error: '公式无结果',
  z_dropped: '高程未导入',
  unit_converted: '单位已换算',
}

export const SEVERITIES: Readonly<Record<string, string>> = { error: '错误(未导入)', warning: '警告', info: '提示' }

/** Excel, WPS and LibreOffice run cells that begin with these signs when a file is saved as CSV and opened again. */
function asText(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}

/** Writes the report of one batch or dry run to `file`; returns the number of issues. The file appears whole or not at all. */
export async function writeIssuesReport(
  db: Db,
  source: string,
  run: { file: string; kind: string },
  file: string,
): Promise<number> {
  mkdirSync(dirname(file), { recursive: true })
  const partial = `${file}.partial`
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({
    filename: partial,
    useStyles: true,
    useSharedStrings: false,
  })
  let rows = 0
  try {
    const counts = workbook.addWorksheet('汇总', { views: [{ state: 'frozen', ySplit: 2 }] })
    counts.columns = [{ width: 24 }, { width: 20 }, { width: 16 }, { width: 10 }]
    counts.addRow([asText(`导入质检报告：${run.file}`)]).commit()
    header(counts.addRow(['规则', '代码', '级别', '数量']))
    const summary = all<{ rule: string; severity: string; n: number }>(
      db,
      'SELECT rule, severity, count(*) AS n FROM qc_issue WHERE batch_id = ? GROUP BY rule, severity ORDER BY n DESC, rule',
      [source],
    )
    for (const { rule, severity, n } of summary)
      counts.addRow([RULE_LABELS[rule] ?? rule, rule, SEVERITIES[severity] ?? severity, n]).commit()
    counts.addRow(['合计', '', '', summary.reduce((sum, line) => sum + line.n, 0)]).commit()
    counts.commit()
    const list = workbook.addWorksheet('明细', { views: [{ state: 'frozen', ySplit: 1 }] })
    list.columns = [8, 12, 22, 60, 16, 12, 12, 14, 14].map(width => ({ width }))
    header(list.addRow(['序号', '级别', '规则', '说明', '字段', '经度', '纬度', '原面积(m²)', '修复后面积(m²)']))
    const select =
      'SELECT row_index, entity_id, rule, severity, field, message, message_values FROM qc_issue WHERE batch_id = ? ORDER BY row_index, seq'
    for (const row of iterate<Parameters<typeof issueOf>[0] & { message_values: string }>(db, select, [source])) {
      const issue = issueOf(row)
      const { row: place } = JSON.parse(row.message_values) as { row?: number }
      list
        .addRow([
          issue.index < 0 ? '' : (place ?? issue.index + 1),
          SEVERITIES[issue.severity],
          RULE_LABELS[issue.code] ?? issue.code,
          asText(issue.message),
          issue.field ? asText(issue.field) : '',
          issue.lng ?? null,
          issue.lat ?? null,
          issue.area_before_m2 ?? null,
          issue.area_after_m2 ?? null,
        ])
        .commit()
      rows++
    }
    list.commit()
    await workbook.commit()
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
  return rows
}

function header(row: ExcelJS.Row): void {
  row.font = { bold: true }
  row.commit()
}
