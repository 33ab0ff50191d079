/**
 * Opens SQLite connections with the settings that "saved means saved" needs. The only file that constructs a database.
 * WAL alone is not enough: better-sqlite3 compiles WAL with synchronous=NORMAL, which may lose the last commits in a
 * power cut, so FULL is set on every connection and read back.
 */
import Database from 'better-sqlite3'
import { AppError } from '../../shared/contract/errors.ts'

export type Db = Database.Database

/** 'LOWL' — marks a SQLite file as a survey of ours. */
export const APPLICATION_ID = 0x4c4f574c

function construct(file: string, options: Database.Options): Db {
  // A test runtime with an older Node-API passes its own binary; products use the package's.
  const nativeBinding = process.env['LOWLAND_SQLITE_BINDING']
  return new Database(file, nativeBinding ? { ...options, nativeBinding } : options)
}

/** SQLite's cache of the writing connection, KiB. */
export const WRITER_CACHE_KIB = 32_768

/** The writing connection of a survey. Throws `survey_damaged` when the durability settings do not hold. */
export function openWriter(file: string, options: { mustExist: boolean }): Db {
  const db = construct(file, { fileMustExist: options.mustExist })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('busy_timeout = 5000')
    db.pragma(`cache_size = -${WRITER_CACHE_KIB}`)
    assertDurable(db)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/**
 * Moves committed pages from the log into the file, as far as that is possible now. Without space it is not: then the log
 * keeps them and nothing is lost, so that is no error of the commit before it, nor of closing.
 */
export function settleLog(db: Db, mode: 'PASSIVE' | 'TRUNCATE'): void {
  try {
    db.pragma(`wal_checkpoint(${mode})`)
  } catch (error) {
    if (!/^SQLITE_(FULL|IOERR|BUSY)/.test(String((error as { code?: unknown }).code))) throw error
  }
}

/** A connection that sees committed data only and cannot write. */
export function openReader(file: string): Db {
  const db = construct(file, { fileMustExist: true, readonly: true })
  db.pragma('busy_timeout = 5000')
  db.pragma('cache_size = -65536')
  db.pragma('query_only = ON')
  return db
}

/** A throw-away database for dry runs and similar; durability is of no interest there. */
export function openScratch(file: string): Db {
  const db = construct(file, {})
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  return db
}

/** A file that may be lost: kept from being torn by a crash, not from losing its last commits. Gives pages back. */
export function openCache(file: string): Db {
  const db = construct(file, {})
  db.pragma('auto_vacuum = INCREMENTAL')
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = OFF')
  db.pragma('busy_timeout = 2000')
  return db
}

/** A side file that serves as a lock and nothing else: answers at once when somebody else holds it. */
export function openLockFile(file: string): Db {
  return construct(file, { timeout: 0 })
}

/** Read-only look at a file that may not be a survey at all. */
export function openForeign(file: string): Db {
  return construct(file, { fileMustExist: true, readonly: true })
}

/** Fails unless commits on this connection survive a power cut (WAL and synchronous=FULL). */
export function assertDurable(db: Db): void {
  const journal = db.pragma('journal_mode', { simple: true })
  const synchronous = db.pragma('synchronous', { simple: true })
  if (journal !== 'wal' || synchronous !== 2) {
    throw new AppError(
      'survey_damaged',
      `无法启用安全写入模式(${String(journal)}/${String(synchronous)})，调查文件未打开`,
      {
        reason: 'not_durable',
      },
    )
  }
}
