/** Prepared statements, cached per connection, with the SQL in the error text and SQLite's failures told in our codes. */
import { AppError } from '../../shared/contract/errors.ts'
import type { Db } from './open.ts'

type Parameter = string | number | bigint | null | Uint8Array
export type Parameters = readonly Parameter[] | Readonly<Record<string, Parameter>>

interface Statement {
  run(...parameters: unknown[]): { changes: number; lastInsertRowid: number | bigint }
  get(...parameters: unknown[]): unknown
  all(...parameters: unknown[]): unknown[]
  iterate(...parameters: unknown[]): IterableIterator<unknown>
}

const cache = new WeakMap<Db, Map<string, Statement>>()

/** The prepared statement for `sql` on `db`. SQL text must be constant or built from a closed set, never from input. */
export function prepare(db: Db, sql: string): Statement {
  let statements = cache.get(db)
  if (!statements) {
    statements = new Map()
    cache.set(db, statements)
  }
  let statement = statements.get(sql)
  if (!statement) {
    statement = db.prepare(sql) as unknown as Statement
    statements.set(sql, statement)
  }
  return statement
}

const bind = (parameters: Parameters): unknown[] => (Array.isArray(parameters) ? [...parameters] : [parameters])

export function all<Row>(db: Db, sql: string, parameters: Parameters = []): Row[] {
  return guard(sql, () => prepare(db, sql).all(...bind(parameters)) as Row[])
}

export function get<Row>(db: Db, sql: string, parameters: Parameters = []): Row | undefined {
  return guard(sql, () => prepare(db, sql).get(...bind(parameters)) as Row | undefined)
}

export function run(db: Db, sql: string, parameters: Parameters = []): { changes: number; lastInsertRowid: number } {
  return guard(sql, () => {
    const result = prepare(db, sql).run(...bind(parameters))
    return { changes: result.changes, lastInsertRowid: Number(result.lastInsertRowid) }
  })
}

/** Rows one by one. A new statement each time: a cached one cannot be iterated twice at once. */
export function iterate<Row>(db: Db, sql: string, parameters: Parameters = []): IterableIterator<Row> {
  return guard(
    sql,
    () => (db.prepare(sql) as unknown as Statement).iterate(...bind(parameters)) as IterableIterator<Row>,
  )
}

function guard<T>(sql: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toAppError(error, sql)
  }
}

/**
 * What a disk without room says: SQLite (the shared memory file of a survey that is opened counts as well), the file system,
 * a quota, a limit on the size of a file.
 */
export const NO_SPACE = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_SHMSIZE',
  'SQLITE_IOERR_TRUNCATE',
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
])

/** SQLite's own errors and a full disk in our codes; anything else is passed on unchanged. */
export function toAppError(error: unknown, sql = ''): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  const code: string = error.code
  if (NO_SPACE.has(code)) {
    return new AppError(
      'disk_full',
      '磁盘空间不足，本次修改没有写入，已保存的内容不受影响',
      { reason: 'disk_full' },
      { cause: error },
    )
  }
  if (code.startsWith('SQLITE_CONSTRAINT_UNIQUE')) {
    return new AppError(
      'duplicate_code',
      `编号或代码重复：${error.message.replace(/^UNIQUE constraint failed: /, '')}`,
      { reason: 'duplicate' },
      { cause: error },
    )
  }
  // The words of the triggers of 0126.
  if (code === 'SQLITE_CONSTRAINT_TRIGGER' && error.message.startsWith('a published ')) {
    return new AppError(
      'refused',
      '已发布的报表不能修改或删除，更正请发布修订',
      { reason: 'published_frozen' },
      { cause: error },
    )
  }
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') {
    return new AppError('survey_damaged', '调查文件已损坏，请从备份恢复', { reason: 'damaged' }, { cause: error })
  }
  if (code.startsWith('SQLITE_')) error.message = `${error.message} [${sql.trim().slice(0, 200)}]`
  return error
}
