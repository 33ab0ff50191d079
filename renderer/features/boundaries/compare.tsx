/** What another version of the boundary would change: a table of sides, the sums, and the parcels that flip. */
import { useQuery } from '@tanstack/react-query'
import { Button, Select, Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BoundaryComparison } from '../../../shared/contract/boundary-review.ts'
import { formatMu } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { JobProgress } from '../../ui/job-progress.tsx'
import { SideChip } from '../../ui/side-chip.tsx'
import { useJob } from '../../ui/use-job.ts'

const SIDES = ['inside', 'outside', 'crossing'] as const

export function Compare({ onLayers }: Readonly<{ onLayers: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const job = useJob<BoundaryComparison>()
  const [chosen, setChosen] = useState<{ from?: string; to?: string }>({})
  const { data } = useQuery({ queryKey: ['boundaries', 'list'], queryFn: () => client.boundaries.list() })
  if (!data) return <Skeleton active className="page-pad" />
  if (data.length < 2)
    return <EmptyState text={t('boundary.one_version')} action={t('boundary.tab.layers')} onAction={onLayers} />
  // The active version and the one that is offered first beside it, the earlier as the old one.
  const [earlier, later] = data.slice(0, 2).sort((a, b) => a.effective_date.localeCompare(b.effective_date))
  const from = chosen.from ?? earlier!.id
  const to = chosen.to ?? later!.id
  const options = data.map(version => ({ value: version.id, label: `${version.name} · ${version.effective_date}` }))
  return (
    <div className="boundary-pane">
      <div className="boundary-bar">
        <Select
          value={from}
          options={options}
          aria-label={t('boundary.from')}
          className="boundary-version"
          onChange={value => setChosen({ from: value, to })}
        />
        <span>→</span>
        <Select
          value={to}
          options={options}
          aria-label={t('boundary.to')}
          className="boundary-version"
          onChange={value => setChosen({ from, to: value })}
        />
        <Button
          type="primary"
          disabled={from === to || job.running}
          onClick={() => void job.start(signal => client.boundaries.compare({ from, to }, { signal }))}
        >
          {t('boundary.compare')}
        </Button>
        <Button disabled={from === to} onClick={() => setUi({ page: 'map', compare: { from, to } })}>
          {t('viewing.compare.on_map')}
        </Button>
        {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
      </div>
      {job.result ? (
        <Result result={job.result} />
      ) : (
        !job.running && <div className="muted page-pad">{t('boundary.compare_hint')}</div>
      )}
    </div>
  )
}

function Result({ result }: Readonly<{ result: BoundaryComparison }>) {
  const { t } = useTranslation()
  const units = useUnitNames()
  const cell = (from: string, to: string) => result.cells.find(entry => entry.from === from && entry.to === to)
  return (
    <div className="boundary-rows">
      <table className="sheet boundary-matrix" data-testid="boundary-matrix">
        <thead>
          <tr>
            <th>{t('boundary.matrix', { from: result.from.name, to: result.to.name })}</th>
            {SIDES.map(side => (
              <th key={side} className="numbers-right">
                {term('side', side)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SIDES.map(from => (
            <tr key={from}>
              <td>
                <SideChip side={from} />
              </td>
              {SIDES.map(to => {
                const found = cell(from, to)
                return (
                  <td key={to} className={found && from !== to ? 'numbers-right flag' : 'numbers-right'}>
                    {found
                      ? t('boundary.cell', { parcels: found.parcels.toLocaleString(), area: formatMu(found.area_m2) })
                      : '—'}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="numbers">
        {t('boundary.sums', {
          before: formatMu(result.from_in_m2),
          after: formatMu(result.to_in_m2),
          whole: formatMu(result.area_m2),
          count: result.flipped,
        })}
      </p>
      {result.rows.length > 0 && (
        <table className="sheet boundary-sheet">
          <thead>
            <tr>
              <th>{t('zone.parcel')}</th>
              <th>{t('table.filter_unit')}</th>
              <th className="numbers-right">{t('table.area')}</th>
              <th>{result.from.name}</th>
              <th>{result.to.name}</th>
              <th className="numbers-right">{t('boundary.in_before')}</th>
              <th className="numbers-right">{t('boundary.in_after')}</th>
            </tr>
          </thead>
          <tbody>
            {result.rows.map(row => (
              <tr key={row.id}>
                <td>
                  <button
                    type="button"
                    className="link-button"
                    title={row.name ?? undefined}
                    onClick={() =>
                      setUi({ page: 'map', selection: { entity: 'parcel', id: row.id }, flyTo: { parcelId: row.id } })
                    }
                  >
                    {row.code}
                  </button>
                </td>
                <td>{units.get(row.unit ?? '') ?? '—'}</td>
                <td className="numbers-right">{formatMu(row.area_m2)}</td>
                <td>
                  <SideChip side={row.from_side} />
                </td>
                <td>
                  <SideChip side={row.to_side} />
                </td>
                <td className="numbers-right">{formatMu(row.from_in_m2)}</td>
                <td className="numbers-right">{formatMu(row.to_in_m2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {result.flipped > result.rows.length && (
        <div className="muted">{t('boundary.more', { shown: result.rows.length, total: result.flipped })}</div>
      )}
    </div>
  )
}
