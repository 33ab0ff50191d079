/** 验收: what the group found, who took part, and the land that it accepted. */
import { Button, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { mayWriteRecord, type Person } from '../../../shared/rules/roles/roles.ts'
import { formatMu, today } from '../../app/format.ts'
import { fieldLabel, language } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { RecordField } from '../../ui/record-field.tsx'
import { useEdited } from '../../ui/use-edited.ts'
import { useEnterprise, useFieldSaver } from '../record-panel/use-record.ts'

type Row = Record<string, unknown>
type Part = { parcel_id: string; area_m2: number }
type Member = { department?: string; name?: string }

const FIELDS = ['accepted_on', 'conclusion', 'doc_no', 'freed_tce', 'unmet'] as const

export function Acceptances({
  enterpriseId,
  planId,
  rows,
}: Readonly<{ enterpriseId: string; planId: string; rows: readonly Row[] }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const { data } = useEnterprise(enterpriseId)
  const survey = useSurvey()
  const barred = survey ? mayWriteRecord(survey.profile as Person, 'acceptance') : null
  const parcels = data?.parcels.filter(({ role }) => role !== 'TENANT') ?? []
  const add = (): void => {
    const accepted_land = parcels.map(({ parcel }) => ({ parcel_id: parcel.id, area_m2: parcel.area_m2 }))
    const values = { plan_id: planId, accepted_on: today(), accepted_land }
    void tracked(() => client.records.create({ entity: 'acceptance', values })).catch(notify.error)
  }
  return (
    <div data-field="loop-acceptance">
      {rows.map(row => (
        <Acceptance key={String(row['id'])} row={row} parcels={parcels.map(({ parcel }) => parcel)} />
      ))}
      <Button disabled={barred !== null} title={barred === null ? undefined : t(`reason.role_${barred}`)} onClick={add}>
        {t('loop.add_acceptance')}
      </Button>
    </div>
  )
}

function Acceptance({
  row,
  parcels,
}: Readonly<{ row: Row; parcels: readonly { id: string; code: string; area_m2: number }[] }>) {
  const { t } = useTranslation()
  const notify = useNotify()
  const save = useFieldSaver('acceptance', String(row['id']), Number(row['rev']))
  const [members, changeMembers] = useEdited((row['members'] as Member[] | null) ?? [], value =>
    tracked(() => save('members', value)),
  )
  const [land, changeLand] = useEdited((row['accepted_land'] as Part[] | null) ?? [], value =>
    tracked(() => save('accepted_land', value)),
  )
  // Who is already named keeps the name.
  const setDepartments = (departments: readonly string[]): void =>
    void changeMembers(now => [
      ...now.filter(member => !member.department),
      ...departments.flatMap(department => {
        const known = now.filter(member => member.department === department)
        return known.length > 0 ? known : [{ department }]
      }),
    ]).catch(notify.error)
  const setLand = (parcelId: string, area: number | null): void =>
    void changeLand(now => {
      const rest = now.filter(part => part.parcel_id !== parcelId)
      return area === null ? rest : [...rest, { parcel_id: parcelId, area_m2: area }]
    }).catch(notify.error)
  return (
    <div className="loop-record">
      {FIELDS.map(field => (
        <RecordField key={field} entity="acceptance" field={field} value={row[field]} save={save} />
      ))}
      <div className="field-row">
        <span className="field-label">{t('loop.members')}</span>
        <div className="field-control">
          <Select
            mode="multiple"
            aria-label={t('loop.members')}
            value={[...new Set(members.flatMap(member => member.department ?? []))]}
            options={ENUMERATIONS.department.map(item => ({ value: item.code, label: item[language()] }))}
            onChange={setDepartments}
          />
        </div>
      </div>
      <div className="field-row">
        <span className="field-label">{fieldLabel('acceptance', 'accepted_land')}</span>
        <div className="field-control loop-land">
          {parcels.map(({ id, code, area_m2 }) => {
            const own = land.find(part => part.parcel_id === id)
            return (
              <div key={id} className="loop-land-row">
                <span className="ellipsis">{code}</span>
                <InputNumber
                  key={String(own?.area_m2 ?? '')}
                  size="small"
                  aria-label={`${code} m²`}
                  controls={false}
                  min={0}
                  suffix="m²"
                  {...(own ? { defaultValue: own.area_m2 } : {})}
                  onBlur={event => {
                    const text = event.target.value.replaceAll(',', '').trim()
                    const area = text === '' ? null : Number(text)
                    if (area !== (own?.area_m2 ?? null) && !Number.isNaN(area)) setLand(id, area)
                  }}
                />
                <span className="muted numbers">
                  / {formatMu(area_m2)} {t('common.mu')}
                </span>
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
