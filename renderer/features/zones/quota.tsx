/** Each unit's duty of one zone a year, and who still owes it. */
import { useQuery } from '@tanstack/react-query'
import { Tag } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contiguity } from '../../../shared/contract/zones.ts'
import { formatNumber, formatPercent } from '../../app/format.ts'
import { useService } from '../../app/service-context.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { useJob } from '../../ui/use-job.ts'

export function Quota({ year, onUnit }: Readonly<{ year: number; onUnit: (unit: string) => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const units = useUnitNames()
  const { data } = useQuery({ queryKey: ['zones', 'quota', year], queryFn: () => client.zones.quota({ year }) })
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
      <div className={owing > 0 ? 'quota-sum side-differs' : 'quota-sum'}>
        {owing > 0 ? t('zone.owing', { count: owing }) : t('zone.all_met')}
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
