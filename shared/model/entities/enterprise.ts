/** Fields of 企业 (enterprise) and 企业年度数据 (its yearly figures). Data table; domain §11.2, §2. Money in 万元. */
import { boolean, code, codes, date, type FieldTable, integer, json, real, ref, text } from '../field.ts'

const money = { unit: '万元', decimals: 4 } as const

export const ENTERPRISE_FIELDS = {
  code: text('企业编号', 'Enterprise code', {
    identifier: true,
    maxLength: 60,
    required: true,
    aliases: ['企业编号', 'code', 'enterprise_code'],
  }),
  uscc: text('统一社会信用代码', 'Unified social credit code', {
    identifier: true,
    maxLength: 18,
    aliases: ['统一社会信用代码', '统一信用代码', '社会统一信用代码', '信用代码', '统代', 'uscc'],
  }),
  uscc_missing_reason: text('无代码原因', 'Why no credit code', { maxLength: 200 }),
  name: text('企业名称', 'Name', {
    required: true,
    maxLength: 200,
    aliases: ['企业名称', '企业名称(盖章)', '单位名称', '名称', 'name', 'qymc'],
  }),
  former_name: text('曾用名', 'Former name', { maxLength: 400, aliases: ['曾用名', 'former_name'] }),
  ent_type: code('企业类型', 'Type', 'enterprise_type', { aliases: ['企业类型', '类型', 'ent_type'] }),
  legal_person: text('法定代表人', 'Legal representative', {
    maxLength: 100,
    personal: true,
    aliases: ['法定代表人', '法人', '法人代表', 'legal_person'],
  }),
  phone: text('联系电话', 'Telephone', {
    identifier: true,
    maxLength: 60,
    personal: true,
    aliases: ['联系电话', '电话', '联系方式', 'phone'],
  }),
  industry_code: text('行业代码', 'Industry code', {
    identifier: true,
    maxLength: 10,
    aliases: ['行业代码', '行业', '所属行业', 'industry_code', 'hydm'],
  }),
  in_park: boolean('是否园区内', 'In a park', { aliases: ['是否园区内', '园区内', 'in_park'] }),
  park_name: text('所在园区', 'Park', { maxLength: 100, aliases: ['所在园区', '园区名称', '开发区名称'] }),
  op_status: code('经营状态', 'Operating status', 'operating_status', { aliases: ['经营状态', 'op_status'] }),
  unit: text('考核单位', 'Scored unit', { maxLength: 20, aliases: ['考核单位', '单位', '单位代码', 'unit'] }),
  town: text('所在乡镇', 'Township', { maxLength: 20, aliases: ['所在乡镇', '所属镇街', '乡镇', 'town'] }),
  address: text('地址', 'Address', { maxLength: 200, aliases: ['地址', '企业地址', '坐落', 'address'] }),
  products: text('主要产品', 'Main products', { maxLength: 200, aliases: ['主要产品', 'products'] }),
  state: code('整治状态', 'State', 'state', { derived: true }),
  source_file: text('来源文件', 'Source file', { maxLength: 300 }),
  source_row: integer('来源行号', 'Source row', { min: 0 }),
  import_batch: ref('导入批次', 'Import batch', 'import_batch'),
  remark: text('备注', 'Remark', { maxLength: 1000, aliases: ['备注', 'remark'] }),
} as const satisfies FieldTable

export const ENTERPRISE_YEAR_FIELDS = {
  enterprise_id: ref('企业', 'Enterprise', 'enterprise', { required: true }),
  year: integer('年度', 'Year', { required: true, min: 1990, max: 2100, aliases: ['年度', '年份', 'year'] }),
  scale: code('规上/规下', 'Size', 'scale', { aliases: ['规上/规下', '企业规模', '规模', 'scale'] }),
  eval_scope: code('评价范围', 'Evaluation scope', 'evaluation_scope', { derived: true }),
  land_mu_actual: real('实际用地', 'Land in use', {
    unit: '亩',
    decimals: 4,
    min: 0,
    aliases: ['实际用地', '实际用地面积', '用地面积', '占地面积', '实际占地', 'land_mu_actual', 'land_mu'],
  }),
  land_mu_owned: real('自有用地', 'Land owned', {
    unit: '亩',
    decimals: 4,
    min: 0,
    aliases: ['自有用地', '自有用地面积', 'land_mu_owned'],
  }),
  land_mu_rented: real('租用用地', 'Land rented', {
    unit: '亩',
    decimals: 4,
    min: 0,
    aliases: ['租用用地', '租用用地面积', '租赁面积', 'land_mu_rented'],
  }),
  tax: real('评价税收', 'Tax', { ...money, aliases: ['评价税收', '实缴税金', '税收', '税收实际贡献', 'tax'] }),
  value_added: real('工业增加值', 'Value added', { ...money, aliases: ['工业增加值', '增加值', 'value_added'] }),
  output: real('产值', 'Output', { ...money, min: 0, aliases: ['产值', '工业总产值', 'output'] }),
  revenue: real('主营业务收入', 'Revenue', { ...money, min: 0, aliases: ['主营业务收入', '营业收入', 'revenue'] }),
  rd: real('研发费', 'R&D cost', { ...money, min: 0, aliases: ['研发费', '研发费用', 'r&d经费', 'rd'] }),
  employees: real('年平均人数', 'Employees', {
    min: 0,
    decimals: 1,
    aliases: ['年平均人数', '年平均职工人数', '用工人数', '职工人数', 'employees'],
  }),
  power_kwh: real('用电量', 'Power', { unit: 'kWh', min: 0, decimals: 0, aliases: ['用电量', '电', 'power_kwh'] }),
  energy_tce: real('综合能耗', 'Energy', {
    unit: 'tce',
    min: 0,
    decimals: 2,
    aliases: ['综合能耗', '能耗', '能源消耗总量', 'energy_tce'],
  }),
  energy_basis: code('能耗口径', 'Energy basis', 'energy_basis', { aliases: ['能耗口径'] }),
  emission_t: real('主要污染物排放', 'Emissions', {
    unit: 't',
    min: 0,
    decimals: 4,
    aliases: ['主要污染物', '排放量', 'emission_t'],
  }),
  class: code('评价等级', 'Class', 'class', { aliases: ['评价等级', '等级', '综合评价', 'class'] }),
  score: real('评价得分', 'Score', { decimals: 2, aliases: ['评价得分', '得分', 'score'] }),
  veto_causes: codes('一票否决事项', 'Veto causes', 'veto_cause', {
    aliases: ['一票否决事项', '一票否决', '否决事项'],
  }),
  veto_basis: text('否决依据', 'Basis of the veto', { maxLength: 200, aliases: ['否决依据', '否决文号'] }),
  /** By the survey's own evaluation; `class` and `score` are those that were published, and they win. */
  computed_class: code('测算等级', 'Computed class', 'class'),
  computed_score: real('测算得分', 'Computed score', { decimals: 2 }),
  score_basis: json('测算依据', 'Basis of the score'),
  /** Cells of the imported table that were no figures of their field, by heading: kept, never counted. */
  unread: json('未能读入的原值', 'Values that could not be read'),
  data_source: text('数据来源', 'Data source', { maxLength: 200, aliases: ['数据来源'] }),
  published: boolean('已公示', 'Published'),
  publicity_from: date('公示开始', 'Publicity from'),
  publicity_to: date('公示结束', 'Publicity to'),
  import_batch: ref('导入批次', 'Import batch', 'import_batch'),
} as const satisfies FieldTable
