/** 考核评分表: weights and ways of scoring of a year as data (shared/rules/assessment). */
export const assessmentTables = `
CREATE TABLE assessment_table (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  year INTEGER NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  items TEXT NOT NULL,
  active INTEGER
) STRICT;
`
