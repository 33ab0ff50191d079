/** A figure of the dashboard in words: “2022 年 · 兰江街道 · 盘活用地”. */
import { useTranslation } from 'react-i18next'
import type { Figure } from '../../../shared/contract/dashboard.ts'
import { useUnitNames } from '../../app/use-survey.ts'

export function useFigureLabel(): (figure: Figure) => string {
  const { t } = useTranslation()
  const units = useUnitNames()
  return ({ year, unit, indicator, month, to }) =>
    [
      month ?? (year === null ? t('dashboard.whole') : t('dashboard.year', { year })),
      unit === null ? t('dashboard.all_units') : unit === '' ? t('dashboard.without_unit') : (units.get(unit) ?? unit),
      t(`dashboard.indicator.${indicator}`),
      t('dashboard.until', { day: to }),
    ].join(' · ')
}
