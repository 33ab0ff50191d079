/** One plan: what is still missing on top, the frozen baseline, route, measures, milestones, departments, targets. */
import { useQuery } from '@tanstack/react-query'
import { Button, Skeleton, Tag } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { ratedOf } from '../../../shared/rules/scoring/rated.ts'
import { errorMessage } from '../../app/errors.ts'
import { formatMu, formatNumber } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { flushAll, tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord, setUi } from '../../app/ui-store.ts'
import { ClassChip } from '../../ui/class-chip.tsx'
import { RecordField } from '../../ui/record-field.tsx'
import { RemoveRecord } from '../../ui/remove-record.tsx'
import { SideChip } from '../../ui/side-chip.tsx'
import { missingText } from '../loop/missing.ts'
import { HistoryList } from '../record-panel/history-list.tsx'
import { useFieldSaver } from '../record-panel/use-record.ts'
import { PlanEvidence } from './plan-evidence.tsx'
import { FillPlan, KeepAsTemplate } from './plan-fill.tsx'
import { PlanForecast } from './plan-forecast.tsx'
import { PlanReview, usePlanLoop } from './plan-review.tsx'
import { PlanVersions } from './plan-versions.tsx'
import { usePrintPlan } from './print-plan.tsx'
import { RowsEditor } from './rows-editor.tsx'
import './plans.css'
import { RoleButton, RoleGate } from '../../ui/role-button.tsx'

const MEASURE_FIELDS = ['type', 'description', 'area_mu', 'due_date', 'owner', 'progress', 'done_at'] as const
const MILESTONE_FIELDS = ['type', 'date_planned', 'date_actual', 'area_mu'] as const

