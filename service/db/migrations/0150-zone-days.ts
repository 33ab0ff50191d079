/** Days of a zone's states and of its members, so that a past period can be told from today. Empty: nobody knows. */
export const zoneDays = `
ALTER TABLE zone ADD COLUMN planned_on TEXT;
ALTER TABLE zone ADD COLUMN approved_on TEXT;
ALTER TABLE zone ADD COLUMN started_on TEXT;
ALTER TABLE zone ADD COLUMN done_on TEXT;
ALTER TABLE zone ADD COLUMN ended_on TEXT;
ALTER TABLE zone_member ADD COLUMN joined_on TEXT;
ALTER TABLE zone_member ADD COLUMN left_on TEXT;
`
