/**
 * Tiles of online sources kept on this computer: a SQLite file of its own in the data folder, outside every survey. It may
 * be thrown away at any time; a damaged one is begun anew. Held below a limit: what was used longest ago goes first, what
 * was downloaded on purpose after everything else.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Db, openCache } from './open.ts'

export interface KeptTile {
  readonly type: string
  readonly bytes: Uint8Array
}

export interface TileCache {
  get(source: string, z: number, x: number, y: number): KeptTile | undefined
  has(source: string, z: number, x: number, y: number): boolean
  /** Columns and rows that are kept of a level, ends included. */
  count(source: string, range: { z: number; left: number; right: number; top: number; bottom: number }): number
  /** `isWanted`: downloaded on purpose. False when it was not kept (larger than the limit, disk full). */
  put(source: string, z: number, x: number, y: number, tile: KeptTile, isWanted: boolean): boolean
  /** Marks a kept tile as downloaded on purpose. */
  want(source: string, z: number, x: number, y: number): void
  totals(): ReadonlyMap<string, { tiles: number; bytes: number }>
  /** What is over the limit is dropped by `dropSome`, and by what comes next. */
  setLimit(bytes: number): void
  /** Drops some tiles that are over the limit; false when there are none. */
  dropSome(): boolean
  /** Removes up to `most` tiles of a source; false when none is left. */
  removeSome(source: string, most: number): boolean
  /** Removes everything, with the file. */
  clear(): void
  close(): void
}

const DROP_AT_ONCE = 64
const PAGES_AT_ONCE = 512

export function openTileCache(file: string, limitBytes: number, now: () => number): TileCache {
  let limit = limitBytes
  let opened = begin(file)
  let { totals, bytes } = sumsOf(opened.db)
  const remove = (): void => {
    opened.db.close()
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
  }
  const count = (source: string, tiles: number, size: number): void => {
    const known = totals.get(source) ?? { tiles: 0, bytes: 0 }
    totals.set(source, { tiles: known.tiles + tiles, bytes: known.bytes + size })
    bytes += size
  }
  // A few at a time: deleting many would hold up whatever waits for an answer.
  const dropSome = (): boolean => {
    if (bytes <= limit) return false
    const oldest = opened.oldest.all(DROP_AT_ONCE) as { id: number; source: string; size: number }[]
    opened.db.transaction(() => {
      for (const { id, source, size } of oldest) {
        if (bytes <= limit) break
        opened.drop.run(id)
        count(source, -1, -size)
      }
    })()
    opened.db.pragma(`incremental_vacuum(${PAGES_AT_ONCE})`)
    return bytes > limit && oldest.length > 0
  }

  return {
    get(source, z, x, y) {
      const row = opened.get.get(source, z, x, y) as (KeptTile & { id: number; used_at: number }) | undefined
      if (!row) return undefined
      // The order need not be exact to the minute; a write for every look would be.
      if (now() - row.used_at > 60_000) opened.touch.run(now(), row.id)
      return { type: row.type, bytes: new Uint8Array(row.bytes) }
    },
    has: (source, z, x, y) => opened.has.get(source, z, x, y) !== undefined,
    count: (source, { z, left, right, top, bottom }) =>
      (opened.count.get(source, z, left, right, top, bottom) as { tiles: number }).tiles,
    put(source, z, x, y, tile, isWanted) {
      const size = tile.bytes.length
      if (size > limit) return false
      try {
        const known = opened.has.get(source, z, x, y) as { size: number } | undefined
        opened.put.run(source, z, x, y, isWanted ? 1 : 0, now(), size, tile.type, tile.bytes)
        count(source, known ? 0 : 1, size - (known?.size ?? 0))
        dropSome()
        return true
      } catch {
        // A full disk or a locked file: the tile is shown all the same.
        return false
      }
    },
    want: (source, z, x, y) => void opened.want.run(source, z, x, y),
    totals: () => totals,
    setLimit(value) {
      limit = value
    },
    dropSome,
    removeSome(source, most) {
      const gone = opened.someOf.all(source, most) as { id: number; size: number }[]
      opened.db.transaction(() => {
        for (const { id, size } of gone) {
          opened.drop.run(id)
          count(source, -1, -size)
        }
      })()
      opened.db.pragma(`incremental_vacuum(${PAGES_AT_ONCE})`)
      if (gone.length === 0) totals.delete(source)
      return gone.length > 0
    },
    clear() {
      remove()
      opened = begin(file)
      ;({ totals, bytes } = sumsOf(opened.db))
    },
    close: () => opened.db.close(),
  }
}

function begin(file: string) {
  mkdirSync(dirname(file), { recursive: true })
  try {
    return prepare(openCache(file))
  } catch {
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
    return prepare(openCache(file))
  }
}

function prepare(db: Db) {
  try {
    db.exec(`CREATE TABLE IF NOT EXISTS tile (
      id INTEGER PRIMARY KEY, source TEXT NOT NULL, z INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL,
      wanted INTEGER NOT NULL, used_at INTEGER NOT NULL, size INTEGER NOT NULL, type TEXT NOT NULL, bytes BLOB NOT NULL,
      UNIQUE (source, z, x, y)) STRICT;
    CREATE INDEX IF NOT EXISTS tile_order ON tile (wanted, used_at, size);
    CREATE INDEX IF NOT EXISTS tile_size ON tile (source, size);`)
    const at = 'source = ? AND z = ? AND x = ? AND y = ?'
    return {
      db,
      get: db.prepare(`SELECT id, type, bytes, used_at FROM tile WHERE ${at}`),
      has: db.prepare(`SELECT size FROM tile WHERE ${at}`),
      count: db.prepare(
        'SELECT count(*) AS tiles FROM tile WHERE source = ? AND z = ? AND x BETWEEN ? AND ? AND y BETWEEN ? AND ?',
      ),
      put: db.prepare(`INSERT INTO tile (source, z, x, y, wanted, used_at, size, type, bytes) VALUES (?,?,?,?,?,?,?,?,?)
        ON CONFLICT (source, z, x, y) DO UPDATE SET wanted = max(wanted, excluded.wanted), used_at = excluded.used_at,
          size = excluded.size, type = excluded.type, bytes = excluded.bytes`),
      want: db.prepare(`UPDATE tile SET wanted = 1 WHERE ${at}`),
      touch: db.prepare('UPDATE tile SET used_at = ? WHERE id = ?'),
      oldest: db.prepare('SELECT id, source, size FROM tile ORDER BY wanted, used_at LIMIT ?'),
      drop: db.prepare('DELETE FROM tile WHERE id = ?'),
      someOf: db.prepare('SELECT id, size FROM tile WHERE source = ? LIMIT ?'),
    }
  } catch (error) {
    db.close()
    throw error
  }
}

/** Kept up to date from here on: asking for the sums takes long when there are many. */
function sumsOf(db: Db): { totals: Map<string, { tiles: number; bytes: number }>; bytes: number } {
  const rows = db.prepare('SELECT source, count(*) AS tiles, sum(size) AS bytes FROM tile GROUP BY source').all() as {
    source: string
    tiles: number
    bytes: number
  }[]
  return {
    totals: new Map(rows.map(({ source, ...total }) => [source, total])),
    bytes: rows.reduce((sum, row) => sum + row.bytes, 0),
  }
}
