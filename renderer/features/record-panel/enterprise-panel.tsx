/** One enterprise: its fields, its years with the derived indicators, its parcels, plans and history. */
import { CloseOutlined } from '@ant-design/icons'
import { Button, Skeleton, Tabs, Tag } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorMessage } from '../../app/errors.ts'
import { formatMu } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { openRecord, setUi, useUi } from '../../app/ui-store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RecordField } from '../../ui/record-field.tsx'
import { RemoveRecord } from '../../ui/remove-record.tsx'
import { SideChip } from '../../ui/side-chip.tsx'
import { LoopPanel } from '../loop/loop-panel.tsx'
import { RecordSync } from '../sync/record-sync.tsx'
import { VisitHistory } from '../visits/visit-history.tsx'
import { HistoryList } from './history-list.tsx'
import { PlanList } from './plan-list.tsx'
import { useEnterprise, useFieldSaver } from './use-record.ts'
import { YearGrid } from './year-grid.tsx'

const FIELDS = [
  'name',
  'uscc',
  'uscc_missing_reason',
  'code',
  'former_name',
  'ent_type',
  'unit',
  'town',
  'address',
  'industry_code',
  'in_park',
  'park_name',
  'op_status',
  'products',
  'legal_person',
  'phone',
  'remark',
] as const

export function EnterprisePanel({ id, onClose }: Readonly<{ id: string; onClose: () => void }>) {
  const { t } = useTranslation()
  const { data, error } = useEnterprise(id)
  const [tab, setTab] = useState('overview')
  const wantedTab = useUi(state => state.panelTab)
  useEffect(() => {
    if (wantedTab === null) return
    setTab(wantedTab)
    setUi({ panelTab: null })
  }, [wantedTab])
  const save = useFieldSaver('enterprise', id, Number(data?.record['rev'] ?? 0))
  if (error) return <div className="empty">{errorMessage(error)}</div>
  if (!data) return <Skeleton active className="page-pad" />
  const { record } = data
  return (
    <section className="panel" aria-label={String(record['name'])}>
      <header className="panel-head">
        <div className="panel-title">
          <span className="ellipsis" title={String(record['name'])}>
            {String(record['name'])}
          </span>
          <span className="panel-gap" />
          <RecordSync entity="enterprise" id={id} />
          <Button type="text" icon={<CloseOutlined />} aria-label={t('action.close')} onClick={onClose} />
        </div>
        <div className="muted">
          {String(record['uscc'] ?? t('enterprise.no_uscc'))}{' '}
          <Tag>{term('state', record['state'] as string | null)}</Tag>
        </div>
      </header>
      <div className="panel-body">
        <Tabs
          size="small"
          tabBarGutter={14}
          activeKey={tab}
          onChange={setTab}
          items={[
            {
              key: 'overview',
              label: t('parcel.tab.overview'),
              children: (
                <>
                  {FIELDS.map(field => (
                    <RecordField
                      key={field}
                      entity="enterprise"
                      field={field}
                      value={record[field]}
                      save={save}
                      multiline={field === 'remark'}
                    />
                  ))}
                  <RemoveRecord entity="enterprise" id={id} name={String(record['name'])} />
                </>
              ),
            },
            { key: 'loop', label: t('loop.tab'), children: <LoopPanel enterpriseId={id} /> },
            {
              key: 'years',
              label: t('enterprise.years'),
              children: (
                <YearGrid
                  enterpriseId={id}
                  years={data.years}
                  status={record['op_status'] as string | null}
                  mappedMu={data.mapped_mu}
                />
              ),
            },
            {
              key: 'parcels',
              label: `${t('enterprise.parcels')} ${data.parcels.length}`,
              children:
                data.parcels.length === 0 ? (
                  <EmptyState text={t('enterprise.no_parcel')} />
                ) : (
                  data.parcels.map(({ occupancy_id, role, parcel, used_area_m2 }) => (
                    <div key={occupancy_id} className="linked">
                      <button
                        type="button"
                        className="link-button"
                        onClick={() => openRecord({ entity: 'parcel', id: parcel.id }, 'map')}
                      >
                        {parcel.code}
                      </button>
                      <SideChip side={parcel.side} />
                      <span className="muted">
                        {term('occupancy_role', role)} · {formatMu(used_area_m2 ?? parcel.area_m2)} {t('common.mu')}
                      </span>
                    </div>
                  ))
                ),
            },
            {
              key: 'plans',
              label: `${t('parcel.tab.plans')} ${data.plans.length}`,
              children: <PlanList plans={data.plans} enterprises={[{ id, name: String(record['name']) }]} />,
            },
            { key: 'visits', label: t('visit.tab'), children: <VisitHistory of={{ enterprise_id: id }} /> },
            { key: 'history', label: t('parcel.tab.history'), children: <HistoryList entity="enterprise" id={id} /> },
          ]}
        />
      </div>
    </section>
  )
}
