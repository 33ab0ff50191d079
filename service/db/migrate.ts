/**
 * Forward-only migrations: numbered by tens, listed statically, all in one transaction, the file backed up first.
 * A file written by a newer application is refused, never guessed at.
 */
import { AppError } from '../../shared/contract/errors.ts'
import { initialSchema } from './migrations/0010-initial.ts'
import { attachmentIndexes } from './migrations/0060-attachments.ts'
import { boundaryKinds } from './migrations/0100-boundary-kinds.ts'
import { closedLoopSchema } from './migrations/0110-closed-loop.ts'
import { scoringSchema } from './migrations/0124-scoring.ts'
import { syncTables } from './migrations/0140-sync.ts'
import { bundleTables } from './migrations/0141-bundles.ts'
import { syncFileTable } from './migrations/0142-sync-files.ts'
import { APPLICATION_ID, type Db } from './open.ts'

interface Migration {
  readonly version: number
  readonly up: (db: Db) => void
}

const MIGRATIONS: readonly Migration[] = [
  { version: 10, up: db => db.exec(initialSchema) },
  { version: 60, up: db => db.exec(attachmentIndexes) },
  { version: 100, up: db => db.exec(boundaryKinds) },
  { version: 110, up: db => db.exec(closedLoopSchema) },
  { version: 124, up: db => db.exec(scoringSchema) },
  { version: 140, up: db => db.exec(syncTables) },
  { version: 141, up: db => db.exec(bundleTables) },
  { version: 142, up: db => db.exec(syncFileTable) },
]

export const LATEST_VERSION = MIGRATIONS[MIGRATIONS.length - 1]!.version

export type MigrationOutcome = 'initialized' | 'migrated' | 'current'

/** What opening this file would need; throws for files that are not ours or come from the future. */
export function requiredMigration(db: Db): MigrationOutcome {
  const applicationId = db.pragma('application_id', { simple: true })
  const version = Number(db.pragma('user_version', { simple: true }))
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number }
  if (tables.n === 0 && version === 0) return 'initialized'
  if (applicationId !== APPLICATION_ID) {
    throw new AppError('not_a_survey', '这个文件不是低效用地踏勘的调查文件', { reason: 'not_a_survey' })
  }
  if (version > LATEST_VERSION) {
    throw new AppError('survey_from_future', `调查文件由更新的版本创建(${version} > ${LATEST_VERSION}),请先升级软件`, {
      reason: 'survey_from_future',
      values: { file_version: version, known_version: LATEST_VERSION },
    })
  }
  return version === LATEST_VERSION ? 'current' : 'migrated'
}

/** Brings the file to the latest schema in one transaction. `backup` runs before an existing file is changed. */
export function migrate(db: Db, backup: () => void): MigrationOutcome {
  const outcome = requiredMigration(db)
  if (outcome === 'current') return outcome
  if (outcome === 'migrated') backup()
  const from = Number(db.pragma('user_version', { simple: true }))
  db.transaction(() => {
    for (const migration of MIGRATIONS) if (migration.version > from) migration.up(db)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma(`user_version = ${LATEST_VERSION}`)
  }).immediate()
  return outcome
}
