/** Finds clusters of parcels with a live preview, ranks them by area and saves them as zones. */
import { useQuery } from '@tanstack/react-query'
import { Checkbox, InputNumber, Segmented, Slider } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { detectResultSchema } from '../../../shared/contract/zones.ts'
import { formatNumber, formatPercent, UNKNOWN } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { JobProgress } from '../../ui/job-progress.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { useJob } from '../../ui/use-job.ts'
import { ChangeReport } from './change-report.tsx'

export type Detected = z.infer<typeof detectResultSchema>
type Candidate = Detected['zones'][number]

const RANKS = ['area', 'tax', 'outside', 'compact'] as const
type Rank = (typeof RANKS)[number]
/** What speaks most for a zone stands first; unknown taxes stand last. */
const BY_RANK: Readonly<Record<Rank, (a: Candidate, b: Candidate) => number>> = {
  area: (a, b) => b.area_m2 - a.area_m2,
  tax: (a, b) => (a.tax_per_mu ?? Infinity) - (b.tax_per_mu ?? Infinity) || b.area_m2 - a.area_m2,
  outside: (a, b) => b.outside_share - a.outside_share || b.area_m2 - a.area_m2,
  compact: (a, b) => b.compactness - a.compactness,
}
const SETTLE_MS = 40
const REST_MS = 350

export interface DetectSettings {
  gap_m: number
  min_mu: number
  min_parcels: number
  unit: string | undefined
  cross_unit: boolean
  barriers: boolean
}

interface DetectProps {
  settings: DetectSettings
  year: number
  shown: Detected | null
  picked: string | null
  onShown: (detected: Detected) => void
  onPick: (code: string) => void
  onChange: (settings: DetectSettings) => void
}

export function Detect({ settings, year, shown, picked, onShown, onPick, onChange }: Readonly<DetectProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const units = useUnitNames()
  const live = useJob<Detected>()
  const save = useJob<Detected>()
  const { start } = live
  const hasLand = (useSurvey()?.counts.parcels ?? 1) > 0
  const [rank, setRank] = useState<Rank>('area')
  const { data: layers } = useQuery({ queryKey: ['boundaries', 'layers'], queryFn: () => client.boundaries.layers() })
  const ranked = useMemo(() => (shown ? [...shown.zones].sort(BY_RANK[rank]) : []), [shown, rank])
  // The preview follows the slider: the last question wins, the ones before are cancelled. Outlines cost more than numbers
  // and come once the slider rests.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const ask = (outlines: boolean): Promise<Detected | undefined> =>
      start(signal => client.zones.detect({ ...settings, year, save: false, outlines }, { signal }))
    const preview = async (): Promise<void> => {
      const numbers = await ask(false)
      if (!numbers) return
      onShown(numbers)
      timer = setTimeout(() => void ask(true).then(drawn => drawn && onShown(drawn)), REST_MS)
    }
    timer = setTimeout(() => void preview(), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [settings, year, client, start, onShown])
  const write = async (): Promise<void> => {
    const result = await save.start(signal =>
      client.zones.detect({ ...settings, year, save: true, outlines: true }, { signal }),
    )
    if (result) notify.success(t('zone.saved_count', { saved: result.saved, kept: result.kept }))
  }
  return (
    <div className="detect">
      <div className="field-row">
        <span className="field-label">{t('zone.gap')}</span>
        <div className="gap-row">
          <Slider
            min={0}
            max={100}
            value={settings.gap_m}
            tooltip={{ formatter: null }}
            onChange={gap_m => onChange({ ...settings, gap_m })}
            ariaLabelForHandle={t('zone.gap')}
          />
          <InputNumber
            min={0}
            max={1000}
            value={settings.gap_m}
            controls={false}
            suffix="m"
            aria-label={t('zone.gap')}
            onChange={gap_m => onChange({ ...settings, gap_m: gap_m ?? 0 })}
          />
        </div>
      </div>
      <div className="field-row">
        <span className="field-label">{t('zone.minimum')}</span>
        <div className="gap-row">
          <InputNumber
            min={0}
            value={settings.min_mu}
            controls={false}
            suffix={t('common.mu')}
            aria-label={t('zone.minimum')}
            onChange={min_mu => onChange({ ...settings, min_mu: min_mu ?? 0 })}
          />
          <InputNumber
            min={1}
            value={settings.min_parcels}
            controls={false}
            suffix={t('zone.parcel_unit')}
            aria-label={t('zone.min_parcels')}
            onChange={min_parcels => onChange({ ...settings, min_parcels: min_parcels ?? 1 })}
          />
        </div>
      </div>
      <Checkbox
        checked={settings.cross_unit}
        onChange={event => onChange({ ...settings, cross_unit: event.target.checked })}
      >
        {t('zone.cross_unit')}
      </Checkbox>
      {layers?.some(layer => layer.kind === 'barrier') && (
        <Checkbox
          checked={settings.barriers}
          onChange={event => onChange({ ...settings, barriers: event.target.checked })}
        >
          {t('zone.barriers')}
        </Checkbox>
      )}
      {save.running && <JobProgress progress={save.progress} onCancel={save.cancel} />}
      {shown && (
        <div className="detect-sum">
          <span className="numbers">
            {t('zone.found', { count: shown.zones.length })} · {t('zone.rate')}{' '}
            {hasLand ? formatPercent(shown.contiguity_rate) : UNKNOWN}
            {live.running ? ' …' : ''}
          </span>
          <RoleButton
            calls="zones.create"
            type="primary"
            disabled={shown.zones.length === 0 || save.running}
            onClick={() => void write()}
          >
            {t('zone.save')}
          </RoleButton>
        </div>
      )}
      {!hasLand && (
        <EmptyState
          text={t('table.empty_map')}
          action={t('table.empty_action')}
          onAction={() => setUi({ page: 'data' })}
        />
      )}
      {shown && <ChangeReport changes={shown.changes} />}
      {shown && shown.zones.length > 1 && (
        <Segmented
          size="small"
          className="detect-rank"
          value={rank}
          options={RANKS.map(value => ({ value, label: t(`zone.rank.${value}`) }))}
          onChange={value => setRank(value as Rank)}
        />
      )}
      <div className="split-rows">
        {ranked.map(zone => (
          <button
            key={zone.code}
            type="button"
            className={zone.code === picked ? 'list-row list-row-current' : 'list-row'}
            onClick={() => onPick(zone.code)}
          >
            <span className="list-row-title">{zone.code}</span>
            <b className="numbers">
              {formatNumber(zone.area_mu)} {t('common.mu')}
            </b>
            <span className="muted list-row-detail numbers">
              {units.get(zone.unit ?? '') ?? '—'} · {t('zone.parcels', { count: zone.parcels.length })} ·{' '}
              {t('parcel.side.out')} {formatPercent(zone.outside_share)} · {t('zone.tax_per_mu')}{' '}
              {formatNumber(zone.tax_per_mu)} · {t('zone.compactness')} {formatPercent(zone.compactness, 0)}
            </span>
          </button>
        ))}
      </div>
    </div>
  )
}
