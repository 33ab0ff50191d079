/** Which attachments the hub is known to have. */
export const syncFileTable = `
CREATE TABLE sync_file (
  id TEXT PRIMARY KEY,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
