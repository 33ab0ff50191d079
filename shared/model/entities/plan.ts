/**
 * Fields of the remediation of one enterprise: 清单条目, 一企一策方案, 措施, 节点, 合规检查, 复垦, 标准地, 闲置案, 验收, 回头看.
 * Data table; domain §11.2-11.4, §5, §7.
 */
import { boolean, code, codes, date, type FieldTable, instant, integer, json, real, ref, text } from '../field.ts'

const money = { unit: '万元', decimals: 4 } as const
const mu = { unit: '亩', decimals: 4, min: 0 } as const
const tce = { unit: 'tce', decimals: 2, min: 0 } as const
const m2 = { unit: 'm²', decimals: 2, min: 0 } as const

export const LIST_ENTRY_FIELDS = {
  enterprise_id: ref('企业', 'Enterprise', 'enterprise', { required: true }),
  list_year: integer('列入年度', 'List year', { min: 2000, max: 2100 }),
  batch: text('批次', 'Batch', { maxLength: 60 }),
  hit_rules: json('命中规则', 'Rules hit'),
  state: code('状态', 'State', 'state', { required: true }),
  exclusion_reason: code('不纳入原因', 'Exclusion reason', 'exclusion_reason'),
  listed_doc: text('列入文号', 'Listing document', { maxLength: 200 }),
  publicity_from: date('公示开始', 'Publicity from'),
  publicity_to: date('公示结束', 'Publicity to'),
  counted_at: date('计入日期', 'Counted on'),
  counted_mu: real('计入盘活面积', 'Counted land', mu),
  counted_tce: real('计入腾出用能', 'Counted energy', tce),
  rebound_at: date('反弹日期', 'Rebound on'),
} as const satisfies FieldTable

export const PLAN_FIELDS = {
  code: text('方案编号', 'Plan code', { required: true, maxLength: 60 }),
  enterprise_id: ref('企业', 'Enterprise', 'enterprise', { required: true }),
  year: integer('年度', 'Year', { required: true, min: 2000, max: 2100 }),
  version: integer('版本', 'Version', { required: true, min: 1 }),
  baseline_year: integer('基准年', 'Baseline year', { min: 1990, max: 2100 }),
  baseline: json('基准指标', 'Baseline figures'),
  parcel_ids: json('涉及地块', 'Parcels'),
  problems: text('存在问题', 'Problems', { maxLength: 4000 }),
  route: code('处置路径', 'Route', 'route', { required: true }),
  route_reason: text('偏离默认路径理由', 'Why another route', { maxLength: 1000 }),
  route_signed_by: text('资规签认', 'Signed by planning', { maxLength: 100 }),
  target_tax_per_mu: real('目标亩均税收', 'Target tax per mu', { unit: '万元/亩', decimals: 2, min: 0 }),
  target_energy_tce: real('目标能耗', 'Target energy', tce),
  freed_mu: real('预计腾出用地', 'Land to be freed', mu),
  freed_tce: real('预计腾出能耗', 'Energy to be freed', tce),
  new_tax: real('预计新增税收', 'New tax', money),
  new_floor_m2: real('新增建筑面积', 'New floor area', m2),
  investment: real('计划投资', 'Investment', { ...money, min: 0 }),
  start_date: date('开始时间', 'Start'),
  due_date: date('计划完成时间', 'Due'),
  departments: codes('责任单位(首位牵头)', 'Departments, lead first', 'department'),
  responsible: text('责任人', 'Responsible', { maxLength: 100 }),
  liaison: text('联系领导', 'Liaison leader', { maxLength: 100 }),
  status: code('方案状态', 'Plan status', 'plan_status', { required: true }),
  approval_doc: text('批准文号', 'Approval document', { maxLength: 200 }),
  remark: text('备注', 'Remark', { maxLength: 1000 }),
} as const satisfies FieldTable

