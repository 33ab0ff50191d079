/**
 * The closed loop: its steps and opinions as records, publicity of the list, what an acceptance accepted, park and two-high
 * project records; states of enterprises and parcels follow the list from here on (docs/decisions/0110-closed-loop.md).
 */
export const closedLoopSchema = `
ALTER TABLE list_entry ADD COLUMN publicity_from TEXT;
ALTER TABLE list_entry ADD COLUMN publicity_to TEXT;
ALTER TABLE acceptance ADD COLUMN accepted_land TEXT;
ALTER TABLE acceptance ADD COLUMN freed_tce REAL;
ALTER TABLE acceptance ADD COLUMN unmet TEXT;

CREATE TABLE state_change (
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
  from_state TEXT,
  to_state TEXT NOT NULL,
  happened_on TEXT NOT NULL,
  at TEXT NOT NULL,
  author TEXT,
  role TEXT,
  department TEXT,
  reason TEXT,
  doc_no TEXT
) STRICT;
CREATE INDEX state_change_list_entry_id ON state_change (list_entry_id) WHERE list_entry_id IS NOT NULL;

CREATE TABLE approval (
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
  department TEXT NOT NULL,
  decision TEXT NOT NULL,
  reason TEXT,
  decided_on TEXT NOT NULL,
  decided_by TEXT
) STRICT;
CREATE INDEX approval_plan_id ON approval (plan_id) WHERE plan_id IS NOT NULL;

CREATE TABLE small_park (
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
  unit TEXT,
  star INTEGER,
  land_m2 REAL,
  floor_area_m2 REAL,
  firms INTEGER,
  industry TEXT,
  completed_on TEXT,
  parcel_ids TEXT,
  remark TEXT
) STRICT;

CREATE TABLE two_high (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  enterprise_id TEXT,
  project_name TEXT NOT NULL,
  project_code TEXT,
  unit TEXT,
  industry_code TEXT,
  status TEXT,
  energy_tce REAL,
  value_added REAL,
  energy_doc TEXT,
  environment_doc TEXT,
  decision TEXT,
  due_date TEXT,
  remark TEXT
) STRICT;
CREATE INDEX two_high_enterprise_id ON two_high (enterprise_id) WHERE enterprise_id IS NOT NULL;

-- A listed enterprise shows the state of its entry; states without an entry stay as they are and are named by the check.
UPDATE enterprise SET state = (SELECT l.state FROM list_entry l WHERE l.enterprise_id = enterprise.id AND l.deleted = 0)
  WHERE EXISTS (SELECT 1 FROM list_entry l WHERE l.enterprise_id = enterprise.id AND l.deleted = 0);
`
