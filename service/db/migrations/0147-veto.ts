/** 一票否决: what holds the class of a year down, and by which document. */
export const veto = `
ALTER TABLE enterprise_year ADD COLUMN veto_causes TEXT;
ALTER TABLE enterprise_year ADD COLUMN veto_basis TEXT;
`
