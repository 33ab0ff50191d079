/** Opinions of the departments on a plan, and the own one while it is in review. */
import { Input, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { RoleButton } from '../../ui/role-button.tsx'

export function Opinions({
  planId,
  rows,
  inReview,
}: Readonly<{ planId: string; rows: readonly Record<string, unknown>[]; inReview: boolean }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const profile = useSurvey()?.profile
  const [reason, setReason] = useState('')
  const own = profile?.role === 'manager' ? 'JX' : profile?.role === 'department' ? profile.department : null
  const sign = (decision: 'agree' | 'return'): void => {
    const call = () =>
      client.loop.opinion({ plan_id: planId, decision, ...(reason.trim() ? { reason: reason.trim() } : {}) })
    void tracked(call)
      .then(() => setReason(''))
      .catch(notify.error)
  }
  return (
    <>
      {rows.map(row => (
        <div key={String(row['id'])} className="loop-line">
          <Tag color={row['decision'] === 'agree' ? 'success' : 'warning'}>
            {term('department', String(row['department']))} {term('approval_decision', String(row['decision']))}
          </Tag>
          <span className="muted">
            {String(row['decided_on'])} · {String(row['decided_by'] ?? '—')}
            {row['reason'] ? ` · ${String(row['reason'])}` : ''}
          </span>
        </div>
      ))}
      {inReview && (
        <div className="loop-line">
          <Input
            size="small"
            value={reason}
            maxLength={1000}
            placeholder={t('loop.opinion_reason')}
            aria-label={t('loop.opinion_reason')}
            disabled={!own}
            onChange={event => setReason(event.target.value)}
          />
          <RoleButton
            calls="loop.opinion"
            size="small"
            disabled={!own}
            title={own ? undefined : t('reason.not_yours_review')}
            onClick={() => sign('agree')}
          >
            {t('loop.agree', { department: term('department', own ?? 'JX') })}
          </RoleButton>
          <RoleButton
            calls="loop.opinion"
            size="small"
            disabled={!own || reason.trim() === ''}
            title={own ? t('loop.return_needs_reason') : t('reason.not_yours_review')}
            onClick={() => sign('return')}
          >
            {t('loop.object')}
          </RoleButton>
        </div>
      )}
    </>
  )
}
