/** A period as people say it: 2022 年 10 月. */
import { type PeriodicInput, quarterOf } from '../../../shared/report/periods.ts'

export function periodWords(
  t: (key: string, values?: Record<string, unknown>) => string,
  { kind, year, month }: PeriodicInput,
): string {
  if (kind === 'annual') return t('report.period.annual', { year })
  if (kind === 'quarterly') return t('report.quarter', { year, quarter: quarterOf(month) })
  return t('report.period.monthly', { year, month })
}
