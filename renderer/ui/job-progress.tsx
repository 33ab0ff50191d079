/** A bar with the phase in words and a cancel button. */
import { Progress as Bar, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Progress } from '../../shared/contract/base.ts'

export function JobProgress({ progress, onCancel }: Readonly<{ progress: Progress | null; onCancel: () => void }>) {
  const { t, i18n } = useTranslation()
  const phase =
    progress && i18n.exists(`progress.${progress.phase}`) ? t(`progress.${progress.phase}`) : t('progress.working')
  const percent = progress?.total ? Math.min(100, Math.round((progress.done / progress.total) * 100)) : undefined
  return (
    <div className="job-progress" role="status">
      <span className="job-phase">
        {phase}
        {progress &&
          ` ${progress.done.toLocaleString()}${progress.total ? ` / ${progress.total.toLocaleString()}` : ''}`}
      </span>
      <Bar percent={percent ?? 0} status="active" showInfo={percent !== undefined} size="small" />
      <Button onClick={onCancel}>{t('action.cancel')}</Button>
    </div>
  )
}
