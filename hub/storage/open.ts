/** Opens the hub's database: one folder with SQLite, or PostgreSQL by its address. The only place that knows drivers. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import { Pool } from 'pg'
import { createTables, type HubDb, type HubTables } from './tables.ts'

export type HubPlace = { readonly folder: string } | { readonly databaseUrl: string }

export interface HubDatabase {
  readonly db: HubDb
  readonly kind: 'sqlite' | 'postgres'
  /** A copy that can be opened as it is; SQLite only. */
  backup(file: string): Promise<void>
}

export const HUB_FILE = 'hub.sqlite'

/** Opens (and, the first time, makes) the database. A commit that was answered survives a power cut on both. */
export async function openHubDatabase(place: HubPlace): Promise<HubDatabase> {
  if ('databaseUrl' in place) return openPostgres(place.databaseUrl)
  mkdirSync(place.folder, { recursive: true, mode: 0o700 })
  return openSqlite(join(place.folder, HUB_FILE))
}

async function openSqlite(file: string): Promise<HubDatabase> {
  // A test runtime with an older Node-API passes its own binary; products use the package's.
  const nativeBinding = process.env['LOWLAND_SQLITE_BINDING']
  const database = new Database(file, nativeBinding ? { nativeBinding } : {})
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('busy_timeout = 5000')
  database.pragma('cache_size = -65536')
  if (
    database.pragma('synchronous', { simple: true }) !== 2 ||
    database.pragma('journal_mode', { simple: true }) !== 'wal'
  )
    throw new Error('SQLite does not take WAL with synchronous=FULL here')
  const db = new Kysely<HubTables>({ dialect: sqliteDialect(database) })
  await createTables(db)
  return {
    db,
    kind: 'sqlite',
    async backup(target) {
      await database.backup(target)
    },
  }
}

/**
 * On a full disk SQLite takes the transaction back by itself; a second ROLLBACK would then fail and hide what had happened.
 */
function sqliteDialect(database: Database.Database): SqliteDialect {
  const dialect = new SqliteDialect({ database })
  const createDriver = dialect.createDriver.bind(dialect)
  dialect.createDriver = () => {
    const driver = createDriver()
    const rollback = driver.rollbackTransaction.bind(driver)
    driver.rollbackTransaction = async connection => {
      if (database.inTransaction) await rollback(connection)
    }
    return driver
  }
  return dialect
}

async function openPostgres(databaseUrl: string): Promise<HubDatabase> {
  const pool = new Pool({ connectionString: databaseUrl, max: 8, connectionTimeoutMillis: 20_000 })
  // A server that goes away breaks idle connections; the next request says so with its own error.
  pool.on('error', () => undefined)
  // One in use would otherwise end the process; its query fails by itself.
  pool.on('connect', client => client.on('error', () => undefined))
  const db = new Kysely<HubTables>({ dialect: new PostgresDialect({ pool }) })
  await createTables(db)
  return {
    db,
    kind: 'postgres',
    backup: () => Promise.reject(new Error('PostgreSQL 请用 pg_dump 备份')),
  }
}