/** What plans have in common, written once by staff: words, measures and milestones without their results. */
export const PLAN_TEMPLATE_FIELDS = {
  name: text('模板名称', 'Template', { required: true, maxLength: 200 }),
  route: code('适用路径', 'For route', 'route'),
  year: integer('日期所属年度', 'Year of its dates', { min: 2000, max: 2100 }),
  problems: text('存在问题', 'Problems', { maxLength: 4000 }),
  departments: codes('责任单位(首位牵头)', 'Departments, lead first', 'department'),
  measures: json('整治措施', 'Measures'),
  milestones: json('时间节点', 'Milestones'),
  remark: text('备注', 'Remark', { maxLength: 1000 }),
} as const satisfies FieldTable

export const MEASURE_FIELDS = {
  plan_id: ref('方案', 'Plan', 'plan', { required: true }),
  position: integer('序号', 'No.', { required: true, min: 1 }),
  type: code('整治方式', 'Measure', 'measure_type', { required: true }),
  description: text('整治措施', 'Description', { maxLength: 2000 }),
  area_mu: real('涉及面积', 'Area', mu),
  start_date: date('开始', 'Start'),
  due_date: date('完成时限', 'Due'),
  done_at: date('完成日期', 'Done on'),
  progress: integer('进度', 'Progress', { min: 0, max: 100, unit: '%' }),
  owner: text('责任人', 'Owner', { maxLength: 100 }),
  evidence: json('佐证材料', 'Evidence'),
} as const satisfies FieldTable

export const MILESTONE_FIELDS = {
  plan_id: ref('方案', 'Plan', 'plan', { required: true }),
  position: integer('序号', 'No.', { required: true, min: 1 }),
  type: code('节点', 'Milestone', 'milestone_type', { required: true }),
  date_planned: date('计划日期', 'Planned'),
  date_actual: date('实际日期', 'Actual'),
  area_mu: real('面积', 'Area', mu),
} as const satisfies FieldTable

export const COMPLIANCE_CHECK_FIELDS = {
  plan_id: ref('方案', 'Plan', 'plan'),
  visit_id: ref('外业核查', 'Visit', 'survey_visit'),
  enterprise_id: ref('企业', 'Enterprise', 'enterprise'),
  dimension: code('检查维度', 'Dimension', 'dimension', { required: true }),
  item: text('检查内容', 'Item', { maxLength: 400 }),
  result: code('检查结果', 'Result', 'check_result', { required: true }),
  legal_basis: text('依据', 'Legal basis', { maxLength: 400 }),
  department: code('责任部门', 'Department', 'department'),
  deadline: date('整改期限', 'Deadline'),
  rectified_at: date('整改完成', 'Rectified on'),
  evidence: json('佐证材料', 'Evidence'),
} as const satisfies FieldTable

export const RECLAMATION_FIELDS = {
  plan_id: ref('方案', 'Plan', 'plan'),
  parcel_id: ref('地块', 'Parcel', 'parcel', { required: true }),
  project_name: text('复垦项目名称', 'Project', { maxLength: 200 }),
  project_no: text('项目编号', 'Project no.', { maxLength: 100 }),
  approval_doc: text('立项批文', 'Approval', { maxLength: 200 }),
  area_m2: real('复垦面积', 'Reclaimed area', m2),
  new_farmland_m2: real('新增耕地', 'New farmland', m2),
  paddy_m2: real('其中水田', 'Of it paddy', m2),
  dry_m2: real('其中旱地', 'Of it dry land', m2),
  quality_before: text('复垦前质量等别', 'Quality before', { maxLength: 20 }),
  quality_after: text('复垦后质量等别', 'Quality after', { maxLength: 20 }),
  contractor: text('施工单位', 'Contractor', { maxLength: 200 }),
  started_on: date('开工日期', 'Started'),
  finished_on: date('竣工日期', 'Finished'),
  accepted_on: date('验收日期', 'Accepted'),
  acceptance_doc: text('验收文号', 'Acceptance document', { maxLength: 200 }),
  quota_m2: real('增减挂钩节余指标', 'Surplus quota', m2),
  investment: real('投资', 'Investment', { ...money, min: 0 }),
  compensation_per_mu: real('补偿', 'Compensation', { unit: '万元/亩', decimals: 4, min: 0 }),
  keeper: text('管护主体', 'Keeper', { maxLength: 200 }),
} as const satisfies FieldTable

