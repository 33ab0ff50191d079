/**
 * Published reports of a period: frozen by the file itself, whoever writes (docs/decisions/0126-published-reports.md). The
 * rows behind the figures lie in `monthly_snapshot`, one per unit, so that a township gets its own alone.
 */
export const publishedReports = `
CREATE TABLE published_report (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  kind TEXT NOT NULL,
  period TEXT NOT NULL,
  revision INTEGER NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  rows_sha256 TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at TEXT NOT NULL,
  reason TEXT,
  differences TEXT,
  basis TEXT
) STRICT;
CREATE INDEX published_report_period ON published_report (kind, period);

ALTER TABLE monthly_snapshot ADD COLUMN report_id TEXT;
CREATE INDEX monthly_snapshot_report_id ON monthly_snapshot (report_id) WHERE report_id IS NOT NULL;

CREATE TRIGGER published_report_stays BEFORE DELETE ON published_report
BEGIN SELECT RAISE(ABORT, 'a published report is never removed'); END;
CREATE TRIGGER published_report_frozen BEFORE UPDATE ON published_report
WHEN NEW.deleted <> 0 OR NEW.kind <> OLD.kind OR NEW.period <> OLD.period OR NEW.revision <> OLD.revision OR NEW.title <> OLD.title
  OR NEW.body <> OLD.body OR NEW.sha256 <> OLD.sha256 OR NEW.rows_sha256 <> OLD.rows_sha256 OR NEW.published_by <> OLD.published_by
  OR NEW.published_at <> OLD.published_at OR NEW.reason IS NOT OLD.reason OR NEW.differences IS NOT OLD.differences
  OR NEW.basis IS NOT OLD.basis
BEGIN SELECT RAISE(ABORT, 'a published report is never changed'); END;
CREATE TRIGGER monthly_snapshot_stays BEFORE DELETE ON monthly_snapshot
BEGIN SELECT RAISE(ABORT, 'a published figure is never removed'); END;
CREATE TRIGGER monthly_snapshot_frozen BEFORE UPDATE ON monthly_snapshot
WHEN NEW.deleted <> 0 OR NEW.unit <> OLD.unit OR NEW.month <> OLD.month OR NEW.revision <> OLD.revision
  OR NEW.figures IS NOT OLD.figures OR NEW.published_at IS NOT OLD.published_at OR NEW.reason IS NOT OLD.reason
  OR NEW.report_id IS NOT OLD.report_id
BEGIN SELECT RAISE(ABORT, 'a published figure is never changed'); END;

CREATE TABLE report_note (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  origin_device TEXT NOT NULL,
  period TEXT NOT NULL,
  unit TEXT NOT NULL,
  problems TEXT,
  next_steps TEXT
) STRICT;
CREATE INDEX report_note_period ON report_note (period);
`
