/** Each unit's duty of one zone a year, and who still owes it. */
import { useQuery } from '@tanstack/react-query'
import { Select, Tag } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contiguity } from '../../../shared/contract/zones.ts'
import { formatNumber, formatPercent, today } from '../../app/format.ts'
import { useService } from '../../app/service-context.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { useJob } from '../../ui/use-job.ts'

const NOW = 'now'

/** Last days of the months of a year that are over. */
function monthEnds(year: number, now: string): string[] {
  return Array.from({ length: 12 }, (_, month) =>
    new Date(Date.UTC(year, month + 1, 0)).toISOString().slice(0, 10),
  ).filter(day => day < now)
}

export function Quota({ year, onUnit }: Readonly<{ year: number; onUnit: (unit: string) => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const units = useUnitNames()
  const [chosen, setChosen] = useState<{ year: number; day: string } | null>(null)
  const days = useMemo(() => monthEnds(year, today()), [year])
  // A year that is over is judged as its reports judge it, at its end.
  const day = chosen?.year === year ? chosen.day : days.length === 12 ? days.at(-1)! : NOW
  const { data } = useQuery({
    queryKey: ['zones', 'quota', year, day],
    queryFn: () => client.zones.quota({ year, ...(day === NOW ? {} : { to: day }) }),
    placeholderData: previous => previous,
  })
  const { start, result: contiguity } = useJob<Contiguity>()
  useEffect(() => {
    void start(signal => client.zones.contiguity({ year }, { signal }))
  }, [start, client, year])
  const rateOf = new Map(contiguity?.units.map(unit => [unit.unit, unit]))
  if (!data) return null
  // Those who still owe one stand first; the rest keep the order of the units.
  const rows = [...data].sort((a, b) => Number(a.met) - Number(b.met))
  const owing = data.filter(row => !row.met).length
  return (
    <div className="split-rows">
      <div className="quota-head">
        <div className={owing > 0 ? 'quota-sum side-differs' : 'quota-sum'}>
          {owing > 0 ? t('zone.owing', { count: owing }) : t('zone.all_met')}
        </div>
        <Select
          value={day}
          aria-label={t('zone.as_of_label')}
          popupMatchSelectWidth={false}
          options={[
            { value: NOW, label: t('zone.as_of_now') },
            ...days.map(value => ({ value, label: t('zone.as_of', { day: value }) })).reverse(),
          ]}
          onChange={value => setChosen({ year, day: value })}
        />
      </div>
      <table className="sheet" data-testid="quota">
        <thead>
          <tr>
            <th>{t('table.filter_unit')}</th>
            <th className="numbers-right">{t('zone.count')}</th>
            <th className="numbers-right">{t('zone.approved')}</th>
            <th className="numbers-right">{t('common.mu')}</th>
            <th className="numbers-right" title={t('zone.rate_hint', { mu: contiguity?.min_mu ?? 50 })}>
              {t('zone.rate')}
            </th>
            <th className="numbers-right" title={t('zone.quarters_hint')}>
              {t('zone.quarters')}
            </th>
            <th>{t('zone.duty')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.unit} className={row.met ? undefined : 'quota-owing'}>
              <td>
                <button type="button" className="link-button" onClick={() => onUnit(row.unit)}>
                  {units.get(row.unit) ?? row.unit}
                </button>
              </td>
              <td className="numbers-right">{row.zones}</td>
              <td className="numbers-right">{row.approved}</td>
              <td className="numbers-right">{formatNumber(row.area_mu)}</td>
              <td className="numbers-right">{formatPercent(rateOf.get(row.unit)?.rate)}</td>
              <td className="numbers-right quarters">
                {rateOf
                  .get(row.unit)
                  ?.quarters.map(quarter => formatPercent(quarter.rate, 0))
                  .join(' / ') ?? '—'}
              </td>
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
