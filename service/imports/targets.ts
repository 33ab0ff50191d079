/** Which fields an import of each kind can fill, and which columns it passes over knowingly. Data. */
import type { ImportKind } from '../../shared/contract/imports.ts'
import { LINKED_PARCELS, STATED_AREA, type TargetFields } from '../../shared/import/headings.ts'
import { ENTERPRISE_FIELDS, ENTERPRISE_YEAR_FIELDS } from '../../shared/model/entities/enterprise.ts'
import { OCCUPANCY_FIELDS, PARCEL_FIELDS } from '../../shared/model/entities/parcel.ts'
import { BOUNDARY_FEATURE_FIELDS, REPORT_UNIT_FIELDS } from '../../shared/model/entities/survey.ts'
import type { FieldTable } from '../../shared/model/field.ts'

/** Set by the service, never by a file. */
const OWN = new Set([
  'geometry',
  'source_file',
  'source_row',
  'import_batch',
  'enterprise_id',
  'boundary_id',
  'extra',
  'parent_id',
  'side_marked_by',
  'side_marked_at',
  'computed_class',
  'computed_score',
  'score_basis',
  'unread',
])

function settable(table: FieldTable): TargetFields {
  return Object.fromEntries(Object.entries(table).filter(([name, field]) => !OWN.has(name) && !field.derived))
}

export const TARGETS: Readonly<Record<ImportKind, TargetFields>> = {
  parcels: { ...settable(PARCEL_FIELDS), stated_area_m2: STATED_AREA },
  boundary: {
    ...settable(BOUNDARY_FEATURE_FIELDS),
    subzone: {
      ...BOUNDARY_FEATURE_FIELDS.subzone,
      required: false,
      aliases: ['规划分区', '分区', '分区类型', 'subzone', 'fqlx'],
    },
  },
  enterprises: {
    ...settable(ENTERPRISE_FIELDS),
    ...settable(ENTERPRISE_YEAR_FIELDS),
    parcels: LINKED_PARCELS,
    occupancy_role: {
      ...OCCUPANCY_FIELDS.role,
      required: false,
      aliases: ['用地关系', '占用关系', 'role', 'occupancy_role'],
    },
  },
  units: settable(REPORT_UNIT_FIELDS),
}

/** Columns of our own exports that follow from others: read again they must change nothing. */
const DERIVED_COLUMNS = new Set([
  ...OWN,
  ...Object.entries(PARCEL_FIELDS as FieldTable)
    .filter(([, field]) => field.derived)
    .map(([name]) => name),
  'pk',
  'rev',
  'deleted',
  'created_by',
  'created_at',
  'updated_by',
  'updated_at',
  'origin_device',
  'source_file',
  'source_row',
  'import_batch',
  'parent_id',
  'extra',
  'area_mu',
  'area_in_mu',
  'area_out_mu',
  'zone',
  'zone_code',
  'zone_name',
  'unit_name',
  'enterprises',
  'side_label',
  'state_label',
  'fid',
  'ogc_fid',
  'objectid',
  'shape_length',
  'shape_area',
  'shape_leng',
  '序号',
])

export function isDerivedColumn(column: string): boolean {
  return DERIVED_COLUMNS.has(column.trim().toLowerCase())
}
