/** Who changed what and when, in words, newest first. */
import { useQuery } from '@tanstack/react-query'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { type EntityName, fieldOf } from '../../../shared/model/entity.ts'
import type { EnumerationName } from '../../../shared/model/enumerations.ts'
import { formatInstant, UNKNOWN, wordList } from '../../app/format.ts'
import { editLabel, fieldLabel, term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { EmptyState } from '../../ui/empty-state.tsx'

export function HistoryList({ entity, id }: Readonly<{ entity: EntityName; id: string }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const { data } = useQuery({
    queryKey: ['history', entity, id],
    queryFn: () => client.records.history({ entity, id }),
  })
  if (!data) return <Skeleton active />
  if (data.length === 0) return <EmptyState text={t('history.empty')} />
  return (
    <ol className="history">
      {data.map(item => (
        <li key={`${item.edit}-${item.rev}-${item.op}`}>
          <div className="history-head">
            <b>{editLabel(item.label, item.values)}</b>
            {item.kind !== 'user' && <span className="muted">{t(`history.kind.${item.kind}`)}</span>}
          </div>
          <div className="muted">
            {formatInstant(item.at)} · {item.user}
            {item.reason ? ` · ${item.reason}` : ''}
          </div>
          {item.op === 'update' &&
            item.fields.map(change => (
              <div key={change.field} className="history-change">
                <span className="muted">{fieldLabel(entity, change.field)}</span>{' '}
                {shown(entity, change.field, change.from)} → {shown(entity, change.field, change.to)}
              </div>
            ))}
          {item.geometry_changed && item.op === 'update' && (
            <div className="history-change">{t('history.outline')}</div>
          )}
        </li>
      ))}
    </ol>
  )
}

/** A value as people read it: terms for codes, a dash for unknown. */
function shown(entity: EntityName, field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return UNKNOWN
  const name = fieldOf(entity, field)?.enumeration as EnumerationName | undefined
  if (Array.isArray(value))
    return wordList(value.map(entry => (name ? term(name, String(entry)) : String(entry)))) || UNKNOWN
  if (name) return term(name, String(value))
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
