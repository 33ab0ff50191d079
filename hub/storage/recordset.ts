/**
 * Many rows in one statement, the same on SQLite and PostgreSQL: they travel as one JSON parameter, so the statement's text
 * does not depend on how many there are. Texts must hold neither NUL nor half a surrogate pair (http/body.ts refuses them).
 */
import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely'
import type { HubTables } from './tables.ts'

type ColumnType = 'text' | 'integer'
export type RecordColumns<Row> = { readonly [Name in keyof Row & string]: ColumnType }
type Db = Kysely<HubTables>

/** A table expression of that name, for FROM. */
export function recordset<Row extends object>(
  db: Db,
  name: string,
  columns: RecordColumns<Row>,
  rows: readonly Row[],
): RawBuilder<Row> {
  const names = Object.entries<ColumnType>(columns)
  const json = JSON.stringify(rows)
  if (db.getExecutor().adapter instanceof PostgresAdapter) {
    const typed = sql.join(names.map(([column, type]) => sql`${sql.ref(column)} ${sql.raw(type)}`))
    return sql`json_to_recordset(${json}::json) AS ${sql.ref(name)}(${typed})`
  }
  const picked = sql.join(names.map(([column]) => sql`value ->> ${sql.lit(column)} AS ${sql.ref(column)}`))
  return sql`(SELECT ${picked} FROM json_each(${json})) AS ${sql.ref(name)}`
}

/** Inserts all rows; `conflict` is what follows, e.g. ON CONFLICT … */
export async function insertAll<Row extends object>(
  db: Db,
  table: keyof HubTables,
  columns: RecordColumns<Row>,
  rows: readonly Row[],
  conflict: RawBuilder<unknown> = sql``,
): Promise<void> {
  if (rows.length === 0) return
  const names = sql.join(Object.keys(columns).map(column => sql.ref(column)))
  // WHERE: without one SQLite takes ON CONFLICT for a join's ON.
  await sql`INSERT INTO ${sql.table(table)} (${names}) SELECT ${names} FROM ${recordset(db, 'given', columns, rows)} WHERE true ${conflict}`.execute(
    db,
  )
}

/** Deletes the rows whose given columns have those values. */
export async function deleteAll<Row extends object>(
  db: Db,
  table: keyof HubTables,
  columns: RecordColumns<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return
  const names = sql.join(Object.keys(columns).map(column => sql.ref(column)))
  await sql`DELETE FROM ${sql.table(table)} WHERE (${names}) IN (SELECT ${names} FROM ${recordset(db, 'given', columns, rows)})`.execute(
    db,
  )
}

/** All columns of the table's rows whose given columns have those values; looked up one by one through the index. */
export async function selectAll<Table extends keyof HubTables, Row extends object>(
  db: Db,
  table: Table,
  columns: RecordColumns<Row>,
  rows: readonly Row[],
): Promise<HubTables[Table][]> {
  if (rows.length === 0) return []
  const same = Object.keys(columns).map(column => sql`t.${sql.ref(column)} = given.${sql.ref(column)}`)
  const query = sql<
    HubTables[Table]
  >`SELECT t.* FROM ${recordset(db, 'given', columns, rows)} CROSS JOIN ${sql.table(table)} AS t WHERE ${sql.join(same, sql` AND `)}`
  return (await query.execute(db)).rows
}
