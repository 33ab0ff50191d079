/** What to do next for the zones of a year, while none is chosen: units that owe one, candidates that nobody saved, doubts. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ZoneSummary } from '../../../shared/contract/zones.ts'
import { formatMu, formatNumber, formatPercent } from '../../app/format.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useJob } from '../../ui/use-job.ts'
import { ZoneWarnings } from '../reports/zone-warnings.tsx'
import type { Detected, DetectSettings } from './detect.tsx'

/** Candidates in the table; the rest is one click away. */
const SHOWN = 10

interface ZoneOverviewProps {
  year: number
  settings: DetectSettings
  /** To the detection, of one unit or of all as set, with a candidate shown. */
  onDetect: (unit?: string, code?: string) => void
}

export function ZoneOverview({ year, settings, onDetect }: Readonly<ZoneOverviewProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const units = useUnitNames()
  const { start, running, progress, cancel } = useJob<Detected>()
  // The last answer stays until the next one is there: the table does not blink with every edit.
  const [result, setResult] = useState<Detected | null>(null)
  const { unit } = settings
  const parcels = survey?.counts.parcels ?? 0
  // Saved zones change what is still open, so every change of them asks again.
  const { data: zones, dataUpdatedAt } = useQuery({
    queryKey: ['zones', 'list', year, unit],
    queryFn: () => client.zones.list({ year, unit }),
    placeholderData: keepPreviousData,
  })
  const { data: quota } = useQuery({
    queryKey: ['zones', 'quota', year, 'now'],
    queryFn: () => client.zones.quota({ year }),
    placeholderData: keepPreviousData,
  })
  const { data: check } = useQuery({
    queryKey: ['zones', 'report-check', 'year', year, unit],
    queryFn: () => client.reports.zonesCheck({ year, ...(unit === undefined ? {} : { unit }) }),
    placeholderData: keepPreviousData,
  })
  useEffect(() => {
    if (parcels === 0 || dataUpdatedAt === 0) return
    void start(signal => client.zones.detect({ ...settings, year, save: false, outlines: false }, { signal })).then(
      found => found && setResult(found),
    )
  }, [parcels, dataUpdatedAt, start, client, settings, year])
  const rows = useMemo(() => quota?.filter(row => unit === undefined || row.unit === unit) ?? [], [quota, unit])
  const owing = useMemo(() => new Set(rows.flatMap(row => (row.met ? [] : [row.unit]))), [rows])
  const open = useMemo(() => {
    const isNew = new Set(result?.changes.flatMap(change => (change.kind === 'new' ? [change.code] : [])))
    const owes = (code: string | null): number => Number(owing.has(code ?? ''))
    return (result?.zones ?? [])
      .filter(zone => isNew.has(zone.code))
      .sort((a, b) => owes(b.unit) - owes(a.unit) || b.area_m2 - a.area_m2)
  }, [result, owing])
  const changed = result?.changes.filter(change => change.kind === 'changed').length ?? 0
  if (!survey || !zones || !quota) return null
  if (parcels === 0)
    return (
      <EmptyState
        text={t('zone.next.no_parcels')}
        action={t('zone.next.import')}
        onAction={() => setUi({ page: 'data' })}
      />
    )
  const sum = (pick: (row: (typeof rows)[number]) => number): number => rows.reduce((all, row) => all + pick(row), 0)
  const warnings = (check?.warnings ?? []).filter(warning => warning.code !== 'unit_without_zone')
  return (
    <div className="page" data-testid="zone-overview">
      <div className="page-head">
        <h2 className="page-title ellipsis">{t('zone.next.title', { year })}</h2>
        {zones.length > 0 && <span className="muted ellipsis">{t('zone.next.choose')}</span>}
      </div>
      <div className="page-body page-pad zone-next">
        <div className="counts zone-next-counts">
          {[
            [t('zone.next.units_met'), `${rows.length - owing.size} / ${rows.length}`],
            [t('zone.count'), String(sum(row => row.zones))],
            [t('zone.approved'), String(sum(row => row.approved))],
            [t('zone.area'), `${formatNumber(sum(row => row.area_mu))} ${t('common.mu')}`],
            [t('zone.rate'), formatPercent(result?.contiguity_rate)],
          ].map(([label, value]) => (
            <div key={label} className="count">
              <b className="numbers">{value}</b>
              <span>{label}</span>
            </div>
          ))}
        </div>
        <ZoneWarnings list={warnings} />
        {owing.size === 0 ? (
          <div className="muted">{t('zone.all_met')}</div>
        ) : (
          <>
            <div className="section">{t('zone.next.owing', { count: owing.size })}</div>
            <div className="zone-next-units">
              {[...owing].map(code => (
                <Button key={code} size="small" onClick={() => onDetect(code)}>
                  {units.get(code) ?? code}
                </Button>
              ))}
            </div>
          </>
        )}
        {open.length > 0 && <div className="section">{t('zone.next.open', { count: open.length })}</div>}
        {running && !result && <JobProgress progress={progress} onCancel={cancel} />}
        {result && (
          <div className="zone-next-sum">
            <span className="muted">
              {t(open.length + changed > 0 ? 'zone.next.unsaved' : 'zone.next.nothing_open', {
                created: open.length,
                changed,
                gap: formatNumber(settings.gap_m, 0),
                mu: formatNumber(settings.min_mu, 0),
              })}
            </span>
            {open.length + changed > 0 && (
              <Button type="primary" onClick={() => onDetect()}>
                {t('zone.next.review')}
              </Button>
            )}
          </div>
        )}
        {open.length > 0 && (
          <table className="sheet">
            <thead>
              <tr>
                <th className="numbers-right">{t('zone.next.rank')}</th>
                <th>{t('table.filter_unit')}</th>
                <th className="numbers-right">{t('common.mu')}</th>
                <th className="numbers-right">{t('zone.parcel_count')}</th>
                <th className="numbers-right">{t('page.enterprises')}</th>
                <th className="numbers-right">{t('parcel.side.out')}</th>
                <th className="numbers-right">{t('zone.tax_per_mu')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {open.slice(0, SHOWN).map((zone, index) => (
                <tr
                  key={zone.code}
                  className={owing.size < rows.length && owing.has(zone.unit ?? '') ? 'quota-owing' : undefined}
                >
                  <td className="numbers-right">{index + 1}</td>
                  <td className="ellipsis" title={zone.code}>
                    {units.get(zone.unit ?? '') ?? '—'}
                  </td>
                  <td className="numbers-right">{formatMu(zone.area_m2)}</td>
                  <td className="numbers-right">{zone.parcels.length}</td>
                  <td className="numbers-right">{zone.enterprises}</td>
                  <td className="numbers-right">{formatPercent(zone.outside_share, 0)}</td>
                  <td className="numbers-right">{formatNumber(zone.tax_per_mu)}</td>
                  <td>
                    <button type="button" className="link-button" onClick={() => onDetect(undefined, zone.code)}>
                      {t('zone.next.look')}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {open.length > SHOWN && <div className="muted">{t('zone.next.more', { count: open.length - SHOWN })}</div>}
        <Unapproved zones={zones} />
      </div>
    </div>
  )
}

/** Of every unit without an approved zone its largest planned one: what is to go to approval first. */
function Unapproved({ zones }: Readonly<{ zones: readonly ZoneSummary[] }>) {
  const { t } = useTranslation()
  const units = useUnitNames()
  const approved = new Set(zones.flatMap(zone => (zone.status === 'planned' ? [] : [zone.unit])))
  const largest = new Map<string, ZoneSummary>()
  for (const zone of zones) {
    if (zone.unit === null || zone.parcels === 0 || approved.has(zone.unit)) continue
    if (zone.area_m2 > (largest.get(zone.unit)?.area_m2 ?? -1)) largest.set(zone.unit, zone)
  }
  if (largest.size === 0) return null
  const rows = [...largest.values()].sort((a, b) => b.area_m2 - a.area_m2)
  return (
    <>
      <div className="section">{t('zone.next.unapproved', { count: rows.length })}</div>
      <table className="sheet zone-next-unapproved">
        <thead>
          <tr>
            <th>{t('table.filter_unit')}</th>
            <th>{t('zone.next.largest')}</th>
            <th className="numbers-right">{t('common.mu')}</th>
            <th className="numbers-right">{t('zone.parcel_count')}</th>
            <th className="numbers-right">{t('page.enterprises')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(zone => (
            <tr key={zone.id}>
              <td className="ellipsis">{units.get(zone.unit ?? '') ?? zone.unit}</td>
              <td className="ellipsis" title={zone.name}>
                <button
                  type="button"
                  className="link-button"
                  onClick={() => setUi({ selection: { entity: 'zone', id: zone.id } })}
                >
                  {zone.name}
                </button>
              </td>
              <td className="numbers-right">{formatMu(zone.area_m2)}</td>
              <td className="numbers-right">{zone.parcels}</td>
              <td className="numbers-right">{zone.enterprises}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
