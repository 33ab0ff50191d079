/**
 * The registry of entities: which table, which fields, which field is the official code. Everything that is generic over
 * entities (write path, history, undo, merge, forms) reads it; nothing else may keep a second list.
 */
import {
  APPROVAL_FIELDS,
  FREED_LAND_FIELDS,
  SMALL_PARK_FIELDS,
  STATE_CHANGE_FIELDS,
  TWO_HIGH_FIELDS,
} from './entities/closed-loop.ts'
import { ENTERPRISE_FIELDS, ENTERPRISE_YEAR_FIELDS } from './entities/enterprise.ts'
import { OCCUPANCY_FIELDS, PARCEL_FIELDS, SURVEY_VISIT_FIELDS } from './entities/parcel.ts'
import {
  ACCEPTANCE_FIELDS,
  ATTACHMENT_FIELDS,
  COMPLIANCE_CHECK_FIELDS,
  IDLE_CASE_FIELDS,
  LIST_ENTRY_FIELDS,
  LOOK_BACK_FIELDS,
  MEASURE_FIELDS,
  MILESTONE_FIELDS,
  PLAN_FIELDS,
  PLAN_TEMPLATE_FIELDS,
  RECLAMATION_FIELDS,
  STANDARD_LAND_FIELDS,
} from './entities/plan.ts'
import { ASSESSMENT_TABLE_FIELDS, PUBLISHED_REPORT_FIELDS, REPORT_NOTE_FIELDS } from './entities/reports.ts'
import {
  APP_USER_FIELDS,
  BOUNDARY_FEATURE_FIELDS,
  BOUNDARY_VERSION_FIELDS,
  CAMPAIGN_FIELDS,
  MONTHLY_SNAPSHOT_FIELDS,
  REPORT_UNIT_FIELDS,
  RULE_SET_FIELDS,
  SCORE_STANDARD_FIELDS,
  TARGET_FIELDS,
  ZONE_FIELDS,
  ZONE_MEMBER_FIELDS,
} from './entities/survey.ts'
import type { Field, FieldTable, FieldValue } from './field.ts'

export interface Entity {
  readonly zh: string
  readonly en: string
  readonly fields: FieldTable
  /** The field that people use as the name of a record; unique among live records. */
  readonly codeField?: string
}

