/** One row of the ledger: what proves it and where it leads, then every field, each saved by itself. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FreedRow } from '../../../shared/contract/freed.ts'
import { formatMu, formatNumber, wordList } from '../../app/format.ts'
import { entityLabel, fieldLabel, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord, setUi } from '../../app/ui-store.ts'
import { RecordField } from '../../ui/record-field.tsx'
import { RemoveRecord } from '../../ui/remove-record.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { useFieldSaver } from '../record-panel/use-record.ts'

const LAND = ['area_m2', 'available_on', 'plan_use', 'condition', 'withdrawn'] as const
const PROJECT = [
  'project_name',
  'investor',
  'investment',
  'signed_on',
  'supplied_on',
  'started_on',
  'completed_on',
  'production_on',
  'remark',
] as const

interface FreedDetailProps {
  row: FreedRow
  /** Why this person may not write; undefined when they may. */
  barred: string | undefined
  onAccept: () => void
  onClose: () => void
}

export function FreedDetail({ row, barred, onAccept, onClose }: Readonly<FreedDetailProps>) {
  const { t } = useTranslation()
  const { enterprise_id: enterpriseId } = row
  return (
    <aside className="freed-detail" aria-label={row.parcel_code}>
      <div className="freed-detail-head">
        <b className="ellipsis" title={row.parcel_code}>
          {row.parcel_code}
        </b>
        <span className="numbers">
          {formatMu(row.area_m2)} {t('common.mu')}
        </span>
        <Button type="text" size="small" onClick={onClose}>
          {t('action.close')}
        </Button>
      </div>
      <div className="freed-evidence">
        <span className="muted">
          {t('freed.evidence')}
          {t('common.colon')}
        </span>
        {row.source_entity === null
          ? t('freed.by_hand')
          : t('freed.proved_by', {
              what: entityLabel(row.source_entity),
              how: term('freed_source', row.source),
              date: row.available_on ?? '—',
            })}{' '}
        {enterpriseId !== null && (
          <button
            type="button"
            className="link-button"
            onClick={() => {
              setUi({ page: 'enterprises', panelTab: 'loop' })
              openRecord({ entity: 'enterprise', id: enterpriseId })
            }}
          >
            {row.enterprise}
          </button>
        )}
      </div>
      {row.problems.map(key => (
        <div key={key} className="side-differs">
          {t(`freed.problem_long.${key}`)}
        </div>
      ))}
      {row.id !== null && row.problems.includes('recorded_twice') && <KeepOne id={row.id} />}
      <Button
        size="small"
        disabled={row.parcel_pks.length === 0}
        onClick={() =>
          setUi({
            page: 'map',
            theme: 'freed',
            selection: { entity: 'parcel', id: row.parcel_id },
            flyTo: { parcelId: row.parcel_id },
          })
        }
      >
        {t('parcel.fly')}
      </Button>
      {row.id === null ? (
        <div className="freed-proposal">
          <p className="muted">{t('freed.proposal_hint', { area: formatNumber(row.area_m2) })}</p>
          <Button type="primary" disabled={barred !== undefined} title={barred} onClick={onAccept}>
            {t('freed.accept_one')}
          </Button>
        </div>
      ) : (
        <Fields id={row.id} row={row} />
      )}
    </aside>
  )
}

/** One click for land that computers took in apart; where the rows differed, the answer says in what. */
function KeepOne({ id }: Readonly<{ id: string }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const keep = async (): Promise<void> => {
    const { removed, lost } = await tracked(() => client.freed.keepOne({ id }))
    const fields = wordList(lost.map(field => fieldLabel('freed_land', field)))
    if (lost.length > 0) notify.info(t('freed.kept_lost', { count: removed.length, fields }))
    else notify.success(t('freed.kept', { count: removed.length }))
  }
  return (
    <RoleButton
      calls="freed.keepOne"
      type="primary"
      size="small"
      title={t('freed.keep_one_hint')}
      onClick={() => void keep().catch(notify.error)}
    >
      {t('freed.keep_one')}
    </RoleButton>
  )
}

/** Raw areas have more digits than anybody types; false is not an answer that somebody gave. */
function shown(row: FreedRow, name: (typeof LAND)[number] | (typeof PROJECT)[number]): unknown {
  if (name === 'withdrawn') return row.withdrawn || null
  const value = row[name]
  return name === 'area_m2' && value !== null ? Math.round(Number(value) * 100) / 100 : value
}

function Fields({ id, row }: Readonly<{ id: string; row: FreedRow }>) {
  const { t } = useTranslation()
  const save = useFieldSaver('freed_land', id, row.rev)
  const field = (name: (typeof LAND)[number] | (typeof PROJECT)[number]) => (
    <RecordField
      key={name}
      entity="freed_land"
      field={name}
      value={shown(row, name)}
      save={save}
      multiline={name === 'remark'}
    />
  )
  return (
    <>
      <div className="section">{t('freed.land')}</div>
      {LAND.map(field)}
      <div className="section">{t('freed.project')}</div>
      {PROJECT.map(field)}
      <RemoveRecord entity="freed_land" id={id} name={row.parcel_code} />
    </>
  )
}
