/**
 * One program at a time per survey. The lock is an exclusive SQLite transaction on a side file: the operating system
 * releases it when the program dies, however it dies, so no stale lock can ever keep somebody out.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { openLockFile } from './open.ts'
import { toAppError } from './sql.ts'

/** The folder beside a survey: attachments by SHA-256, backups, the lock. */
export function filesFolderOf(surveyFile: string): string {
  return `${surveyFile}.files`
}

/** Takes the lock or throws `survey_locked` (`disk_full` where there is no room even for a lock); the returned function releases it. */
export function lockSurvey(surveyFile: string): () => void {
  const folder = filesFolderOf(surveyFile)
  mkdirSync(folder, { recursive: true })
  const db = openLockFile(join(folder, 'lock'))
  try {
    // Nothing is ever written to it: a journal would want space that a full disk does not have.
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!(error instanceof Error) || !String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY'))
      throw toAppError(error)
    throw new AppError(
      'survey_locked',
      '调查文件正被另一个窗口或程序使用，请先关闭它',
      { reason: 'survey_locked' },
      { cause: error },
    )
  }
  return () => {
    db.exec('ROLLBACK')
    db.close()
  }
}