export const ENTITIES = {
  campaign: { zh: '行动', en: 'Campaign', fields: CAMPAIGN_FIELDS },
  report_unit: { zh: '考核单位', en: 'Scored unit', fields: REPORT_UNIT_FIELDS, codeField: 'code' },
  enterprise: { zh: '企业', en: 'Enterprise', fields: ENTERPRISE_FIELDS, codeField: 'code' },
  enterprise_year: { zh: '企业年度数据', en: 'Yearly figures', fields: ENTERPRISE_YEAR_FIELDS },
  parcel: { zh: '地块', en: 'Parcel', fields: PARCEL_FIELDS, codeField: 'code' },
  occupancy: { zh: '用地关系', en: 'Occupancy', fields: OCCUPANCY_FIELDS },
  boundary_version: { zh: '边界版本', en: 'Boundary version', fields: BOUNDARY_VERSION_FIELDS, codeField: 'code' },
  boundary_feature: { zh: '边界要素', en: 'Boundary feature', fields: BOUNDARY_FEATURE_FIELDS },
  survey_visit: { zh: '外业核查', en: 'Visit', fields: SURVEY_VISIT_FIELDS },
  compliance_check: { zh: '合规检查', en: 'Compliance check', fields: COMPLIANCE_CHECK_FIELDS },
  list_entry: { zh: '清单条目', en: 'List entry', fields: LIST_ENTRY_FIELDS },
  plan: { zh: '一企一策方案', en: 'Plan', fields: PLAN_FIELDS, codeField: 'code' },
  plan_template: { zh: '方案模板', en: 'Plan template', fields: PLAN_TEMPLATE_FIELDS },
  measure: { zh: '措施', en: 'Measure', fields: MEASURE_FIELDS },
  milestone: { zh: '节点', en: 'Milestone', fields: MILESTONE_FIELDS },
  reclamation: { zh: '退出复垦', en: 'Reclamation', fields: RECLAMATION_FIELDS },
  standard_land: { zh: '标准地', en: 'Standard land', fields: STANDARD_LAND_FIELDS },
  idle_case: { zh: '疑似闲置', en: 'Suspected idle land', fields: IDLE_CASE_FIELDS },
  zone: { zh: '连片整治区域', en: 'Zone', fields: ZONE_FIELDS, codeField: 'code' },
  zone_member: { zh: '区域成员', en: 'Zone member', fields: ZONE_MEMBER_FIELDS },
  acceptance: { zh: '验收', en: 'Acceptance', fields: ACCEPTANCE_FIELDS },
  state_change: { zh: '流转记录', en: 'Step', fields: STATE_CHANGE_FIELDS },
  approval: { zh: '部门意见', en: 'Opinion', fields: APPROVAL_FIELDS },
  freed_land: { zh: '可供地', en: 'Freed land', fields: FREED_LAND_FIELDS },
  small_park: { zh: '小微企业园', en: 'Small-enterprise park', fields: SMALL_PARK_FIELDS },
  two_high: { zh: '两高项目', en: 'Two-high project', fields: TWO_HIGH_FIELDS },
  look_back: { zh: '回头看', en: 'Look-back', fields: LOOK_BACK_FIELDS },
  attachment: { zh: '附件', en: 'Attachment', fields: ATTACHMENT_FIELDS },
  target: { zh: '目标', en: 'Target', fields: TARGET_FIELDS },
  monthly_snapshot: { zh: '月度快照', en: 'Monthly snapshot', fields: MONTHLY_SNAPSHOT_FIELDS },
  published_report: { zh: '已发布报表', en: 'Published report', fields: PUBLISHED_REPORT_FIELDS },
  report_note: { zh: '报表说明', en: 'Note of a report', fields: REPORT_NOTE_FIELDS },
  assessment_table: { zh: '考核评分表', en: 'Scoring table', fields: ASSESSMENT_TABLE_FIELDS },
  rule_set: { zh: '规则集', en: 'Rule set', fields: RULE_SET_FIELDS },
  score_standard: { zh: '评价办法', en: 'Evaluation standard', fields: SCORE_STANDARD_FIELDS },
  app_user: { zh: '用户', en: 'User', fields: APP_USER_FIELDS },
} as const satisfies Record<string, Entity>

export type EntityName = keyof typeof ENTITIES

export const ENTITY_NAMES = Object.keys(ENTITIES) as [EntityName, ...EntityName[]]

/** Columns that every entity's table has besides its own fields. */
export interface RecordStamp {
  id: string
  rev: number
  deleted: boolean
  created_by: string
  created_at: string
  updated_by: string
  updated_at: string
  origin_device: string
}

/** A record as the service returns it: stamp plus fields; geometry is left out unless asked for. */
export type EntityRecord = RecordStamp & { [field: string]: FieldValue }

/** The description of a field, or undefined when the entity has none of that name. */
export function fieldOf(name: EntityName, field: string): Field | undefined {
  return (ENTITIES[name].fields as FieldTable)[field]
}

export function isEntityName(name: string): name is EntityName {
  return Object.hasOwn(ENTITIES, name)
}

const geometryFields = new Map(
  Object.entries(ENTITIES).map(([name, { fields }]) => [
    name,
    Object.entries(fields as FieldTable).find(([, field]) => field.kind === 'geometry')?.[0],
  ]),
)

/** The geometry field's name, if the entity has one. */
export function geometryFieldOf(name: EntityName): string | undefined {
  return geometryFields.get(name)
}
