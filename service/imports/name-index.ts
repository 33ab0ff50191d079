/** Enterprises by name whatever the width of its brackets and letters, for matching the rows of a file. */
import type { Db } from '../db/open.ts'
import type { Row } from '../db/rows.ts'
import { all, prepare } from '../db/sql.ts'
import { foldText } from '../search/search-keys.ts'

export class NameIndex {
  private ids: Map<string, Set<string>> | undefined

  /** Live enterprises of that name, as written or else in another width; two are enough to know that it is ambiguous. */
  find(db: Db, name: string): Row[] {
    const exact = prepare(db, 'SELECT * FROM enterprise WHERE name = ? AND deleted = 0 LIMIT 2').all(name) as Row[]
    if (exact.length > 0) return exact
    if (!this.ids) {
      this.ids = new Map()
      for (const row of all<{ id: string; name: string }>(db, 'SELECT id, name FROM enterprise WHERE deleted = 0')) {
        this.add(row.id, row.name)
      }
    }
    const wanted = foldText(name)
    const byId = prepare(db, 'SELECT * FROM enterprise WHERE id = ? AND deleted = 0')
    return [...(this.ids.get(wanted) ?? [])]
      .map(id => byId.get(id) as Row | undefined)
      .filter(row => row !== undefined && foldText(String(row['name'])) === wanted)
      .slice(0, 2) as Row[]
  }

  /** A name that the file brought; nothing to do until somebody looked for one. */
  add(id: string, name: unknown): void {
    if (!this.ids || typeof name !== 'string') return
    const key = foldText(name)
    const known = this.ids.get(key)
    if (known) known.add(id)
    else this.ids.set(key, new Set([id]))
  }
}
