/**
 * 可供地清单: what is freed, by which record, who takes it. Proposals of the closed loop stand in the same table and are
 * taken in by one click; the open row is edited beside it; what is filtered or chosen goes to Excel or onto the map.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FreedFilter, FreedRow } from '../../../shared/contract/freed.ts'
import { mayWriteRecord, type Person } from '../../../shared/rules/roles/roles.ts'
import { useEscape } from '../../app/escape.ts'
import { useFiles } from '../../app/files.ts'
import { formatMu } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Outcome } from '../../ui/outcome.tsx'
import { useElementSize } from '../../ui/use-element-size.ts'
import { useJob } from '../../ui/use-job.ts'
import { useFreedColumns } from './freed-columns.tsx'
import { FreedDetail } from './freed-detail.tsx'
import { FreedFilters } from './freed-filters.tsx'
import './freed.css'
import { pagesOf, sortOf } from '../../ui/list-paging.ts'
import { RoleButton } from '../../ui/role-button.tsx'

const WINDOW = 500

export function FreedLedger() {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const notify = useNotify()
  const files = useFiles()
  const survey = useSurvey()
  const [filter, setFilter] = useState<FreedFilter>({})
  const [sort, setSort] = useState<{ field: string; descending: boolean } | undefined>()
  const [page, setPage] = useState(1)
  const [chosen, setChosen] = useState<string[]>([])
  const [openKey, setOpenKey] = useState<string | null>(null)
  useEscape(openKey !== null, () => setOpenKey(null))
  const [body, size] = useElementSize<HTMLDivElement>()
  const columns = useFreedColumns()
  const job = useJob<{ files: string[]; written: number; seconds: number }>()
  const { data, isPending } = useQuery({
    queryKey: ['loop', 'freed', filter, sort, page, generation],
    queryFn: () => client.freed.list({ filter, sort, offset: (page - 1) * WINDOW, limit: WINDOW }),
    placeholderData: keepPreviousData,
  })
  const barred = survey ? mayWriteRecord(survey.profile as Person, 'freed_land') : null
  const why = barred === null ? undefined : t(`reason.role_${barred}`)
  const change = (next: Partial<FreedFilter>): void => {
    setPage(1)
    setFilter(previous => ({ ...previous, ...next }))
  }
  const accept = async (keys: string[] | undefined): Promise<void> => {
    const { created } = await tracked(() => client.freed.accept(keys === undefined ? {} : { keys }))
    setChosen([])
    notify.success(t('freed.accepted', { count: created }))
  }
  const write = async (): Promise<void> => {
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    const keys = chosen.length > 0 ? { keys: chosen } : {}
    await job.start(signal => client.freed.report({ out, formats: ['xlsx'], filter, ...keys }, { signal }))
  }
  const rows = data?.rows ?? []
  const open = rows.find(row => row.key === openKey)
  const proposed = data?.counts.find(entry => entry.status === 'proposed')?.count ?? 0
  const wanted = rows.filter(row => chosen.includes(row.key) && row.status === 'proposed').map(row => row.key)
  const isFiltered = Object.values(filter).some(value => value !== undefined)
  const width = columns.reduce((sum, column) => sum + Number(column.width), 40)
  return (
    <div className="freed">
      <FreedFilters
        filter={filter}
        counts={data?.counts ?? []}
        years={data?.years ?? []}
        isFiltered={isFiltered}
        onChange={change}
        onClear={() => {
          setPage(1)
          setFilter({})
        }}
      />
      <div className="freed-bar">
        <b className="numbers" data-testid="freed-total">
          {t('common.total', { count: data?.total ?? 0 })} · {t('table.sum', { area: formatMu(data?.area_m2) })}
        </b>
        {chosen.length > 0 && <span className="muted">{t('freed.chosen', { count: chosen.length })}</span>}
        <span className="panel-gap" />
        {proposed > 0 && (
          <RoleButton
            calls="freed.accept"
            type="primary"
            disabled={barred !== null || (chosen.length > 0 && wanted.length === 0)}
            title={why}
            onClick={() => void accept(chosen.length > 0 ? wanted : undefined).catch(notify.error)}
          >
            {chosen.length > 0
              ? t('freed.accept_some', { count: wanted.length })
              : t('freed.accept_all', { count: proposed })}
          </RoleButton>
        )}
        <Button onClick={() => setUi({ page: 'map', theme: 'freed' })}>{t('freed.on_map')}</Button>
        <Button disabled={job.running || (data?.total ?? 0) === 0} onClick={() => void write().catch(notify.error)}>
          {t('freed.export')}
        </Button>
      </div>
      {(data?.unplaced_m2 ?? 0) > 0 && (
        <div className="muted">{t('freed.unplaced', { area: formatMu(data?.unplaced_m2) })}</div>
      )}
      <Outcome job={job} />
      <div className="freed-work">
        <div className="table-body" ref={body}>
          {data?.total === 0 ? (
            <EmptyState text={t(isFiltered ? 'freed.empty_filter' : 'freed.empty')} />
          ) : (
            <Table<FreedRow>
              virtual
              rowKey="key"
              size="small"
              loading={isPending}
              columns={columns}
              dataSource={rows}
              scroll={{
                x: Math.max(width, size.width),
                y: Math.max(60, size.height - (data && data.total > WINDOW ? 72 : 34)),
              }}
              rowSelection={{
                columnWidth: 40,
                selectedRowKeys: chosen,
                preserveSelectedRowKeys: true,
                onChange: keys => setChosen(keys.map(String)),
              }}
              rowClassName={row => (row.key === openKey ? 'row-selected' : '')}
              onRow={row => ({ onClick: () => setOpenKey(row.key) })}
              onChange={(_pages, _filters, sorter) => {
                setPage(1)
                setSort(sortOf(sorter))
              }}
              pagination={pagesOf(page, WINDOW, data?.total, setPage)}
            />
          )}
        </div>
        {open && (
          <FreedDetail
            key={open.id ?? open.key}
            row={open}
            barred={why}
            onAccept={() => void accept([open.key]).catch(notify.error)}
            onClose={() => setOpenKey(null)}
          />
        )}
      </div>
    </div>
  )
}
