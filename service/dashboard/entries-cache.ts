/**
 * The list with its book of counts, read once per revision of the survey: every number of the dashboard, its list and its map
 * filter ask for it. For read connections only, which see committed data and with them the edit that made them.
 */
import type { CountEvent } from '../../shared/rules/closed-loop/counting.ts'
import type { ProgressEntry } from '../../shared/rules/progress.ts'
import { latestRevision } from '../db/change-log.ts'
import type { Db } from '../db/open.ts'
import { progressEntries } from '../reports/progress-repo.ts'

const newest = new WeakMap<Db, { readonly revision: number; readonly entries: readonly ProgressEntry[] }>()

export function entriesOf(read: Db): readonly ProgressEntry[] {
  const revision = latestRevision(read)
  const known = newest.get(read)
  if (known?.revision === revision) return known.entries
  const entries = progressEntries(read)
  newest.set(read, { revision, entries })
  return entries
}

/** The book itself; the events of one entry stand in order of time. */
export function eventsOf(read: Db): CountEvent[] {
  return entriesOf(read).flatMap(entry => entry.events)
}
