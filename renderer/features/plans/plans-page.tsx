/** Plans (一企一策): the list on the left, the plan being written on the right. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Input, Select, Tag } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { formatNumber } from '../../app/format.ts'
import { language, term } from '../../app/i18n/i18n.ts'
import { flushAll } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord, setUi, useUi } from '../../app/ui-store.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PlanForm } from './plan-form.tsx'

const STATUS_COLORS: Readonly<Record<string, string>> = {
  draft: 'default',
  submitted: 'processing',
  returned: 'warning',
  approved: 'success',
}
const SHOWN = 200

export function PlansPage() {
  const { t } = useTranslation()
  const { client } = useService()
  const units = useUnitNames()
  const selection = useUi(state => state.selection)
  const selectedId = selection?.entity === 'plan' ? selection.id : null
  const [text, setText] = useState('')
  const [wanted, setWanted] = useState('')
  const [statuses, setStatuses] = useState<string[]>([])
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const { data } = useQuery({
    queryKey: ['plans', 'list', wanted, statuses],
    queryFn: () =>
      client.plans.list({
        text: wanted || undefined,
        statuses: statuses.length ? statuses : undefined,
        offset: 0,
        limit: SHOWN,
      }),
    placeholderData: keepPreviousData,
  })
  return (
    <div className="split">
      <div className="split-list">
        <div className="page-head">
          <h1 className="page-title">{t('page.plans')}</h1>
          <Input
            allowClear
            value={text}
            placeholder={t('plan.filter_text')}
            aria-label={t('plan.filter_text')}
            onChange={event => {
              const value = event.target.value
              setText(value)
              clearTimeout(timer.current)
              timer.current = setTimeout(() => setWanted(value.trim()), 250)
            }}
          />
          <Select
            mode="multiple"
            allowClear
            maxTagCount={2}
            className="filter-select"
            placeholder={t('plan.filter_status')}
            value={statuses}
            options={ENUMERATIONS.plan_status.map(item => ({ value: item.code, label: item[language()] }))}
            onChange={setStatuses}
          />
          <span className="muted numbers">{t('common.total', { count: data?.total ?? 0 })}</span>
        </div>
        <div className="split-rows">
          {data?.total === 0 && (
            <EmptyState
              text={t('plan.empty')}
              action={t('plan.choose_enterprise')}
              onAction={() => setUi({ page: 'enterprises' })}
            />
          )}
          {data?.rows.map(plan => (
            <button
              key={plan.id}
              type="button"
              className={plan.id === selectedId ? 'list-row list-row-current' : 'list-row'}
              onClick={() => {
                flushAll()
                openRecord({ entity: 'plan', id: plan.id })
              }}
            >
              <span className="list-row-title ellipsis" title={plan.enterprise_name}>
                {plan.enterprise_name}
              </span>
              <Tag color={STATUS_COLORS[plan.status]}>{term('plan_status', plan.status)}</Tag>
              <span className="muted list-row-detail ellipsis">
                {plan.year} · {units.get(plan.unit ?? '') ?? '—'} · {term('route', plan.route)} · {t('parcel.freed')}{' '}
                {formatNumber(plan.freed_mu)} {t('common.mu')}
              </span>
            </button>
          ))}
          {data && data.total > data.rows.length && (
            <div className="muted page-pad">{t('plan.more', { count: data.total - data.rows.length })}</div>
          )}
        </div>
      </div>
      <div className="split-detail">
        {selectedId ? <PlanForm key={selectedId} id={selectedId} /> : <EmptyState text={t('plan.choose')} />}
      </div>
    </div>
  )
}
