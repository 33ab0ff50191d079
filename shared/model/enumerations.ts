/**
 * Closed value lists of the trade with their official Chinese terms (domain §11.2-11.4). Data table: codes are stored,
 * labels are shown. Order is the order of menus. Values of the provincial lists that were not found stay free text.
 */
export interface EnumerationItem {
  readonly code: string
  readonly zh: string
  readonly en: string
}

const item = (code: string, zh: string, en: string): EnumerationItem => ({ code, zh, en })

export const ENUMERATIONS = {
  side: [
    item('inside', '界内', 'Inside'),
    item('outside', '界外', 'Outside'),
    item('crossing', '跨界', 'Crossing'),
    item('unknown', '未判定', 'Unknown'),
  ],
  side_mark: [
    item('inside', '界内', 'Inside'),
    item('outside', '界外', 'Outside'),
    item('crossing', '跨界', 'Crossing'),
  ],
  side_mark_reason: [
    item('site_evidence', '现场与图件不符', 'Site differs from the map'),
    item('planning_opinion', '资规部门意见', 'Opinion of the planning bureau'),
    item('line_moved', '边界已局部优化', 'Boundary locally adjusted'),
    item('digitizing', '地块边线待修正', 'Parcel outline to be corrected'),
    item('main_part', '按主体部分处置', 'Treated by its larger part'),
    item('other', '其他', 'Other'),
  ],
  subzone: [
    item('concentrated', '城镇集中建设区', 'Concentrated construction area'),
    item('flexible', '城镇弹性发展区', 'Flexible development area'),
    item('special', '特别用途区', 'Special use area'),
    item('unspecified', '未分区', 'Not specified'),
  ],
  /** What a version of boundary polygons is: the boundary that decides sides, or a layer that warns or keeps zones apart. */
  boundary_kind: [
    item('development', '城镇开发边界', 'Development boundary'),
    item('farmland', '永久基本农田', 'Permanent basic farmland'),
    item('eco_redline', '生态保护红线', 'Ecological red line'),
    item('barrier', '阻隔要素', 'Barrier'),
  ],
  outline_method: [
    item('closed', '按间距闭合', 'Closed over the gap'),
    item('hull', '凹包', 'Concave hull'),
    item('drawn', '人工划定', 'Drawn'),
  ],
  unit_kind: [
    item('street', '街道', 'Subdistrict'),
    item('town', '镇', 'Town'),
    item('township', '乡', 'Township'),
    item('zone', '产业园区', 'Industrial zone'),
  ],
  state: [
    item('S0', '疑似', 'Suspected'),
    item('S1', '核查中', 'Under verification'),
    item('S2', '已建档', 'Filed'),
    item('S3', '列入清单', 'Listed'),
    item('S4', '方案待审', 'Plan in review'),
    item('S5', '整治中', 'Under remediation'),
    item('S6', '待验收', 'Awaiting acceptance'),
    item('S7', '已销号', 'Closed out'),
    item('S8', '回头看', 'Look-back'),
    item('S9', '调出清单', 'Removed from list'),
    item('SX', '不纳入', 'Not included'),
  ],
  enterprise_type: [
    item('company', '企业', 'Company'),
    item('individual', '个体户', 'Sole trader'),
    item('unlicensed', '无证', 'Unlicensed'),
  ],
  scale: [item('above', '规上', 'Above designated size'), item('below', '规下', 'Below designated size')],
  evaluation_scope: [
    item('ABOVE', '规上企业', 'Above designated size'),
    item('BELOW_GE3', '3亩(含)以上规下企业', 'Below size, 3 mu or more'),
    item('BELOW_LT3', '3亩以下规下企业', 'Below size, under 3 mu'),
    item('TENANT', '租赁企业', 'Tenant'),
  ],
  operating_status: [
    item('normal', '正常', 'Normal'),
    item('half', '半停产', 'Half stopped'),
    item('stopped', '停产', 'Stopped'),
    item('closed', '关闭', 'Closed'),
    item('let', '出租', 'Let'),
    item('not_started', '未投产', 'Not in production'),
    item('zombie', '僵尸', 'Zombie'),
  ],
  class: [
    item('A', 'A类(优先发展)', 'A (priority)'),
    item('B', 'B类(提升发展)', 'B (improve)'),
    item('C', 'C类(调控帮扶)', 'C (regulate)'),
    item('D', 'D类(倒逼整治)', 'D (compel)'),
    item('N', '未评', 'Not rated'),
  ],
  energy_basis: [item('equivalent', '等价值', 'Equivalent value'), item('calorific', '当量值', 'Calorific value')],
  ownership: [
    item('10', '国有土地所有权', 'State ownership'),
    item('20', '国有土地使用权', 'State land, use right'),
    item('30', '集体土地所有权', 'Collective ownership'),
    item('40', '集体土地使用权', 'Collective land, use right'),
  ],
  acquisition: [
    item('grant', '出让', 'Grant'),
    item('allocation', '划拨', 'Allocation'),
    item('lease', '租赁', 'Lease'),
    item('collective', '集体', 'Collective'),
    item('none', '无手续', 'None'),
  ],
  use_state: [item('1', '正常使用', 'In use'), item('2', '空置', 'Vacant'), item('3', '废弃', 'Abandoned')],
  building_type: [
    item('1', '砖混', 'Brick and concrete'),
    item('2', '钢混', 'Reinforced concrete'),
    item('3', '砖木', 'Brick and timber'),
    item('4', '其他', 'Other'),
  ],
  ineff_type: [
    item('T1', '亩均税收低', 'Low tax per mu'),
    item('T2', '停产半停产', 'Stopped or half stopped'),
    item('T3', '疑似闲置', 'Suspected idle'),
    item('T4', '容积率/密度低', 'Low floor area ratio or density'),
    item('T5', '投资强度不足', 'Low investment intensity'),
    item('T6', '高耗能', 'High energy use'),
    item('T7', '淘汰落后产业', 'Obsolete industry'),
    item('T8', '规划用途不符', 'Use against plan'),
    item('T9', '无证/违法用地', 'Unlicensed or illegal use'),
    item('T10', '危旧厂房', 'Dangerous old buildings'),
    item('T11', '转租未达标', 'Sublet below standard'),
    item('T12', '未按期竣工投产', 'Late completion'),
  ],
  occupancy_role: [
    item('OWNER', '权利人', 'Owner'),
    item('TENANT', '承租人', 'Tenant'),
    item('ACTUAL_USER', '实际使用人', 'Actual user'),
  ],
  route: [
    item('EXIT_RECLAIM', '退出复垦', 'Exit and reclaim'),
    item('UPGRADE', '整治提升', 'Upgrade'),
    item('MIXED', '分类处置', 'Mixed'),
  ],
  measure_type: [
    item('M1', '能效诊断', 'Energy audit'),
    item('M2', '用能优化', 'Energy optimisation'),
    item('M3', '兼并重组', 'Merger'),
    item('M4', '整体腾退', 'Full vacation'),
    item('M5', '搬迁入园', 'Move into park'),
    item('M6', '改造提升', 'Upgrading'),
    item('M7', '关停淘汰', 'Closure'),
    item('M8', '规范提升', 'Compliance rectification'),
    item('M9', '回收盘活', 'Recovery and reuse'),
    item('M10', '退出复垦', 'Exit and reclamation'),
  ],
  milestone_type: [
    item('signed', '签约', 'Signed'),
    item('vacated', '腾空', 'Vacated'),
    item('demolished', '拆除', 'Demolished'),
    item('levelled', '平整', 'Levelled'),
    item('reclaimed', '复垦验收', 'Reclamation accepted'),
    item('quota_booked', '指标入库', 'Quota booked'),
    item('filed', '备案', 'Filed'),
    item('started', '开工', 'Started'),
    item('completed', '竣工', 'Completed'),
    item('in_production', '投产', 'In production'),
    item('up_to_standard', '达标', 'Up to standard'),
  ],
  plan_status: [
    item('draft', '草稿', 'Draft'),
    item('submitted', '已提交', 'Submitted'),
    item('returned', '已退回', 'Returned'),
    item('approved', '已批准', 'Approved'),
  ],
  department: [
    item('JX', '经信局', 'Economy and IT'),
    item('FG', '发改局', 'Development and reform'),
    item('ZG', '资规局', 'Natural resources and planning'),
    item('ST', '生态环境分局', 'Ecology and environment'),
    item('YJ', '应急管理局', 'Emergency management'),
    item('SC', '市场监管局', 'Market regulation'),
    item('SW', '税务局', 'Taxation'),
    item('DL', '供电公司', 'Power supply'),
    item('KJ', '科技局', 'Science and technology'),
    item('JS', '建设局', 'Construction'),
    item('ZF', '综合执法局', 'Law enforcement'),
    item('ZS', '招商中心', 'Investment promotion'),
    item('XZ', '乡镇(街道)', 'Township'),
  ],
  dimension: [
    item('AQ', '安全', 'Safety'),
    item('HB', '环保', 'Environment'),
    item('ZL', '质量', 'Quality'),
    item('NY', '能源', 'Energy'),
    item('YD', '用地', 'Land'),
    item('SS', '税收', 'Tax'),
    item('XF', '消防', 'Fire safety'),
    item('JZ', '建设违建', 'Illegal building'),
  ],
  check_result: [
    item('pass', '合格', 'Pass'),
    item('fail', '不合格', 'Fail'),
    item('not_applicable', '不适用', 'Not applicable'),
    item('unchecked', '未查', 'Unchecked'),
  ],
  visit_status: [
    item('DRAFT', '草稿', 'Draft'),
    item('SUBMITTED', '已提交', 'Submitted'),
    item('RETURNED', '已退回', 'Returned'),
    item('CONFIRMED', '已确认', 'Confirmed'),
  ],
  zone_status: [
    item('planned', '谋划', 'Planned'),
    item('approved', '批准', 'Approved'),
    item('in_progress', '实施', 'In progress'),
    item('done', '完成', 'Done'),
  ],
  zone_direction: [
    item('reclaim', '退出复垦', 'Reclamation'),
    item('upgrade', '整治提升', 'Upgrading'),
    item('small_park', '小微企业园', 'Small-enterprise park'),
    item('reserve', '收储出让', 'Land reserve and grant'),
  ],
  idle_cause: [
    item('ENTERPRISE', '企业原因', 'Enterprise'),
    item('GOV', '政府原因', 'Government'),
    item('FORCE', '不可抗力', 'Force majeure'),
  ],
  exclusion_reason: [
    item('public', '公益类', 'Public interest'),
    item('new_supply', '新供地保护期', 'New supply protection'),
    item('not_started', '未投产(合同期内)', 'Not yet due'),
    item('bad_data', '数据错误', 'Data error'),
    item('not_manufacturing', '非制造业', 'Not manufacturing'),
    item('under_3_mu', '面积不足3亩', 'Under 3 mu'),
    item('closed_before', '已关闭前年度', 'Closed in an earlier year'),
    item('expropriation', '已征收拆迁计划内', 'In expropriation plan'),
  ],
  attachment_kind: [
    item('site', '现场照', 'Site photo'),
    item('agreement', '协议', 'Agreement'),
    item('licence', '证照', 'Licence'),
    item('power_cut', '断电证明', 'Power cut proof'),
    item('deregistration', '注销迁移', 'Deregistration or move'),
    item('tax', '完税', 'Tax paid'),
    item('energy', '能耗', 'Energy'),
    item('demolition', '拆除', 'Demolition'),
    item('reclamation', '复垦验收', 'Reclamation acceptance'),
    item('joint_acceptance', '联合验收表', 'Joint acceptance form'),
    item('red_line', '红线图', 'Red line map'),
    item('coordinates', '坐标TXT', 'Coordinate file'),
    item('approval', '批文', 'Approval'),
    item('group', '合影', 'Group photo'),
    item('signature', '签名', 'Signature'),
  ],
  photo_stage: [
    item('before', '整治前', 'Before'),
    item('during', '整治中', 'During'),
    item('after', '整治后', 'After'),
  ],
  acceptance_result: [
    item('passed', '通过', 'Passed'),
    item('rectify', '整改', 'Rectify'),
    item('failed', '不通过', 'Failed'),
  ],
  approval_decision: [item('agree', '同意', 'Agreed'), item('return', '退回', 'Returned')],
  project_stage: [
    item('proposed', '拟建', 'Proposed'),
    item('building', '在建', 'Being built'),
    item('existing', '存量', 'Existing'),
    item('stopped', '已停止', 'Stopped'),
  ],
  two_high_decision: [item('keep', '保留', 'Keep'), item('rectify', '整改', 'Rectify'), item('stop', '停止', 'Stop')],
  look_back_result: [item('stable', '稳定', 'Stable'), item('rebound', '反弹', 'Rebound')],
  role: [
    item('inspector', '外业巡查员', 'Inspector'),
    item('clerk', '数据员', 'Data clerk'),
    item('township', '乡镇审核', 'Township reviewer'),
    item('department', '部门', 'Department'),
    item('manager', '经信管理员', 'Manager'),
    item('leader', '领导', 'Leader'),
  ],
  /** How land came free (domain §1, §7). */
  freed_source: [
    item('vacated', '腾退', 'Vacated'),
    item('recovered', '收回收购', 'Bought or taken back'),
    item('reclaimed', '退出复垦', 'Reclaimed'),
    item('split', '分割腾出', 'Split off'),
    item('other', '其他', 'Other'),
  ],
  land_condition: [
    item('cleared', '净地', 'Cleared'),
    item('demolished', '已拆除待平整', 'Demolished, to be levelled'),
    item('buildings', '带建筑物', 'With buildings'),
    item('reclaimed', '已复垦', 'Reclaimed'),
  ],
  /** Where freed land stands; follows from the dates of its row, least advanced first. */
  supply_status: [
    item('available', '可供', 'Available'),
    item('signed', '已签约', 'Signed'),
    item('supplied', '已供地', 'Supplied'),
    item('started', '已开工', 'Started'),
    item('completed', '已竣工', 'Completed'),
    item('in_production', '已投产', 'In production'),
    item('withdrawn', '不供应', 'Withdrawn'),
  ],
  /** What may hold a yearly class down whatever the score; which do and how far says the standard of the year. */
  veto_cause: [
    item('safety', '安全生产事故', 'Safety accident'),
    item('environment', '环境污染事故', 'Environmental accident'),
    item('quality', '质量安全事故', 'Quality accident'),
    item('illegal_land', '违法用地', 'Illegal use of land'),
    item('tax', '重大税收违法', 'Serious tax offence'),
    item('false_figures', '数据弄虚作假', 'False figures'),
  ],
  document_status: [item('draft', '征求意见稿', 'Draft for comment'), item('final', '正式', 'Final')],
  boundary_status: [item('active', '启用', 'Active'), item('archived', '历史', 'Archived')],
} as const satisfies Record<string, readonly EnumerationItem[]>

export type EnumerationName = keyof typeof ENUMERATIONS
export type CodeOf<N extends EnumerationName> = (typeof ENUMERATIONS)[N][number]['code']

/** The codes of one list, as a tuple that zod's `enum` accepts. */
export function codesOf<N extends EnumerationName>(name: N): [CodeOf<N>, ...CodeOf<N>[]] {
  return ENUMERATIONS[name].map(entry => entry.code) as [CodeOf<N>, ...CodeOf<N>[]]
}

/** The official term for a code; the code itself when it is not in the list (values of newer versions stay readable). */
export function labelOf(name: EnumerationName, code: string | null | undefined, language: 'zh' | 'en' = 'zh'): string {
  if (code === null || code === undefined || code === '') return '—'
  const entry = (ENUMERATIONS[name] as readonly EnumerationItem[]).find(candidate => candidate.code === code)
  return entry ? entry[language] : code
}
