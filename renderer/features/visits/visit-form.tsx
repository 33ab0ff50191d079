/**
 * 外业核查 in the field: five answers and photos in under a minute. V opens it, digits answer, Ctrl+Enter hands it in and goes
 * to the nearest land that still waits. With one picture pasted that is: V, digit (status), digit (side), digits (kinds), Tab,
 * digit (idle), words, Ctrl+V, Ctrl+Enter: 8 keys and the words; by mouse 7 clicks and the words.
 */
import { Input, Select } from 'antd'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { departsFrom, inspectorsOf, missingOfVisit, remarksOfVisit } from '../../../shared/rules/visits.ts'
import { useFiles } from '../../app/files.ts'
import { fieldLabel, language, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { useJob } from '../../ui/use-job.ts'
import { useGnss } from '../gnss/gnss-session.ts'
import { isPhotoFile } from '../photos/photo-store.ts'
import { pickPhotoFiles } from '../photos/use-photo-input.ts'
import { OptionGroup } from './option-group.tsx'
import { SignaturePad } from './signature-pad.tsx'
import { useVisitDraft } from './use-visit-draft.ts'
import { signaturesOf, VisitPictures, VisitTwins } from './visit-evidence.tsx'
import { VisitFixRow } from './visit-fix.tsx'
import './visits.css'
import { clauses, wordList } from '../../app/format.ts'
import { RoleButton } from '../../ui/role-button.tsx'

const YES_NO = ['true', 'false'] as const

export function VisitForm({
  parcelId,
  focusFirst,
  barred,
}: Readonly<{ parcelId: string; focusFirst: boolean; barred: string | null }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const files = useFiles()
  const survey = useSurvey()
  const visit = useVisitDraft(parcelId)
  const { values, change, start } = visit
  const job = useJob<{ photos: unknown[]; refused: { message: string }[] }>()
  const [isSigning, setSigning] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const form = useRef<HTMLElement>(null)
  const isReady = start !== undefined
  const isReceiving = useGnss(state => state.source !== null)
  useEffect(() => {
    if (isReady && focusFirst) form.current?.querySelector<HTMLElement>('[data-visit-stop]')?.focus()
  }, [isReady, focusFirst])

  if (!start) return null
  const draft = start.draft
  const computed = start.side
  const asked = { ...values, visited_at: draft?.record['visited_at'] ?? new Date().toISOString() }
  const missing = missingOfVisit(asked, { computed, now: new Date().toISOString() })
  const remarks = remarksOfVisit(asked, draft?.photos.length ?? 0)
  const departs = Boolean(values['side_marked']) && departsFrom(computed, String(values['side_marked']))
  const disabled = barred !== null
  const options = (enumeration: 'operating_status' | 'side_mark' | 'ineff_type' | 'side_mark_reason') =>
    ENUMERATIONS[enumeration].map(item => ({ value: item.code, label: item[language()] }))
  const list = (name: string): string[] => {
    const value = values[name]
    if (value === null || value === undefined || value === '') return []
    return Array.isArray(value) ? value.map(String) : [String(value)]
  }

  const addPhotos = async (given: readonly File[]): Promise<void> => {
    const photos = given.filter(isPhotoFile)
    if (photos.length === 0) return
    try {
      const tokens = await Promise.all(photos.map(file => files.take(file)))
      const { id } = await visit.ensure()
      const result = await job.start(signal =>
        client.attachments.add({ files: tokens, owner: { entity: 'survey_visit', id } }, { signal }),
      )
      for (const { message } of result?.refused ?? []) notify.info(message)
    } catch (error) {
      if (error instanceof Error && error.message === 'no path') notify.info(t('photo.no_file'))
      else notify.error(error)
    }
  }
  const choosePhotos = (): void => void pickPhotoFiles().then(addPhotos)
  const file = async (): Promise<void> => {
    if (isBusy || disabled) return
    if (missing.length > 0) {
      notify.info(t('visit.still_missing', { words: wordList(missing.map(key => t(`visit.missing.${key}`))) }))
      const field = missing[0] === 'future' ? 'visited_at' : missing[0]
      form.current?.querySelector<HTMLElement>(`[data-field="${field}"]`)?.focus()
      return
    }
    setBusy(true)
    try {
      const { id, rev } = await visit.ensure()
      const said = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
      const filed = await tracked(() => client.visits.file({ id, base_rev: rev, values: said }))
      const unit = survey?.profile.unit ?? null
      const { total, rows } = await client.visits.waiting({ unit, near: parcelId, offset: 0, limit: 1 })
      const weak = clauses(filed.remarks.map(key => t(`visit.remark.${key}`)))
      const text = t('visit.filed', { left: total })
      if (weak) notify.info(`${text} ${weak}`)
      else notify.success(text)
      const next = rows[0]
      if (next) {
        setUi({
          selection: { entity: 'parcel', id: next.parcel_id },
          flyTo: { parcelId: next.parcel_id },
          panelTab: 'visits',
        })
      }
    } catch (error) {
      notify.error(error)
    } finally {
      setBusy(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      event.stopPropagation()
      void file()
    }
  }
  const row = (name: string, control: React.ReactNode, label = fieldLabel('survey_visit', name)) => (
    <div className="visit-row">
      <span className="field-label" title={label}>
        {label}
      </span>
      <div className="visit-control">{control}</div>
    </div>
  )
  const signed = new Set(signaturesOf(draft?.record['signature']).map(({ name }) => name))
  const signers = [...inspectorsOf(values['inspectors']), t('visit.enterprise_person')]
  return (
    <section
      ref={form}
      className="visit-form"
      aria-label={t('visit.form')}
      onKeyDown={onKeyDown}
      onDrop={event => {
        const dropped = [...event.dataTransfer.files]
        if (!dropped.some(isPhotoFile)) return
        event.preventDefault()
        event.stopPropagation()
        void addPhotos(dropped)
      }}
      onPaste={event => {
        const pasted = [...event.clipboardData.files]
        if (!pasted.some(isPhotoFile)) return
        event.preventDefault()
        event.stopPropagation()
        void addPhotos(pasted)
      }}
    >
      {draft?.record['status'] === 'RETURNED' && (
        <div className="checklist">
          <b>{t('visit.came_back')}</b> {String(draft.record['review_note'] ?? '')}
        </div>
      )}
      {row(
        'operating_status',
        <OptionGroup
          name={fieldLabel('survey_visit', 'operating_status')}
          field="operating_status"
          options={options('operating_status')}
          value={list('operating_status')}
          disabled={disabled}
          onChange={([code]) => change({ operating_status: code ?? null })}
        />,
      )}
      {row(
        'side_marked',
        <>
          <OptionGroup
            name={fieldLabel('survey_visit', 'side_marked')}
            field="side_marked"
            options={options('side_mark')}
            value={list('side_marked')}
            disabled={disabled}
            onChange={([code]) => change({ side_marked: code ?? null })}
          />
          <span className="muted">
            {t('parcel.side.computed')} {term('side', computed ?? 'unknown')}
          </span>
        </>,
      )}
      {departs &&
        row(
          'side_reason',
          <>
            <OptionGroup
              name={fieldLabel('survey_visit', 'side_reason')}
              field="side_reason"
              options={options('side_mark_reason')}
              value={list('side_reason')}
              disabled={disabled}
              onChange={([code]) => change({ side_reason: code ?? null })}
            />
            <Input
              size="small"
              data-field="side_note"
              maxLength={400}
              disabled={disabled}
              aria-label={fieldLabel('survey_visit', 'side_note')}
              placeholder={fieldLabel('survey_visit', 'side_note')}
              value={String(values['side_note'] ?? '')}
              onChange={event => change({ side_note: event.target.value })}
            />
          </>,
        )}
      {row(
        'ineff_types',
        <OptionGroup
          many
          name={fieldLabel('survey_visit', 'ineff_types')}
          field="ineff_types"
          options={options('ineff_type')}
          value={list('ineff_types')}
          disabled={disabled}
          onChange={codes => change({ ineff_types: codes })}
        />,
      )}
      {row(
        'idle_suspect',
        <OptionGroup
          name={fieldLabel('survey_visit', 'idle_suspect')}
          field="idle_suspect"
          options={YES_NO.map(value => ({ value, label: t(value === 'true' ? 'common.yes' : 'common.no') }))}
          value={list('idle_suspect')}
          disabled={disabled}
          onChange={([answer]) => change({ idle_suspect: answer === undefined ? null : answer === 'true' })}
        />,
      )}
      {row(
        'findings',
        <Input.TextArea
          data-visit-stop=""
          data-field="findings"
          rows={2}
          maxLength={2000}
          disabled={disabled}
          aria-label={fieldLabel('survey_visit', 'findings')}
          placeholder={t('visit.findings_hint')}
          value={String(values['findings'] ?? '')}
          onChange={event => change({ findings: event.target.value })}
        />,
      )}
      {row(
        'inspectors',
        <Select
          mode="tags"
          size="small"
          className="visit-people"
          data-field="inspectors"
          disabled={disabled}
          aria-label={fieldLabel('survey_visit', 'inspectors')}
          placeholder={t('visit.people_hint')}
          tokenSeparators={[',', ',', '、']}
          open={false}
          suffixIcon={null}
          value={list('inspectors')}
          onChange={(names: string[]) => change({ inspectors: names })}
        />,
      )}
      {(isReceiving || Boolean(values['gnss_fix'])) &&
        row(
          'gnss_fix',
          <VisitFixRow value={values['gnss_fix']} disabled={disabled} onChange={gnss_fix => change({ gnss_fix })} />,
        )}
      {start.enterprises.length > 1 &&
        row(
          'enterprise_id',
          <Select
            size="small"
            className="visit-people"
            disabled={disabled}
            aria-label={fieldLabel('survey_visit', 'enterprise_id')}
            value={(values['enterprise_id'] as string | null) ?? undefined}
            options={start.enterprises.map(({ id, name, role }) => ({
              value: id,
              label: `${name} · ${term('occupancy_role', role)}`,
            }))}
            onChange={(enterprise_id: string) => change({ enterprise_id })}
          />,
        )}
      {draft && <VisitTwins visit={draft} />}
      {draft && <VisitPictures visit={draft} />}
      {isSigning && (
        <SignaturePad
          names={[...signers.filter(name => !signed.has(name)), ...signers.filter(name => signed.has(name))]}
          onClose={() => setSigning(false)}
          onSave={async (name, png) => {
            try {
              const { id } = await visit.ensure()
              const { rev } = await tracked(() => client.visits.sign({ id, name, png }))
              visit.advance(rev)
              setSigning(false)
            } catch (error) {
              notify.error(error)
            }
          }}
        />
      )}
      {visit.problem && (
        <div className="field-failed" role="alert">
          {visit.problem}{' '}
          <button type="button" className="link-button" onClick={() => void visit.flush().catch(() => undefined)}>
            {t('action.retry')}
          </button>
        </div>
      )}
      {remarks.length > 0 && (
        <div className="visit-remarks muted">{clauses(remarks.map(key => t(`visit.remark.${key}`)))}</div>
      )}
      <div className="visit-foot">
        <div className="visit-actions">
          <RoleButton calls="attachments.add" disabled={disabled} loading={job.running} onClick={choosePhotos}>
            {t('photo.add')}
          </RoleButton>
          <RoleButton calls="visits.sign" disabled={disabled || isSigning} onClick={() => setSigning(true)}>
            {t('visit.sign')}
          </RoleButton>
          <span className="panel-gap" />
          <RoleButton
            calls="visits.file"
            type="primary"
            disabled={disabled}
            loading={isBusy}
            title={disabled ? t(`reason.role_${barred}`) : t('visit.file_title')}
            onClick={() => void file()}
          >
            {t('visit.file')}
          </RoleButton>
        </div>
        <div className="visit-keys muted">
          {missing.length > 0
            ? t('visit.still_missing', { words: wordList(missing.map(key => t(`visit.missing.${key}`))) })
            : draft
              ? t('visit.kept')
              : ''}{' '}
          <span className="visit-hint">{t('visit.keys')}</span>
        </div>
      </div>
    </section>
  )
}
