/** Contiguous zones: detect with a live preview, save, adjust, and see which unit still owes one this year. */
import './zones.css'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { InputNumber, Select, Tabs, Tag } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatMu } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { setUi, useUi } from '../../app/ui-store.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { CandidateMap } from './candidate-map.tsx'
import { Detect, type Detected, type DetectSettings } from './detect.tsx'
import { Quota } from './quota.tsx'
import { useZoneYear } from './use-zone-year.ts'
import { ZoneDetailView } from './zone-detail.tsx'
import { ZoneOverview } from './zone-overview.tsx'

const TABS = ['saved', 'detect', 'quota'] as const
type Tab = (typeof TABS)[number]

export function ZonesPage() {
  const { t } = useTranslation()
  const survey = useSurvey()
  const unitNames = useUnitNames()
  const selection = useUi(state => state.selection)
  const campaign = survey?.campaign
  const [shownYear, setYear, isYearKnown] = useZoneYear()
  const [settings, setSettings] = useState<DetectSettings | null>(null)
  const [tab, setTab] = useState<Tab>('saved')
  const [detected, setDetected] = useState<Detected | null>(null)
  /** The last clusters that came with outlines; they stay while the slider moves. */
  const [drawn, setDrawn] = useState<Detected['zones']>([])
  const [picked, setPicked] = useState<string | null>(null)
  // The same object as long as nothing changed: the live preview runs again with each new one.
  const current = useMemo<DetectSettings>(
    () =>
      settings ?? {
        gap_m: Number(campaign?.['gap_m'] ?? 20),
        min_mu: Number(campaign?.['zone_min_mu'] ?? 50),
        min_parcels: Number(campaign?.['zone_min_parcels'] ?? 2),
        unit: undefined,
        cross_unit: false,
        barriers: true,
      },
    [settings, campaign],
  )
  const show = useCallback((next: Detected) => {
    setDetected(next)
    if (next.zones.every(zone => zone.outline)) setDrawn(next.zones)
  }, [])
  const zoneId = selection?.entity === 'zone' ? selection.id : null
  if (!survey?.open) return null
  const panes = {
    saved: <SavedZones year={shownYear} unit={current.unit} zoneId={zoneId} onDetect={() => setTab('detect')} />,
    detect: (
      <Detect
        settings={current}
        year={shownYear}
        shown={detected}
        picked={picked}
        onShown={show}
        onPick={setPicked}
        onChange={setSettings}
      />
    ),
    quota: (
      <Quota
        year={shownYear}
        onUnit={unit => {
          setSettings({ ...current, unit })
          setTab('saved')
        }}
      />
    ),
  }
  return (
    <div className="split">
      <div className={tab === 'quota' ? 'split-list zones-list zones-list-wide' : 'split-list zones-list'}>
        <div className="page-head">
          <h1 className="page-title">{t('page.zones')}</h1>
          <InputNumber
            value={shownYear}
            disabled={!isYearKnown}
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
            options={survey.units.map(unit => ({ value: unit.code, label: unitNames.get(unit.code) ?? unit.name }))}
            onChange={unit => setSettings({ ...current, unit })}
          />
        </div>
        <Tabs
          className="zones-tabs"
          size="small"
          activeKey={tab}
          onChange={key => setTab(key as Tab)}
          items={TABS.map(key => ({ key, label: t(`zone.${key}`), children: panes[key] }))}
        />
      </div>
      <div className="split-detail" hidden={tab === 'quota'}>
        {tab === 'detect' && detected ? (
          <CandidateMap found={detected.zones.length} zones={drawn} picked={picked} onShowAll={() => setPicked(null)} />
        ) : zoneId ? (
          <ZoneDetailView key={zoneId} id={zoneId} />
        ) : tab === 'saved' && isYearKnown ? (
          <ZoneOverview
            year={shownYear}
            settings={current}
            onDetect={(unit, code) => {
              if (unit !== undefined) setSettings({ ...current, unit })
              setPicked(code ?? null)
              setTab('detect')
            }}
          />
        ) : (
          <EmptyState text={t('zone.choose')} />
        )}
      </div>
    </div>
  )
}

function SavedZones({
  year,
  unit,
  zoneId,
  onDetect,
}: Readonly<{ year: number; unit: string | undefined; zoneId: string | null; onDetect: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const units = useUnitNames()
  const hasParcels = (useSurvey()?.counts.parcels ?? 0) > 0
  const { data } = useQuery({
    queryKey: ['zones', 'list', year, unit],
    queryFn: () => client.zones.list({ year, unit }),
    placeholderData: keepPreviousData,
  })
  if (!data) return null
  if (data.length === 0 && !hasParcels) return <EmptyState text={t('zone.none', { year })} />
  if (data.length === 0)
    return <EmptyState text={t('zone.none', { year })} action={t('zone.detect_first')} onAction={onDetect} />
  return (
    <div className="split-rows">
      {zoneId !== null && (
        <button type="button" className="link-button zone-next-back" onClick={() => setUi({ selection: null })}>
          {t('zone.next.back')}
        </button>
      )}
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
          <span className="muted list-row-detail numbers">
            {zone.code} · {units.get(zone.unit ?? '') ?? '—'} · {formatMu(zone.area_m2)} {t('common.mu')} ·{' '}
            {t('zone.parcels', { count: zone.parcels })}
            {zone.locked ? ` · ${t('zone.locked')}` : ''}
          </span>
          <span className="muted list-row-detail numbers">
            {t('parcel.side.in')} {formatMu(zone.area_in_m2)} · {t('parcel.side.out')} {formatMu(zone.area_out_m2)}{' '}
            {t('common.mu')} · {t('page.enterprises')} {zone.enterprises}
          </span>
        </button>
      ))}
    </div>
  )
}
