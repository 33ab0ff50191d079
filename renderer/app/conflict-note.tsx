/** Above the reports: values that two people still dispute keep them back, so it is said before somebody asks for one. */
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { setUi } from './ui-store.ts'
import { useSyncStatus } from './use-sync-status.ts'

const LOOK_AGAIN_MS = 15_000

export function ConflictNote() {
  const { t } = useTranslation()
  const status = useSyncStatus(LOOK_AGAIN_MS)
  if (!status || status.conflicts === 0) return null
  return (
    <Alert
      type="warning"
      showIcon
      banner
      data-testid="conflict-note"
      title={t('sync.reports_wait', { count: status.conflicts.toLocaleString() })}
      action={<Button onClick={() => setUi({ page: 'sync' })}>{t('sync.to_conflicts')}</Button>}
    />
  )
}
