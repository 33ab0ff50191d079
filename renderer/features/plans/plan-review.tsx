/** Where the plan stands in the list, what the departments said, and the decision: approve, or return with a reason. */
import { useQuery } from '@tanstack/react-query'
import { Input, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PlanDetail } from '../../../shared/contract/plans.ts'
import { mayCall } from '../../../shared/rules/roles/roles.ts'
import { formatInstant, wordList } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { missingText } from '../loop/missing.ts'
import { Opinions } from '../loop/opinions.tsx'
import '../loop/loop.css'
import { RoleButton } from '../../ui/role-button.tsx'

/** The loop of the plan's enterprise: its steps, its checks, its history. */
export function usePlanLoop(enterpriseId: string | undefined) {
  const { client, generation } = useService()
  return useQuery({
    queryKey: ['loop', 'detail', enterpriseId, generation],
    queryFn: () => client.loop.detail({ enterprise_id: enterpriseId! }),
    enabled: enterpriseId !== undefined,
    placeholderData: previous => previous,
  }).data
}

export function PlanReview({ plan }: Readonly<{ plan: PlanDetail }>) {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const notify = useNotify()
  const survey = useSurvey()
  const [reason, setReason] = useState('')
  const id = String(plan.record['id'])
  const status = String(plan.record['status'])
  const loop = usePlanLoop(plan.enterprise.id)
  const opinions = useQuery({
    queryKey: ['loop', 'related', 'approval', id, generation],
    queryFn: () => client.loop.related({ entity: 'approval', field: 'plan_id', id, offset: 0, limit: 200 }),
  }).data
  const isInReview = status === 'submitted'
  const role = survey?.profile.role ?? 'leader'
  const barred = mayCall(role as never, 'plans', 'review') ? null : t('reason.not_yours_review')
  const approve = loop?.next.find(step => step.step === 'approve')
  const lacking = isInReview ? (approve?.missing ?? []) : []
  const returned = loop?.history.find(row => row['to_state'] === 'S3' && row['from_state'] === 'S4')
  const decide = (decision: 'approve' | 'return'): void => {
    const call = () => client.plans.review({ id, decision, ...(reason.trim() ? { reason: reason.trim() } : {}) })
    void tracked(call)
      .then(() => setReason(''))
      .catch(notify.error)
  }
  return (
    <div className="plan-review" data-testid="plan-review">
      <div className="loop-line">
        <span className="muted">{t('plan.in_list')}</span>
        {plan.entry ? (
          <button
            type="button"
            className="link-button"
            onClick={() =>
              setUi({
                page: 'enterprises',
                selection: { entity: 'enterprise', id: plan.enterprise.id },
                panelTab: 'loop',
              })
            }
          >
            {term('state', plan.entry.state)}
          </button>
        ) : (
          t('plan.not_listed_yet')
        )}
        {plan.entry?.list_year ? (
          <span className="muted">{t('plan.list_year', { year: plan.entry.list_year })}</span>
        ) : null}
        {!plan.newest && <Tag color="warning">{t('plan.superseded')}</Tag>}
      </div>
      {status === 'returned' && returned && (
        <div className="checklist">
          <b>{t('plan.returned_because')}</b> {String(returned['reason'] ?? '—')}
          <span className="muted">
            {String(returned['author'] ?? '')} · {formatInstant(String(returned['at']))}
          </span>
        </div>
      )}
      <Opinions planId={id} rows={opinions?.rows ?? []} inReview={isInReview} />
      {isInReview && (
        <>
          {lacking.length > 0 && (
            <div className="muted">
              {t('plan.before_approval')}
              {wordList(lacking.map(missingText))}
            </div>
          )}
          <div className="loop-line">
            <Input
              size="small"
              value={reason}
              maxLength={1000}
              disabled={barred !== null}
              placeholder={t('plan.return_reason')}
              aria-label={t('plan.return_reason')}
              onChange={event => setReason(event.target.value)}
            />
            <RoleButton
              calls="plans.review"
              size="small"
              disabled={barred !== null || reason.trim() === ''}
              title={barred ?? t('loop.return_needs_reason')}
              onClick={() => decide('return')}
            >
              {t('plan.return')}
            </RoleButton>
            <RoleButton
              calls="plans.review"
              size="small"
              type="primary"
              disabled={barred !== null || lacking.length > 0}
              title={barred ?? (lacking.length > 0 ? lacking.map(missingText).join('\n') : undefined)}
              onClick={() => decide('approve')}
            >
              {t('plan.approve')}
            </RoleButton>
          </div>
        </>
      )}
    </div>
  )
}
