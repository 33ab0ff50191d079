/**
 * The evaluation of a year: its standard as data, the computed class and score beside the published ones, with what they
 * were made of; and what a table said that could not be read as a figure (docs/decisions/0124-scores.md).
 */
export const scoringSchema = `
CREATE TABLE score_standard (
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
  standard TEXT,
  active INTEGER
) STRICT;
CREATE INDEX score_standard_year ON score_standard (year);

ALTER TABLE enterprise_year ADD COLUMN computed_class TEXT;
ALTER TABLE enterprise_year ADD COLUMN computed_score REAL;
ALTER TABLE enterprise_year ADD COLUMN score_basis TEXT;
ALTER TABLE enterprise_year ADD COLUMN unread TEXT;
`
