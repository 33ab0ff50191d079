/** 标准地台账, 小微企业园台账 and 两高项目台账 (domain §7 and §11.7), column by column: title → SQL over the raw tables. */
import { type ListOracle, mu, unitName, word } from './list-columns.ts'

/** What was promised over what was reached, as it is printed. */
const pair = (key: string) => {
  const [promised, reached] = [`json_extract(r.committed, '$.${key}')`, `json_extract(r.actual, '$.${key}')`]
  return `CASE WHEN coalesce(${promised}, ${reached}) IS NOT NULL THEN coalesce(${promised}, '—') || '/' || coalesce(${reached}, '—') END`
}
/** The name where the figure falls short; comparing with what is unknown gives nothing. */
const short = (key: string, falls: '<' | '>', name: string) =>
  `CASE WHEN json_extract(r.actual, '$.${key}') ${falls} json_extract(r.committed, '$.${key}') THEN '${name}' END`

export const STANDARD_LAND_ORACLE: ListOracle = {
  from: `standard_land r LEFT JOIN parcel p ON p.id = r.parcel_id WHERE r.deleted = 0 ORDER BY p.unit IS NULL, p.unit, r.pk`,
  cells: {
    序号: 'row_number() OVER (ORDER BY p.unit IS NULL, p.unit, r.pk)',
    考核单位: unitName('p.unit'),
    地块编号: 'p.code',
    企业: `(SELECT group_concat(name, '、') FROM (SELECT e.name FROM enterprise e WHERE e.deleted = 0 AND e.id IN (
      SELECT o.enterprise_id FROM occupancy o WHERE o.parcel_id = r.parcel_id AND o.deleted = 0) ORDER BY e.code))`,
    协议号: 'r.agreement_no',
    '投资强度(万元/亩)': pair('investment_intensity'),
    容积率: pair('far'),
    '亩均税收(万元/亩)': pair('tax_per_mu'),
    '单位能耗(tce/万元)': pair('energy_intensity'),
    '排放(t)': pair('emission'),
    'R&D占比': pair('rd_ratio'),
    未达标: `nullif(concat_ws('、', ${[
      short('investment_intensity', '<', '投资强度'),
      short('far', '<', '容积率'),
      short('tax_per_mu', '<', '亩均税收'),
      short('energy_intensity', '>', '单位能耗'),
      short('emission', '>', '排放'),
      short('rd_ratio', '<', 'R&D占比'),
    ].join(', ')}), '')`,
    竣工核验: 'r.construction_checked_on',
    达产复核: 'r.production_checked_on',
    违约责任: 'r.breach',
  },
}

export const SMALL_PARK_ORACLE: ListOracle = {
  from: 'small_park r WHERE r.deleted = 0 ORDER BY r.unit IS NULL, r.unit, r.pk',
  cells: {
    序号: 'row_number() OVER (ORDER BY r.unit IS NULL, r.unit, r.pk)',
    考核单位: unitName('r.unit'),
    园区名称: 'r.name',
    星级: 'r.star',
    '用地(亩)': mu('r.land_m2'),
    '建筑面积(m²)': 'r.floor_area_m2',
    '入驻企业(家)': 'r.firms',
    主导产业: 'r.industry',
    建成日期: 'r.completed_on',
    备注: 'r.remark',
  },
}

const OF_UNIT = 'coalesce(r.unit, e.unit)'
export const TWO_HIGH_ORACLE: ListOracle = {
  from: `two_high r LEFT JOIN enterprise e ON e.id = r.enterprise_id WHERE r.deleted = 0 ORDER BY ${OF_UNIT} IS NULL, ${OF_UNIT}, r.pk`,
  cells: {
    序号: `row_number() OVER (ORDER BY ${OF_UNIT} IS NULL, ${OF_UNIT}, r.pk)`,
    考核单位: unitName(OF_UNIT),
    项目名称: 'r.project_name',
    项目代码: 'r.project_code',
    企业: 'e.name',
    行业代码: 'r.industry_code',
    阶段: word('project_stage', 'r.status'),
    '综合能耗(tce)': 'r.energy_tce',
    '工业增加值(万元)': 'r.value_added',
    '单位增加值能耗(tce/万元)': 'r.energy_tce * 1.0 / nullif(r.value_added, 0)',
    节能审查: 'r.energy_doc',
    环评: 'r.environment_doc',
    处置: word('two_high_decision', 'r.decision'),
    完成时限: 'r.due_date',
    提示: `CASE WHEN r.due_date < :today AND coalesce(r.status, '') <> 'stopped' THEN '逾期 ' || CAST(julianday(:today) - julianday(r.due_date) AS INTEGER) || ' 天' END`,
    备注: 'r.remark',
  },
}
