/**
 * What a device knows of the hub: the hub's newest state of every record, the patches that are on their way, and the
 * conflicts of its scope. Written in the transaction of the rows it speaks of.
 */
export const syncTables = `
-- seq 0 and fields NULL: the hub does not know the record. rev: local revision up to which changes are in the outbox.
CREATE TABLE sync_record (
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  fields TEXT,
  geometry BLOB,
  unit TEXT,
  device TEXT,
  user TEXT,
  at TEXT,
  -- 1: the local record waits under a provisional code because another one holds the wanted one.
  parked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX sync_record_key ON sync_record (entity, entity_id, rev);
CREATE UNIQUE INDEX sync_record_id ON sync_record (entity, entity_id);
CREATE INDEX sync_record_parked ON sync_record (parked) WHERE parked = 1;

-- state: waiting, sent (on the wire or in a bundle), confirmed (receipt), settled (the hub's row has come), refused.
CREATE TABLE sync_outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  device_seq INTEGER UNIQUE,
  id TEXT NOT NULL UNIQUE,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  edit_seq INTEGER,
  state TEXT NOT NULL,
  body TEXT,
  receipt TEXT,
  receipt_seq INTEGER,
  bundle INTEGER,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX sync_outbox_open ON sync_outbox (entity, entity_id, seq);
CREATE INDEX sync_outbox_state ON sync_outbox (state, seq) WHERE state <> 'settled';

CREATE TABLE sync_conflict (
  id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  open INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_conflict_record ON sync_conflict (entity, entity_id);
CREATE INDEX sync_conflict_open ON sync_conflict (open, seq) WHERE open = 1;

-- A person's decision until its patch is in the outbox.
CREATE TABLE sync_decision (
  conflict TEXT PRIMARY KEY,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  take TEXT NOT NULL,
  edit TEXT,
  user TEXT NOT NULL,
  reason TEXT,
  at TEXT NOT NULL,
  collected INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Bundles written and read: nothing is taken twice, and what is missing is known by its number.
CREATE TABLE sync_bundle (
  id TEXT PRIMARY KEY,
  direction TEXT NOT NULL,
  kind TEXT NOT NULL,
  peer TEXT NOT NULL,
  number INTEGER NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  detail TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_bundle_peer ON sync_bundle (direction, peer, number);
`
