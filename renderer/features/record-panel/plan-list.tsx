/** Plans of the enterprises at hand, and the way to a new one. */
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { planSummarySchema } from '../../../shared/contract/parcels.ts'
import { formatNumber } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord } from '../../app/ui-store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RoleButton } from '../../ui/role-button.tsx'

const STATUS_COLORS: Readonly<Record<string, string>> = {
  draft: 'default',
  submitted: 'processing',
  returned: 'warning',
  approved: 'success',
}

export function PlanList({
  plans,
  enterprises,
}: Readonly<{
  plans: readonly z.infer<typeof planSummarySchema>[]
  enterprises: readonly { id: string; name: string }[]
}>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const draft = async (enterpriseId: string): Promise<void> => {
    const plan = await tracked(() => client.plans.draft({ enterprise_id: enterpriseId }))
    openRecord({ entity: 'plan', id: plan.id }, 'plans')
  }
  const unique = [...new Map(enterprises.map(enterprise => [enterprise.id, enterprise])).values()]
  return (
    <div>
      {plans.length === 0 && <EmptyState text={t('parcel.no_plan')} />}
      {plans.map(plan => (
        <div key={plan.id} className="linked">
          <button
            type="button"
            className="link-button ellipsis"
            onClick={() => openRecord({ entity: 'plan', id: plan.id }, 'plans')}
          >
            {plan.year} · {plan.enterprise_name}
          </button>
          <span className="muted">
            {term('route', plan.route)} · {t('parcel.freed')} {formatNumber(plan.freed_mu)} {t('common.mu')}
          </span>
          <Tag color={STATUS_COLORS[plan.status]}>{term('plan_status', plan.status)}</Tag>
        </div>
      ))}
      {unique.map(enterprise => (
        <RoleButton
          calls="plans.draft"
          key={enterprise.id}
          className="new-plan"
          onClick={() => void draft(enterprise.id).catch(notify.error)}
        >
          {t('parcel.new_plan', { name: enterprise.name })}
        </RoleButton>
      ))}
      {unique.length === 0 && <div className="muted">{t('parcel.plan_needs_enterprise')}</div>}
    </div>
  )
}
