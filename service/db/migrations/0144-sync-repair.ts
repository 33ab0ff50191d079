/** What a restored hub lost, until it has been brought back (service/sync/repair.ts). */
export const syncRepair = `
ALTER TABLE sync_record ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sync_record_lost ON sync_record (lost) WHERE lost <> 0;
`
