/** Totals of what the filter shows, and by unit, industry, class or size: ratios are Σ/Σ, with how many lack a figure. */
import './enterprises.css'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EnterpriseFilterInput, EnterpriseGroups } from '../../../shared/contract/enterprises.ts'
import { formatNumber, UNKNOWN, unitLabel } from '../../app/format.ts'
import { fieldLabel, term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { ClassChip } from '../../ui/class-chip.tsx'

type Group = EnterpriseGroups['rows'][number]

const BY = ['unit', 'industry', 'class', 'scale'] as const
const RATIOS = [
  ['tax_per_mu', '万元/亩', 2],
  ['va_per_mu', '万元/亩', 2],
  ['energy_intensity', 'tce/万元', 3],
  ['labour_productivity', '万元/人', 2],
] as const

function useGroups(filter: EnterpriseFilterInput, by: EnterpriseGroups['by']): EnterpriseGroups | undefined {
  const { client } = useService()
  return useQuery({
    queryKey: ['enterprises', 'groups', filter, by],
    queryFn: () => client.enterprises.groups({ filter, by }),
    placeholderData: keepPreviousData,
  }).data
}

/** One line under the table. */
export function TotalsLine({ filter }: Readonly<{ filter: EnterpriseFilterInput }>) {
  const { t } = useTranslation()
  const data = useGroups(filter, 'all')
  const total = data?.rows[0]
  if (!data || !total || data.year === null) return null
  const { tax_per_mu: ratio } = total.ratios
  const parts = [
    `${fieldLabel('enterprise_year', 'land_mu_actual')} ${formatNumber(total.land_mu)} ${t('common.mu')}`,
    `${fieldLabel('enterprise_year', 'tax')} ${formatNumber(total.tax)} ${unitLabel('万元')}`,
    `${t('enterprise.indicator.tax_per_mu')}(Σ/Σ) ${formatNumber(ratio.value)} ${unitLabel('万元/亩')}`,
    `${fieldLabel('enterprise_year', 'energy_tce')} ${formatNumber(total.energy_tce)} tce`,
    `${t('enterprise.indicator.carbon')} ${formatNumber(total.co2_t)} tCO₂`,
  ]
  return (
    <div
      className="totals-line numbers"
      title={t('enterprise.carbon_factor', { factor: data.carbon_factor ?? UNKNOWN })}
    >
      <b>{t('enterprise.sum_of', { year: data.year })}</b> {parts.join(' · ')}
      {ratio.missing > 0 && <span className="muted"> · {t('enterprise.not_counted', { count: ratio.missing })}</span>}
    </div>
  )
}

export function GroupTable({ filter }: Readonly<{ filter: EnterpriseFilterInput }>) {
  const { t } = useTranslation()
  const unitNames = useUnitNames()
  const [by, setBy] = useState<(typeof BY)[number]>('unit')
  const data = useGroups(filter, by)
  const nameOf = (group: Group) => {
    if (group.key === null) return UNKNOWN
    if (by === 'unit') return unitNames.get(group.key) ?? group.key
    if (by === 'class') return <ClassChip code={group.key} />
    return by === 'scale' ? term('scale', group.key) : `C${group.key}`
  }
  return (
    <div className="page-pad group-sums">
      <div className="group-bar">
        <Segmented
          value={by}
          options={BY.map(value => ({ value, label: t(`enterprise.by.${value}`) }))}
          onChange={setBy}
        />
        <span className="muted">{t('enterprise.group_hint')}</span>
      </div>
      <div className="sheet-scroll">
        <table className="sheet">
          <thead>
            <tr>
              <th>{t(`enterprise.by.${by}`)}</th>
              <th>{t('enterprise.group_count')}</th>
              <th>
                {fieldLabel('enterprise_year', 'land_mu_actual')}({t('common.mu')})
              </th>
              <th>
                {fieldLabel('enterprise_year', 'tax')}({unitLabel('万元')})
              </th>
              {RATIOS.map(([name, unit]) => (
                <th key={name}>
                  {t(`enterprise.indicator.${name}`)}({unitLabel(unit)})
                </th>
              ))}
              <th>{fieldLabel('enterprise_year', 'energy_tce')}(tce)</th>
              <th>{t('enterprise.indicator.carbon')}(tCO₂)</th>
            </tr>
          </thead>
          <tbody className="numbers">
            {data?.rows.map(group => (
              <tr key={group.key ?? ''}>
                <td className="no-break">{nameOf(group)}</td>
                <td>{group.enterprises}</td>
                <td>{formatNumber(group.land_mu)}</td>
                <td>{formatNumber(group.tax)}</td>
                {RATIOS.map(([name, , decimals]) => {
                  const { value, missing } = group.ratios[name]
                  return (
                    <td key={name}>
                      {formatNumber(value, decimals)}
                      {missing > 0 && (
                        <span className="muted" title={t('enterprise.not_counted', { count: missing })}>
                          {' '}
                          {t('enterprise.lacking', { count: missing })}
                        </span>
                      )}
                    </td>
                  )
                })}
                <td>{formatNumber(group.energy_tce)}</td>
                <td>{formatNumber(group.co2_t)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
