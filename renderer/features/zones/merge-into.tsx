/** Joins a zone with another one of its year; the other keeps its name and code. */
import { useQuery } from '@tanstack/react-query'
import { App, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ZoneSummary } from '../../../shared/contract/zones.ts'
import { formatMu } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useBarred } from '../../ui/role-button.tsx'

export function MergeInto({ zone, onMerged }: Readonly<{ zone: ZoneSummary; onMerged: (id: string) => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const { modal } = App.useApp()
  const barred = useBarred('zones.merge')
  const { data } = useQuery({
    queryKey: ['zones', 'list', zone.year],
    queryFn: () => client.zones.list({ year: zone.year }),
  })
  // Nearest first: the zone that somebody wants to join is almost always the next one.
  const others = (data ?? [])
    .filter(other => other.id !== zone.id)
    .sort((a, b) => distance(a, zone) - distance(b, zone))
  const merge = async (target: ZoneSummary): Promise<void> => {
    const isMeant = await modal.confirm({
      title: t('zone.merge_confirm', { name: zone.name, target: target.name }),
      content: t('zone.merge_effect', { count: zone.parcels, target: target.name }),
      okText: t('zone.merge'),
      cancelText: t('action.cancel'),
    })
    if (!isMeant) return
    await tracked(() => client.zones.merge({ ids: [target.id, zone.id] }))
    onMerged(target.id)
  }
  return (
    <Select
      className="zone-merge"
      showSearch={{ optionFilterProp: 'label' }}
      value={null}
      disabled={barred !== null || zone.locked || others.length === 0}
      title={barred ?? undefined}
      placeholder={others.length === 0 ? t('zone.merge_none') : t('zone.merge_into')}
      aria-label={t('zone.merge_into')}
      options={others.map(other => ({
        value: other.id,
        label: `${other.code} ${other.name} (${formatMu(other.area_m2)} ${t('common.mu')})`,
      }))}
      onChange={(id: string | null) => {
        const target = others.find(other => other.id === id)
        if (target) void merge(target).catch(notify.error)
      }}
    />
  )
}

/** Between the middles of two zones, degrees; only to put them in order. */
function distance(a: ZoneSummary, b: ZoneSummary): number {
  if (!a.box || !b.box) return Number.POSITIVE_INFINITY
  return Math.hypot(a.box[0] + a.box[2] - b.box[0] - b.box[2], a.box[1] + a.box[3] - b.box[1] - b.box[3])
}
