/** Fields of the survey's own entities: 行动, 考核单位, 边界版本, 连片区域, 规则集, 目标, 月度快照, 用户. Data table; domain §11.2. */
import { boolean, code, codes, date, type FieldTable, geometry, integer, json, real, ref, text } from '../field.ts'

const mu = { unit: '亩', decimals: 2, min: 0 } as const

export const CAMPAIGN_FIELDS = {
  name: text('行动名称', 'Campaign', { required: true, maxLength: 200 }),
  start_year: integer('起始年', 'First year', { min: 2000, max: 2100 }),
  end_year: integer('截止年', 'Last year', { min: 2000, max: 2100 }),
  doc_no: text('文号', 'Document no.', { maxLength: 100 }),
  doc_status: code('文件状态', 'Document status', 'document_status'),
  carbon_factor: real('折算系数', 'Carbon factor', { unit: 'tCO₂/tce', decimals: 2, min: 0 }),
  light_green_gap: real('绿灯下限(完成率减序时)', 'Green from (completion − schedule)', {
    min: -1,
    max: 1,
    decimals: 2,
  }),
  light_yellow_gap: real('黄灯下限(完成率减序时)', 'Yellow from (completion − schedule)', {
    min: -1,
    max: 1,
    decimals: 2,
  }),
  area_basis: text('面积口径', 'Area basis', { maxLength: 20 }),
  gap_m: real('连片间距', 'Gap', { unit: 'm', min: 0, max: 1000 }),
  zone_min_mu: real('最小连片面积', 'Minimum zone', mu),
  zone_min_parcels: integer('最少地块数', 'Minimum parcels', { min: 1 }),
  side_tolerance_m2: real('跨界容差面积', 'Tolerance area', { unit: 'm²', min: 0 }),
  side_tolerance_per_m: real('跨界容差宽度', 'Tolerance width', { unit: 'm', min: 0 }),
} as const satisfies FieldTable

export const REPORT_UNIT_FIELDS = {
  code: text('单位代码', 'Unit code', {
    identifier: true,
    required: true,
    maxLength: 20,
    aliases: ['单位代码', '代码', 'code', 'xzqdm'],
  }),
  name: text('单位名称', 'Unit name', {
    required: true,
    maxLength: 100,
    aliases: ['单位名称', '名称', 'name', 'xzqmc'],
  }),
  name_en: text('英文名称', 'English name', { maxLength: 100 }),
  kind: code('类别', 'Kind', 'unit_kind'),
  geometry: geometry('范围', 'Outline'),
  contact: text('联系人', 'Contact', { maxLength: 100, personal: true }),
} as const satisfies FieldTable

export const BOUNDARY_VERSION_FIELDS = {
  code: text('版本编号', 'Version code', { required: true, maxLength: 60 }),
  name: text('版本名称', 'Name', { required: true, maxLength: 200 }),
  source_doc: text('来源文件', 'Source document', { maxLength: 300 }),
  effective_date: date('生效日期', 'Effective', { required: true }),
  /** Empty means the development boundary. */
  kind: code('图层类别', 'Layer', 'boundary_kind'),
  checksum: text('校验值', 'Checksum', { maxLength: 64 }),
  status: code('状态', 'Status', 'boundary_status', { required: true }),
  source_file: text('来源文件', 'Source file', { maxLength: 300 }),
  import_batch: ref('导入批次', 'Import batch', 'import_batch'),
} as const satisfies FieldTable

export const BOUNDARY_FEATURE_FIELDS = {
  boundary_id: ref('边界版本', 'Boundary version', 'boundary_version', { required: true }),
  subzone: code('规划分区', 'Sub-zone', 'subzone', { required: true }),
  zone_code: text('规划分区代码', 'Zone code', { maxLength: 40, aliases: ['ghfqdm', '规划分区代码'] }),
  zone_name: text('规划分区名称', 'Zone name', { maxLength: 100, aliases: ['ghfqmc', '规划分区名称'] }),
  geometry: geometry('范围', 'Outline', { required: true }),
  source_row: integer('来源行号', 'Source row', { min: 0 }),
  import_batch: ref('导入批次', 'Import batch', 'import_batch'),
} as const satisfies FieldTable

