/** The rule hits that the demo's entries were listed for, as identification freezes them: judged, not invented. */
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { all } from '../../service/db/sql.ts'
import type { Store } from '../../service/db/store.ts'
import { hitsOf } from '../../service/identify/identify.ts'

export async function freezeHits(store: Store, year: number): Promise<void> {
  const hits = await hitsOf(store, year, createJobControl())
  await store.bulk({ label: 'demo_hits', kind: 'system' }, async tx => {
    const entries = all<{ id: string; enterprise_id: string }>(
      tx.db,
      'SELECT id, enterprise_id FROM list_entry WHERE deleted = 0 ORDER BY pk',
    )
    for (const { id, enterprise_id } of entries) {
      const found = hits.get(enterprise_id)
      if (found && found.length > 0) tx.replace('list_entry', id, { hit_rules: found })
    }
  })
}
