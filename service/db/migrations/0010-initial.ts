/**
 * The first schema: one STRICT table per entity of the domain (shared/model/entity.ts), the spatial indexes, the change log
 * and the books of the import desk. Released migrations are never edited; a later change is a new file.
 */
export const initialSchema = `
CREATE TABLE campaign (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  name TEXT NOT NULL,
  start_year INTEGER,
  end_year INTEGER,
  doc_no TEXT,
  doc_status TEXT,
  carbon_factor REAL,
  area_basis TEXT,
  gap_m REAL,
  zone_min_mu REAL,
  zone_min_parcels INTEGER,
  side_tolerance_m2 REAL,
  side_tolerance_per_m REAL
) STRICT;

CREATE TABLE report_unit (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  name_en TEXT,
  kind TEXT,
  contact TEXT,
  geometry BLOB
) STRICT;
CREATE UNIQUE INDEX report_unit_code ON report_unit (code) WHERE deleted = 0;

CREATE TABLE enterprise (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  code TEXT NOT NULL,
  uscc TEXT,
  uscc_missing_reason TEXT,
  name TEXT NOT NULL,
  former_name TEXT,
  ent_type TEXT,
  legal_person TEXT,
  phone TEXT,
  industry_code TEXT,
  in_park INTEGER,
  park_name TEXT,
  op_status TEXT,
  unit TEXT,
  town TEXT,
  address TEXT,
  products TEXT,
  state TEXT,
  source_file TEXT,
  source_row INTEGER,
  import_batch TEXT,
  remark TEXT
) STRICT;
CREATE UNIQUE INDEX enterprise_code ON enterprise (code) WHERE deleted = 0;
CREATE INDEX enterprise_import_batch ON enterprise (import_batch) WHERE import_batch IS NOT NULL;

CREATE TABLE enterprise_year (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  enterprise_id TEXT NOT NULL,
  year INTEGER NOT NULL,
  scale TEXT,
  eval_scope TEXT,
  land_mu_actual REAL,
  land_mu_owned REAL,
  land_mu_rented REAL,
  tax REAL,
  value_added REAL,
  output REAL,
  revenue REAL,
  rd REAL,
  employees REAL,
  power_kwh REAL,
  energy_tce REAL,
  energy_basis TEXT,
  emission_t REAL,
  class TEXT,
  score REAL,
  data_source TEXT,
  published INTEGER,
  publicity_from TEXT,
  publicity_to TEXT,
  import_batch TEXT
) STRICT;
CREATE INDEX enterprise_year_enterprise_id ON enterprise_year (enterprise_id) WHERE enterprise_id IS NOT NULL;
CREATE INDEX enterprise_year_import_batch ON enterprise_year (import_batch) WHERE import_batch IS NOT NULL;

CREATE TABLE parcel (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT,
  unit TEXT,
  town TEXT,
  dcdybh TEXT,
  dcqbh TEXT,
  zdbh TEXT,
  area_m2 REAL,
  area_planar_m2 REAL,
  perimeter_m REAL,
  area_registered_m2 REAL,
  area_approved_m2 REAL,
  area_used_m2 REAL,
  location TEXT,
  sizhi TEXT,
  right_holder TEXT,
  cert_no TEXT,
  reg_date TEXT,
  ownership TEXT,
  disputed INTEGER,
  acquire TEXT,
  land_class TEXT,
  plan_use TEXT,
  cur_use TEXT,
  use_state TEXT,
  vacant_reason TEXT,
  abandoned_reason TEXT,
  build_type TEXT,
  build_year INTEGER,
  floors INTEGER,
  owner_wish TEXT,
  far REAL,
  density REAL,
  green REAL,
  floor_area_m2 REAL,
  invest_intensity REAL,
  side TEXT,
  area_in_m2 REAL,
  area_out_m2 REAL,
  inside_share REAL,
  subzones TEXT,
  side_marked TEXT,
  side_mark_reason TEXT,
  side_mark_note TEXT,
  side_marked_by TEXT,
  side_marked_at TEXT,
  overlap_farmland_m2 REAL,
  overlap_eco_m2 REAL,
  ineff_types TEXT,
  state TEXT,
  parent_id TEXT,
  source_file TEXT,
  source_row INTEGER,
  import_batch TEXT,
  remark TEXT,
  extra TEXT,
  geometry BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX parcel_code ON parcel (code) WHERE deleted = 0;
CREATE INDEX parcel_parent_id ON parcel (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX parcel_import_batch ON parcel (import_batch) WHERE import_batch IS NOT NULL;

CREATE TABLE occupancy (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  enterprise_id TEXT NOT NULL,
  parcel_id TEXT NOT NULL,
  role TEXT NOT NULL,
  used_area_m2 REAL,
  from_date TEXT,
  to_date TEXT,
  rent REAL,
  import_batch TEXT
) STRICT;
CREATE INDEX occupancy_enterprise_id ON occupancy (enterprise_id) WHERE enterprise_id IS NOT NULL;
CREATE INDEX occupancy_parcel_id ON occupancy (parcel_id) WHERE parcel_id IS NOT NULL;
CREATE INDEX occupancy_import_batch ON occupancy (import_batch) WHERE import_batch IS NOT NULL;

CREATE TABLE boundary_version (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  source_doc TEXT,
  effective_date TEXT NOT NULL,
  checksum TEXT,
  status TEXT NOT NULL,
  source_file TEXT,
  import_batch TEXT
) STRICT;
CREATE UNIQUE INDEX boundary_version_code ON boundary_version (code) WHERE deleted = 0;
CREATE INDEX boundary_version_import_batch ON boundary_version (import_batch) WHERE import_batch IS NOT NULL;

CREATE TABLE boundary_feature (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  boundary_id TEXT NOT NULL,
  subzone TEXT NOT NULL,
  zone_code TEXT,
  zone_name TEXT,
  source_row INTEGER,
  import_batch TEXT,
  geometry BLOB NOT NULL
) STRICT;
CREATE INDEX boundary_feature_boundary_id ON boundary_feature (boundary_id) WHERE boundary_id IS NOT NULL;
CREATE INDEX boundary_feature_import_batch ON boundary_feature (import_batch) WHERE import_batch IS NOT NULL;

CREATE TABLE survey_visit (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  parcel_id TEXT,
  enterprise_id TEXT,
  inspectors TEXT,
  visited_at TEXT NOT NULL,
  gnss_fix TEXT,
  findings TEXT,
  side_marked TEXT,
  operating_status TEXT,
  ineff_types TEXT,
  idle_suspect INTEGER,
  weather TEXT,
  signature TEXT,
  status TEXT NOT NULL
) STRICT;
CREATE INDEX survey_visit_parcel_id ON survey_visit (parcel_id) WHERE parcel_id IS NOT NULL;
CREATE INDEX survey_visit_enterprise_id ON survey_visit (enterprise_id) WHERE enterprise_id IS NOT NULL;

CREATE TABLE compliance_check (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  plan_id TEXT,
  visit_id TEXT,
  enterprise_id TEXT,
  dimension TEXT NOT NULL,
  item TEXT,
  result TEXT NOT NULL,
  legal_basis TEXT,
  department TEXT,
  deadline TEXT,
  rectified_at TEXT,
  evidence TEXT
) STRICT;
CREATE INDEX compliance_check_plan_id ON compliance_check (plan_id) WHERE plan_id IS NOT NULL;
CREATE INDEX compliance_check_visit_id ON compliance_check (visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX compliance_check_enterprise_id ON compliance_check (enterprise_id) WHERE enterprise_id IS NOT NULL;

CREATE TABLE list_entry (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  enterprise_id TEXT NOT NULL,
  list_year INTEGER,
  batch TEXT,
  hit_rules TEXT,
  state TEXT NOT NULL,
  exclusion_reason TEXT,
  listed_doc TEXT,
  counted_at TEXT,
  counted_mu REAL,
  counted_tce REAL,
  rebound_at TEXT
) STRICT;
CREATE INDEX list_entry_enterprise_id ON list_entry (enterprise_id) WHERE enterprise_id IS NOT NULL;

CREATE TABLE plan (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  code TEXT NOT NULL,
  enterprise_id TEXT NOT NULL,
  year INTEGER NOT NULL,
  version INTEGER NOT NULL,
  baseline_year INTEGER,
  baseline TEXT,
  parcel_ids TEXT,
  problems TEXT,
  route TEXT NOT NULL,
  route_reason TEXT,
  route_signed_by TEXT,
  target_tax_per_mu REAL,
  target_energy_tce REAL,
  freed_mu REAL,
  freed_tce REAL,
  new_tax REAL,
  new_floor_m2 REAL,
  investment REAL,
  start_date TEXT,
  due_date TEXT,
  departments TEXT,
  responsible TEXT,
  liaison TEXT,
  status TEXT NOT NULL,
  approval_doc TEXT,
  remark TEXT
) STRICT;
CREATE UNIQUE INDEX plan_code ON plan (code) WHERE deleted = 0;
CREATE INDEX plan_enterprise_id ON plan (enterprise_id) WHERE enterprise_id IS NOT NULL;

CREATE TABLE measure (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  description TEXT,
  area_mu REAL,
  start_date TEXT,
  due_date TEXT,
  done_at TEXT,
  progress INTEGER,
  owner TEXT,
  evidence TEXT
) STRICT;
CREATE INDEX measure_plan_id ON measure (plan_id) WHERE plan_id IS NOT NULL;

CREATE TABLE milestone (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  date_planned TEXT,
  date_actual TEXT,
  area_mu REAL
) STRICT;
CREATE INDEX milestone_plan_id ON milestone (plan_id) WHERE plan_id IS NOT NULL;

CREATE TABLE reclamation (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  plan_id TEXT,
  parcel_id TEXT NOT NULL,
  project_name TEXT,
  project_no TEXT,
  approval_doc TEXT,
  area_m2 REAL,
  new_farmland_m2 REAL,
  paddy_m2 REAL,
  dry_m2 REAL,
  quality_before TEXT,
  quality_after TEXT,
  contractor TEXT,
  started_on TEXT,
  finished_on TEXT,
  accepted_on TEXT,
  acceptance_doc TEXT,
  quota_m2 REAL,
  investment REAL,
  compensation_per_mu REAL,
  keeper TEXT
) STRICT;
CREATE INDEX reclamation_plan_id ON reclamation (plan_id) WHERE plan_id IS NOT NULL;
CREATE INDEX reclamation_parcel_id ON reclamation (parcel_id) WHERE parcel_id IS NOT NULL;

CREATE TABLE standard_land (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  parcel_id TEXT NOT NULL,
  agreement_no TEXT,
  committed TEXT,
  actual TEXT,
  construction_checked_on TEXT,
  production_checked_on TEXT,
  breach TEXT
) STRICT;
CREATE INDEX standard_land_parcel_id ON standard_land (parcel_id) WHERE parcel_id IS NOT NULL;

CREATE TABLE idle_case (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  parcel_id TEXT NOT NULL,
  contract_no TEXT,
  supervision_no TEXT,
  delivered_on TEXT,
  agreed_start TEXT,
  agreed_completion TEXT,
  actual_start TEXT,
  stopped_on TEXT,
  due_area_m2 REAL,
  developed_area_m2 REAL,
  total_investment REAL,
  actual_investment REAL,
  land_price REAL,
  cause TEXT,
  stage TEXT,
  finding_no TEXT,
  recovery_no TEXT
) STRICT;
CREATE INDEX idle_case_parcel_id ON idle_case (parcel_id) WHERE parcel_id IS NOT NULL;

CREATE TABLE zone (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  year INTEGER NOT NULL,
  unit TEXT,
  sizhi TEXT,
  direction TEXT,
  status TEXT NOT NULL,
  approve_doc TEXT,
  gap_m REAL,
  cross_unit INTEGER,
  locked INTEGER,
  investment REAL,
  due_date TEXT,
  departments TEXT,
  cause_analysis TEXT,
  remark TEXT,
  geometry BLOB
) STRICT;
CREATE UNIQUE INDEX zone_code ON zone (code) WHERE deleted = 0;

CREATE TABLE zone_member (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  zone_id TEXT NOT NULL,
  parcel_id TEXT NOT NULL,
  manual INTEGER,
  linked_to TEXT,
  distance_m REAL
) STRICT;
CREATE INDEX zone_member_zone_id ON zone_member (zone_id) WHERE zone_id IS NOT NULL;
CREATE INDEX zone_member_parcel_id ON zone_member (parcel_id) WHERE parcel_id IS NOT NULL;
CREATE INDEX zone_member_linked_to ON zone_member (linked_to) WHERE linked_to IS NOT NULL;

CREATE TABLE acceptance (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  plan_id TEXT,
  parcel_id TEXT,
  zone_id TEXT,
  accepted_on TEXT,
  members TEXT,
  criteria TEXT,
  conclusion TEXT,
  doc_no TEXT
) STRICT;
CREATE INDEX acceptance_plan_id ON acceptance (plan_id) WHERE plan_id IS NOT NULL;
CREATE INDEX acceptance_parcel_id ON acceptance (parcel_id) WHERE parcel_id IS NOT NULL;
CREATE INDEX acceptance_zone_id ON acceptance (zone_id) WHERE zone_id IS NOT NULL;

CREATE TABLE look_back (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  list_entry_id TEXT NOT NULL,
  due_date TEXT NOT NULL,
  done_at TEXT,
  result TEXT,
  evidence TEXT
) STRICT;
CREATE INDEX look_back_list_entry_id ON look_back (list_entry_id) WHERE list_entry_id IS NOT NULL;

CREATE TABLE attachment (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL,
  mime TEXT,
  size INTEGER,
  kind TEXT,
  stage TEXT,
  caption TEXT,
  taken_at TEXT,
  longitude REAL,
  latitude REAL,
  azimuth REAL,
  owner_entity TEXT,
  owner_id TEXT,
  submitted INTEGER
) STRICT;

CREATE TABLE target (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  scope TEXT NOT NULL,
  year INTEGER,
  indicator TEXT NOT NULL,
  value REAL NOT NULL,
  unit_symbol TEXT,
  source TEXT
) STRICT;

CREATE TABLE monthly_snapshot (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  unit TEXT NOT NULL,
  month TEXT NOT NULL,
  revision INTEGER NOT NULL,
  figures TEXT,
  published_at TEXT,
  reason TEXT
) STRICT;

CREATE TABLE rule_set (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  rules TEXT,
  active INTEGER
) STRICT;

CREATE TABLE app_user (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  unit TEXT,
  department TEXT
) STRICT;

CREATE UNIQUE INDEX enterprise_uscc ON enterprise (uscc) WHERE deleted = 0 AND uscc IS NOT NULL;
CREATE UNIQUE INDEX enterprise_year_key ON enterprise_year (enterprise_id, year) WHERE deleted = 0;
CREATE UNIQUE INDEX occupancy_key ON occupancy (enterprise_id, parcel_id, role) WHERE deleted = 0;
CREATE UNIQUE INDEX zone_member_key ON zone_member (zone_id, parcel_id) WHERE deleted = 0;
CREATE UNIQUE INDEX plan_version ON plan (enterprise_id, year, version) WHERE deleted = 0;
CREATE UNIQUE INDEX list_entry_live ON list_entry (enterprise_id) WHERE deleted = 0;
CREATE INDEX parcel_unit ON parcel (unit) WHERE deleted = 0;
CREATE INDEX enterprise_unit ON enterprise (unit) WHERE deleted = 0;

-- Search keys of names: lower-case text and pinyin initials, kept by the write path.
CREATE TABLE search_key (
  entity TEXT NOT NULL,
  pk INTEGER NOT NULL,
  text TEXT NOT NULL,
  initials TEXT NOT NULL,
  PRIMARY KEY (entity, pk)
) STRICT, WITHOUT ROWID;

-- Boxes in degrees; the id is the pk of the table of the same name. Deleted records have no box.
CREATE VIRTUAL TABLE parcel_box USING rtree(pk, min_x, max_x, min_y, max_y);
CREATE VIRTUAL TABLE boundary_feature_box USING rtree(pk, min_x, max_x, min_y, max_y);

-- Computed side of every parcel under every boundary version.
CREATE TABLE parcel_side (
  boundary_id TEXT NOT NULL,
  parcel_pk INTEGER NOT NULL,
  side TEXT NOT NULL,
  inside_share REAL NOT NULL,
  area_in_m2 REAL NOT NULL,
  area_out_m2 REAL NOT NULL,
  subzones TEXT NOT NULL,
  PRIMARY KEY (boundary_id, parcel_pk)
) STRICT, WITHOUT ROWID;

-- One user-visible step: what undo undoes. Changes of one edit are atomic.
CREATE TABLE edit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  label_values TEXT NOT NULL,
  user TEXT NOT NULL,
  device TEXT NOT NULL,
  at TEXT NOT NULL,
  reason TEXT,
  batch TEXT,
  undo_of TEXT,
  undone_by TEXT
) STRICT;
CREATE INDEX edit_undo ON edit (kind, undone_by);

CREATE TABLE change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  edit_seq INTEGER NOT NULL REFERENCES edit (seq),
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  op TEXT NOT NULL,
  base_rev INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  patch TEXT NOT NULL,
  geometry_from BLOB,
  geometry_to BLOB
) STRICT;
CREATE INDEX change_entity ON change (entity, entity_id, seq);
CREATE INDEX change_edit ON change (edit_seq);

CREATE TABLE import_batch (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  encoding TEXT,
  crs_declared TEXT,
  crs_used TEXT,
  mapping TEXT NOT NULL,
  options TEXT NOT NULL,
  counts TEXT NOT NULL,
  user TEXT NOT NULL,
  device TEXT NOT NULL,
  at TEXT NOT NULL,
  undone_at TEXT,
  undone_by TEXT
) STRICT;

-- What an imported update replaced, so that the batch can be rolled back.
CREATE TABLE import_before (
  batch_id TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  row TEXT NOT NULL,
  geometry BLOB,
  PRIMARY KEY (batch_id, entity, entity_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE qc_issue (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_id TEXT NOT NULL,
  row_index INTEGER NOT NULL,
  entity_id TEXT,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,
  field TEXT,
  message TEXT NOT NULL,
  message_values TEXT NOT NULL,
  geometry_before BLOB,
  geometry_after BLOB,
  resolution TEXT,
  resolved_by TEXT,
  resolved_at TEXT
) STRICT;
CREATE INDEX qc_issue_batch ON qc_issue (batch_id, row_index);

CREATE TABLE import_mapping (
  signature TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  mapping TEXT NOT NULL,
  used_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE export_log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  records INTEGER NOT NULL,
  user TEXT NOT NULL,
  device TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
