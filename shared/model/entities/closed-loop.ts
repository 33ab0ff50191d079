/**
 * Fields of the closed loop's own books: 流转记录 (one per step of a list entry), 部门意见 on a plan, 小微企业园, 两高项目.
 * Data table; domain §11.4, §7.
 */
import { boolean, code, date, type FieldTable, instant, integer, json, real, ref, text } from '../field.ts'

/** One step of a list entry. Written by the service with the step itself, never changed afterwards. */
export const STATE_CHANGE_FIELDS = {
  list_entry_id: ref('清单条目', 'List entry', 'list_entry', { required: true }),
  from_state: code('原状态', 'From', 'state'),
  to_state: code('新状态', 'To', 'state', { required: true }),
  happened_on: date('日期', 'Date', { required: true }),
  at: instant('时间', 'Time', { required: true }),
  author: text('经办人', 'Author', { maxLength: 100 }),
  role: code('角色', 'Role', 'role'),
  department: code('部门', 'Department', 'department'),
  reason: text('理由', 'Reason', { maxLength: 1000 }),
  doc_no: text('文号', 'Document no.', { maxLength: 200 }),
} as const satisfies FieldTable

export const APPROVAL_FIELDS = {
  plan_id: ref('方案', 'Plan', 'plan', { required: true }),
  department: code('部门', 'Department', 'department', { required: true }),
  decision: code('意见', 'Opinion', 'approval_decision', { required: true }),
  reason: text('说明', 'Reason', { maxLength: 1000 }),
  decided_on: date('日期', 'Date', { required: true }),
  decided_by: text('签署人', 'Signed by', { maxLength: 100 }),
} as const satisfies FieldTable

/** 可供地清单: freed land, the record that proves it, and the project that takes it, from 签约 to 投产. */
export const FREED_LAND_FIELDS = {
  parcel_id: ref('地块', 'Parcel', 'parcel', { required: true }),
  source: code('腾出方式', 'Freed by', 'freed_source', { required: true }),
  /** Kind and id of the record that proves it; empty in a row that a person made. */
  source_entity: text('依据类别', 'Kind of evidence', { maxLength: 40 }),
  source_id: text('依据记录', 'Evidence', { maxLength: 40 }),
  area_m2: real('可供面积', 'Area', { unit: 'm²', decimals: 2, min: 0 }),
  available_on: date('可供日期', 'Available on'),
  plan_use: text('规划用途', 'Planned use', { maxLength: 100 }),
  condition: code('地块现状', 'Condition', 'land_condition'),
  project_name: text('承接项目', 'Project', { maxLength: 200 }),
  investor: text('投资主体', 'Investor', { maxLength: 200 }),
  investment: real('计划投资', 'Investment', { unit: '万元', decimals: 2, min: 0 }),
  signed_on: date('签约日期', 'Signed'),
  supplied_on: date('供地日期', 'Supplied'),
  started_on: date('开工日期', 'Started'),
  completed_on: date('竣工日期', 'Completed'),
  production_on: date('投产日期', 'In production'),
  withdrawn: boolean('不供应', 'Withdrawn'),
  remark: text('备注', 'Remark', { maxLength: 1000 }),
} as const satisfies FieldTable

export const SMALL_PARK_FIELDS = {
  name: text('园区名称', 'Park', { required: true, maxLength: 200 }),
  unit: text('考核单位', 'Scored unit', { maxLength: 20 }),
  star: integer('星级', 'Stars', { min: 1, max: 5 }),
  land_m2: real('用地面积', 'Land', { unit: 'm²', decimals: 2, min: 0 }),
  floor_area_m2: real('建筑面积', 'Floor area', { unit: 'm²', decimals: 2, min: 0 }),
  firms: integer('入驻家数', 'Firms', { min: 0 }),
  industry: text('主导产业', 'Leading industry', { maxLength: 200 }),
  completed_on: date('建成日期', 'Completed'),
  parcel_ids: json('涉及地块', 'Parcels'),
  remark: text('备注', 'Remark', { maxLength: 1000 }),
} as const satisfies FieldTable

export const TWO_HIGH_FIELDS = {
  enterprise_id: ref('企业', 'Enterprise', 'enterprise'),
  project_name: text('项目名称', 'Project', { required: true, maxLength: 200 }),
  project_code: text('项目代码', 'Project code', { maxLength: 60 }),
  unit: text('考核单位', 'Scored unit', { maxLength: 20 }),
  industry_code: text('行业代码', 'Industry code', { maxLength: 10 }),
  status: code('项目阶段', 'Stage', 'project_stage'),
  energy_tce: real('年综合能耗', 'Energy a year', { unit: 'tce', decimals: 2, min: 0 }),
  value_added: real('年工业增加值', 'Value added a year', { unit: '万元', decimals: 4 }),
  energy_doc: text('节能审查批复', 'Energy approval', { maxLength: 200 }),
  environment_doc: text('环评批复', 'Environmental approval', { maxLength: 200 }),
  decision: code('处置意见', 'Decision', 'two_high_decision'),
  due_date: date('整改期限', 'Due'),
  remark: text('备注', 'Remark', { maxLength: 1000 }),
} as const satisfies FieldTable
