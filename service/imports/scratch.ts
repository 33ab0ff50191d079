/**
 * Where a run keeps what it finds: issues with before and after, and outlines for the preview map. One small SQLite file
 * per run in the survey's tmp folder. A dry run's file stays for the preview; a committed run's issues move to the survey.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { filesFolderOf } from '../db/lock.ts'
import { type Db, openForeign, openScratch } from '../db/open.ts'

const SCHEMA = `
CREATE TABLE qc_issue (
  seq INTEGER PRIMARY KEY,
  batch_id TEXT NOT NULL,
  row_index INTEGER NOT NULL,
  entity_id TEXT,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,
  field TEXT,
  message TEXT NOT NULL,
  message_values TEXT NOT NULL,
  geometry_before BLOB,
  geometry_after BLOB
);
CREATE INDEX qc_issue_batch ON qc_issue (batch_id, row_index);
CREATE TABLE outline (
  seq INTEGER PRIMARY KEY,
  row_index INTEGER NOT NULL,
  action TEXT NOT NULL,
  geometry BLOB NOT NULL
);
CREATE TABLE run (file TEXT NOT NULL, kind TEXT NOT NULL, total INTEGER NOT NULL);
`

/** Previews older than this are removed when the next run begins. */
const KEPT_MS = 24 * 3600 * 1000

const folderOf = (surveyFile: string) => join(filesFolderOf(surveyFile), 'tmp')
const fileOf = (surveyFile: string, key: string) => join(folderOf(surveyFile), `import-${key}.sqlite`)

/** A new scratch database for the run `key`; old ones are cleared away. */
export function createScratch(surveyFile: string, key: string, now: Date): Db {
  const folder = folderOf(surveyFile)
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (name.startsWith('import-') && now.getTime() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { force: true })
  }
  const db = openScratch(fileOf(surveyFile, key))
  db.exec(SCHEMA)
  // One transaction for the whole run: the file is worth nothing before its end.
  db.exec('BEGIN')
  return db
}

export function removeScratch(surveyFile: string, key: string): void {
  rmSync(fileOf(surveyFile, key), { force: true })
}

/** The scratch database of a dry run, read-only, or undefined when there is none (any more). */
export function openScratchOf(surveyFile: string, key: string): Db | undefined {
  if (!/^[0-9a-zA-Z-]{1,64}$/.test(key)) throw new AppError('bad_input', '预览编号不正确', { reason: 'bad_preview' })
  const file = fileOf(surveyFile, key)
  return existsSync(file) ? openForeign(file) : undefined
}
