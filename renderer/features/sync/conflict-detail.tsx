/** One conflict: what it was, what came later, what stands, with who and when; outlines over each other; the decision. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, Skeleton, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Polygonal } from '../../../shared/contract/base.ts'
import type { ConflictDetail as Detail } from '../../../shared/contract/sync.ts'
import { errorMessage } from '../../app/errors.ts'
import { formatInstant, formatNumber } from '../../app/format.ts'
import { entityLabel, fieldLabel } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord } from '../../app/ui-store.ts'
import { OutlineCanvas, type OutlineLayer } from '../../ui/outline-canvas.tsx'
import { shownValue } from './shown-value.ts'

type Take = 'mine' | 'theirs' | 'merge'

interface ConflictDetailProps {
  id: string
  onDecide: (take: Take, reason: string) => void
  busy: boolean
}

export function ConflictDetail({ id, onDecide, busy }: Readonly<ConflictDetailProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const [reason, setReason] = useState('')
  const { data, error } = useQuery({
    queryKey: ['sync', 'conflict', id],
    queryFn: () => client.sync.conflict({ id }),
  })
  if (error) return <Alert type="error" showIcon title={errorMessage(error)} />
  if (!data) return <Skeleton active className="page-pad" />
  const by = ({ user, at, own }: Detail['mine_by']): string =>
    t('sync.by', {
      user: own ? t('common.with_unit', { name: user, unit: t('sync.own') }) : user || '—',
      at: formatInstant(at),
    })
  return (
    <div className="conflict-detail" data-testid="conflict-detail">
      <h2>
        {entityLabel(data.entity)} {data.name} · {t(`sync.kind.${data.kind}`)}
      </h2>
      <Words conflict={data} />
      {rowsOf(data).length === 0 && (
        <p className="muted">
          {t('sync.theirs')} {by(data.theirs_by)}
          {t('sync.and')}
          {t('sync.mine')} {by(data.mine_by)}
        </p>
      )}
      {rowsOf(data).length > 0 && (
        <table className="sheet conflict-sheet">
          <thead>
            <tr>
              <th />
              <th>{t('sync.base')}</th>
              <th className="conflict-theirs">
                {t('sync.theirs')}
                <div className="muted">{by(data.theirs_by)}</div>
              </th>
              <th className="conflict-mine">
                {t('sync.mine')}
                <div className="muted">{by(data.mine_by)}</div>
              </th>
            </tr>
          </thead>
          <tbody>
            {rowsOf(data).map(row => (
              <tr key={row.field}>
                <th>{fieldLabel(data.entity, row.field)}</th>
                {[row.base, row.theirs, row.mine].map((value, index) => (
                  // Three fixed columns.
                  // biome-ignore lint/suspicious/noArrayIndexKey: see above
                  <td key={index}>
                    {value === DELETED ? <b>{t('sync.deleted')}</b> : shownValue(data.entity, row.field, value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {data.geometry && isOutlineInQuestion(data) && <Outlines geometry={data.geometry} />}
      <Input
        value={reason}
        placeholder={t('sync.reason')}
        maxLength={1000}
        onChange={event => setReason(event.target.value)}
      />
      <Space wrap>
        {choicesOf(data).map(([take, label]) => (
          <Button
            key={take}
            type={
              label === 'sync.delete_anyway' || take === 'theirs' || label === 'sync.twin_mine' ? 'default' : 'primary'
            }
            danger={label === 'sync.delete_anyway'}
            disabled={busy}
            onClick={() => onDecide(take, reason)}
          >
            {t(label)}
          </Button>
        ))}
      </Space>
      <p className="muted">{t('sync.decided_note')}</p>
    </div>
  )
}

const DELETED = Symbol('deleted')

function choicesOf({ kind, field }: Detail): [Take, string][] {
  if (kind === 'twin_code')
    return [
      ['merge', 'sync.take_merge'],
      ['mine', 'sync.twin_mine'],
      ['theirs', 'sync.twin_theirs'],
    ]
  if (kind === 'delete_edit' || (kind === 'reference' && field === null))
    return [
      ['mine', 'sync.delete_anyway'],
      ['theirs', 'sync.keep'],
    ]
  if (kind === 'reference')
    return [
      ['theirs', 'sync.delete_anyway'],
      ['mine', 'sync.keep'],
    ]
  return [
    ['mine', 'sync.take_mine'],
    ['theirs', 'sync.take_theirs'],
  ]
}

/** Of a deletion against an edit of fields the outline says nothing. */
function isOutlineInQuestion({ kind, geometry }: Detail): boolean {
  return kind === 'geometry' || geometry?.only_mine_m2 !== 0 || geometry.only_theirs_m2 !== 0
}

