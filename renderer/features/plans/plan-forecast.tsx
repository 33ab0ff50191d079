/** What the plan can be expected to bring, with the formula and its inputs; unknown inputs are named, never taken as 0. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PlanDetail } from '../../../shared/contract/plans.ts'
import { clauses, formatNumber, UNKNOWN } from '../../app/format.ts'
import { fieldLabel, term } from '../../app/i18n/i18n.ts'

type Line = PlanDetail['forecast'][number]

const UNITS: Readonly<Record<Line['key'], string>> = { freed_mu: '亩', freed_tce: 'tce', co2: 'tCO₂', new_tax: '万元' }
/** Decimals with which the field is kept. */
const DECIMALS: Readonly<Record<Line['key'], number>> = { freed_mu: 4, freed_tce: 2, co2: 2, new_tax: 4 }

export function PlanForecast({
  lines,
  disabled,
  onTake,
}: Readonly<{
  lines: readonly Line[]
  disabled: boolean
  /** Writes the forecast into the field of the plan. */
  onTake: (field: string, value: number) => void
}>) {
  const { t } = useTranslation()
  const unit = (symbol: string): string => t(`plan.unit.${symbol}`, { defaultValue: symbol })
  const name = (line: Line): string => (line.key === 'co2' ? t('plan.co2') : fieldLabel('plan', line.key))
  const formulaOf = ({ formula, terms }: Line): string => {
    const known = terms.map(item => ({
      ...item,
      label:
        item.name === 'measure'
          ? `${item.row}. ${term('measure_type', String(item.type))}`
          : t(`plan.term.${item.name}`),
    }))
    return `${t(`plan.formula.${formula}`)}${known.length > 0 ? ` · ${clauses(known.map(item => `${item.label} ${formatNumber(item.value)} ${unit(item.unit)}`))}` : ''}`
  }
  return (
    <table className="sheet plan-forecast">
      <thead>
        <tr>
          <th>{t('plan.forecast_of')}</th>
          <th>{t('plan.forecast')}</th>
          <th>{t('plan.stated')}</th>
          <th>{t('plan.formula_head')}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {lines.map(line => {
          const unknown = line.value === null
          const rounded = unknown ? null : Number(line.value!.toFixed(DECIMALS[line.key]))
          const differs = rounded !== null && line.stated !== null && Math.abs(rounded - line.stated) > 0.005
          return (
            <tr key={line.key} data-forecast={line.key}>
              <td className="no-break">
                {name(line)} ({unit(UNITS[line.key])})
              </td>
              <td className="numbers">
                <b>{formatNumber(line.value)}</b>
              </td>
              <td className={differs ? 'numbers plan-differs' : 'numbers'}>
                {line.key === 'co2' ? '' : line.stated === null ? UNKNOWN : formatNumber(line.stated)}
              </td>
              <td className="muted plan-formula">
                {formulaOf(line)}
                {unknown && <div className="plan-unknown">{t('plan.unknown_input')}</div>}
              </td>
              <td>
                {line.key !== 'co2' && rounded !== null && (differs || line.stated === null) && (
                  <Button size="small" disabled={disabled} onClick={() => onTake(line.key, rounded)}>
                    {t('plan.take_forecast')}
                  </Button>
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