export const ZONE_FIELDS = {
  code: text('区域编号', 'Zone code', { required: true, maxLength: 60 }),
  name: text('区域名称', 'Name', { required: true, maxLength: 200 }),
  year: integer('年度', 'Year', { required: true, min: 2000, max: 2100 }),
  unit: text('考核单位', 'Scored unit', { maxLength: 20 }),
  geometry: geometry('范围', 'Outline'),
  sizhi: text('四至', 'Bounds in words', { maxLength: 400 }),
  direction: code('整治方向', 'Direction', 'zone_direction'),
  status: code('状态', 'Status', 'zone_status', { required: true }),
  /** Days of the states (shared/rules/zone-days.ts); empty when nobody knows. */
  planned_on: date('谋划日期', 'Planned on'),
  approved_on: date('批准日期', 'Approved on'),
  started_on: date('实施日期', 'Started on'),
  done_on: date('完成日期', 'Done on'),
  ended_on: date('撤销日期', 'Given up on'),
  approve_doc: text('批准文号', 'Approval', { maxLength: 200 }),
  gap_m: real('识别间距', 'Gap used', { unit: 'm', min: 0 }),
  outline_method: code('范围来源', 'Outline', 'outline_method'),
  cross_unit: boolean('跨单位', 'Crosses units'),
  locked: boolean('锁定', 'Locked'),
  investment: real('计划投资', 'Investment', { unit: '万元', decimals: 2, min: 0 }),
  due_date: date('完成时限', 'Due'),
  departments: codes('责任单位(首位牵头)', 'Departments, lead first', 'department'),
  cause_analysis: text('低效原因分析', 'Analysis', { maxLength: 4000 }),
  remark: text('备注', 'Remark', { maxLength: 2000 }),
} as const satisfies FieldTable

export const ZONE_MEMBER_FIELDS = {
  zone_id: ref('连片区域', 'Zone', 'zone', { required: true }),
  parcel_id: ref('地块', 'Parcel', 'parcel', { required: true }),
  manual: boolean('人工调整', 'Added by hand'),
  linked_to: ref('相邻地块', 'Linked to', 'parcel'),
  distance_m: real('相邻距离', 'Distance', { unit: 'm', decimals: 2, min: 0 }),
  joined_on: date('加入日期', 'Joined on'),
  left_on: date('移出日期', 'Left on'),
} as const satisfies FieldTable

export const RULE_SET_FIELDS = {
  name: text('规则集名称', 'Rule set', { required: true, maxLength: 200 }),
  version: integer('版本', 'Version', { required: true, min: 1 }),
  rules: json('规则', 'Rules'),
  active: boolean('启用', 'Active'),
} as const satisfies FieldTable

/** The standard of the yearly evaluation; `standard` is a ScoreStandard of shared/rules/scoring. */
export const SCORE_STANDARD_FIELDS = {
  year: integer('年度', 'Year', { required: true, min: 1990, max: 2100 }),
  name: text('评价办法名称', 'Standard', { required: true, maxLength: 200 }),
  version: integer('版本', 'Version', { required: true, min: 1 }),
  standard: json('评价办法', 'Standard'),
  active: boolean('启用', 'Active'),
} as const satisfies FieldTable

export const TARGET_FIELDS = {
  scope: text('范围', 'Scope', { required: true, maxLength: 20 }),
  year: integer('年度', 'Year', { min: 2000, max: 2100 }),
  indicator: text('指标', 'Indicator', { required: true, maxLength: 60 }),
  value: real('目标值', 'Target', { required: true }),
  unit_symbol: text('单位', 'Unit', { maxLength: 20 }),
  source: text('来源', 'Source', { maxLength: 300 }),
} as const satisfies FieldTable

export const MONTHLY_SNAPSHOT_FIELDS = {
  unit: text('考核单位', 'Scored unit', { required: true, maxLength: 20 }),
  month: text('月份', 'Month', { required: true, maxLength: 7 }),
  revision: integer('修订', 'Revision', { required: true, min: 1 }),
  figures: json('数据', 'Figures'),
  published_at: text('发布时间', 'Published at', { maxLength: 40 }),
  reason: text('修订理由', 'Reason', { maxLength: 400 }),
  /** The published report whose rows these are. */
  report_id: ref('已发布报表', 'Published report', 'published_report'),
} as const satisfies FieldTable

export const APP_USER_FIELDS = {
  name: text('姓名', 'Name', { required: true, maxLength: 100, personal: true }),
  role: code('角色', 'Role', 'role', { required: true }),
  unit: text('所属单位', 'Unit', { maxLength: 20 }),
  department: code('部门', 'Department', 'department'),
} as const satisfies FieldTable
