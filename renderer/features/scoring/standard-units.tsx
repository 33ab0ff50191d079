/** Who is judged together, and what holds a class down whatever the score. */
import { InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { language, term } from '../../app/i18n/i18n.ts'
import type { StandardDraft } from './standard-draft.ts'

export function StandardUnits({
  shown,
  isReadOnly,
  onChange,
}: Readonly<{ shown: StandardDraft; isReadOnly: boolean; onChange: (next: StandardDraft) => void }>) {
  const { t } = useTranslation()
  const { combine, vetoes } = shown
  const combineWith = (part: Partial<StandardDraft['combine']>): void =>
    onChange({ ...shown, combine: { ...combine, ...part } })
  const toOf = new Map(vetoes.map(rule => [rule.cause, rule.to]))
  return (
    <>
      <div className="threshold">
        <span>{t('scoring.combine')}</span>
        <Switch
          size="small"
          checked={combine.tenants}
          disabled={isReadOnly}
          aria-label={t('scoring.combine')}
          onChange={tenants => combineWith({ tenants })}
        />
        <span>{t('scoring.apart_above')}</span>
        <Switch
          size="small"
          checked={combine.apart_above}
          disabled={isReadOnly || !combine.tenants}
          aria-label={t('scoring.apart_above')}
          onChange={apart_above => combineWith({ apart_above })}
        />
        <span>{t('scoring.apart_mu')}</span>
        <InputNumber
          className="threshold-value"
          value={combine.apart_mu}
          min={0.01}
          controls={false}
          disabled={isReadOnly || !combine.tenants}
          aria-label={t('scoring.apart_mu')}
          onChange={apart_mu => combineWith({ apart_mu: apart_mu ?? null })}
        />
        <span className="muted">{t('scoring.combine_hint')}</span>
      </div>
      <div className="threshold">
        <span>{t('scoring.vetoes')}</span>
        <Select
          mode="multiple"
          className="rules-reason"
          value={vetoes.map(rule => rule.cause)}
          disabled={isReadOnly}
          aria-label={t('scoring.vetoes')}
          options={ENUMERATIONS.veto_cause.map(item => ({ value: item.code, label: item[language()] }))}
          onChange={causes =>
            onChange({ ...shown, vetoes: causes.map(cause => ({ cause, to: toOf.get(cause) ?? 'D' })) })
          }
        />
        {vetoes.map(rule => (
          <Select
            key={rule.cause}
            size="small"
            value={rule.to}
            disabled={isReadOnly}
            aria-label={t('scoring.veto_to', { cause: term('veto_cause', rule.cause) })}
            options={(['B', 'C', 'D'] as const).map(value => ({
              value,
              label: `${term('veto_cause', rule.cause)} → ${value}`,
            }))}
            onChange={to =>
              onChange({ ...shown, vetoes: vetoes.map(other => (other === rule ? { ...other, to } : other)) })
            }
          />
        ))}
        <span className="muted">{t('scoring.vetoes_hint')}</span>
      </div>
    </>
  )
}
