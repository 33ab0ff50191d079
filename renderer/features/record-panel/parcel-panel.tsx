/** One parcel: what it is, on which side, who uses it, its plans, its history. */
import { CloseOutlined } from '@ant-design/icons'
import { Button, Skeleton, Tabs } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorMessage } from '../../app/errors.ts'
import { formatMu, formatNumber } from '../../app/format.ts'
import { setUi, useUi } from '../../app/ui-store.ts'
import { RecordField } from '../../ui/record-field.tsx'
import { SideChip } from '../../ui/side-chip.tsx'
import { ParcelBooks } from '../loop/parcel-books.tsx'
import { PhotoList } from '../photos/photo-list.tsx'
import { RecordSync } from '../sync/record-sync.tsx'
import { ParcelVisits } from '../visits/parcel-visits.tsx'
import { HistoryList } from './history-list.tsx'
import { ParcelEnterprises } from './parcel-enterprises.tsx'
import { PlanList } from './plan-list.tsx'
import { SideSection } from './side-section.tsx'
import { useFieldSaver, useParcel } from './use-record.ts'

const GROUPS: readonly { key: string; fields: readonly string[] }[] = [
  { key: 'identity', fields: ['code', 'name', 'unit', 'town', 'location', 'sizhi'] },
  {
    key: 'rights',
    fields: ['right_holder', 'cert_no', 'reg_date', 'ownership', 'acquire', 'disputed', 'area_registered_m2'],
  },
  {
    key: 'use',
    fields: [
      'land_class',
      'cur_use',
      'plan_use',
      'use_state',
      'vacant_reason',
      'abandoned_reason',
      'ineff_types',
      'owner_wish',
    ],
  },
  {
    key: 'building',
    fields: ['build_type', 'build_year', 'floors', 'floor_area_m2', 'far', 'density', 'green', 'invest_intensity'],
  },
  { key: 'other', fields: ['state', 'dcdybh', 'dcqbh', 'zdbh', 'remark'] },
]
const MULTILINE = new Set(['remark', 'sizhi', 'owner_wish'])

export function ParcelPanel({ id, onClose }: Readonly<{ id: string; onClose: () => void }>) {
  const { t } = useTranslation()
  const { data, error } = useParcel(id)
  const [tab, setTab] = useState('overview')
  // Asked for by key or worklist: the person starts to answer at once.
  const [asked, setAsked] = useState(0)
  const wantedTab = useUi(state => state.panelTab)
  useEffect(() => {
    if (wantedTab === null) return
    setTab(wantedTab)
    setAsked(count => count + 1)
    setUi({ panelTab: null })
  }, [wantedTab])
  const save = useFieldSaver('parcel', id, Number(data?.record['rev'] ?? 0))
  if (error) return <div className="empty">{errorMessage(error)}</div>
  if (!data) return <Skeleton active className="page-pad" />
  const { record } = data
  const areaM2 = record['area_m2'] as number
  return (
    <section className="panel" aria-label={String(record['code'])}>
      <header className="panel-head">
        <div className="panel-title">
          <span className="ellipsis" title={String(record['code'])}>
            {String(record['code'])}
          </span>
          <SideChip side={record['side'] as string} share={record['inside_share'] as number | null} />
          <span className="panel-gap" />
          <RecordSync entity="parcel" id={id} />
          <Button type="text" icon={<CloseOutlined />} aria-label={t('action.close')} onClick={onClose} />
        </div>
        <div className="muted ellipsis" title={String(record['name'] ?? '')}>
          {String(record['name'] ?? '—')}
        </div>
        <div className="panel-figures numbers">
          <b>{formatMu(areaM2)}</b> {t('common.mu')}
          <span className="muted">
            {formatNumber(areaM2)} m² · {t('parcel.planar')} {formatNumber(record['area_planar_m2'] as number)} m²
          </span>
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
                  <SideSection record={record} />
                  <div className="panel-actions">
                    <Button onClick={() => setUi({ page: 'map', tool: 'edit' })}>{t('command.edit.outline')}</Button>
                    <Button onClick={() => setUi({ page: 'map', flyTo: { box: data.box } })}>{t('parcel.fly')}</Button>
                    <Button danger onClick={() => setUi({ page: 'map', tool: 'delete' })}>
                      {t('command.delete.parcel')}
                    </Button>
                  </div>
                  {GROUPS.map(group => (
                    <div key={group.key}>
                      <div className="section">{t(`parcel.group.${group.key}`)}</div>
                      {group.fields.map(field => (
                        <RecordField
                          key={field}
                          entity="parcel"
                          field={field}
                          value={record[field]}
                          save={save}
                          multiline={MULTILINE.has(field)}
                        />
                      ))}
                    </div>
                  ))}
                </>
              ),
            },
            {
              key: 'enterprises',
              label: `${t('parcel.tab.enterprises')} ${data.enterprises.length}`,
              children: <ParcelEnterprises parcelId={id} areaM2={areaM2} occupants={data.enterprises} />,
            },
            {
              key: 'plans',
              label: `${t('parcel.tab.plans')} ${data.plans.length}`,
              children: (
                <PlanList plans={data.plans} enterprises={data.enterprises.map(occupant => occupant.enterprise)} />
              ),
            },
            {
              key: 'visits',
              label: t('visit.tab'),
              children: <ParcelVisits key={asked} parcelId={id} focusFirst={asked > 0} />,
            },
            { key: 'books', label: t('page.books'), children: <ParcelBooks parcelId={id} /> },
            { key: 'photos', label: t('photo.tab'), children: <PhotoList owner={{ entity: 'parcel', id }} /> },
            { key: 'history', label: t('parcel.tab.history'), children: <HistoryList entity="parcel" id={id} /> },
          ]}
        />
      </div>
    </section>
  )
}
