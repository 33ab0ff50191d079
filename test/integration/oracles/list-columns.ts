/**
 * 企业清单台账, 地块台账, 合规检查汇总 and 导入质检报告 (domain §11.7: 1, 3, 9, 12), column by column: title → SQL over the raw
 * tables; `:today` and `:year` are filled in by `oracleRows`. Areas in 亩.
 */
import { expect } from 'vitest'
import type { Store } from '../../../service/db/store.ts'
import { ENUMERATIONS, type EnumerationName } from '../../../shared/model/enumerations.ts'
import type { CellValue } from '../../../shared/report/model.ts'

export interface ListOracle {
  readonly from: string
  readonly cells: Readonly<Record<string, string>>
}

export const mu = (field: string) => `${field} * 3 / 2000.0`
/** Printed word of a stored code. */
export const word = (name: EnumerationName, code: string) =>
  `CASE ${code} ${ENUMERATIONS[name].map(entry => `WHEN '${entry.code}' THEN '${entry.zh}'`).join(' ')} ELSE ${code} END`
export const unitName = (code: string) =>
  `coalesce((SELECT u.name FROM report_unit u WHERE u.code = ${code} AND u.deleted = 0), ${code})`

const figure = (field: string, year: string) =>
  `(SELECT y.${field} FROM enterprise_year y WHERE y.enterprise_id = e.id AND y.year = ${year} AND y.deleted = 0)`
const rated = (year: string) => `(SELECT coalesce(y.class, y.computed_class || '(测算)') FROM enterprise_year y
  WHERE y.enterprise_id = e.id AND y.year = ${year} AND y.deleted = 0)`
/** What stands: the newest approved plan; while there is none the newest. */
const ACTING = `(SELECT n.id FROM plan n WHERE n.enterprise_id = e.id AND n.deleted = 0 AND (n.status = 'approved') = EXISTS (
  SELECT 1 FROM plan a WHERE a.enterprise_id = e.id AND a.deleted = 0 AND a.status = 'approved')
  AND NOT EXISTS (SELECT 1 FROM plan x WHERE x.enterprise_id = e.id AND x.deleted = 0 AND (x.status = 'approved') = (n.status = 'approved')
    AND (x.year, x.version) > (n.year, n.version)))`
const planned = (field: string) => `(SELECT n.${field} FROM plan n WHERE n.id = ${ACTING})`
const measured = (
  field: string,
  mark: string,
) => `(SELECT group_concat(${field}, '${mark}' ORDER BY position) FROM measure m
  WHERE m.plan_id = ${ACTING} AND m.deleted = 0 AND m.${field.includes('type') ? 'type' : 'description'} <> ''
    AND NOT EXISTS (SELECT 1 FROM measure b WHERE b.plan_id = m.plan_id AND b.deleted = 0 AND b.position < m.position
      AND b.${field.includes('type') ? 'type = m.type' : 'description = m.description'}))`
const used = (what: string) => `(SELECT ${what} FROM parcel p WHERE p.deleted = 0 AND EXISTS (
  SELECT 1 FROM occupancy o WHERE o.enterprise_id = e.id AND o.parcel_id = p.id AND o.deleted = 0))`
const entry = (what: string) => `(SELECT ${what} FROM list_entry l WHERE l.enterprise_id = e.id AND l.deleted = 0)`
const perMu = (year: string) => `${figure('tax', year)} * 1.0 / nullif(${figure('land_mu_actual', year)}, 0)`

