/**
 * What was handed in stays as it was said: a visit is changed only after it was returned, whoever writes it. Land may be joined
 * under it, and undo brings back what was judged when it was done.
 */
import { AppError } from '../../shared/contract/errors.ts'
import { type ChangeRow, changesOfEdit, type Patch } from '../db/change-log.ts'
import { get } from '../db/sql.ts'
import type { Commit, Store } from '../db/store.ts'

/** Fields that a review, or an edit of the land, may write on a visit that was handed in. */
const OPEN: ReadonlySet<string> = new Set(['status', 'reviewed_by', 'reviewed_at', 'review_note', 'parcel_id'])

export function installVisitGuard(store: Store): void {
  store.addCommitHook(commit => {
    if (!commit.touched || commit.edit.kind !== 'user') return
    const changes = changesOfEdit(commit.db, commit.edit.seq)
    // Land or an enterprise that is removed takes its visits along.
    const isOwnerGone = changes.some(
      ({ entity, op }) => op === 'delete' && (entity === 'parcel' || entity === 'enterprise'),
    )
    for (const change of changes) {
      if (change.entity !== 'survey_visit' || change.op === 'create') continue
      if (!(change.op === 'delete' && isOwnerGone)) judge(commit, change)
    }
  })
}

function judge(commit: Commit, change: ChangeRow): void {
  const before = get<{ status: string }>(
    commit.before,
    'SELECT status FROM survey_visit WHERE id = ? AND deleted = 0',
    [change.entity_id],
  )
  if (before?.status !== 'SUBMITTED' && before?.status !== 'CONFIRMED') return
  const isOpen = change.op === 'update' && Object.keys(JSON.parse(change.patch) as Patch).every(name => OPEN.has(name))
  if (isOpen) return
  throw new AppError('refused', '外业核查已提交，退回后才能修改或删除', {
    reason: 'visit_handed_in',
    values: { status: before.status },
  })
}
