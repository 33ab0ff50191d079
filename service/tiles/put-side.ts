/** Gives a parcel the side that it shows, for tests of this folder, which have no boundary. Null takes it away. */
import type { Db } from '../db/open.ts'

export function putSide(db: Db, pk: number, side: string | null): void {
  db.exec('INSERT OR REPLACE INTO parcel_side_shown (only_row, boundary_pk) VALUES (1, 0)')
  db.prepare('DELETE FROM parcel_side WHERE boundary_pk = 0 AND parcel_pk = ?').run(pk)
  if (side !== null) db.prepare("INSERT INTO parcel_side VALUES (0, ?, ?, 0, '[]')").run(pk, side)
}