export function PlanForm({ id }: Readonly<{ id: string }>) {
  const { t, i18n } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const { data, error } = useQuery({
    queryKey: ['plans', 'detail', id],
    queryFn: () => client.plans.detail({ id }),
    placeholderData: previous => previous,
  })
  const rev = Number(data?.record['rev'] ?? 0)
  const save = useFieldSaver('plan', id, rev)
  const print = usePrintPlan([id])
  const loop = usePlanLoop(data?.enterprise.id)
  const saveRows = useCallback(
    (part: 'measures' | 'milestones', rows: Record<string, unknown>[]) =>
      tracked(() => client.plans.save({ id, base_rev: rev, values: {}, [part]: rows })),
    [client, id, rev],
  )
  if (error) return <div className="empty">{errorMessage(error)}</div>
  if (!data) return <Skeleton active className="page-pad" />
  const { record } = data
  const status = String(record['status'])
  const departs = data.default_route !== null && record['route'] !== data.default_route
  const field = (name: string, multiline = false) => (
    <div key={name} data-field={name}>
      <RecordField entity="plan" field={name} value={record[name]} save={save} multiline={multiline} />
    </div>
  )
  const jump = (name: string): void => {
    const at = (field: string) => document.querySelector<HTMLElement>(`[data-field="${field}"]`)
    // A row's own field has no place of its own: its table has.
    const place = at(name) ?? at(name.split('.')[0]!)
    place?.scrollIntoView({ block: 'center' })
    place?.querySelector<HTMLElement>('input, textarea, button, .ant-select')?.focus()
  }
  const isOpen = status === 'draft' || status === 'returned'
  // What the list asks for besides the plan itself: the answers of the core dimensions.
  const besides = (loop?.next.find(step => step.step === 'submit')?.missing ?? []).filter(
    item => !item.key.startsWith('plan'),
  )
  const lacks = data.missing.length + besides.length
  const submit = (): void => {
    flushAll()
    void tracked(() => client.plans.submit({ id }))
      .then(() => notify.success(t('plan.handed_in')))
      .catch(notify.error)
  }
  const revise = (): void => {
    const call = () =>
      client.plans.draft({ enterprise_id: data.enterprise.id, year: Number(record['year']), new_version: true })
    void tracked(call)
      .then(made => openRecord({ entity: 'plan', id: made.id }, 'plans'))
      .catch(notify.error)
  }
  return (
    <div className="page">
      <div className="page-head">
        <h2 className="page-title ellipsis" title={data.enterprise.name}>
          {data.enterprise.name}
        </h2>
        <Tag>{term('plan_status', status)}</Tag>
        <span className="muted">{String(record['code'])}</span>
        <span className="panel-gap" />
        <Button onClick={() => openRecord({ entity: 'enterprise', id: data.enterprise.id }, 'enterprises')}>
          {t('plan.open_enterprise')}
        </Button>
        {print.button}
        {isOpen && <FillPlan plan={data} />}
        <KeepAsTemplate planId={id} route={String(record['route'])} />
        {(status === 'returned' || status === 'approved') && data.newest && (
          <RoleButton calls="plans.draft" onClick={revise}>
            {t('plan.revise')}
          </RoleButton>
        )}
        {status === 'draft' && <RemoveRecord entity="plan" id={id} name={String(record['code'])} />}
        {isOpen && (
          <RoleButton
            calls="plans.submit"
            type="primary"
            disabled={lacks > 0 || !data.newest}
            title={lacks > 0 ? t('plan.missing_title', { count: lacks }) : undefined}
            onClick={submit}
          >
            {t('plan.submit')}
          </RoleButton>
        )}
      </div>
      <div className="page-body page-pad plan-form">
        {print.outcome}
        <PlanReview plan={data} />
        {lacks > 0 && (
          <div className="checklist">
            <b>{t('plan.missing_title', { count: lacks })}</b>
            {data.missing.map(item => (
              <button
                key={`${item.field}-${item.key}`}
                type="button"
                className="link-button"
                onClick={() => jump(item.field)}
              >
                {i18n.exists(`plan.missing.${item.key}`) ? t(`plan.missing.${item.key}`) : item.key}
              </button>
            ))}
            {besides.map(item => (
              <button
                key={`${item.key}-${JSON.stringify(item.values ?? {})}`}
                type="button"
                className="link-button"
                onClick={() =>
                  setUi({
                    page: 'enterprises',
                    selection: { entity: 'enterprise', id: data.enterprise.id },
                    panelTab: 'loop',
                  })
                }
              >
                {missingText(item)}
              </button>
            ))}
          </div>
        )}
        {data.remarks.length > 0 && (
          <div className="plan-remarks" data-testid="plan-remarks">
            <b>{t('plan.remarks_title')}</b>
            {data.remarks.map(item => (
              <button
                key={`${item.key}-${JSON.stringify(item.values ?? {})}`}
                type="button"
                className="link-button"
                onClick={() => jump(item.field)}
              >
                {t(`plan.remark.${item.key}`, item.values ?? {})}
              </button>
            ))}
          </div>
        )}
        <div className="section">{t('plan.section.baseline')}</div>
        <Baseline baseline={record['baseline']} parcels={data.parcels} />
        <div className="section">{t('plan.section.route')}</div>
        {data.default_route && (
          <div className="muted">{t('plan.default_route', { route: term('route', data.default_route) })}</div>
        )}
        {field('route')}
        {departs && field('route_reason', true)}
        {departs && field('route_signed_by')}
        {field('problems', true)}
        <div className="section" data-field="measures">
          {t('plan.section.measures')}
        </div>
        <RoleGate calls="plans.save">
          <RowsEditor
            entity="measure"
            fields={MEASURE_FIELDS}
            rows={data.measures}
            blank={{ type: 'M6' }}
            onSave={rows => saveRows('measures', rows)}
          />
        </RoleGate>
        <PlanEvidence evidence={data.evidence} enterpriseId={data.enterprise.id} parcelId={data.parcels[0]?.id} />
        <div className="section" data-field="milestones">
          {t('plan.section.milestones')}
        </div>
        <RoleGate calls="plans.save">
          <RowsEditor
            entity="milestone"
            fields={MILESTONE_FIELDS}
            rows={data.milestones}
            blank={{ type: 'signed' }}
            onSave={rows => saveRows('milestones', rows)}
          />
        </RoleGate>
        <div className="section">{t('plan.section.duty')}</div>
        {['departments', 'responsible', 'liaison', 'start_date', 'due_date'].map(name => field(name))}
        <div className="section">{t('plan.section.targets')}</div>
        {[
          'target_tax_per_mu',
          'target_energy_tce',
          'freed_mu',
          'freed_tce',
          'new_tax',
          'new_floor_m2',
          'investment',
        ].map(name => field(name))}
        <div className="section">{t('plan.section.forecast')}</div>
        <PlanForecast
          lines={data.forecast}
          disabled={!isOpen}
          onTake={(name, value) => void tracked(() => save(name, value)).catch(notify.error)}
        />
        {['approval_doc'].map(name => field(name))}
        {field('remark', true)}
        <div className="section">{t('plan.section.versions')}</div>
        <PlanVersions plan={data} />
        <div className="section">{t('parcel.tab.history')}</div>
        <HistoryList entity="plan" id={id} />
      </div>
    </div>
  )
}

function Baseline({
  baseline,
  parcels,
}: Readonly<{
  baseline: unknown
  parcels: readonly {
    id: string
    code: string
    area_m2: number
    side: string
    area_in_m2: number | null
    area_out_m2: number | null
  }[]
}>) {
  const { t } = useTranslation()
  const years = (baseline as { years?: Record<string, unknown>[] } | null)?.years ?? []
  return (
    <div className="baseline">
      {years.length === 0 && <div className="muted">{t('plan.no_baseline')}</div>}
      {years.map(year => (
        <div key={String(year['year'])} className="numbers">
          <b>{String(year['year'])}</b>{' '}
          {t('plan.baseline_line', {
            land: formatNumber(year['land_mu_actual'] as number | null),
            tax: formatNumber(year['tax'] as number | null),
            energy: formatNumber(year['energy_tce'] as number | null),
          })}{' '}
          <ClassChip code={ratedOf(year)?.code} source={ratedOf(year)?.source} />
        </div>
      ))}
      {parcels.map(parcel => (
        <div key={parcel.id}>
          <button
            type="button"
            className="link-button"
            onClick={() => openRecord({ entity: 'parcel', id: parcel.id }, 'map')}
          >
            {parcel.code}
          </button>{' '}
          <SideChip side={parcel.side} />{' '}
          <span className="numbers">
            {formatMu(parcel.area_m2)} {t('common.mu')}
          </span>
        </div>
      ))}
    </div>
  )
}
