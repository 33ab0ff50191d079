/** Proposes codes for parcels that come without: unit-year-NNNN, the numbers going on from the highest in use. */
import type { Db } from '../db/open.ts'
import { prepare } from '../db/sql.ts'

export class ParcelCodes {
  private readonly db: Db
  private readonly year: number
  private readonly last = new Map<string, number>()

  constructor(db: Db, year: number) {
    this.db = db
    this.year = year
  }

  /** The next free code. Deleted parcels keep theirs: a code is never used twice. */
  next(unit: string | null): string {
    const prefix = `${unit ?? 'DK'}-${this.year}-`
    const number = (this.last.get(prefix) ?? this.highest(prefix)) + 1
    this.last.set(prefix, number)
    return prefix + String(number).padStart(4, '0')
  }

  private highest(prefix: string): number {
    const row = prepare(
      this.db,
      `SELECT max(CAST(substr(code, :from) AS INTEGER)) AS number FROM parcel
       WHERE code >= :prefix AND code < :end AND substr(code, :from) GLOB '[0-9]*'`,
    ).get({ prefix, end: `${prefix}~`, from: prefix.length + 1 }) as { number: number | null }
    return row.number ?? 0
  }
}
