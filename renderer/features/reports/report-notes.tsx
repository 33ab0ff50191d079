/** 存在问题 and 下步计划 of a period, by unit and for the county; saved field by field when it is left. */
import { useQuery } from '@tanstack/react-query'
import { Input, Modal } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { PeriodicInput } from '../../../shared/report/periods.ts'
import { isOwnRow, mayCall, type Person } from '../../../shared/rules/roles/roles.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { periodWords } from './period-words.ts'

/** The county's own text stands under its code. */
const COUNTY = '330781'
const FIELDS = ['problems', 'next_steps'] as const

export function ReportNotes({ asked, onClose }: Readonly<{ asked: PeriodicInput; onClose: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const notify = useNotify()
  const { data: notes } = useQuery({
    queryKey: ['loop', 'report-notes', asked.kind, asked.year, asked.month],
    queryFn: () => client.reports.notes(asked),
    // The cells take what they begin with once: never from an answer of last time.
    gcTime: 0,
  })
  /** Cells that somebody typed in since they were saved. */
  const touched = useRef(new Set<string>())
  const person = survey?.profile as Person | undefined
  const units = [
    { code: COUNTY, name: t('report.whole_county') },
    ...(survey?.units.map(({ code, name }) => ({ code, name })) ?? []),
  ]
  const mayWrite = (unit: string): boolean =>
    person !== undefined && mayCall(person.role, 'reports', 'saveNote') && isOwnRow(person, unit)
  const save = (unit: string, field: (typeof FIELDS)[number], value: string): void => {
    if (!touched.current.delete(unit + field)) return
    const old = notes?.find(note => note.unit === unit)
    if ((old?.[field] ?? '') === value.trim()) return
    const values = {
      problems: old?.problems ?? null,
      next_steps: old?.next_steps ?? null,
      [field]: value.trim() || null,
    }
    void client.reports.saveNote({ ...asked, unit, ...values }).catch(notify.error)
  }
  // Escape takes the dialog away with the cell still focused, and a cell is saved when it is left.
  const close = (): void => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    onClose()
  }
  return (
    <Modal
      open
      width={900}
      footer={null}
      title={`${t('report.notes_title')} · ${periodWords(t, asked)}`}
      onCancel={close}
    >
      <p className="muted">{t('report.notes_hint')}</p>
      {notes && (
        <div className="report-notes">
          <table className="sheet">
            <thead>
              <tr>
                <th>{t('report.unit')}</th>
                {FIELDS.map(field => (
                  <th key={field}>{t(`report.note.${field}`)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {units.map(({ code, name }) => (
                <tr key={code}>
                  <td>{name}</td>
                  {FIELDS.map(field => (
                    <td key={field}>
                      <Input.TextArea
                        rows={2}
                        maxLength={2000}
                        disabled={!mayWrite(code)}
                        defaultValue={notes.find(note => note.unit === code)?.[field] ?? ''}
                        aria-label={`${name} ${t(`report.note.${field}`)}`}
                        onChange={() => touched.current.add(code + field)}
                        onBlur={event => save(code, field, event.target.value)}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Modal>
  )
}
