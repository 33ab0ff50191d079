/** Identification: who the rules find and why in words, and the rules themselves with their versions. */
import './identify.css'
import { useQuery } from '@tanstack/react-query'
import { Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldLabel } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Scores } from '../scoring/scores.tsx'
import { StandardEditor } from '../scoring/standard-editor.tsx'
import { Candidates } from './candidates.tsx'
import { RuleEditor } from './rule-editor.tsx'

const TABS = ['candidates', 'rules', 'scores', 'standard'] as const

export function IdentifyPage() {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const unitNames = useUnitNames()
  const [tab, setTab] = useState<(typeof TABS)[number]>('candidates')
  const [chosenYear, setYear] = useState<number | undefined>()
  const [unit, setUnit] = useState<string | undefined>(survey?.profile.unit ?? undefined)
  const years = useQuery({
    queryKey: ['enterprises', 'years'],
    queryFn: async () => (await client.enterprises.list({ filter: {}, offset: 0, limit: 1 })).years,
  }).data
  if (!survey?.open || !years) return null
  const year = chosenYear ?? years[0]
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="page-title">{t('page.identify')}</h1>
        <Segmented
          value={tab}
          options={TABS.map(value => ({ value, label: t(`identify.tab.${value}`) }))}
          onChange={setTab}
        />
        <Select
          value={year}
          placeholder={fieldLabel('enterprise_year', 'year')}
          aria-label={fieldLabel('enterprise_year', 'year')}
          options={years.map(value => ({ value, label: t('identify.figures_of', { year: value }) }))}
          onChange={setYear}
        />
        <Select
          allowClear
          className="filter-select"
          value={unit}
          placeholder={t('zone.all_units')}
          aria-label={t('status.unit')}
          options={survey.units.map(({ code, name }) => ({ value: code, label: unitNames.get(code) ?? name }))}
          onChange={value => setUnit(value)}
        />
      </div>
      {year === undefined ? (
        <EmptyState
          text={t('identify.no_years')}
          action={t('enterprise.import')}
          onAction={() => setUi({ page: 'data', importKind: 'enterprises' })}
        />
      ) : tab === 'candidates' ? (
        <Candidates key={`${survey.file}-${year}-${unit}`} year={year} unit={unit} />
      ) : tab === 'scores' ? (
        <Scores key={`${survey.file}-${year}`} year={year} unit={unit} />
      ) : tab === 'standard' ? (
        <StandardEditor key={`${survey.file}-${year}`} year={year} />
      ) : (
        <RuleEditor key={survey.file} year={year} unit={unit} />
      )}
    </div>
  )
}
