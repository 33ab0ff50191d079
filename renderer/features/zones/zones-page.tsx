/** Contiguous zones: detect with a live preview, save, adjust, and see which unit still owes one this year. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, InputNumber, Select, Slider, Tabs, Tag } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { detectResultSchema } from '../../../shared/contract/zones.ts'
import { formatMu, formatNumber, formatPercent } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { setUi, useUi } from '../../app/ui-store.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useJob } from '../../ui/use-job.ts'
import { useZoneYear } from './use-zone-year.ts'
import { ZoneDetailView } from './zone-detail.tsx'

type Detected = z.infer<typeof detectResultSchema>
const SETTLE_MS = 150

interface Settings {
  gap_m: number
  min_mu: number
  min_parcels: number
  unit: string | undefined
  cross_unit: boolean
}

export function ZonesPage() {
  const { t } = useTranslation()
  const survey = useSurvey()
  const selection = useUi(state => state.selection)
  const campaign = survey?.campaign
  const [shownYear, setYear] = useZoneYear()
  const [settings, setSettings] = useState<Settings | null>(null)
  const current: Settings = settings ?? {
    gap_m: Number(campaign?.['gap_m'] ?? 20),
    min_mu: Number(campaign?.['zone_min_mu'] ?? 50),
    min_parcels: Number(campaign?.['zone_min_parcels'] ?? 2),
    unit: undefined,
    cross_unit: false,
  }
  const zoneId = selection?.entity === 'zone' ? selection.id : null
  if (!survey?.open) return null
  return (
    <div className="split">
      <div className="split-list zones-list">
        <div className="page-head">
          <h1 className="page-title">{t('page.zones')}</h1>
          <InputNumber
            value={shownYear}
            min={2000}
            max={2100}
            controls={false}
            className="year-input"
            aria-label={t('zone.year')}
            onChange={value => setYear(value)}
          />
          <Select
            allowClear
            className="zone-unit"
            placeholder={t('zone.all_units')}
            value={current.unit}
            options={survey.units.map(unit => ({ value: unit.code, label: unit.name }))}
            onChange={unit => setSettings({ ...current, unit })}
          />
        </div>
        <Tabs
          className="zones-tabs"
          size="small"
          items={[
            {
              key: 'saved',
              label: t('zone.saved'),
              children: <SavedZones year={shownYear} unit={current.unit} zoneId={zoneId} />,
            },
            {
              key: 'detect',
              label: t('zone.detect'),
              children: <Detect settings={current} year={shownYear} onChange={setSettings} />,
            },
            { key: 'quota', label: t('zone.quota'), children: <Quota year={shownYear} /> },
          ]}
        />
      </div>
      <div className="split-detail">
        {zoneId ? <ZoneDetailView key={zoneId} id={zoneId} /> : <EmptyState text={t('zone.choose')} />}
      </div>
    </div>
  )
}

function SavedZones({
  year,
  unit,
  zoneId,
}: Readonly<{ year: number; unit: string | undefined; zoneId: string | null }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const units = useUnitNames()
  const { data } = useQuery({
    queryKey: ['zones', 'list', year, unit],
    queryFn: () => client.zones.list({ year, unit }),
    placeholderData: keepPreviousData,
  })
  if (!data) return null
  if (data.length === 0) return <EmptyState text={t('zone.none', { year })} />
  return (
    <div className="split-rows">
      {data.map(zone => (
        <button
          key={zone.id}
          type="button"
          className={zone.id === zoneId ? 'list-row list-row-current' : 'list-row'}
          onClick={() => setUi({ selection: { entity: 'zone', id: zone.id } })}
        >
          <span className="list-row-title ellipsis" title={zone.name}>
            {zone.name}
          </span>
          <Tag>{term('zone_status', zone.status)}</Tag>
          <span className="muted list-row-detail ellipsis numbers">
            {zone.code} · {units.get(zone.unit ?? '') ?? '—'} · {formatMu(zone.area_m2)} {t('common.mu')} ·{' '}
            {t('zone.parcels', { count: zone.parcels })}
            {zone.locked ? ` · ${t('zone.locked')}` : ''}
          </span>
        </button>
      ))}
    </div>
  )
}

function Detect({
  settings,
  year,
  onChange,
}: Readonly<{ settings: Settings; year: number; onChange: (settings: Settings) => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const units = useUnitNames()
  const live = useJob<Detected>()
  const save = useJob<Detected>()
  const [shown, setShown] = useState<Detected | null>(null)
  const { start } = live
  // The preview follows the slider: the last question wins, the ones before are cancelled.
  useEffect(() => {
    const timer = setTimeout(() => {
      void start(signal => client.zones.detect({ ...settings, year, save: false, outlines: false }, { signal })).then(
        result => {
          if (result) setShown(result)
        },
      )
    }, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [settings, year, client, start])
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
          <Checkbox
            checked={settings.cross_unit}
            onChange={event => onChange({ ...settings, cross_unit: event.target.checked })}
          >
            {t('zone.cross_unit')}
          </Checkbox>
        </div>
      </div>
      {save.running && <JobProgress progress={save.progress} onCancel={save.cancel} />}
      {shown && (
        <div className="detect-sum">
          <span className="numbers">
            {t('zone.found', { count: shown.zones.length })} · {t('zone.rate')} {formatPercent(shown.contiguity_rate)}
            {live.running ? ' …' : ''}
          </span>
          <Button type="primary" disabled={shown.zones.length === 0 || save.running} onClick={() => void write()}>
            {t('zone.save')}
          </Button>
        </div>
      )}
      <div className="split-rows">
        {shown?.zones.map(zone => (
          <button
            key={zone.code}
            type="button"
            className="list-row"
            onClick={() => setUi({ page: 'map', flyTo: { box: zone.box } })}
            title={t('parcel.fly')}
          >
            <span className="list-row-title">{zone.code}</span>
            <b className="numbers">
              {formatNumber(zone.area_mu)} {t('common.mu')}
            </b>
            <span className="muted list-row-detail numbers">
              {units.get(zone.unit ?? '') ?? '—'} · {t('zone.parcels', { count: zone.parcels.length })} ·{' '}
              {t('parcel.side.out')} {formatPercent(zone.outside_share)}
            </span>
          </button>
        ))}
      </div>
    </div>
  )
}

function Quota({ year }: Readonly<{ year: number }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const units = useUnitNames()
  const { data } = useQuery({ queryKey: ['zones', 'quota', year], queryFn: () => client.zones.quota({ year }) })
  if (!data) return null
  const owing = data.filter(row => !row.met).length
  return (
    <div className="split-rows">
      <div className={owing > 0 ? 'quota-sum side-differs' : 'quota-sum'}>
        {owing > 0 ? t('zone.owing', { count: owing }) : t('zone.all_met')}
      </div>
      <table className="sheet" data-testid="quota">
        <thead>
          <tr>
            <th>{t('table.filter_unit')}</th>
            <th className="numbers-right">{t('zone.count')}</th>
            <th className="numbers-right">{t('common.mu')}</th>
            <th>{t('zone.duty')}</th>
          </tr>
        </thead>
        <tbody>
          {data.map(row => (
            <tr key={row.unit}>
              <td>{units.get(row.unit) ?? row.unit}</td>
              <td className="numbers-right">{row.zones}</td>
              <td className="numbers-right">{formatNumber(row.area_mu)}</td>
              <td>
                <Tag color={row.met ? 'success' : 'error'}>{row.met ? t('zone.met') : t('zone.not_met')}</Tag>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
