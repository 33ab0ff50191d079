/**
 * One field of a record that saves itself: 600 ms after the last keystroke, on leaving it, and before anything else takes
 * its place. Says saved, saving or failed; a failed value stays in the field and can be tried again. What a Chinese input
 * method is still composing is not saved.
 */
import { DatePicker, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type EntityName, fieldOf } from '../../shared/model/entity.ts'
import { ENUMERATIONS } from '../../shared/model/enumerations.ts'
import { mayWriteRecord, type Person } from '../../shared/rules/roles/roles.ts'
import { errorMessage } from '../app/errors.ts'
import { unitLabel } from '../app/format.ts'
import { fieldLabel, language } from '../app/i18n/i18n.ts'
import { registerFlush, reportFailed, tracked } from '../app/save-state.ts'
import { useSurvey, useUnitNames } from '../app/use-survey.ts'

const DEBOUNCE_MS = 600

export interface RecordFieldProps {
  entity: EntityName
  field: string
  value: unknown
  /** Writes one value; rejects with the service's error. */
  save: (field: string, value: unknown) => Promise<unknown>
  readOnly?: boolean
  multiline?: boolean
  label?: string
}

type State = 'clean' | 'dirty' | 'saving' | 'saved' | 'failed'

export function RecordField({ entity, field, value, save, readOnly, multiline, label }: Readonly<RecordFieldProps>) {
  const { t } = useTranslation()
  const spec = fieldOf(entity, field)
  const survey = useSurvey()
  const unitNames = useUnitNames()
  const unitOptions = (survey?.units ?? []).map(unit => ({
    value: unit.code,
    label: unitNames.get(unit.code) ?? unit.name,
    kind: unit.kind,
  }))
  const [draft, setDraft] = useState<unknown>(value ?? null)
  const [state, setState] = useState<State>('clean')
  const [problem, setProblem] = useState('')
  const composing = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const pending = useRef<{ value: unknown } | undefined>(undefined)
  const resolveFailure = useRef<(() => void) | undefined>(undefined)

  // A value that came from elsewhere (undo, import) is shown unless something typed here waits to be saved.
  useEffect(() => {
    if (!pending.current) setDraft(value ?? null)
  }, [value])

  const flush = useCallback(async () => {
    clearTimeout(timer.current)
    const waiting = pending.current
    if (!waiting || composing.current) return
    setState('saving')
    try {
      await tracked(() => save(field, waiting.value))
      if (pending.current === waiting) pending.current = undefined
      resolveFailure.current?.()
      resolveFailure.current = undefined
      setProblem('')
      setState('saved')
    } catch (error) {
      resolveFailure.current ??= reportFailed()
      setProblem(errorMessage(error))
      setState('failed')
    }
  }, [save, field])

  const latestFlush = useRef(flush)
  latestFlush.current = flush
  useEffect(() => {
    const unregister = registerFlush(() => void latestFlush.current())
    return () => {
      unregister()
      void latestFlush.current()
      resolveFailure.current?.()
    }
  }, [])

  const change = (next: unknown, now = false): void => {
    setDraft(next)
    pending.current = { value: next === '' ? null : next }
    setState('dirty')
    clearTimeout(timer.current)
    if (now) void flush()
    else if (!composing.current) timer.current = setTimeout(() => void latestFlush.current(), DEBOUNCE_MS)
  }
  if (!spec) return null
  const barred = survey ? mayWriteRecord(survey.profile as Person, entity) : null

  const name = label ?? fieldLabel(entity, field)
  const common = {
    'aria-label': name,
    disabled: readOnly || spec.derived || barred !== null,
    ...(barred === null ? {} : { title: t(`reason.role_${barred}`) }),
    onBlur: () => void flush(),
    status: state === 'failed' ? ('error' as const) : undefined,
  }
  const compose = {
    onCompositionStart: () => {
      composing.current = true
    },
    onCompositionEnd: () => {
      composing.current = false
      timer.current = setTimeout(() => void latestFlush.current(), DEBOUNCE_MS)
    },
  }
  const isUnit = (field === 'unit' || field === 'town') && unitOptions.length > 0
  const options = spec.enumeration
    ? ENUMERATIONS[spec.enumeration].map(item => ({ value: item.code, label: item[language()] }))
    : []

  const control = (() => {
    if (isUnit) {
      return (
        <Select
          {...common}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={draft as string | null}
          options={field === 'town' ? unitOptions.filter(unit => unit.kind !== 'zone') : unitOptions}
          onChange={next => change(next ?? null, true)}
        />
      )
    }
    switch (spec.kind) {
      case 'real':
      case 'integer':
        // Without limits: the input would turn -3 into 0 by itself. The service refuses it and says why.
        return (
          <InputNumber
            {...common}
            className="field-number"
            value={draft as number | null}
            controls={false}
            suffix={unitLabel(spec.unit)}
            onChange={next => change(next)}
            onPressEnter={() => void flush()}
          />
        )
      case 'boolean':
        return (
          <Select
            {...common}
            allowClear
            value={draft as boolean | null}
            options={[
              { value: true, label: t('common.yes') },
              { value: false, label: t('common.no') },
            ]}
            onChange={next => change(next ?? null, true)}
          />
        )
      case 'code':
        return (
          <Select
            {...common}
            allowClear={!spec.required}
            showSearch={{ optionFilterProp: 'label' }}
            value={draft as string | null}
            options={options}
            onChange={next => change(next ?? null, true)}
          />
        )
      case 'codes':
        return (
          <Select
            {...common}
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            value={(draft as string[] | null) ?? []}
            options={options}
            onChange={next => change(next)}
          />
        )
      case 'date':
        return (
          <DatePicker
            {...common}
            className="field-date"
            value={draft ? dayjs(String(draft)) : null}
            onChange={next => {
              const picked = Array.isArray(next) ? next[0] : next
              change(picked ? picked.format('YYYY-MM-DD') : null, true)
            }}
          />
        )
      default:
        return multiline ? (
          <Input.TextArea
            {...common}
            {...compose}
            rows={3}
            maxLength={spec.maxLength}
            value={String(draft ?? '')}
            onChange={event => change(event.target.value)}
          />
        ) : (
          <Input
            {...common}
            {...compose}
            maxLength={spec.maxLength}
            value={String(draft ?? '')}
            onChange={event => change(event.target.value)}
            onPressEnter={() => void flush()}
          />
        )
    }
  })()

  return (
    <div className="field-row">
      <span className="field-label" title={name}>
        {name}
        {spec.required && <b className="field-required">*</b>}
      </span>
      <div className="field-control">
        {control}
        {state === 'failed' && (
          <div className="field-state field-failed" role="alert">
            {problem}{' '}
            <button type="button" className="link-button" onClick={() => void flush()}>
              {t('action.retry')}
            </button>
          </div>
        )}
      </div>
    </div>
  )
}
