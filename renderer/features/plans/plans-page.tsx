/** Plans (一企一策): the list on the left, the plan being written on the right. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Select, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { isBeyondYear } from '../../../shared/rules/plan-rules.ts'
import { formatNumber, today } from '../../app/format.ts'
import { language, term } from '../../app/i18n/i18n.ts'
import { flushAll } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord, setUi, useUi } from '../../app/ui-store.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { PlanForm } from './plan-form.tsx'
import { usePrintPlan } from './print-plan.tsx'

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
  const [wanted, setWanted] = useState('')
  const [statuses, setStatuses] = useState<string[]>([])
  // People of one unit begin with theirs; the filter says so and can be cleared.
  const own = useSurvey()?.profile.unit
  const [unitCodes, setUnitCodes] = useState<string[]>(own ? [own] : [])
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const { data } = useQuery({
    queryKey: ['plans', 'list', wanted, statuses, unitCodes],
    queryFn: () =>
      client.plans.list({
        text: wanted || undefined,
        statuses: statuses.length ? statuses : undefined,
        units: unitCodes.length ? unitCodes : undefined,
        offset: 0,
        limit: SHOWN,
      }),
    placeholderData: keepPreviousData,
  })
  const rows = data?.rows ?? []
  // What the filter hides is not printed.
  const chosen = rows.filter(row => picked.has(row.id)).map(row => row.id)
  const print = usePrintPlan(chosen)
  const day = today()
  return (
    <div className="split">
      <div className="split-list">
        <div className="page-head">
          <h1 className="page-title">{t('page.plans')}</h1>
          <FilterText value={wanted} label={t('plan.filter_text')} onChange={text => setWanted(text ?? '')} />
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
          <Select
            mode="multiple"
            allowClear
            maxTagCount={1}
            className="filter-select"
            placeholder={t('table.filter_unit')}
            aria-label={t('table.filter_unit')}
            value={unitCodes}
            options={[...units].map(([value, label]) => ({ value, label }))}
            onChange={setUnitCodes}
          />
          <span className="muted numbers">{t('common.total', { count: data?.total ?? 0 })}</span>
        </div>
        <div className="plan-batch">
          <Checkbox
            checked={chosen.length > 0 && chosen.length === rows.length}
            indeterminate={chosen.length > 0 && chosen.length < rows.length}
            disabled={rows.length === 0}
            onChange={event => setPicked(new Set(event.target.checked ? rows.map(row => row.id) : []))}
          >
            {t('plan.pick_all', { count: rows.length })}
          </Checkbox>
          <span className="panel-gap" />
          {(['pdf', 'docx'] as const).map(format => (
            <Button
              key={format}
              size="small"
              disabled={chosen.length === 0 || print.running}
              onClick={() => print.run([format])}
            >
              {t(`plan.print_${format}`, { count: chosen.length })}
            </Button>
          ))}
        </div>
        <div className="plan-made">{print.outcome}</div>
        <div className="split-rows">
          {data?.total === 0 && (
            <EmptyState
              text={t('plan.empty')}
              action={t('plan.choose_enterprise')}
              onAction={() => setUi({ page: 'enterprises' })}
            />
          )}
          {data?.rows.map(plan => (
            <div key={plan.id} className="plan-row">
              <Checkbox
                checked={picked.has(plan.id)}
                aria-label={t('plan.pick', { name: plan.enterprise_name })}
                onChange={event => {
                  const next = new Set(picked)
                  if (event.target.checked) next.add(plan.id)
                  else next.delete(plan.id)
                  setPicked(next)
                }}
              />
              <button
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
                <span>
                  {lateness(plan, day).map(key => (
                    <Tag key={key} color="error">
                      {t(`plan.late.${key}`)}
                    </Tag>
                  ))}
                  <Tag color={STATUS_COLORS[plan.status]}>{term('plan_status', plan.status)}</Tag>
                </span>
                <span className="muted list-row-detail ellipsis">
                  {plan.year}
                  {plan.version > 1 ? ` V${plan.version}` : ''} · {units.get(plan.unit ?? '') ?? '—'} ·{' '}
                  {term('route', plan.route)} · {t('parcel.freed')} {formatNumber(plan.freed_mu)} {t('common.mu')}
                </span>
              </button>
            </div>
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

/** A plan whose day is over while work goes on, and one that runs beyond its year: seen without opening it. */
function lateness(plan: { year: number; due_date: string | null; finished: boolean }, day: string): string[] {
  const late: string[] = []
  if (plan.due_date !== null && plan.due_date < day && !plan.finished) late.push('overdue')
  if (isBeyondYear(plan.due_date, plan.year)) late.push('beyond_year')
  return late
}
