/** In the status line: changes that have no receipt yet and conflicts that wait; nothing while a survey has no hub. */
import { useTranslation } from 'react-i18next'
import { setUi } from './ui-store.ts'
import { useSyncStatus } from './use-sync-status.ts'

const LOOK_AGAIN_MS = 15_000

export function SyncState() {
  const { t } = useTranslation()
  const status = useSyncStatus(LOOK_AGAIN_MS)
  if (!status?.enrolled || (status.pending === 0 && status.conflicts === 0)) return null
  return (
    <button type="button" className="link-button" data-testid="sync-state" onClick={() => setUi({ page: 'sync' })}>
      {status.pending > 0 && t('sync.status_pending', { count: status.pending })}
      {status.pending > 0 && status.conflicts > 0 && ' · '}
      {status.conflicts > 0 && t('sync.status_conflicts', { count: status.conflicts })}
    </button>
  )
}
