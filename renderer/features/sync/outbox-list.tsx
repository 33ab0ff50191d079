/** Own changes by name: without a receipt, refused, or met by parallel changes of others. */
import { useQuery } from '@tanstack/react-query'
import { Skeleton, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { OutboxItem } from '../../../shared/contract/sync.ts'
import { clauses, formatInstant, wordList } from '../../app/format.ts'
import { entityLabel, fieldLabel } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { shownValue } from './shown-value.ts'

const SHOWN = 200
const REFUSALS = ['out_of_scope', 'unknown_record', 'unknown_conflict', 'already_resolved', 'too_large'] as const

interface OutboxListProps {
  kind: 'pending' | 'refused' | 'parallel'
  onChanged: () => void
}

export function OutboxList({ kind, onChanged }: Readonly<OutboxListProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const { data } = useQuery({
    queryKey: ['sync', 'outbox', kind],
    queryFn: () => client.sync.outbox({ kind, offset: 0, limit: SHOWN }),
    refetchInterval: 4000,
  })
  if (!data) return <Skeleton active className="page-pad" />
  if (data.total === 0) return <EmptyState text={t(`sync.no_${kind}`)} />
  const dismiss = async (ids: string[]): Promise<void> => {
    await client.sync.dismiss({ ids })
    onChanged()
  }
  return (
    <div className="page-body page-pad">
      <table className="sheet outbox" data-testid={`outbox-${kind}`}>
        <thead>
          <tr>
            <th>{t('sync.column.record')}</th>
            <th>{t('sync.column.what')}</th>
            <th>{t('sync.column.changes')}</th>
            <th>{t(kind === 'refused' ? 'sync.column.reason' : 'sync.column.state')}</th>
            <th>{t('sync.column.when')}</th>
            {kind === 'refused' && <th />}
          </tr>
        </thead>
        <tbody>
          {data.items.map(item => (
            <tr key={item.id}>
              <td>
                {entityLabel(item.entity)} {item.name || '—'}
              </td>
              <td className="no-break">{t(`sync.op.${item.op}`)}</td>
              <td className="outbox-changes">
                <Changes item={item} isParallel={kind === 'parallel'} />
              </td>
              <td>
                {kind === 'refused' ? (
                  refusalOf(t, item.reason)
                ) : (
                  <Tag>
                    {item.bundle === null || item.state !== 'sent'
                      ? t(`sync.state.${item.state}`)
                      : t('sync.in_bundle', { number: item.bundle })}
                  </Tag>
                )}
              </td>
              <td className="numbers">
                <span className="no-break">{formatInstant(item.at)}</span> <span className="muted">{item.user}</span>
              </td>
              {kind === 'refused' && (
                <td>
                  <RoleButton calls="sync.dismiss" onClick={() => void dismiss([item.id]).catch(notify.error)}>
                    {t('sync.dismiss')}
                  </RoleButton>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {data.total > data.items.length && (
        <div className="muted">{t('sync.more', { count: data.total - data.items.length })}</div>
      )}
    </div>
  )
}

function Changes({ item, isParallel }: Readonly<{ item: OutboxItem; isParallel: boolean }>) {
  const { t } = useTranslation()
  const name = (field: string): string => (field === 'geometry' ? t('sync.outline') : fieldLabel(item.entity, field))
  if (isParallel) return <>{wordList(item.parallel.map(name))}</>
  const words = item.fields.map(({ field, from, to }) =>
    item.op === 'create'
      ? `${name(field)} ${shownValue(item.entity, field, to)}`
      : `${name(field)} ${shownValue(item.entity, field, from)} → ${shownValue(item.entity, field, to)}`,
  )
  if (item.geometry_changed) words.push(t('sync.outline'))
  const text = clauses(words)
  return <span title={text}>{text}</span>
}

function refusalOf(t: ReturnType<typeof useTranslation>['t'], reason: string | null): string {
  const known = REFUSALS.find(each => each === reason)
  return known ? t(`sync.refusal.${known}`) : t('sync.refusal.other', { reason: reason ?? '—' })
}
