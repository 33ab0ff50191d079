/** 今日待办: worklists with exact counts on the left, the rows of one on the right; each opens its record and its land. */
import { useQueries } from '@tanstack/react-query'
import { Alert, Button, Skeleton, Tag } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorMessage } from '../../app/errors.ts'
import { clauses } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord, setUi, useUi } from '../../app/ui-store.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { missingText } from '../loop/missing.ts'
import { WORKLISTS, type WorkItem, type Worklist, type WorkPage, worklist } from './worklists.ts'

/** Topics of the cache by list, so that a change of a record counts the lists that it concerns again. */
const TOPIC: Readonly<Record<Worklist, string>> = {
  my_drafts: 'loop',
  to_visit: 'loop',
  to_review: 'loop',
  missing_evidence: 'loop',
  overdue: 'loop',
  look_back: 'loop',
  unproved: 'loop',
  drafts: 'plans',
  review: 'plans',
  disagree: 'parcels',
  crossing: 'parcels',
  unplanned: 'enterprises',
  unlinked: 'enterprises',
}

export function TodoPage() {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const units = useUnitNames()
  const [picked, setPicked] = useState<Worklist | null>(null)
  const unit = survey?.profile.unit ?? null
  const lists = useQueries({
    queries: WORKLISTS.map(name => ({
      queryKey: [TOPIC[name], 'todo', name, unit],
      queryFn: () => worklist(client, name, unit),
      enabled: survey?.open === true,
    })),
  })
  // The day begins with the first list that has something; from then on the page stays where the person is.
  const first = lists.findIndex(list => !list.data || list.data.total > 0)
  if (picked === null && first >= 0 && lists[first]?.data) setPicked(WORKLISTS[first]!)
  const chosen = picked ?? WORKLISTS[Math.max(first, 0)]!
  const shown = lists[WORKLISTS.indexOf(chosen)]!
  return (
    <div className="split">
      <div className="split-list">
        <div className="page-head">
          <h1 className="page-title">{t('page.todo')}</h1>
          <span className="muted">{unit === null ? t('zone.all_units') : (units.get(unit) ?? unit)}</span>
        </div>
        <div className="split-rows">
          {WORKLISTS.map((name, index) => (
            <button
              key={name}
              type="button"
              className={name === chosen ? 'list-row list-row-current' : 'list-row'}
              onClick={() => setPicked(name)}
            >
              <span className="list-row-title ellipsis">{t(`todo.list.${name}`)}</span>
              <Tag color={lists[index]!.data?.total ? 'warning' : 'default'} className="numbers">
                {lists[index]!.data?.total.toLocaleString() ?? '…'}
              </Tag>
              <span className="muted list-row-detail ellipsis" title={t(`todo.hint.${name}`)}>
                {t(`todo.hint.${name}`)}
              </span>
            </button>
          ))}
        </div>
      </div>
      <div className="split-detail">
        {shown.error ? (
          <Alert type="error" showIcon title={errorMessage(shown.error)} />
        ) : shown.data ? (
          <WorkRows key={chosen} page={shown.data} />
        ) : (
          <Skeleton active className="page-pad" />
        )}
      </div>
    </div>
  )
}

function WorkRows({ page }: Readonly<{ page: WorkPage }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const units = useUnitNames()
  const selection = useUi(state => state.selection)
  const open = (item: WorkItem): void => {
    if (item.entity === 'plan') openRecord({ entity: 'plan', id: item.id }, 'plans')
    else {
      openRecord({ entity: item.entity, id: item.id })
      if (item.status.enumeration === 'visit_status') setUi({ panelTab: 'visits' })
      if (item.missing) setUi({ panelTab: 'loop' })
    }
  }
  const show = async (item: WorkItem): Promise<void> => {
    let parcelId = item.id
    if (item.enterprise_id !== null) {
      const { parcels } = await client.enterprises.detail({ id: item.enterprise_id })
      if (!parcels[0]) {
        notify.info(t('enterprise.no_parcel'))
        return
      }
      parcelId = parcels[0].parcel.id
    }
    setUi({ page: 'map', selection: { entity: 'parcel', id: parcelId }, flyTo: { parcelId } })
  }
  const walk = (event: KeyboardEvent<HTMLButtonElement>): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    const row = event.currentTarget.closest('tr')
    const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling
    next?.querySelector<HTMLElement>('.link-button')?.focus()
  }
  if (page.total === 0) return <EmptyState text={t('todo.nothing')} />
  return (
    <div className="page-body page-pad">
      <table className="sheet">
        <tbody>
          {page.items.map(item => (
            <tr key={item.id} className={selection?.id === item.id ? 'row-selected' : undefined}>
              <td className="todo-name">
                <button type="button" className="link-button" onClick={() => open(item)} onKeyDown={walk}>
                  {item.title}
                </button>
              </td>
              <td className="muted no-break">{units.get(item.unit ?? '') ?? item.unit ?? '—'}</td>
              <td className="no-break">{term(item.status.enumeration, item.status.code)}</td>
              {page.items.some(other => other.missing?.length) && (
                <td className="muted todo-missing" title={item.missing?.map(missingText).join('\n')}>
                  {clauses(item.missing?.map(missingText) ?? [])}
                </td>
              )}
              <td className="numbers muted no-break">{item.due ? t('todo.due', { date: item.due }) : ''}</td>
              <td>
                <Button size="small" onClick={() => void show(item).catch(notify.error)}>
                  {t('parcel.fly')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {page.total > page.items.length && (
        <div className="muted">{t('todo.more', { count: page.total - page.items.length })}</div>
      )}
    </div>
  )
}
