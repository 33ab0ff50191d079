/**
 * 清单: what waits for this person, or everybody; by keyboard through the list, the checklist on the right, several ready
 * ones in one step.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Segmented, Select, Tag } from 'antd'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoopRow, LoopStep } from '../../../shared/contract/loop.ts'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord } from '../../app/ui-store.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { LoopPanel } from './loop-panel.tsx'
import { mainFirst, StepCard } from './step-card.tsx'
import './loop.css'

const SHOWN = 300

export function LoopPage() {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const units = useUnitNames()
  const [mine, setMine] = useState(true)
  const [state, setState] = useState<string | null>(null)
  const [wanted, setWanted] = useState('')
  const [current, setCurrent] = useState<string | null>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const list = useRef<HTMLDivElement>(null)
  const { data } = useQuery({
    queryKey: ['loop', 'list', mine, state, wanted, generation],
    queryFn: () =>
      client.loop.list({
        mine,
        ...(mine || state === null ? {} : { states: [state as LoopRow['state']] }),
        ...(wanted ? { text: wanted } : {}),
        offset: 0,
        limit: SHOWN,
      }),
    placeholderData: keepPreviousData,
  })
  const rows = data?.rows ?? []
  useEffect(() => {
    if (current === null && data?.rows[0]) setCurrent(data.rows[0].enterprise_id)
  }, [data, current])
  const toggle = (id: string): void => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  const walk = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target instanceof HTMLInputElement && event.target.type !== 'checkbox') return
    const index = rows.findIndex(row => row.enterprise_id === current)
    const go = (to: number): void => {
      const row = rows[Math.max(0, Math.min(rows.length - 1, to))]
      if (!row) return
      setCurrent(row.enterprise_id)
      list.current?.querySelector<HTMLElement>(`[data-id="${row.enterprise_id}"]`)?.focus()
    }
    if (event.key === 'ArrowDown') go(index + 1)
    else if (event.key === 'ArrowUp') go(index - 1)
    else if (event.key === ' ' && current !== null) toggle(current)
    else if (event.key === 'Enter') {
      // The step itself is pressed in the open: Enter leads to its button.
      document.querySelector<HTMLElement>('.loop-step .ant-btn-primary:not([disabled])')?.focus()
    } else return
    event.preventDefault()
  }
  const several = rows.filter(row => chosen.has(row.enterprise_id))
  return (
    <div className="split">
      <div className="split-list loop-list">
        <div className="page-head">
          <h1 className="page-title">{t('page.loop')}</h1>
          <Segmented
            size="small"
            value={mine ? 'mine' : 'all'}
            options={[
              { value: 'mine', label: t('loop.mine') },
              { value: 'all', label: t('loop.all') },
            ]}
            onChange={value => {
              setMine(value === 'mine')
              setChosen(new Set())
              setCurrent(null)
            }}
          />
          <span className="muted numbers">{t('common.total', { count: data?.total ?? 0 })}</span>
          <FilterText value={wanted} label={t('loop.find_enterprise')} onChange={text => setWanted(text ?? '')} />
          {!mine && (
            <Select
              allowClear
              className="filter-select"
              placeholder={t('loop.filter_state')}
              aria-label={t('loop.filter_state')}
              value={state}
              options={ENUMERATIONS.state.map(item => ({
                value: item.code,
                label: `${term('state', item.code)} ${data?.counts.find(count => count.state === item.code)?.count ?? 0}`,
              }))}
              onChange={value => setState(value ?? null)}
            />
          )}
        </div>
        <div className="muted loop-keys">{t('loop.keys')}</div>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the rows inside are buttons; this only moves between them */}
        <div className="split-rows" ref={list} onKeyDown={walk}>
          {data?.total === 0 && <EmptyState text={t(mine ? 'loop.nothing_mine' : 'loop.nothing')} />}
          {rows.map(row => (
            <div
              key={row.enterprise_id}
              className={row.enterprise_id === current ? 'list-row list-row-current loop-row' : 'list-row loop-row'}
            >
              <Checkbox
                checked={chosen.has(row.enterprise_id)}
                aria-label={row.name}
                onChange={() => toggle(row.enterprise_id)}
              />
              <button
                type="button"
                className="loop-row-name"
                data-id={row.enterprise_id}
                onClick={() => setCurrent(row.enterprise_id)}
                onDoubleClick={() => openRecord({ entity: 'enterprise', id: row.enterprise_id })}
              >
                <span className="ellipsis" title={row.name}>
                  {row.name}
                </span>
                <span className="muted ellipsis">
                  {units.get(row.unit ?? '') ?? row.unit ?? '—'}
                  {row.due_date ? ` · ${t('todo.due', { date: row.due_date })}` : ''}
                </span>
              </button>
              <span className="loop-row-state">
                <Tag>{term('state', row.state)}</Tag>
                <Ready row={row} />
              </span>
            </div>
          ))}
          {data && data.total > rows.length && (
            <div className="muted page-pad">{t('loop.more', { count: data.total - rows.length })}</div>
          )}
        </div>
        {several.length > 1 && <Batch rows={several} onDone={() => setChosen(new Set())} />}
      </div>
      <div className="split-detail loop-detail">
        {current ? (
          <>
            <div className="page-head">
              <h2 className="page-title ellipsis">
                {rows.find(row => row.enterprise_id === current)?.name ?? t('loop.moved_on')}
              </h2>
              <span className="panel-gap" />
              <Button onClick={() => openRecord({ entity: 'enterprise', id: current })}>
                {t('plan.open_enterprise')}
              </Button>
            </div>
            <LoopPanel key={current} enterpriseId={current} />
          </>
        ) : (
          <EmptyState text={t('loop.choose')} />
        )}
      </div>
    </div>
  )
}

/** The foremost step that this person may take: ready, or how much is missing. */
function Ready({ row }: Readonly<{ row: LoopRow }>) {
  const { t } = useTranslation()
  const next = row.next.find(step => step.not_yours === null && step.step !== 'remove' && step.step !== 'exclude')
  if (!next) return null
  return next.missing === 0 ? (
    <Tag color="success">{t('loop.ready')}</Tag>
  ) : (
    <Tag color="warning">{t('loop.lacks', { count: next.missing })}</Tag>
  )
}

/** Steps that all of the chosen enterprises can take now. */
function Batch({ rows, onDone }: Readonly<{ rows: readonly LoopRow[]; onDone: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const ids = rows.map(row => row.enterprise_id)
  const first = rows[0]!
  const common = first.next.filter(
    step =>
      step.not_yours === null &&
      rows.every(row => row.next.some(own => own.step === step.step && own.not_yours === null && own.missing === 0)),
  )
  const { data } = useQuery({
    queryKey: ['loop', 'detail', first.enterprise_id, 'batch'],
    queryFn: () => client.loop.detail({ enterprise_id: first.enterprise_id }),
  })
  const steps = (data?.next ?? []).filter(step => common.some(own => own.step === step.step)).sort(mainFirst)
  const asBatch = (step: LoopStep): LoopStep => ({
    ...step,
    missing: step.missing.filter(item => item.place.entity === 'input'),
  })
  return (
    <div className="loop-batch">
      <b>{t('loop.batch', { count: rows.length })}</b>
      {steps.length === 0 && <div className="muted">{t('loop.batch_none')}</div>}
      {steps.map(step => (
        <StepCard key={step.step} enterpriseIds={ids} step={asBatch(step)} onDone={onDone} />
      ))}
    </div>
  )
}