/** 企业清单台账 of a year. */
export function ledgerOracle(year: number): ListOracle {
  const [now, before] = [String(year), String(year - 1)]
  return {
    from: 'enterprise e WHERE e.deleted = 0 ORDER BY e.unit, e.code',
    cells: {
      序号: 'row_number() OVER (ORDER BY e.unit, e.code)',
      考核单位: unitName('e.unit'),
      乡镇: unitName('e.town'),
      企业名称: 'e.name',
      统一社会信用代码: 'e.uscc',
      行业: 'e.industry_code',
      '规上/规下': word('scale', figure('scale', now)),
      是否园区内: `CASE e.in_park WHEN 1 THEN '是' WHEN 0 THEN '否' END`,
      [`评价等级(${before})`]: rated(before),
      [`评价等级(${now})`]: rated(now),
      '实际用地(亩)': figure('land_mu_actual', now),
      '评价税收(万元)': figure('tax', now),
      [`亩均税收(${before}，万元/亩)`]: perMu(before),
      [`亩均税收(${now}，万元/亩)`]: perMu(now),
      '增加值(万元)': figure('value_added', now),
      '能耗(tce)': figure('energy_tce', now),
      '单位增加值能耗(tce/万元)': `${figure('energy_tce', now)} * 1.0 / nullif(${figure('value_added', now)}, 0)`,
      经营状态: word('operating_status', 'e.op_status'),
      命中规则: entry(
        `(SELECT nullif(group_concat(CASE j.type WHEN 'object' THEN json_extract(j.value, '$.id') ELSE j.value END, '、'), '') FROM json_each(l.hit_rules) j)`,
      ),
      整治提升理由: planned('problems'),
      整治方式: measured(word('measure_type', 'm.type'), '、'),
      整治措施: measured('m.description', '；'),
      开发边界: used(
        `nullif(concat_ws('、', CASE WHEN total(p.side = 'inside') > 0 THEN '界内' END, CASE WHEN total(p.side = 'outside') > 0 THEN '界外' END,
          CASE WHEN total(p.side = 'crossing') > 0 THEN '跨界' END, CASE WHEN total(coalesce(p.side, 'unknown') = 'unknown') > 0 THEN '未判定' END), '')`,
      ),
      界内亩: used(mu('sum(p.area_in_m2)')),
      界外亩: used(mu('sum(p.area_out_m2)')),
      '预计腾出用地(亩)': planned('freed_mu'),
      '预计腾出能耗(tce)': planned('freed_tce'),
      计划完成时间: planned('due_date'),
      牵头单位: word('department', planned(`departments ->> '$[0]'`)),
      责任人: planned('responsible'),
      状态: word('state', entry('l.state')),
      销号日期: entry(`CASE WHEN l.state IN ('S7', 'S8') THEN l.counted_at END`),
      备注: 'e.remark',
    },
  }
}

const kept = (...names: string[]) =>
  `coalesce(${names
    .map(
      name => `(SELECT x.value FROM json_each(p.extra) x WHERE upper(x.key) = '${name}' AND x.value <> ''
        AND x.type IN ('text', 'integer', 'real'))`,
    )
    .join(', ')}, NULL)`
const firms = (
  roles: string,
) => `(SELECT group_concat(e.name, '、' ORDER BY e.code) FROM enterprise e WHERE e.deleted = 0 AND e.id IN (
  SELECT o.enterprise_id FROM occupancy o WHERE o.parcel_id = p.id AND o.deleted = 0 AND o.role IN (${roles})))`

