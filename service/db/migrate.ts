/**
 * Forward-only migrations: numbered by tens, listed statically, all in one transaction, the file backed up first.
 * A file written by a newer application is refused, never guessed at.
 */
import { AppError } from '../../shared/contract/errors.ts'
import { initialSchema } from './migrations/0010-initial.ts'
import { attachmentIndexes } from './migrations/0060-attachments.ts'
import { boundaryKinds } from './migrations/0100-boundary-kinds.ts'
import { closedLoopSchema } from './migrations/0110-closed-loop.ts'
import { visitReview } from './migrations/0122-visits.ts'
import { planTemplates } from './migrations/0123-plan-templates.ts'
import { scoringSchema } from './migrations/0124-scoring.ts'
import { ledgerIndexes } from './migrations/0125-ledger-indexes.ts'
import { publishedReports } from './migrations/0126-published-reports.ts'
import { assessmentTables } from './migrations/0127-assessment-tables.ts'
import { freedLandTable } from './migrations/0128-freed-land.ts'
import { lightLimits } from './migrations/0129-light-limits.ts'
import { syncTables } from './migrations/0140-sync.ts'
import { bundleTables } from './migrations/0141-bundles.ts'
import { syncFileTable } from './migrations/0142-sync-files.ts'
import { dropDoubleIndex } from './migrations/0143-sync-index.ts'
import { syncRepair } from './migrations/0144-sync-repair.ts'
import { veto } from './migrations/0147-veto.ts'
import { narrowSides } from './migrations/0149-narrow-sides.ts'
import { zoneDays } from './migrations/0150-zone-days.ts'
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
  { version: 122, up: db => db.exec(visitReview) },
  { version: 123, up: db => db.exec(planTemplates) },
  { version: 124, up: db => db.exec(scoringSchema) },
  { version: 125, up: db => db.exec(ledgerIndexes) },
  { version: 126, up: db => db.exec(publishedReports) },
  { version: 127, up: db => db.exec(assessmentTables) },
  { version: 128, up: db => db.exec(freedLandTable) },
  { version: 129, up: db => db.exec(lightLimits) },
  { version: 140, up: db => db.exec(syncTables) },
  { version: 141, up: db => db.exec(bundleTables) },
  { version: 142, up: db => db.exec(syncFileTable) },
  { version: 143, up: db => db.exec(dropDoubleIndex) },
  { version: 144, up: db => db.exec(syncRepair) },
  { version: 147, up: db => db.exec(veto) },
  { version: 149, up: db => db.exec(narrowSides) },
  { version: 150, up: db => db.exec(zoneDays) },
]

export const LATEST_VERSION = MIGRATIONS[MIGRATIONS.length - 1]!.version

/** Numbers that a file without the book of migrations has, up to its version; the book came with the next one. */
const BEFORE_THE_BOOK: ReadonlySet<number> = new Set([10, 60, 100, 110, 140, 141, 142])

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
  const foreign = (bookOf(db) ?? []).filter(number => !MIGRATIONS.some(migration => migration.version === number))
  if (foreign.length > 0 || version > LATEST_VERSION) {
    const newest = Math.max(version, ...foreign)
    throw new AppError('survey_from_future', `调查文件由更新的版本创建(${newest} > ${LATEST_VERSION})，请先升级软件`, {
      reason: 'survey_from_future',
      values: { file_version: newest, known_version: LATEST_VERSION },
    })
  }
  return missingFrom(db, version).length === 0 ? 'current' : 'migrated'
}

/** Numbers of the migrations that a file says it has; undefined before there was such a book. */
function bookOf(db: Db): number[] | undefined {
  const hasBook = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration'").get() !== undefined
  return hasBook ? (db.prepare('SELECT version FROM schema_migration').pluck().all() as number[]) : undefined
}

/** What the file lacks, in order. A number may come into the list below one that files already have: areas number apart. */
function missingFrom(db: Db, version: number): Migration[] {
  const applied = new Set(bookOf(db) ?? [...BEFORE_THE_BOOK].filter(number => number <= version))
  return MIGRATIONS.filter(migration => !applied.has(migration.version))
}

/** Brings the file to the latest schema in one transaction. `backup` runs before an existing file is changed. */
export function migrate(db: Db, backup: () => void): MigrationOutcome {
  const outcome = requiredMigration(db)
  if (outcome === 'current') return outcome
  if (outcome === 'migrated') backup()
  const from = Number(db.pragma('user_version', { simple: true }))
  db.transaction(() => {
    const missing = missingFrom(db, from)
    for (const migration of missing) migration.up(db)
    db.exec('CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER PRIMARY KEY) STRICT')
    const note = db.prepare('INSERT OR IGNORE INTO schema_migration (version) VALUES (?)')
    for (const migration of MIGRATIONS) note.run(migration.version)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma(`user_version = ${LATEST_VERSION}`)
  }).immediate()
  return outcome
}
