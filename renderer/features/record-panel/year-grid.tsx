/** The figures of one year, editable, with the indicators derived from them; unknown stays unknown. */
import { InputNumber, Segmented } from 'antd'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { carbonOf } from '../../../shared/rules/indicators.ts'
import { formatNumber, unitLabel } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RecordField } from '../../ui/record-field.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { FigureNotes } from './figure-notes.tsx'
import { ScoreLine } from './score-line.tsx'

const FIELDS = [
  'scale',
  'class',
  'score',
  'land_mu_actual',
  'land_mu_owned',
  'land_mu_rented',
  'tax',
  'value_added',
  'output',
  'revenue',
  'rd',
  'employees',
  'power_kwh',
  'energy_tce',
  'energy_basis',
  'emission_t',
  'data_source',
  'published',
  'veto_causes',
  'veto_basis',
] as const
const INDICATORS: readonly { key: string; unit: string; decimals: number }[] = [
  { key: 'tax_per_mu', unit: '万元/亩', decimals: 2 },
  { key: 'va_per_mu', unit: '万元/亩', decimals: 2 },
  { key: 'energy_intensity', unit: 'tce/万元', decimals: 3 },
  { key: 'va_per_tce', unit: '万元/tce', decimals: 3 },
  { key: 'va_per_emission', unit: '万元/t', decimals: 2 },
  { key: 'labour_productivity', unit: '万元/人', decimals: 2 },
  { key: 'rd_ratio', unit: '', decimals: 4 },
  { key: 'tax_per_kwh', unit: '元/kWh', decimals: 3 },
]

export function YearGrid({
  enterpriseId,
  years,
  status,
  mappedMu,
}: Readonly<{
  enterpriseId: string
  years: readonly Record<string, unknown>[]
  /** Operating state of the enterprise. */
  status: string | null
  mappedMu: number | null
}>) {
  const { t } = useTranslation()
  const factor = useSurvey()?.campaign?.['carbon_factor'] as number | null | undefined
  const { client } = useService()
  const notify = useNotify()
  const [chosen, setChosen] = useState<number | null>(null)
  const [added, setAdded] = useState<number | null>(new Date().getFullYear() - 1)
  const year = chosen ?? (years[0] ? Number(years[0]['year']) : null)
  const record = years.find(candidate => candidate['year'] === year)
  const rev = record ? Number(record['rev']) : null
  const save = useCallback(
    (field: string, value: unknown) =>
      client.enterprises.saveYear({
        enterprise_id: enterpriseId,
        year: year!,
        base_rev: rev,
        values: { [field]: value },
      }),
    [client, enterpriseId, year, rev],
  )
  const add = async (): Promise<void> => {
    if (added === null) return
    await tracked(() =>
      client.enterprises.saveYear({ enterprise_id: enterpriseId, year: added, base_rev: null, values: {} }),
    )
    setChosen(added)
  }
  return (
    <div>
      {years.length > 0 ? (
        <Segmented
          value={year ?? undefined}
          options={years.map(entry => Number(entry['year']))}
          onChange={value => setChosen(Number(value))}
        />
      ) : (
        <EmptyState text={t('enterprise.no_year')} />
      )}
      <span className="year-add">
        <InputNumber
          value={added}
          min={1990}
          max={2100}
          controls={false}
          aria-label={t('enterprise.add_year')}
          onChange={setAdded}
        />
        <RoleButton
          calls="enterprises.saveYear"
          disabled={added === null || years.some(entry => entry['year'] === added)}
          onClick={() => void add().catch(notify.error)}
        >
          {t('enterprise.add_year')}
        </RoleButton>
      </span>
      {record && (
        <>
          <ScoreLine key={String(record['id'])} record={record} />
          <FigureNotes
            record={record}
            before={years.find(entry => entry['year'] === Number(year) - 1)}
            status={status}
            mappedMu={mappedMu}
            onRead={() => void tracked(() => save('unread', null)).catch(notify.error)}
          />
          <div className="indicators">
            {INDICATORS.map(({ key, unit, decimals }) => (
              <div key={key}>
                <span className="muted">{t(`enterprise.indicator.${key}`)}</span>
                <b className="numbers">{formatNumber(record[key] as number | null, decimals)}</b>
                <span className="muted">{unitLabel(unit)}</span>
              </div>
            ))}
            <div>
              <span className="muted">{t('enterprise.indicator.carbon')}</span>
              <b className="numbers">{formatNumber(carbonOf(record['energy_tce'] as number | null, factor))}</b>
              <span className="muted">tCO₂</span>
            </div>
          </div>
          {FIELDS.map(field => (
            <RecordField
              key={`${year}-${field}`}
              entity="enterprise_year"
              field={field}
              value={record[field]}
              save={save}
            />
          ))}
        </>
      )}
    </div>
  )
}