export const STANDARD_LAND_FIELDS = {
  parcel_id: ref('地块', 'Parcel', 'parcel', { required: true }),
  agreement_no: text('投资监管协议号', 'Agreement no.', { maxLength: 100 }),
  committed: json('承诺指标', 'Committed'),
  actual: json('实际指标', 'Actual'),
  construction_checked_on: date('竣工核验', 'Construction check'),
  production_checked_on: date('达产复核', 'Production check'),
  breach: text('违约责任', 'Breach', { maxLength: 400 }),
} as const satisfies FieldTable

export const IDLE_CASE_FIELDS = {
  parcel_id: ref('地块', 'Parcel', 'parcel', { required: true }),
  contract_no: text('合同编号', 'Contract no.', { maxLength: 100 }),
  supervision_no: text('电子监管号', 'Supervision no.', { maxLength: 100 }),
  delivered_on: date('交付日期', 'Delivered'),
  agreed_start: date('约定动工', 'Agreed start'),
  agreed_completion: date('约定竣工', 'Agreed completion'),
  actual_start: date('实际动工', 'Actual start'),
  stopped_on: date('停工日期', 'Stopped'),
  due_area_m2: real('应动工面积', 'Area due', m2),
  developed_area_m2: real('已动工面积', 'Area developed', m2),
  total_investment: real('总投资额', 'Total investment', { ...money, min: 0 }),
  actual_investment: real('已投资额', 'Actual investment', { ...money, min: 0 }),
  land_price: real('土地价款', 'Land price', { ...money, min: 0 }),
  cause: code('闲置原因', 'Cause', 'idle_cause'),
  stage: text('处置阶段', 'Stage', { maxLength: 60 }),
  finding_no: text('认定书号', 'Finding no.', { maxLength: 100 }),
  recovery_no: text('收回决定书号', 'Recovery decision no.', { maxLength: 100 }),
} as const satisfies FieldTable

export const ACCEPTANCE_FIELDS = {
  plan_id: ref('方案', 'Plan', 'plan'),
  parcel_id: ref('地块', 'Parcel', 'parcel'),
  zone_id: ref('连片区域', 'Zone', 'zone'),
  accepted_on: date('验收日期', 'Date'),
  members: json('验收人员及部门', 'Members and departments'),
  criteria: json('逐项结果', 'Result per criterion'),
  accepted_land: json('验收地块及面积', 'Accepted land'),
  freed_tce: real('核定腾出用能', 'Energy freed', tce),
  unmet: text('未达标项', 'Unmet criteria', { maxLength: 1000 }),
  conclusion: code('结论', 'Conclusion', 'acceptance_result'),
  doc_no: text('文号', 'Document no.', { maxLength: 200 }),
} as const satisfies FieldTable

export const LOOK_BACK_FIELDS = {
  list_entry_id: ref('清单条目', 'List entry', 'list_entry', { required: true }),
  due_date: date('应查日期', 'Due', { required: true }),
  done_at: date('完成日期', 'Done'),
  result: code('结果', 'Result', 'look_back_result'),
  evidence: json('佐证材料', 'Evidence'),
} as const satisfies FieldTable

export const ATTACHMENT_FIELDS = {
  sha256: text('摘要', 'SHA-256', { required: true, maxLength: 64 }),
  file_name: text('文件名', 'File name', { required: true, maxLength: 300 }),
  mime: text('类型', 'Type', { maxLength: 100 }),
  size: integer('大小', 'Size', { min: 0 }),
  kind: code('材料类别', 'Kind', 'attachment_kind'),
  stage: code('阶段', 'Stage', 'photo_stage'),
  caption: text('说明', 'Caption', { maxLength: 400 }),
  taken_at: instant('拍摄时间', 'Taken at'),
  longitude: real('经度', 'Longitude', { min: -180, max: 180 }),
  latitude: real('纬度', 'Latitude', { min: -90, max: 90 }),
  azimuth: real('方位角', 'Azimuth', { min: 0, max: 360 }),
  owner_entity: text('所属对象', 'Owner kind', { maxLength: 40 }),
  owner_id: text('所属记录', 'Owner', { maxLength: 40 }),
  submitted: boolean('已提交', 'Submitted'),
} as const satisfies FieldTable
