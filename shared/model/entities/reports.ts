/**
 * Fields of what managers hand on: published reports (frozen), what units write into a period's report, and the scoring
 * table of a year. Data table; domain §11.7 (5–7), §11.2 MonthlySnapshot.
 */
import { boolean, type FieldTable, instant, integer, json, text } from '../field.ts'

/** A report of a period as it was published. Never changed or removed: a correction is the next revision. */
export const PUBLISHED_REPORT_FIELDS = {
  kind: text('报表', 'Report', { required: true, maxLength: 20 }),
  /** `2022-11`, `2022-Q4` or `2022`. */
  period: text('期间', 'Period', { required: true, maxLength: 7 }),
  revision: integer('修订', 'Revision', { required: true, min: 1 }),
  title: text('标题', 'Title', { required: true, maxLength: 200 }),
  /** The report model as printed. */
  body: json('报表内容', 'Body', { required: true }),
  /** SHA-256 of `body` and of the rows behind it (`monthly_snapshot`), hexadecimal. */
  sha256: text('校验码', 'Checksum', { required: true, maxLength: 64 }),
  rows_sha256: text('明细校验码', 'Checksum of rows', { required: true, maxLength: 64 }),
  published_by: text('发布人', 'Published by', { required: true, maxLength: 100 }),
  published_at: instant('发布时间', 'Published at', { required: true }),
  reason: text('修订理由', 'Reason', { maxLength: 1000 }),
  /** What differs from the revision before: rows and columns with both values. */
  differences: json('修订内容', 'Differences'),
  /** Versions that made the figures: boundary, rule set, scoring table, revision of the data. */
  basis: json('数据依据', 'Basis'),
} as const satisfies FieldTable

/** What people write into a period's report for a unit, or for the county as a whole. */
export const REPORT_NOTE_FIELDS = {
  period: text('期间', 'Period', { required: true, maxLength: 7 }),
  unit: text('考核单位', 'Scored unit', { required: true, maxLength: 20 }),
  problems: text('存在问题', 'Problems', { maxLength: 2000 }),
  next_steps: text('下步计划', 'Next steps', { maxLength: 2000 }),
} as const satisfies FieldTable

/** 考核评分表 of a year, as imported; `items` are AssessmentItems of shared/rules/assessment. */
export const ASSESSMENT_TABLE_FIELDS = {
  year: integer('年度', 'Year', { required: true, min: 2000, max: 2100 }),
  name: text('考核评分表', 'Scoring table', { required: true, maxLength: 200 }),
  version: integer('版本', 'Version', { required: true, min: 1 }),
  items: json('评分项', 'Items', { required: true }),
  active: boolean('启用', 'Active'),
} as const satisfies FieldTable
