/** The area that the map shows, fetched for offline use: levels, estimate, then progress with cancel. */
import { useQuery } from '@tanstack/react-query'
import { Button, InputNumber, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Basemap } from '../../../shared/contract/basemaps.ts'
import { formatMegabytes, formatNumber } from '../../app/format.ts'
import { language } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { uiState } from '../../app/ui-store.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useJob } from '../../ui/use-job.ts'

/** Levels beyond the one that is shown: what a person sees when looking closer in the field. */
const DEEPER = 3

export function AreaDownload({ source, onClose }: Readonly<{ source: Basemap; onClose: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  // The map may not move behind the dialog.
  const [view] = useState(() => uiState().view)
  const shown = Math.max(source.min_zoom, Math.min(source.max_zoom, Math.floor(view?.zoom ?? source.min_zoom)))
  const [levels, setLevels] = useState({ from: shown, to: Math.min(source.max_zoom, shown + DEEPER) })
  const job = useJob<{ fetched: number; known: number; blank: number; failed: number; bytes: number }>()
  const box = view && ([...view.box] as [number, number, number, number])
  const wish = { id: source.id, box: box ?? [0, 0, 0, 0], ...levels } as const
  const { data: plan, refetch } = useQuery({
    queryKey: ['online-estimate', wish],
    queryFn: () => client.onlineBasemaps.estimate({ ...wish, box: [...wish.box] }),
    enabled: box !== null && levels.from <= levels.to,
  })
  const run = async (): Promise<void> => {
    await job.start(signal => client.onlineBasemaps.download({ ...wish, box: [...wish.box] }, { signal }))
    await refetch()
  }
  const level = (field: 'from' | 'to') => (
    <InputNumber
      min={field === 'from' ? source.min_zoom : levels.from}
      max={field === 'from' ? levels.to : source.max_zoom}
      precision={0}
      disabled={job.running}
      value={levels[field]}
      aria-label={t(`online.${field}`)}
      onChange={value => {
        job.reset()
        if (value !== null) setLevels({ ...levels, [field]: value })
      }}
    />
  )
  return (
    <Modal
      open
      title={t('online.download_title', { name: source.name })}
      onCancel={onClose}
      footer={[
        <Button key="close" onClick={onClose}>
          {t('online.close')}
        </Button>,
        <Button
          key="begin"
          type="primary"
          disabled={job.running || !plan || plan.refusal !== null || plan.missing === 0}
          onClick={() => void run()}
        >
          {t('online.begin')}
        </Button>,
      ]}
    >
      <div className="online-download" data-testid="online-download">
        <div>{t('online.area')}</div>
        <div className="basemap-head">
          {t('online.from')} {level('from')} {t('online.to')} {level('to')}
        </div>
        {plan && (
          <div data-testid="online-plan">
            {plan.missing === 0
              ? t('online.all_kept', { tiles: formatNumber(plan.tiles, 0) })
              : t('online.plan', {
                  tiles: formatNumber(plan.tiles, 0),
                  missing: formatNumber(plan.missing, 0),
                  size: formatMegabytes(plan.bytes),
                })}
          </div>
        )}
        {plan?.refusal && (
          <div className="basemap-problem" role="status">
            {language() === 'zh' ? plan.message : t(`reason.${plan.refusal}`, plan.values)}
          </div>
        )}
        {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
        {job.result && (
          <div role="status">
            {t('online.done', {
              fetched: formatNumber(job.result.fetched, 0),
              known: formatNumber(job.result.known, 0),
              blank: formatNumber(job.result.blank, 0),
              failed: formatNumber(job.result.failed, 0),
              size: formatMegabytes(job.result.bytes),
            })}
          </div>
        )}
      </div>
    </Modal>
  )
}
