/** One step that leads on: what it still lacks, what has to be said with it, and the button, or the reason why not. */
import { DatePicker, Input, InputNumber, Select, Tag } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoopStep } from '../../../shared/contract/loop.ts'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { fieldLabel, language, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { RoleButton } from '../../ui/role-button.tsx'
import { jumpTo, missingText } from './missing.ts'

type Values = Record<string, string | number | null>

/** Steps that are rarely the next one: folded until asked for. */
const ASIDE: ReadonlySet<string> = new Set(['remove', 'exclude', 'rework', 'return', 'rebound'])

/** What usually comes next stands first. */
export function mainFirst(a: LoopStep, b: LoopStep): number {
  return Number(ASIDE.has(a.step)) - Number(ASIDE.has(b.step))
}

export function StepCard({
  enterpriseIds,
  step,
  onDone,
}: Readonly<{ enterpriseIds: readonly string[]; step: LoopStep; onDone?: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const [values, setValues] = useState<Values>({})
  const [isOpen, setOpen] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const isSaid = ({ place }: LoopStep['missing'][number]): boolean =>
    place.entity === 'input' && place.field !== undefined && values[place.field] != null && values[place.field] !== ''
  const missing = step.missing.filter(item => !isSaid(item))
  const lacking = missing.filter(item => item.place.entity !== 'input')
  const barred = step.not_yours
  const showsInputs = step.inputs.length > 0 && barred === null && (isOpen || !ASIDE.has(step.step))
  const take = async (): Promise<void> => {
    setBusy(true)
    try {
      const { reason, ...rest } = values
      await tracked(() =>
        client.loop.take({
          step: step.step,
          enterprise_ids: [...enterpriseIds],
          values: rest,
          ...(typeof reason === 'string' && reason.trim() !== '' ? { reason } : {}),
        }),
      )
      notify.success(t('loop.taken', { step: t(`loop.step.${step.step}`), state: term('state', step.to) }))
      onDone?.()
    } catch (error) {
      notify.error(error)
    } finally {
      setBusy(false)
    }
  }
  const press = (): void => {
    if (step.inputs.length > 0 && !showsInputs) setOpen(true)
    else void take()
  }
  const isDisabled = barred !== null || lacking.length > 0 || (showsInputs && missing.length > 0)
  return (
    <div className={ASIDE.has(step.step) ? 'loop-step loop-step-aside' : 'loop-step'} data-step={step.step}>
      <div className="loop-step-head">
        <b>{t(`loop.step.${step.step}`)}</b>
        <span className="muted">→ {term('state', step.to)}</span>
        <span className="panel-gap" />
        {barred !== null ? (
          <span className="muted">{t(`reason.not_yours_${barred}`)}</span>
        ) : lacking.length === 0 ? (
          <Tag color="success">{t('loop.complete')}</Tag>
        ) : (
          <Tag color="warning">{t('loop.lacks', { count: lacking.length })}</Tag>
        )}
        <RoleButton
          calls="loop.take"
          type={ASIDE.has(step.step) ? 'default' : 'primary'}
          danger={step.step === 'remove' || step.step === 'rebound'}
          loading={isBusy}
          disabled={isDisabled}
          title={
            barred !== null
              ? t(`reason.not_yours_${barred}`)
              : missing.length > 0
                ? missing.map(missingText).join('\n')
                : undefined
          }
          onClick={press}
        >
          {t(`loop.step.${step.step}`)}
        </RoleButton>
      </div>
      {lacking.length > 0 && (
        <div className="checklist">
          {lacking.map(item => (
            <button
              key={`${item.key}-${JSON.stringify(item.values ?? {})}`}
              type="button"
              className="link-button"
              onClick={() => jumpTo(item, enterpriseIds[0]!)}
            >
              {missingText(item)}
            </button>
          ))}
        </div>
      )}
      {showsInputs && (
        <div className="loop-inputs">
          {step.inputs.map(name => (
            <StepField
              key={name}
              step={step.step}
              name={name}
              value={values[name] ?? null}
              onChange={value => setValues({ ...values, [name]: value })}
            />
          ))}
          {missing.some(item => item.place.entity === 'input') && (
            <span className="muted">
              {missing
                .filter(item => item.place.entity === 'input')
                .map(missingText)
                .join(language() === 'zh' ? '、' : ', ')}
            </span>
          )}
        </div>
      )}
    </div>
  )
}

function StepField({
  step,
  name,
  value,
  onChange,
}: Readonly<{
  step: string
  name: string
  value: string | number | null
  onChange: (value: string | number | null) => void
}>) {
  const { t } = useTranslation()
  const label =
    name === 'reason' && step === 'rework'
      ? t('loop.input.unmet')
      : name === 'reason' || name === 'doc_no'
        ? t(`loop.input.${name}`)
        : fieldLabel('list_entry', name)
  const control = (() => {
    switch (name) {
      case 'list_year':
        return (
          <InputNumber
            aria-label={label}
            className="field-number"
            controls={false}
            min={2000}
            max={2100}
            value={value as number | null}
            onChange={onChange}
          />
        )
      case 'publicity_from':
      case 'publicity_to':
        return (
          <DatePicker
            aria-label={label}
            className="field-date"
            value={value === null ? null : dayjs(String(value))}
            onChange={next => {
              const picked = Array.isArray(next) ? next[0] : next
              onChange(picked ? picked.format('YYYY-MM-DD') : null)
            }}
          />
        )
      case 'exclusion_reason':
        return (
          <Select
            aria-label={label}
            value={value as string | null}
            options={ENUMERATIONS.exclusion_reason.map(item => ({ value: item.code, label: item[language()] }))}
            onChange={onChange}
          />
        )
      default:
        return (
          <Input
            aria-label={label}
            maxLength={name === 'reason' ? 1000 : 200}
            value={String(value ?? '')}
            onChange={event => onChange(event.target.value)}
          />
        )
    }
  })()
  return (
    <div className="field-row" data-field={`loop-input-${name}`}>
      <span className="field-label">{label}</span>
      <div className="field-control">{control}</div>
    </div>
  )
}
