/** One file that holds the whole hub (SQLite). PostgreSQL has its own tools: pg_dump and pg_restore, see docs/hub.md. */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { HUB_FILE, type HubPlace, openHubDatabase } from './open.ts'
import { newId } from './survey-state.ts'

function construct(file: string, options: Database.Options): Database.Database {
  const nativeBinding = process.env['LOWLAND_SQLITE_BINDING']
  return new Database(file, nativeBinding ? { ...options, nativeBinding } : options)
}

/** True when SQLite finds the file whole and it is a hub's. */
function isHubFile(file: string): boolean {
  const db = construct(file, { fileMustExist: true, readonly: true })
  try {
    const isWhole = db.pragma('integrity_check', { simple: true }) === 'ok'
    const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('receipt', 'row_history')")
    return isWhole && (tables.get() as { n: number }).n === 2
  } catch {
    return false
  } finally {
    db.close()
  }
}

/** Copies a hub, running or not, into one file and checks the copy. Never replaces a file. Throws in words. */
export async function backupHub(folder: string, target: string): Promise<void> {
  const source = join(folder, HUB_FILE)
  if (!existsSync(source)) throw new Error(`${folder} 中没有汇总端数据`)
  if (existsSync(target)) throw new Error(`${target} 已存在，不覆盖`)
  const db = construct(source, { fileMustExist: true, readonly: true })
  try {
    await db.backup(target)
  } finally {
    db.close()
  }
  if (!isHubFile(target)) throw new Error('备份文件校验失败')
}

/**
 * Puts a backup in place; the hub must be stopped. What was there is kept beside it and its name is returned. Devices that
 * have pulled beyond the backup learn of it and bring back what is missing (docs/hub.md).
 */
export async function restoreHub(folder: string, from: string): Promise<{ kept: string | null }> {
  if (!existsSync(from) || !isHubFile(from)) throw new Error(`${from} 不是完好的汇总端备份`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, HUB_FILE)
  const fresh = `${file}.restoring`
  copyFileSync(from, fresh)
  let kept: string | null = null
  if (existsSync(file)) {
    const old = construct(file, { fileMustExist: true, timeout: 0 })
    try {
      // Fails while a hub has the file open in WAL: nothing is replaced under a running hub.
      old.pragma('locking_mode = EXCLUSIVE')
      old.exec('BEGIN EXCLUSIVE; COMMIT')
      old.pragma('wal_checkpoint(TRUNCATE)')
    } catch {
      old.close()
      rmSync(fresh)
      throw new Error('汇总端正在运行，请先停止再恢复')
    }
    old.close()
    kept = `${file}.before-${new Date().toISOString().replace(/[:.]/g, '-')}`
    renameSync(file, kept)
    for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true })
  }
  renameSync(fresh, file)
  await markRestored({ folder })
  return { kept }
}

/**
 * Says in a hub that was put back to an older state that it was: laptops then send again what it lost. To be called before
 * it meets any laptop; gives the place of the sequence that is left.
 */
export async function markRestored(place: HubPlace): Promise<{ head: number }> {
  const { db } = await openHubDatabase(place)
  try {
    const survey = await db.selectFrom('survey').select('head').executeTakeFirst()
    const head = survey?.head ?? 0
    if (survey) await db.insertInto('restore').values({ id: newId(), head, at: new Date().toISOString() }).execute()
    return { head }
  } finally {
    await db.destroy()
  }
}
