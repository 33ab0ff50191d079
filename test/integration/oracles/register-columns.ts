/** Registers 8, 10 and 11 of domain §11.7, column by column: title → SQL over the raw tables; areas in 亩. */
const mu = (field: string) => `${field} * 3 / 2000.0`
const UNIT = '(SELECT coalesce((SELECT u.name FROM report_unit u WHERE u.code = p.unit AND u.deleted = 0), p.unit))'
const PLACE = 'row_number() OVER (ORDER BY p.unit, p.code, r.pk)'
const SINCE = 'CASE WHEN r.actual_start IS NULL THEN r.agreed_start ELSE r.stopped_on END'
const STOPPED = `r.actual_start IS NOT NULL AND date(r.stopped_on, '+1 year') <= :today`

export interface RegisterOracle {
  readonly from: string
  readonly cells: Readonly<Record<string, string>>
}

export const REGISTER_ORACLES: Readonly<Record<'idle' | 'reclamation' | 'crossing', RegisterOracle>> = {
  idle: {
    from: 'idle_case r JOIN parcel p ON p.id = r.parcel_id AND p.deleted = 0 WHERE r.deleted = 0 ORDER BY p.unit, p.code, r.pk',
    cells: {
      序号: PLACE,
      考核单位: UNIT,
      地块编号: 'p.code',
      坐落: 'p.location',
      合同编号: 'r.contract_no',
      电子监管号: 'r.supervision_no',
      交付日期: 'r.delivered_on',
      约定动工: 'r.agreed_start',
      约定竣工: 'r.agreed_completion',
      实际动工: 'r.actual_start',
      停工日期: 'r.stopped_on',
      '应动工面积(亩)': mu('r.due_area_m2'),
      '已动工面积(亩)': mu('r.developed_area_m2'),
      '动工比例(%)': '100.0 * r.developed_area_m2 / nullif(r.due_area_m2, 0)',
      '总投资额(万元)': 'r.total_investment',
      '已投资额(万元)': 'r.actual_investment',
      '投资比例(%)': '100.0 * r.actual_investment / nullif(r.total_investment, 0)',
      '闲置天数(天)': `max(0, CAST(julianday(:today) - julianday(${SINCE}) AS INTEGER))`,
      疑似闲置: `coalesce(nullif(concat_ws('、', CASE WHEN r.actual_start IS NULL AND date(r.agreed_start, '+1 year') <= :today THEN '满一年未动工' END,
        CASE WHEN ${STOPPED} AND 3 * r.developed_area_m2 < r.due_area_m2 THEN '动工面积不足三分之一且停工满一年' END,
        CASE WHEN ${STOPPED} AND 4 * r.actual_investment < r.total_investment THEN '投资额不足 25% 且停工满一年' END), ''), '否')`,
      闲置原因: `CASE r.cause WHEN 'ENTERPRISE' THEN '企业原因' WHEN 'GOV' THEN '政府原因' WHEN 'FORCE' THEN '不可抗力' END`,
      处置阶段: 'r.stage',
      认定书号: 'r.finding_no',
      '土地价款(万元)': 'r.land_price',
      '测算闲置费(万元)': `CASE WHEN r.cause = 'ENTERPRISE' AND ((r.actual_start IS NULL AND date(r.agreed_start, '+1 year') <= :today)
        OR (${STOPPED} AND (3 * r.developed_area_m2 < r.due_area_m2 OR 4 * r.actual_investment < r.total_investment))) THEN r.land_price / 5 END`,
      收回决定书号: 'r.recovery_no',
    },
  },
  reclamation: {
    from: 'reclamation r JOIN parcel p ON p.id = r.parcel_id WHERE r.deleted = 0 ORDER BY p.unit, p.code, r.pk',
    cells: {
      序号: PLACE,
      考核单位: UNIT,
      复垦项目名称: 'r.project_name',
      项目编号: 'r.project_no',
      立项批文: 'r.approval_doc',
      拆旧地块编号: 'p.code',
      '地块界外面积(亩)': mu('p.area_out_m2'),
      '复垦面积(亩)': mu('r.area_m2'),
      '新增耕地(亩)': mu('r.new_farmland_m2'),
      '其中水田(亩)': mu('r.paddy_m2'),
      '其中旱地(亩)': mu('r.dry_m2'),
      '质量等别(前)': 'r.quality_before',
      '质量等别(后)': 'r.quality_after',
      检测报告等附件: `(SELECT nullif(count(*), 0) || ' 份' FROM attachment a WHERE a.deleted = 0 AND a.owner_entity = 'reclamation' AND a.owner_id = r.id)`,
      施工单位: 'r.contractor',
      开工日期: 'r.started_on',
      竣工日期: 'r.finished_on',
      验收日期: 'r.accepted_on',
      验收文号: 'r.acceptance_doc',
      '节余指标(亩)': mu('r.quota_m2'),
      '投资(万元)': 'r.investment',
      '补偿(万元/亩)': 'r.compensation_per_mu',
      管护主体: 'r.keeper',
      核对: `coalesce(nullif(concat_ws('、', CASE WHEN r.new_farmland_m2 > r.area_m2 * 1.01 THEN '新增耕地大于复垦面积' END,
        CASE WHEN r.area_m2 > p.area_out_m2 * 1.01 THEN '复垦面积大于界外面积' END,
        CASE WHEN coalesce(r.paddy_m2, 0) + coalesce(r.dry_m2, 0) > r.new_farmland_m2 * 1.01 THEN '水田与旱地之和大于新增耕地' END), ''),
        CASE WHEN r.new_farmland_m2 + r.area_m2 + p.area_out_m2 IS NOT NULL THEN '符合' END)`,
    },
  },
  crossing: {
    from: `parcel p JOIN (SELECT 0 AS pk) r WHERE p.deleted = 0 AND (p.side = 'crossing' OR (p.side IN ('inside', 'outside') AND p.side_marked <> p.side)) ORDER BY p.unit, p.code`,
    cells: {
      考核单位: UNIT,
      地块: `p.code || coalesce(' ' || p.name, '')`,
      '总面积(亩)': mu('p.area_m2'),
      '界内(亩)': mu('p.area_in_m2'),
      '界外(亩)': mu('p.area_out_m2'),
      '界内比例(%)': '100 * p.area_in_m2 / (p.area_in_m2 + p.area_out_m2)',
      系统判定: `CASE p.side WHEN 'inside' THEN '界内' WHEN 'outside' THEN '界外' ELSE '跨界' END`,
      人工标注: `CASE p.side_marked WHEN 'inside' THEN '界内' WHEN 'outside' THEN '界外' WHEN 'crossing' THEN '跨界' END`,
      差异: `CASE WHEN p.side_marked IS NULL THEN NULL WHEN p.side_marked = p.side THEN '一致' ELSE '不一致' END`,
      资规意见: 'p.boundary_opinion',
    },
  },
}
