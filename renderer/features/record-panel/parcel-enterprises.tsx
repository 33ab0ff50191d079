/** Who uses a parcel: owner, tenants, actual users, each with the area they use; link an existing enterprise or a new one. */

import { useQuery } from '@tanstack/react-query'
import { InputNumber, Select, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ParcelDetail } from '../../../shared/contract/parcels.ts'
import { type CodeOf, ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { formatMu } from '../../app/format.ts'
import { language, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RoleButton } from '../../ui/role-button.tsx'

type Role = CodeOf<'occupancy_role'>

export function ParcelEnterprises({
  parcelId,
  areaM2,
  occupants,
}: Readonly<{ parcelId: string; areaM2: number; occupants: ParcelDetail['enterprises'] }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const used = occupants
    .filter(occupant => occupant.role === 'ACTUAL_USER')
    .reduce((sum, occupant) => sum + (occupant.used_area_m2 ?? 0), 0)
  return (
    <div>
      {occupants.length === 0 && <EmptyState text={t('parcel.no_enterprise')} />}
      {occupants.map(occupant => (
        <div key={occupant.occupancy_id} className="linked">
          <button
            type="button"
            className="link-button ellipsis"
            title={occupant.enterprise.name}
            onClick={() => openRecord({ entity: 'enterprise', id: occupant.enterprise.id })}
          >
            {occupant.enterprise.name}
          </button>
          <span className="muted">
            {term('occupancy_role', occupant.role)} · {formatMu(occupant.used_area_m2)} {t('common.mu')} ·{' '}
            {term('operating_status', occupant.enterprise.op_status)}
          </span>
          <RoleButton
            calls="parcels.unlink"
            type="link"
            onClick={() =>
              void tracked(() => client.parcels.unlink({ occupancy_id: occupant.occupancy_id })).catch(notify.error)
            }
          >
            {t('parcel.unlink')}
          </RoleButton>
        </div>
      ))}
      {used > areaM2 * 1.01 && (
        <div className="side-differs">
          {t('parcel.used_too_much', { used: formatMu(used), area: formatMu(areaM2) })}
        </div>
      )}
      <LinkForm parcelId={parcelId} areaM2={areaM2} />
    </div>
  )
}

function LinkForm({ parcelId, areaM2 }: Readonly<{ parcelId: string; areaM2: number }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const notify = useNotify()
  const [text, setText] = useState('')
  const [enterpriseId, setEnterpriseId] = useState<string | null>(null)
  const [role, setRole] = useState<Role>('ACTUAL_USER')
  const [usedMu, setUsedMu] = useState<number | null>(null)
  const found = useQuery({
    queryKey: ['enterprises', 'choose', text],
    queryFn: () => client.enterprises.list({ filter: text ? { text } : {}, limit: 20, offset: 0 }),
    placeholderData: previous => previous,
  }).data
  const exact = found?.rows.some(row => row.name === text.trim())

  const link = async (id: string): Promise<void> => {
    await tracked(() =>
      client.parcels.link({
        parcel_id: parcelId,
        enterprise_id: id,
        role,
        used_area_m2: usedMu === null ? null : usedMu * (2000 / 3),
      }),
    )
    setEnterpriseId(null)
    setText('')
    setUsedMu(null)
  }
  const createAndLink = async (): Promise<void> => {
    const parcel = await client.records.get({ entity: 'parcel', id: parcelId })
    const created = await tracked(() =>
      client.enterprises.create({
        values: {
          name: text.trim(),
          unit: parcel['unit'] ?? survey?.profile.unit ?? null,
          town: parcel['town'] ?? null,
        },
      }),
    )
    await link(created.id)
    notify.success(t('parcel.linked_new', { name: text.trim() }))
  }
  return (
    <div className="link-form">
      <div className="section">{t('parcel.link')}</div>
      <Select
        showSearch={{ filterOption: false, onSearch: setText }}
        allowClear
        value={enterpriseId}
        placeholder={t('parcel.find_enterprise')}
        aria-label={t('parcel.find_enterprise')}
        notFoundContent={null}
        options={
          found?.rows.map(row => ({ value: row.id, label: `${row.name}${row.uscc ? ` ${row.uscc}` : ''}` })) ?? []
        }
        onChange={value => setEnterpriseId(value ?? null)}
      />
      <Space wrap>
        <Select<Role>
          value={role}
          aria-label={t('parcel.role')}
          options={ENUMERATIONS.occupancy_role.map(item => ({ value: item.code, label: item[language()] }))}
          onChange={setRole}
        />
        <InputNumber
          value={usedMu}
          min={0}
          controls={false}
          suffix={t('common.mu')}
          placeholder={formatMu(areaM2)}
          aria-label={t('parcel.used_area')}
          onChange={setUsedMu}
        />
        <RoleButton
          calls="parcels.link"
          type="primary"
          disabled={!enterpriseId}
          onClick={() => void link(enterpriseId!).catch(notify.error)}
        >
          {t('parcel.link_button')}
        </RoleButton>
      </Space>
      {text.trim() !== '' && !exact && !enterpriseId && (
        <RoleButton calls="enterprises.create" onClick={() => void createAndLink().catch(notify.error)}>
          {t('parcel.create_and_link', { name: text.trim() })}
        </RoleButton>
      )}
    </div>
  )
}
