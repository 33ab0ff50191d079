/** Visits of a parcel or an enterprise, newest first: who was there, what they saw, whether it proves anything, and the review. */
import { useQuery } from '@tanstack/react-query'
import { Input, Skeleton, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VisitRow } from '../../../shared/contract/visits.ts'
import { inspectorsOf } from '../../../shared/rules/visits.ts'
import { errorMessage } from '../../app/errors.ts'
import { clauses, formatInstant, wordList } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { VisitPictures, VisitTwins } from './visit-evidence.tsx'
import { fixWords } from './visit-fix.tsx'
import './visits.css'
import { RoleButton } from '../../ui/role-button.tsx'

const COLORS: Readonly<Record<string, string>> = {
  DRAFT: 'default',
  SUBMITTED: 'processing',
  RETURNED: 'warning',
  CONFIRMED: 'success',
}
const REVIEWERS: ReadonlySet<string> = new Set(['township', 'manager'])

export function VisitHistory({
  of,
  without,
}: Readonly<{
  of: { parcel_id: string } | { enterprise_id: string }
  /** Whose open drafts are left out: they stand in the form above. */
  without?: string
}>) {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const { data, error } = useQuery({
    queryKey: ['loop', 'visits', of, generation],
    queryFn: () => client.visits.list(of),
    placeholderData: previous => previous,
  })
  if (error) return <div className="empty">{errorMessage(error)}</div>
  if (!data) return <Skeleton active />
  const rows = data.rows.filter(
    ({ record, former_land }) => record['status'] !== 'DRAFT' || record['created_by'] !== without || former_land,
  )
  if (rows.length === 0) return <div className="muted">{t('visit.none')}</div>
  return (
    <ol className="visit-history">
      {rows.map(row => (
        <Visit key={String(row.record['id'])} visit={row} />
      ))}
    </ol>
  )
}

function Visit({ visit }: Readonly<{ visit: VisitRow }>) {
  const { t } = useTranslation()
  const { record } = visit
  const status = String(record['status'])
  const place = fixWords(record['gnss_fix'])
  const kinds = (record['ineff_types'] as string[] | null) ?? []
  const facts = [
    record['operating_status'] ? term('operating_status', String(record['operating_status'])) : null,
    record['side_marked'] ? term('side_mark', String(record['side_marked'])) : null,
    record['side_reason'] ? term('side_mark_reason', String(record['side_reason'])) : null,
    ...kinds.map(kind => term('ineff_type', kind)),
    record['idle_suspect'] === true ? t('visit.idle') : null,
    record['weather'] ? String(record['weather']) : null,
  ].filter((text): text is string => text !== null)
  const people = inspectorsOf(record['inspectors'])
  const isSelfReviewed =
    record['reviewed_by'] !== null &&
    record['reviewed_by'] !== undefined &&
    record['reviewed_by'] === record['submitted_by']
  return (
    <li data-testid="visit" data-status={status}>
      <div className="visit-head">
        <Tag color={COLORS[status]}>{term('visit_status', status)}</Tag>
        <b className="numbers">{formatInstant(String(record['visited_at']))}</b>
        <span className="ellipsis">{people.length > 0 ? wordList(people) : t('visit.nobody')}</span>
        <span className="panel-gap" />
        {visit.evidence && <Tag color="success">{t('visit.proves')}</Tag>}
      </div>
      {(visit.former_land || visit.parcel_code) && (
        <div className="muted">
          {visit.former_land ? t('visit.former_land', { code: visit.parcel_code ?? '—' }) : visit.parcel_code}
          {visit.enterprise_name ? ` · ${visit.enterprise_name}` : ''}
        </div>
      )}
      {facts.length > 0 && <div>{facts.join(' · ')}</div>}
      {place !== '' && <div className="muted numbers">{place}</div>}
      {record['findings'] ? <div className="visit-words">{String(record['findings'])}</div> : null}
      {record['side_note'] ? <div className="visit-words">{String(record['side_note'])}</div> : null}
      <VisitTwins visit={visit} />
      <VisitPictures visit={visit} />
      {status !== 'DRAFT' && visit.remarks.length > 0 && (
        <div className="visit-remarks">{clauses(visit.remarks.map(key => t(`visit.remark.${key}`)))}</div>
      )}
      {record['reviewed_by'] ? (
        <div className="muted">
          {t(status === 'RETURNED' ? 'visit.returned_by' : 'visit.confirmed_by', {
            who: String(record['reviewed_by']),
            when: formatInstant(String(record['reviewed_at'])),
          })}
          {record['review_note'] ? `:${String(record['review_note'])}` : ''}
          {isSelfReviewed ? ` · ${t('visit.self_reviewed')}` : ''}
        </div>
      ) : null}
      <Review visit={visit} />
    </li>
  )
}

function Review({ visit }: Readonly<{ visit: VisitRow }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const survey = useSurvey()
  const [isReturning, setReturning] = useState(false)
  const [reason, setReason] = useState('')
  const { record } = visit
  const status = String(record['status'])
  const mayReview = REVIEWERS.has(survey?.profile.role ?? 'leader')
  const parcelId = record['parcel_id']
  if (status === 'DRAFT' || status === 'RETURNED') {
    if (typeof parcelId !== 'string' || visit.former_land || record['created_by'] !== survey?.profile.user) return null
    return (
      <button
        type="button"
        className="link-button"
        onClick={() => setUi({ selection: { entity: 'parcel', id: parcelId }, panelTab: 'visits' })}
      >
        {t('visit.go_on')}
      </button>
    )
  }
  const judge = (decision: 'CONFIRMED' | 'RETURNED'): void => {
    const call = () =>
      client.visits.review({
        id: String(record['id']),
        base_rev: Number(record['rev']),
        decision,
        ...(decision === 'RETURNED' ? { reason: reason.trim() } : {}),
      })
    void tracked(call)
      .then(() => setReturning(false))
      .catch(notify.error)
  }
  const why = mayReview ? undefined : t('reason.not_yours_township')
  return (
    <div className="visit-review">
      {status === 'SUBMITTED' && (
        <RoleButton
          calls="visits.review"
          size="small"
          disabled={!mayReview}
          title={why}
          onClick={() => judge('CONFIRMED')}
        >
          {t('loop.confirm_visit')}
        </RoleButton>
      )}
      {isReturning ? (
        <>
          <Input
            size="small"
            autoFocus
            maxLength={1000}
            value={reason}
            aria-label={t('visit.return_reason')}
            placeholder={t('visit.return_reason')}
            onChange={event => setReason(event.target.value)}
            onPressEnter={() => reason.trim() !== '' && judge('RETURNED')}
          />
          <RoleButton
            calls="visits.review"
            size="small"
            disabled={reason.trim() === ''}
            onClick={() => judge('RETURNED')}
          >
            {t('visit.return')}
          </RoleButton>
        </>
      ) : (
        <RoleButton
          calls="visits.review"
          size="small"
          type="text"
          disabled={!mayReview}
          title={why}
          onClick={() => setReturning(true)}
        >
          {t('visit.return')}
        </RoleButton>
      )}
    </div>
  )
}
