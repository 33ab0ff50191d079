/** Exchange by bundles: whom the county lets in, and receipts that wait to be carried back. */
export const bundleTables = `
CREATE INDEX sync_record_seq ON sync_record (seq);

-- Laptops that the county exchanges bundles with, by the permission given to each.
CREATE TABLE sync_grant (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,
  name TEXT NOT NULL,
  device TEXT,
  -- Place up to which the laptop has everything, as its last return said.
  cursor INTEGER NOT NULL DEFAULT 0,
  at TEXT NOT NULL,
  UNIQUE (unit, name)
) STRICT, WITHOUT ROWID;

-- Receipts of patches that came in bundles, until the laptop has them.
CREATE TABLE sync_carried (
  patch TEXT PRIMARY KEY,
  device TEXT NOT NULL,
  device_seq INTEGER NOT NULL,
  receipt TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_carried_device ON sync_carried (device, device_seq);
`
