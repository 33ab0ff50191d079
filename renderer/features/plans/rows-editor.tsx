/** Rows of a plan (measures, milestones) edited in place like a sheet: add, change, remove; each change is one step. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, DatePicker, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type EntityName, fieldOf } from '../../../shared/model/entity.ts'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { errorMessage } from '../../app/errors.ts'
import { entityLabel, fieldLabel, language } from '../../app/i18n/i18n.ts'
import { registerFlush, reportFailed } from '../../app/save-state.ts'

type Row = Record<string, unknown>

export interface RowsEditorProps {
  entity: EntityName
  fields: readonly string[]
  rows: readonly Row[]
  /** Values of a new row. */
  blank: Row
  onSave: (rows: Row[]) => Promise<unknown>
}

const DEBOUNCE_MS = 600

export function RowsEditor({ entity, fields, rows, blank, onSave }: Readonly<RowsEditorProps>) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<Row[]>(() => [...rows])
  const [problem, setProblem] = useState('')
  const pending = useRef<Row[] | undefined>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const resolveFailure = useRef<(() => void) | undefined>(undefined)
  useEffect(() => {
    if (!pending.current) setDraft([...rows])
  }, [rows])

  const flush = async (): Promise<void> => {
    clearTimeout(timer.current)
    const waiting = pending.current
    if (!waiting) return
    try {
      await onSave(
        waiting.map((row, index) => ({
          ...Object.fromEntries(fields.map(field => [field, row[field] ?? null])),
          ...(row['id'] ? { id: row['id'] } : {}),
          position: index + 1,
        })),
      )
      if (pending.current === waiting) pending.current = undefined
      resolveFailure.current?.()
      resolveFailure.current = undefined
      setProblem('')
    } catch (error) {
      resolveFailure.current ??= reportFailed()
      setProblem(errorMessage(error))
    }
  }
  const latest = useRef(flush)
  latest.current = flush
  useEffect(() => {
    const end = registerFlush(() => void latest.current())
    return () => {
      end()
      void latest.current()
      resolveFailure.current?.()
    }
  }, [])
  const change = (next: Row[], now = false): void => {
    setDraft(next)
    pending.current = next
    clearTimeout(timer.current)
    if (now) void flush()
    else timer.current = setTimeout(() => void latest.current(), DEBOUNCE_MS)
  }
  const set = (index: number, field: string, value: unknown, now = false): void =>
    change(
      draft.map((row, at) => (at === index ? { ...row, [field]: value } : row)),
      now,
    )

  return (
    <div className="rows-editor">
      {draft.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>#</th>
              {fields.map(field => (
                <th key={field}>{fieldLabel(entity, field)}</th>
              ))}
              <th />
            </tr>
          </thead>
          <tbody>
            {draft.map((row, index) => (
              <tr key={String(row['id'] ?? `new-${index}`)}>
                <td className="muted">{index + 1}</td>
                {fields.map(field => (
                  <td key={field} className={`cell-${fieldOf(entity, field)?.kind}`}>
                    <Cell
                      entity={entity}
                      field={field}
                      value={row[field]}
                      onChange={(value, now) => set(index, field, value, now)}
                      onBlur={() => void flush()}
                    />
                  </td>
                ))}
                <td>
                  <Button
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={t('action.remove')}
                    onClick={() =>
                      change(
                        draft.filter((_, at) => at !== index),
                        true,
                      )
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Button icon={<PlusOutlined />} onClick={() => change([...draft, { ...blank }], true)}>
        {t('plan.add_row', { what: entityLabel(entity) })}
      </Button>
      {problem && (
        <div className="field-failed" role="alert">
          {problem}{' '}
          <button type="button" className="link-button" onClick={() => void flush()}>
            {t('action.retry')}
          </button>
        </div>
      )}
    </div>
  )
}

interface CellProps {
  entity: EntityName
  field: string
  value: unknown
  onChange: (value: unknown, now?: boolean) => void
  onBlur: () => void
}

function Cell({ entity, field, value, onChange, onBlur }: Readonly<CellProps>) {
  const spec = fieldOf(entity, field)
  const name = fieldLabel(entity, field)
  switch (spec?.kind) {
    case 'code':
      return (
        <Select
          aria-label={name}
          value={(value as string | null) ?? undefined}
          popupMatchSelectWidth={false}
          options={ENUMERATIONS[spec.enumeration!].map(item => ({ value: item.code, label: item[language()] }))}
          onChange={next => onChange(next, true)}
        />
      )
    case 'real':
    case 'integer':
      return (
        <InputNumber
          aria-label={name}
          controls={false}
          min={spec.min}
          max={spec.max}
          value={(value as number | null) ?? null}
          onChange={next => onChange(next)}
          onBlur={onBlur}
        />
      )
    case 'date':
      return (
        <DatePicker
          aria-label={name}
          value={value ? dayjs(String(value)) : null}
          onChange={next => {
            const picked = Array.isArray(next) ? next[0] : next
            onChange(picked ? picked.format('YYYY-MM-DD') : null, true)
          }}
        />
      )
    default:
      return (
        <Input.TextArea
          aria-label={name}
          rows={1}
          maxLength={spec?.maxLength}
          value={String(value ?? '')}
          onChange={event => onChange(event.target.value)}
          onBlur={onBlur}
        />
      )
  }
}