/** One line per field in question; a side that deleted says so on each. */
function rowsOf({ kind, field, base, mine, theirs }: Detail) {
  if (kind === 'field' && field !== null) return [{ field, base, mine, theirs }] as const
  if (kind !== 'delete_edit' && kind !== 'edit_delete') return []
  const [before, later, stands] = [base, mine, theirs].map(values => (values ?? {}) as Record<string, unknown>)
  const names = [...new Set([...Object.keys(later!), ...Object.keys(stands!)])]
  return (names.length > 0 ? names : ['code']).map(name => ({
    field: name,
    base: before![name],
    mine: kind === 'delete_edit' ? DELETED : later![name],
    theirs: kind === 'edit_delete' ? DELETED : stands![name],
  }))
}

function Words({ conflict }: Readonly<{ conflict: Detail }>) {
  const { t } = useTranslation()
  if (conflict.kind === 'twin_code')
    return (
      <>
        <p>{t('sync.twin_words', { code: String(conflict.mine) })}</p>
        {conflict.entity === 'parcel' && <Twins code={String(conflict.mine)} later={conflict.entity_id} />}
      </>
    )
  if (conflict.kind !== 'reference') return null
  return (
    <p>
      {conflict.field === null
        ? t('sync.reference_words', { other: String(conflict.theirs) })
        : t('sync.dangling_words')}
    </p>
  )
}

/** Whether two records are the same thing nobody can say without having seen both. */
function Twins({ code, later }: Readonly<{ code: string; later: string }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const openStanding = async (): Promise<void> => {
    const { record } = await client.parcels.detail({ code })
    openRecord({ entity: 'parcel', id: String(record['id']) })
  }
  return (
    <Space wrap>
      <Button onClick={() => void openStanding().catch(notify.error)}>{t('sync.twin_open_theirs')}</Button>
      <Button onClick={() => openRecord({ entity: 'parcel', id: later })}>{t('sync.twin_open_mine')}</Button>
    </Space>
  )
}

const STANDING = '#1f5fa8'
const LATER = '#d9730d'

function Outlines({ geometry }: Readonly<{ geometry: NonNullable<Detail['geometry']> }>) {
  const { t } = useTranslation()
  const { base, mine, theirs } = geometry
  const layers: OutlineLayer[] = []
  // Both at once, filled where only one of them is.
  if (mine && theirs) layers.push({ geometry: both(mine, theirs), stroke: 'transparent', fill: '#d2454555' })
  if (base) layers.push({ geometry: base, stroke: '#8a949e', dash: [4, 4] })
  if (theirs) layers.push({ geometry: theirs, stroke: STANDING, width: 2 })
  if (mine) layers.push({ geometry: mine, stroke: LATER, width: 2, dash: [8, 3] })
  if (layers.length === 0) return null
  return (
    <>
      <OutlineCanvas layers={layers} height={220} label={t('sync.kind.geometry')} movable />
      <div className="conflict-legend">
        {base && <span className="muted">┄ {t('sync.base')}</span>}
        {theirs && <span style={{ color: STANDING }}>━ {t('sync.theirs')}</span>}
        {mine && <span style={{ color: LATER }}>╍ {t('sync.mine')}</span>}
        {geometry.only_mine_m2 !== null && (
          <span className="numbers">
            {t('sync.difference', {
              mine: formatNumber(geometry.only_mine_m2),
              theirs: formatNumber(geometry.only_theirs_m2),
            })}
          </span>
        )}
      </div>
    </>
  )
}

function both(a: Polygonal, b: Polygonal): Polygonal {
  const parts = (shape: Polygonal) => (shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates)
  return { type: 'MultiPolygon', coordinates: [...parts(a), ...parts(b)] }
}
