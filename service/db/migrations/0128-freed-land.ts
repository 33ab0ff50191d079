/** 可供地清单: freed land as records (shared/model/entities/closed-loop.ts). */
export const freedLandTable = `
CREATE TABLE freed_land (
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
  source TEXT NOT NULL,
  source_entity TEXT,
  source_id TEXT,
  area_m2 REAL,
  available_on TEXT,
  plan_use TEXT,
  condition TEXT,
  project_name TEXT,
  investor TEXT,
  investment REAL,
  signed_on TEXT,
  supplied_on TEXT,
  started_on TEXT,
  completed_on TEXT,
  production_on TEXT,
  withdrawn INTEGER,
  remark TEXT
) STRICT;
CREATE INDEX freed_land_parcel_id ON freed_land (parcel_id);
`
