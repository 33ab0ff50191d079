/** One zone: its fields, its members with the reason why each belongs, and what can be done with it. */
import { useQuery } from '@tanstack/react-query'
import { App, Button, Checkbox, Select, Skeleton, Tag } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Polygonal } from '../../../shared/contract/base.ts'
import type { ZoneDetail } from '../../../shared/contract/zones.ts'
import { errorMessage } from '../../app/errors.ts'
import { formatMu, formatNumber, UNKNOWN } from '../../app/format.ts'
import { t, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { removeRecord } from '../../app/remove-record.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord, setUi } from '../../app/ui-store.ts'
import { OutlineCanvas } from '../../ui/outline-canvas.tsx'
import { RecordField } from '../../ui/record-field.tsx'
import { RoleButton, useBarred } from '../../ui/role-button.tsx'
import { SideChip } from '../../ui/side-chip.tsx'
import { useBoundaryOutlines } from '../../ui/use-boundary-outlines.ts'
import { HistoryList } from '../record-panel/history-list.tsx'
import { useFieldSaver } from '../record-panel/use-record.ts'
import { ZoneWarnings } from '../reports/zone-warnings.tsx'
import { MergeInto } from './merge-into.tsx'
import { OutlineChoice } from './outline-choice.tsx'

const FIELDS = [
  'name',
  'direction',
  'status',
  'planned_on',
  'approved_on',
  'started_on',
  'done_on',
  'due_date',
  'investment',
  'departments',
  'sizhi',
  'cause_analysis',
  'approve_doc',
  'locked',
  'remark',
] as const
const TOUCHING_M = 0.005
const OUTLINE_HEIGHT_PX = 130
const OUTLINE_COLOR = '#1f6f8b'
const MULTILINE = new Set<string>(['cause_analysis', 'remark', 'sizhi'])

export function ZoneDetailView({ id }: Readonly<{ id: string }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const { modal } = App.useApp()
  const barred = useBarred('zones.addMembers')
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const { data, error } = useQuery({
    queryKey: ['zones', 'detail', id],
    queryFn: () => client.zones.detail({ id }),
    placeholderData: previous => previous,
  })
  const found = useQuery({
    queryKey: ['parcels', 'choose', text],
    queryFn: () => client.parcels.list({ filter: { text }, limit: 20, offset: 0 }),
    enabled: text.trim() !== '',
  }).data
  const check = useQuery({
    queryKey: ['zones', 'report-check', id],
    queryFn: () => client.reports.zonesCheck({ zone_ids: [id] }),
  }).data
  const save = useFieldSaver('zone', id, Number(data?.record['rev'] ?? 0))
  if (error) return <div className="empty">{errorMessage(error)}</div>
  if (!data) return <Skeleton active className="page-pad" />
  const { zone, record, members } = data
  const picked = members.filter(member => chosen.has(member.parcel_id)).map(member => member.parcel_id)
  const toggle = (parcelId: string): void => {
    const next = new Set(chosen)
    if (!next.delete(parcelId)) next.add(parcelId)
    setChosen(next)
  }
  const split = async (): Promise<void> => {
    const saved = await tracked(() => client.zones.split({ id, parcel_ids: picked }))
    setChosen(new Set())
    notify.success(t('zone.split_done', { count: picked.length }))
    setUi({ selection: { entity: 'zone', id: saved.id } })
  }
  const takeOut = async (): Promise<void> => {
    await tracked(() => client.zones.removeMembers({ id, parcel_ids: picked }))
    setChosen(new Set())
  }
  const remove = async (): Promise<void> => {
    if (
      !(await modal.confirm({
        title: t('zone.remove_confirm', { name: zone.name }),
        okText: t('zone.remove'),
        cancelText: t('action.cancel'),
      }))
    )
      return
    await removeRecord(client, 'zone', id)
  }
  return (
    <div className="page">
      <div className="page-head">
        <h2 className="page-title ellipsis" title={zone.name}>
          {zone.name}
        </h2>
        <Tag>{term('zone_status', zone.status)}</Tag>
        <span className="muted">{zone.code}</span>
        <span className="panel-gap" />
        {zone.box && (
          <Button
            onClick={() => setUi({ page: 'map', flyTo: { box: zone.box! }, filter: { zone_id: id }, tableOpen: true })}
          >
            {t('parcel.fly')}
          </Button>
        )}
        <RoleButton
          calls="records.remove"
          type="primary"
          onClick={() => setUi({ page: 'reports', reportZones: { year: zone.year, ids: [id] } })}
        >
          {t('command.report.open')}
        </RoleButton>
        <RoleButton calls="zones.removeMembers" danger onClick={() => void remove().catch(notify.error)}>
          {t('zone.remove')}
        </RoleButton>
      </div>
      <div className="page-body page-pad plan-form">
        <ZoneWarnings list={check?.warnings ?? []} />
        <div className="zone-figures">
          <div className="counts">
            {[
              [t('zone.area'), `${formatMu(zone.area_m2)} ${t('common.mu')}`],
              [t('parcel.side.in'), `${formatMu(zone.area_in_m2)} ${t('common.mu')}`],
              [t('parcel.side.out'), `${formatMu(zone.area_out_m2)} ${t('common.mu')}`],
              [t('zone.outline_area'), `${formatMu(zone.outline_m2)} ${t('common.mu')}`],
              [t('zone.parcel_count'), String(zone.parcels)],
              [t('page.enterprises'), String(zone.enterprises)],
            ].map(([label, value]) => (
              <div key={label} className="count">
                <b className="numbers">{value}</b>
                <span>{label}</span>
              </div>
            ))}
          </div>
          {data.outline && <ZoneOutline outline={data.outline} />}
        </div>
        <OutlineChoice zone={zone} method={record['outline_method'] as string | null} />
        {FIELDS.map(field => (
          <RecordField
            key={field}
            entity="zone"
            field={field}
            value={record[field]}
            save={save}
            multiline={MULTILINE.has(field)}
          />
        ))}
        <div className="section">{t('zone.members', { count: members.length })}</div>
        <div className="zone-regroup">
          <Button disabled={zone.locked || picked.length === 0} onClick={() => void takeOut().catch(notify.error)}>
            {t('zone.take_out_chosen', { count: picked.length })}
          </Button>
          <RoleButton
            calls="zones.split"
            disabled={zone.locked || picked.length === 0 || picked.length === members.length}
            title={picked.length === members.length ? t('zone.split_all_hint') : undefined}
            onClick={() => void split().catch(notify.error)}
          >
            {t('zone.split', { count: picked.length })}
          </RoleButton>
          <MergeInto zone={zone} onMerged={target => setUi({ selection: { entity: 'zone', id: target } })} />
        </div>
        <table className="sheet zone-members">
          <thead>
            <tr>
              <th>
                <Checkbox
                  aria-label={t('zone.choose_all')}
                  checked={picked.length > 0 && picked.length === members.length}
                  indeterminate={picked.length > 0 && picked.length < members.length}
                  onChange={event =>
                    setChosen(new Set(event.target.checked ? members.map(member => member.parcel_id) : []))
                  }
                />
              </th>
              <th>{t('zone.parcel')}</th>
              <th className="numbers-right">{t('table.area')}</th>
              <th>{t('table.filter_side')}</th>
              <th>{t('table.enterprises')}</th>
              <th>{t('zone.why')}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {members.map(member => (
              <tr key={member.member_id}>
                <td>
                  <Checkbox
                    aria-label={t('zone.choose_parcel', { code: member.code })}
                    checked={chosen.has(member.parcel_id)}
                    onChange={() => toggle(member.parcel_id)}
                  />
                </td>
                <td>
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => openRecord({ entity: 'parcel', id: member.parcel_id }, 'map')}
                  >
                    {member.code}
                  </button>
                </td>
                <td className="numbers-right">{formatMu(member.area_m2)}</td>
                <td>
                  <SideChip side={member.side} />
                </td>
                <td className="ellipsis" title={member.enterprises ?? ''}>
                  {member.enterprises ?? '—'}
                </td>
                <td className="ellipsis" title={member.manual ? undefined : whyIn(member, false)}>
                  {member.manual ? t('zone.by_hand') : whyIn(member, true)}
                </td>
                <td>
                  <RoleButton
                    calls="zones.removeMembers"
                    type="link"
                    disabled={zone.locked}
                    title={zone.locked ? t('zone.locked_hint') : undefined}
                    onClick={() =>
                      void tracked(() => client.zones.removeMembers({ id, parcel_ids: [member.parcel_id] })).catch(
                        notify.error,
                      )
                    }
                  >
                    {t('zone.take_out')}
                  </RoleButton>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <Select
          className="zone-add"
          showSearch={{ filterOption: false, onSearch: setText }}
          value={null}
          disabled={barred !== null || zone.locked}
          title={barred ?? undefined}
          placeholder={zone.locked ? t('zone.locked_hint') : t('zone.add')}
          aria-label={t('zone.add')}
          notFoundContent={null}
          options={found?.rows.map(row => ({ value: row.id, label: `${row.code} ${row.name ?? ''}` })) ?? []}
          onChange={(parcelId: string | null) => {
            if (parcelId)
              void tracked(() => client.zones.addMembers({ id, parcel_ids: [parcelId] })).catch(notify.error)
          }}
        />
        <div className="section">{t('parcel.tab.history')}</div>
        <HistoryList entity="zone" id={id} />
      </div>
    </div>
  )
}

/** Why a parcel belongs: its neighbour, touching or so many metres away. */
function whyIn(
  { code: own, linked_code: linked, distance_m: distance }: ZoneDetail['members'][number],
  isShort: boolean,
): string {
  if (!linked) return UNKNOWN
  // Codes of neighbours mostly differ in their last part only; the whole one is in the hint.
  const start = own.lastIndexOf('-') + 1
  const code = isShort && start > 1 && linked.startsWith(own.slice(0, start)) ? `…${linked.slice(start)}` : linked
  if (distance !== null && distance < TOUCHING_M) return t('zone.touching', { code })
  return t('zone.linked', { code, distance: formatNumber(distance) })
}

function ZoneOutline({ outline }: Readonly<{ outline: Polygonal }>) {
  const { t: translate } = useTranslation()
  const boundary = useBoundaryOutlines()
  const layers = useMemo(
    () => [...boundary, { geometry: outline, stroke: OUTLINE_COLOR, fill: `${OUTLINE_COLOR}44`, width: 1.5 }],
    [boundary, outline],
  )
  return (
    <div className="zone-outline">
      <OutlineCanvas layers={layers} height={OUTLINE_HEIGHT_PX} label={translate('zone.outline_area')} />
    </div>
  )
}
