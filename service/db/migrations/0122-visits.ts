/** Visits: who handed them in and who looked at them, and why the marked side departs from the computed one. */
export const visitReview = `
ALTER TABLE survey_visit ADD COLUMN side_reason TEXT;
ALTER TABLE survey_visit ADD COLUMN side_note TEXT;
ALTER TABLE survey_visit ADD COLUMN submitted_by TEXT;
ALTER TABLE survey_visit ADD COLUMN submitted_at TEXT;
ALTER TABLE survey_visit ADD COLUMN reviewed_by TEXT;
ALTER TABLE survey_visit ADD COLUMN reviewed_at TEXT;
ALTER TABLE survey_visit ADD COLUMN review_note TEXT;
`
