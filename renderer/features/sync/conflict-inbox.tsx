/** The inbox of conflicts: the list on top, the chosen one below; several at once by rule. */
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Skeleton, Space, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConflictItem } from '../../../shared/contract/sync.ts'
import { formatInstant } from '../../app/format.ts'
import { entityLabel, fieldLabel } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord } from '../../app/ui-store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { ConflictDetail } from './conflict-detail.tsx'
import { shownValue } from './shown-value.ts'

/** Kinds that a rule may decide for many at once; codes given twice need a look each. */
const BY_RULE: readonly ConflictItem['kind'][] = ['field', 'geometry', 'delete_edit', 'edit_delete']

export function ConflictInbox({ onChanged }: Readonly<{ onChanged: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const [current, setCurrent] = useState<string | null>(null)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState(false)
  const { data } = useQuery({
    queryKey: ['sync', 'conflicts'],
    queryFn: () => client.sync.conflicts({}),
    refetchInterval: 4000,
  })
  if (!data) return <Skeleton active className="page-pad" />
  if (data.length === 0) return <EmptyState text={t('sync.no_conflicts')} />
  const shown = data.find(conflict => conflict.id === current) ?? data[0]!
  const chosen = data.filter(({ id }) => picked.has(id))
  const decide = async (ids: string[], take: 'mine' | 'theirs' | 'merge', reason = ''): Promise<void> => {
    setBusy(true)
    try {
      const { resolved } = await tracked(() =>
        client.sync.resolve({ ids, take, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }),
      )
      notify.success(t('sync.decided', { count: resolved }))
      setPicked(new Set())
    } catch (error) {
      notify.error(error)
    } finally {
      setBusy(false)
      onChanged()
    }
  }
  const toggle = (id: string): void => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    setPicked(next)
  }
  const rulable = data.filter(({ kind }) => BY_RULE.includes(kind))
  const ids = chosen.map(({ id }) => id)
  return (
    <div className="conflict-inbox">
      <div className="page-head">
        <Checkbox
          checked={rulable.length > 0 && chosen.length === rulable.length}
          indeterminate={chosen.length > 0 && chosen.length < rulable.length}
          disabled={rulable.length === 0}
          onChange={event => setPicked(new Set(event.target.checked ? rulable.map(({ id }) => id) : []))}
        >
          {t('sync.select_all')}
        </Checkbox>
        <Button
          type="link"
          onClick={() => setPicked(new Set(rulable.filter(each => each.mine_by.own).map(({ id }) => id)))}
        >
          {t('sync.bulk_own')}
        </Button>
        <span className="panel-gap" />
        {chosen.length > 0 && (
          <Space>
            <span className="muted">{t('sync.bulk', { count: chosen.length })}</span>
            <RoleButton calls="sync.resolve" disabled={busy} onClick={() => void decide(ids, 'mine')}>
              {t('sync.bulk_mine')}
            </RoleButton>
            <RoleButton calls="sync.resolve" disabled={busy} onClick={() => void decide(ids, 'theirs')}>
              {t('sync.bulk_theirs')}
            </RoleButton>
          </Space>
        )}
      </div>
      <div className="conflict-list" data-testid="conflict-list">
        <table className="sheet">
          <thead>
            <tr>
              <th className="conflict-tick" />
              <th>{t('sync.column.record')}</th>
              <th className="conflict-kind">{t('sync.column.what')}</th>
              <th>{t('sync.theirs')}</th>
              <th>{t('sync.mine')}</th>
              <th className="conflict-when">{t('sync.column.when')}</th>
            </tr>
          </thead>
          <tbody>
            {data.map(conflict => (
              <tr
                key={conflict.id}
                className={conflict.id === shown.id ? 'row-selected' : undefined}
                onClick={() => setCurrent(conflict.id)}
              >
                <td>
                  <Checkbox
                    aria-label={conflict.name}
                    checked={picked.has(conflict.id)}
                    disabled={!BY_RULE.includes(conflict.kind)}
                    onChange={() => toggle(conflict.id)}
                  />
                </td>
                <td>
                  <button type="button" className="link-button" title={conflict.name} onClick={() => open(conflict)}>
                    <span className="conflict-name">
                      {entityLabel(conflict.entity)} {conflict.name || '—'}
                    </span>
                  </button>
                </td>
                <td className="conflict-kind">
                  <Tag>
                    {conflict.kind === 'field' && conflict.field !== null
                      ? fieldLabel(conflict.entity, conflict.field)
                      : t(`sync.kind.${conflict.kind}`)}
                  </Tag>
                </td>
                <td>
                  {short(conflict, conflict.theirs)} <span className="muted">{conflict.theirs_by.user}</span>
                </td>
                <td>
                  {short(conflict, conflict.mine)}{' '}
                  <span className="muted">
                    {conflict.mine_by.own
                      ? t('common.with_unit', { name: conflict.mine_by.user, unit: t('sync.own') })
                      : conflict.mine_by.user}
                  </span>
                </td>
                <td className="conflict-when numbers no-break">{formatInstant(conflict.mine_by.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ConflictDetail
        key={shown.id}
        id={shown.id}
        busy={busy}
        onDecide={(take, reason) => void decide([shown.id], take, reason)}
      />
    </div>
  )
}

function short({ entity, kind, field }: ConflictItem, value: unknown): string {
  return kind === 'field' || kind === 'twin_code' ? shownValue(entity, field, value) : ''
}

function open({ entity, entity_id: id }: ConflictItem): void {
  if (entity === 'parcel' || entity === 'enterprise') openRecord({ entity, id })
  else if (entity === 'plan') openRecord({ entity, id }, 'plans')
  else if (entity === 'zone') openRecord({ entity, id }, 'zones')
}