/** 地块台账: 表1-2 and four columns of our own, in their order; two of its titles differ only by what stands in brackets. */
export const PARCEL_ORACLE: ListOracle = {
  from: 'parcel p WHERE p.deleted = 0 ORDER BY p.unit, p.code',
  cells: {
    调查单元编号: 'coalesce(p.dcdybh, p.code)',
    '所在镇(街道)': unitName('p.town'),
    所在调查区编号: 'p.dcqbh',
    包含宗地编号: 'p.zdbh',
    '面积(亩)': mu('p.area_m2'),
    使用状况: word('use_state', 'p.use_state'),
    '历史遗留用地面积(亩)': mu(kept('QZLSYLYDMJ')),
    是否纳入城中村改造: kept('SFCZC'),
    拟改造模式: kept('GZMS'),
    工作进展: `coalesce(${kept('GZJZ')}, ${word('state', 'p.state')})`,
    规划用途: 'p.plan_use',
    是否低效: `coalesce(${kept('SFDX')}, CASE WHEN json_array_length(p.ineff_types) > 0 THEN '是' END)`,
    是否三地: kept('SFSD'),
    是否拆后土地: kept('SFCHTD'),
    产权人: 'p.right_holder',
    '土地证/不动产权证号': 'p.cert_no',
    土地登记时间: 'p.reg_date',
    '登记面积(亩)': mu('p.area_registered_m2'),
    '使用权类型(登记)': word('acquisition', 'p.acquire'),
    登记用途: kept('DJYT', '登记用途'),
    用地单位: firms("'OWNER'"),
    批准文号: kept('PZWH', '批准文号'),
    批准时间: kept('PZSJ', '批准时间'),
    '批准面积(亩)': mu('p.area_approved_m2'),
    批准用途: kept('PZYT', '批准用途'),
    '使用权类型(审批)': kept('SYQLX'),
    现状土地使用人: `coalesce(${firms("'TENANT', 'ACTUAL_USER'")}, ${firms("'OWNER'")})`,
    用地发生时间: kept('YDSJ', '用地发生时间'),
    处罚文号: kept('CFWH', '处罚文号'),
    现状地类: `CASE p.land_class WHEN '0601' THEN '0601 工业用地' WHEN '0602' THEN '0602 采矿用地' WHEN '1001' THEN '1001 工业用地'
      WHEN '0508' THEN '0508 物流仓储用地' WHEN '1101' THEN '1101 物流仓储用地' WHEN '100101' THEN '100101 一类工业用地'
      WHEN '100102' THEN '100102 二类工业用地' WHEN '100103' THEN '100103 三类工业用地' ELSE p.land_class END`,
    权属性质: word('ownership', 'p.ownership'),
    现状用途: 'p.cur_use',
    产业类型: kept('CYLX', '产业类型'),
    容积率: 'p.far',
    '建筑密度(%)': 'p.density',
    '地均固定资产投资(万元/亩)': `coalesce(${kept('DJGDZCTZ')}, p.invest_intensity)`,
    '地均入库税金(万元/亩)': `(SELECT sum(y.tax) * 1.0 / nullif(sum(y.land_mu_actual), 0) FROM enterprise_year y
      WHERE y.deleted = 0 AND y.year = (SELECT max(year) FROM enterprise_year WHERE deleted = 0) AND y.tax + y.land_mu_actual IS NOT NULL
        AND EXISTS (SELECT 1 FROM occupancy o JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
          WHERE o.parcel_id = p.id AND o.deleted = 0 AND e.id = y.enterprise_id))`,
    环境状况: kept('HJZK', '环境状况'),
    基础设施配套: kept('JCSSPTSP', '基础设施配套'),
    '开发边界(边界侧)': word('side', `coalesce(p.side, 'unknown')`),
    '界内面积(亩)': mu('p.area_in_m2'),
    '界外面积(亩)': mu('p.area_out_m2'),
    连片区域: `(SELECT group_concat(z.code, '、' ORDER BY z.code) FROM zone z WHERE z.deleted = 0 AND EXISTS (
      SELECT 1 FROM zone_member m WHERE m.zone_id = z.id AND m.parcel_id = p.id AND m.deleted = 0))`,
  },
}

/** Checks of live enterprises, by whichever way they belong to one. */
const CHECKS = `(SELECT x.*, e.name AS firm, e.unit AS unit, e.code AS firm_code, x.result = 'fail' AND x.rectified_at IS NULL AS is_open,
    x.result = 'fail' AND x.rectified_at IS NULL AND x.deadline < :today AS is_late
  FROM (SELECT c.*, coalesce(c.enterprise_id, (SELECT n.enterprise_id FROM plan n WHERE n.id = c.plan_id),
      (SELECT v.enterprise_id FROM survey_visit v WHERE v.id = c.visit_id)) AS whose FROM compliance_check c WHERE c.deleted = 0) x
    LEFT JOIN enterprise e ON e.id = x.whose WHERE e.deleted IS NOT 1) k`
/** Place of a code in its list; what is in none comes last. */
const place = (name: EnumerationName, code: string) =>
  `CASE ${code} ${ENUMERATIONS[name].map((each, at) => `WHEN '${each.code}' THEN ${at}`).join(' ')} ELSE 99 END`

