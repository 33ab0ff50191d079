/** The filter row of the freed-land ledger: text, status with counts, way of freeing, condition, side, unit, year, problems. */
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FreedFilter, FreedRow } from '../../../shared/contract/freed.ts'
import { ENUMERATIONS, type EnumerationName } from '../../../shared/model/enumerations.ts'
import { fieldLabel, language, term } from '../../app/i18n/i18n.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { FilterText } from '../../ui/filter-text.tsx'

interface FreedFiltersProps {
  filter: FreedFilter
  counts: readonly { status: FreedRow['status']; count: number }[]
  years: readonly number[]
  isFiltered: boolean
  onChange: (change: Partial<FreedFilter>) => void
  onClear: () => void
}

export function FreedFilters({ filter, counts, years, isFiltered, onChange, onClear }: Readonly<FreedFiltersProps>) {
  const { t } = useTranslation()
  const survey = useSurvey()
  const units = useUnitNames()
  const several = (name: keyof FreedFilter, label: string, enumeration: EnumerationName) => (
    <Select
      mode="multiple"
      allowClear
      maxTagCount={1}
      className="filter-select"
      placeholder={label}
      aria-label={label}
      value={(filter[name] as string[] | undefined) ?? []}
      options={ENUMERATIONS[enumeration].map(item => ({ value: item.code, label: item[language()] }))}
      onChange={(codes: string[]) => onChange({ [name]: codes.length ? codes : undefined })}
    />
  )
  return (
    <div className="filter-row freed-filters">
      <FilterText
        className="filter-text"
        value={filter.text}
        label={t('freed.filter_text')}
        onChange={text => onChange({ text })}
      />
      <Select
        mode="multiple"
        allowClear
        maxTagCount={1}
        className="filter-select"
        placeholder={t('freed.status')}
        aria-label={t('freed.status')}
        value={filter.statuses ?? []}
        options={counts.map(({ status, count }) => ({
          value: status,
          label: `${status === 'proposed' ? t('freed.proposed') : term('supply_status', status)} ${count}`,
        }))}
        onChange={statuses => onChange({ statuses: statuses.length ? statuses : undefined })}
      />
      {several('sources', fieldLabel('freed_land', 'source'), 'freed_source')}
      {several('conditions', fieldLabel('freed_land', 'condition'), 'land_condition')}
      {several('sides', t('table.filter_side'), 'side')}
      <Select
        mode="multiple"
        allowClear
        maxTagCount={1}
        className="filter-select"
        placeholder={t('table.filter_unit')}
        aria-label={t('table.filter_unit')}
        value={filter.units ?? []}
        options={survey?.units.map(unit => ({ value: unit.code, label: units.get(unit.code) ?? unit.name })) ?? []}
        onChange={codes => onChange({ units: codes.length ? codes : undefined })}
      />
      <Select
        allowClear
        placeholder={t('freed.year')}
        aria-label={t('freed.year')}
        value={filter.year ?? null}
        options={years.map(year => ({ value: year, label: year }))}
        onChange={year => onChange({ year: year ?? undefined })}
      />
      <Button
        type={filter.problems ? 'primary' : 'default'}
        onClick={() => onChange({ problems: filter.problems ? undefined : true })}
      >
        {t('freed.problems')}
      </Button>
      {isFiltered && <Button onClick={onClear}>{t('table.clear')}</Button>}
    </div>
  )
}
