/** 方案模板: what staff write once and use in many plans. */
export const planTemplates = `
CREATE TABLE plan_template (
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
  route TEXT,
  year INTEGER,
  problems TEXT,
  departments TEXT,
  measures TEXT,
  milestones TEXT,
  remark TEXT
) STRICT;
`
