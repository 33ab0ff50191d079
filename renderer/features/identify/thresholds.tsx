/** The numbers of one rule: the general one first, then exceptions for a unit, an industry or a year. */
import { DeleteOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { unitLabel } from '../../app/format.ts'
import { language } from '../../app/i18n/i18n.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import type { Rule, Threshold } from './rule-draft.ts'

/** What the number is measured in; a rule that is not here has no number. */
const MEASURED_IN: Readonly<Record<string, string>> = {
  'R-01': '万元/亩',
  'R-02': '万元/亩',
  'R-03': '万元/亩',
  'R-04': '年',
  'R-05': '亩',
  'R-06': 'tce/万元',
  'R-07': '×',
}

interface ThresholdsProps {
  rule: Rule
  disabled: boolean
  onChange: (thresholds: Threshold[]) => void
}

export function Thresholds({ rule, disabled, onChange }: Readonly<ThresholdsProps>) {
  const { t } = useTranslation()
  const survey = useSurvey()
  const unitNames = useUnitNames()
  const measured = MEASURED_IN[rule.id]
  if (measured === undefined) return <span className="muted">{t('identify.no_number')}</span>
  const set = (index: number, next: Partial<Threshold>): void =>
    onChange(rule.thresholds.map((threshold, at) => (at === index ? { ...threshold, ...next } : threshold)))
  return (
    <>
      {rule.thresholds.map((threshold, index) => (
        // Rows have no identity but their place: two equal exceptions are the same exception.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={index} className="threshold">
          <InputNumber
            className="threshold-value"
            value={threshold.value}
            min={0}
            controls={false}
            disabled={disabled}
            aria-label={`${rule.id} ${t('identify.column.thresholds')}`}
            onChange={value => {
              if (value !== null) set(index, { value })
            }}
          />
          <span className="muted">{unitLabel(measured)}</span>
          {index > 0 && (
            <>
              <Select
                allowClear
                className="threshold-unit"
                value={threshold.unit}
                disabled={disabled}
                placeholder={t('zone.all_units')}
                aria-label={t('status.unit')}
                options={survey?.units.map(({ code, name }) => ({ value: code, label: unitNames.get(code) ?? name }))}
                popupMatchSelectWidth={false}
                onChange={unit => set(index, { unit })}
              />
              <Input
                className="threshold-small"
                value={threshold.industry}
                maxLength={10}
                disabled={disabled}
                placeholder={t('identify.industry')}
                aria-label={t('identify.industry')}
                onChange={event => set(index, { industry: event.target.value.trim() || undefined })}
              />
              <Select
                allowClear
                className="threshold-small threshold-scale"
                value={threshold.scale}
                disabled={disabled}
                placeholder={t('identify.scale')}
                aria-label={t('identify.scale')}
                options={ENUMERATIONS.scale.map(item => ({ value: item.code, label: item[language()] }))}
                popupMatchSelectWidth={false}
                onChange={scale => set(index, { scale })}
              />
              <InputNumber
                className="threshold-small"
                value={threshold.year ?? null}
                min={1990}
                max={2100}
                precision={0}
                controls={false}
                disabled={disabled}
                placeholder={t('identify.year')}
                aria-label={t('identify.year')}
                onChange={year => set(index, { year: year ?? undefined })}
              />
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                disabled={disabled}
                aria-label={t('identify.remove_exception')}
                onClick={() => onChange(rule.thresholds.filter((_, at) => at !== index))}
              />
            </>
          )}
        </div>
      ))}
      {!disabled && (
        <Button
          type="link"
          size="small"
          onClick={() => onChange([...rule.thresholds, { value: rule.thresholds[0]?.value ?? 0 }])}
        >
          {t('identify.add_exception')}
        </Button>
      )}
    </>
  )
}