/** Without its totals: those are the same columns over all checks. */
export const COMPLIANCE_ORACLE: ListOracle = {
  from: `${CHECKS} GROUP BY k.dimension, k.department ORDER BY ${place('dimension', 'k.dimension')}, ${place('department', 'k.department')}`,
  cells: {
    维度: word('dimension', 'k.dimension'),
    责任部门: word('department', 'k.department'),
    '检查(项)': 'count(*)',
    '合格(项)': `sum(k.result = 'pass')`,
    '不合格(项)': `sum(k.result = 'fail')`,
    '不适用(项)': `sum(k.result = 'not_applicable')`,
    '未查(项)': `sum(k.result = 'unchecked')`,
    '已整改(项)': `sum(k.result = 'fail' AND k.rectified_at IS NOT NULL)`,
    '未闭环(项)': 'sum(k.is_open)',
    '其中逾期(项)': 'total(k.is_late)',
    '闭环率(%)': `100.0 * sum(k.result = 'fail' AND k.rectified_at IS NOT NULL) / nullif(sum(k.result = 'fail'), 0)`,
  },
}
export const COMPLIANCE_TOTALS: ListOracle = { ...COMPLIANCE_ORACLE, from: CHECKS }

export const OPEN_CHECKS_ORACLE: ListOracle = {
  from: `${CHECKS} WHERE k.is_open ORDER BY k.unit, k.firm_code, k.pk`,
  cells: {
    序号: 'row_number() OVER (ORDER BY k.unit, k.firm_code, k.pk)',
    考核单位: unitName('k.unit'),
    企业: 'k.firm',
    维度: word('dimension', 'k.dimension'),
    检查内容: 'k.item',
    责任部门: word('department', 'k.department'),
    整改期限: 'k.deadline',
    是否逾期: `CASE WHEN k.deadline IS NULL THEN NULL WHEN k.is_late THEN '逾期' ELSE '否' END`,
  },
}

/** Of batches that were not taken back; the words of family, code and rule are tables of the register and judged elsewhere. */
export const QUALITY_ORACLE: ListOracle = {
  from: `qc_issue q JOIN import_batch b ON b.id = q.batch_id AND b.undone_at IS NULL ORDER BY q.batch_id, q.row_index, q.seq`,
  cells: {
    序号: 'row_number() OVER (ORDER BY q.batch_id, q.row_index, q.seq)',
    文件: 'b.file',
    行: `CASE WHEN q.row_index >= 0 THEN coalesce(q.message_values ->> '$.row', q.row_index + 1) END`,
    级别: `CASE q.severity WHEN 'error' THEN '错误(未导入)' WHEN 'warning' THEN '警告' ELSE '提示' END`,
    说明: 'q.message',
  },
}

/** Rows of an oracle, cells in the order of its titles. */
export function oracleRows(store: Store, { from, cells }: ListOracle, today: string): CellValue[][] {
  const columns = Object.values(cells).map((cell, index) => `${cell} AS c${index}`)
  return store.read
    .prepare(`SELECT ${columns.join(', ')} FROM ${from}`.replaceAll(':today', `'${today}'`))
    .raw()
    .all() as CellValue[][]
}

/** Every cell of every row: words and unknowns exactly, numbers to 1e-7. `got` holds the cells of the titles of the oracle. */
export function sameRows(
  got: readonly (readonly unknown[])[],
  expected: readonly CellValue[][],
  titles: string[],
): void {
  expect(got).toHaveLength(expected.length)
  for (const [at, row] of expected.entries())
    for (const [index, value] of row.entries()) {
      const shown = got[at]![index] ?? null
      // Tens of thousands of cells: a message is made only for those that differ.
      if (shown === value) continue
      const where = `${titles[index]}, row ${at + 1}`
      if (typeof value === 'number') expect(shown, where).toBeCloseTo(value, 7)
      else expect(shown, where).toBe(value)
    }
}
