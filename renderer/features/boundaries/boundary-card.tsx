/** Versions of the development boundary: which one decides, activating another, judging all parcels again. */
import { useQuery } from '@tanstack/react-query'
import { App, Button, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { useJob } from '../../ui/use-job.ts'

export function BoundaryCard() {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const { modal } = App.useApp()
  const survey = useSurvey()
  const job = useJob<{ inside: number; outside: number; crossing: number; unknown: number; flipped: number }>()
  const { data } = useQuery({ queryKey: ['boundaries', 'list'], queryFn: () => client.boundaries.list() })
  const activate = async (id: string, name: string): Promise<void> => {
    const confirmed = await modal.confirm({
      title: t('settings.activate_confirm', { name }),
      content: t('settings.activate_effect', { count: survey?.counts.parcels ?? 0 }),
      okText: t('settings.activate'),
      cancelText: t('action.cancel'),
    })
    if (!confirmed) return
    const result = await job.start(signal => client.boundaries.activate({ id }, { signal }))
    if (result) notify.success(t('settings.classified', result))
  }
  const classify = async (): Promise<void> => {
    const result = await job.start(signal => client.boundaries.classify({}, { signal }))
    if (result) notify.success(t('settings.classified', result))
  }
  return (
    <section className="card">
      <h2>{t('settings.boundaries')}</h2>
      {data?.length === 0 && <p className="muted">{t('settings.no_boundary')}</p>}
      {data?.map(version => (
        <div key={version.id} className="made-file">
          <span className="ellipsis" title={version.name}>
            {version.name}
          </span>
          <Tag color={version.status === 'active' ? 'success' : 'default'}>
            {term('boundary_status', version.status)}
          </Tag>
          <span className="muted no-break">
            {version.effective_date} · {t('settings.features', { count: version.features })}
          </span>
          {version.status !== 'active' && (
            <RoleButton
              calls="boundaries.activate"
              disabled={job.running}
              onClick={() => void activate(version.id, version.name)}
            >
              {t('settings.activate')}
            </RoleButton>
          )}
        </div>
      ))}
      {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
      <div className="card-row">
        <RoleButton calls="boundaries.classify" disabled={job.running || !data?.length} onClick={() => void classify()}>
          {t('settings.classify')}
        </RoleButton>
        <Button onClick={() => setUi({ page: 'data', importKind: 'boundary' })}>{t('settings.import_boundary')}</Button>
      </div>
    </section>
  )
}
