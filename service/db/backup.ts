/**
 * Copies of a survey file: consistent (VACUUM INTO, never a file copy of a live database), verified after writing,
 * the automatic ones rotated.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { filesFolderOf } from './lock.ts'
import { requiredMigration } from './migrate.ts'
import { type Db, openForeign } from './open.ts'

const KEPT_BACKUPS = 10

/** Writes a verified copy of the open database `db` to `target`, which must not exist. Returns its size in bytes. */
export function writeBackup(db: Db, target: string): number {
  if (existsSync(target))
    throw new AppError('file_exists', `文件已存在：${basename(target)}`, {
      reason: 'file_exists',
      file: basename(target),
    })
  mkdirSync(dirname(target), { recursive: true })
  const partial = `${target}.partial`
  rmSync(partial, { force: true })
  try {
    db.prepare('VACUUM INTO ?').run(partial)
    verify(partial)
    renameSync(partial, target)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
  return statSync(target).size
}

/** Writes the next rotating backup beside the survey and removes the oldest beyond ten. */
export function writeRotatingBackup(db: Db, surveyFile: string, now: Date, why: string): string {
  const folder = join(filesFolderOf(surveyFile), 'backups')
  mkdirSync(folder, { recursive: true })
  const stamp = now.toISOString().replace(/[:.]/g, '-')
  const target = join(folder, `${stamp}_${why}.lowland`)
  writeBackup(db, target)
  const backups = readdirSync(folder)
    .filter(name => name.endsWith('.lowland'))
    .sort()
  for (const name of backups.slice(0, Math.max(0, backups.length - KEPT_BACKUPS))) rmSync(join(folder, name))
  return target
}

/**
 * Puts the backup `from` in the place of `surveyFile`. An existing survey is moved aside, never overwritten; the
 * returned path is where it went. The survey must be closed.
 */
export function restoreBackup(from: string, surveyFile: string, now: Date): string | undefined {
  if (!existsSync(from))
    throw new AppError('file_not_found', `找不到备份文件：${basename(from)}`, {
      reason: 'file_not_found',
      file: basename(from),
    })
  const source = openForeign(from)
  const partial = `${surveyFile}.restoring`
  rmSync(partial, { force: true })
  mkdirSync(dirname(surveyFile), { recursive: true })
  try {
    requiredMigration(source)
    source.prepare('VACUUM INTO ?').run(partial)
  } catch (error) {
    rmSync(partial, { force: true })
    throw damaged(error, from)
  } finally {
    source.close()
  }
  verify(partial)
  let aside: string | undefined
  if (existsSync(surveyFile)) {
    aside = `${surveyFile}.before-restore-${now.toISOString().replace(/[:.]/g, '-')}`
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(surveyFile + suffix)) renameSync(surveyFile + suffix, aside + suffix)
    }
  }
  renameSync(partial, surveyFile)
  return aside
}

function verify(file: string): void {
  const db = openForeign(file)
  try {
    const result = db.pragma('quick_check', { simple: true })
    if (result !== 'ok')
      throw new AppError('survey_damaged', `备份校验未通过：${String(result)}`, { reason: 'damaged' })
  } finally {
    db.close()
  }
}

function damaged(error: unknown, file: string): unknown {
  if (error instanceof AppError) return error
  return new AppError(
    'survey_damaged',
    `备份文件无法读取：${basename(file)}`,
    { reason: 'damaged', file: basename(file) },
    { cause: error },
  )
}
