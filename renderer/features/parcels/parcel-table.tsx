/**
 * All parcels as a table that shares its filters with the map: windows of rows come from the service, totals are exact.
 * Click or Enter selects and flies there.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Select, Table, type TableColumnsType } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ParcelFilter, ParcelRow } from '../../../shared/contract/parcels.ts'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { themeEntries } from '../../../shared/tiles/theme-entries.ts'
import { formatInstant, formatMu, UNKNOWN } from '../../app/format.ts'
import { fieldLabel, language, term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { setUi, useUi } from '../../app/ui-store.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { pagesOf, sortOf } from '../../ui/list-paging.ts'
import { SideChip } from '../../ui/side-chip.tsx'
import { useElementSize } from '../../ui/use-element-size.ts'
import { ThemeFilterTags } from './theme-filter-tags.tsx'

const WINDOW = 500

export function ParcelTable() {
  const { t } = useTranslation()
  const { client } = useService()
  const unitNames = useUnitNames()
  const filter = useUi(state => state.filter)
  const selection = useUi(state => state.selection)
  const [sort, setSort] = useState<{ field: string; descending: boolean } | undefined>()
  const [page, setPage] = useState(1)
  const [body, size] = useElementSize<HTMLDivElement>()
  const shownFilter = useRef(filter)
  if (shownFilter.current !== filter) {
    shownFilter.current = filter
    setPage(1)
  }
  const { data, isPending } = useQuery({
    queryKey: ['parcels', 'list', filter, sort, page],
    queryFn: () => client.parcels.list({ filter, sort, offset: (page - 1) * WINDOW, limit: WINDOW }),
    placeholderData: keepPreviousData,
  })
  const columns = useMemo<TableColumnsType<ParcelRow>>(
    () => [
      {
        dataIndex: 'code',
        title: fieldLabel('parcel', 'code'),
        width: 170,
        fixed: 'left',
        sorter: true,
        ellipsis: true,
      },
      {
        dataIndex: 'name',
        title: fieldLabel('parcel', 'name'),
        width: 150,
        sorter: true,
        ellipsis: true,
        render: text => text ?? UNKNOWN,
      },
      {
        dataIndex: 'unit',
        title: fieldLabel('parcel', 'unit'),
        width: 110,
        sorter: true,
        ellipsis: true,
        render: unit => unitNames.get(unit) ?? unit ?? UNKNOWN,
      },
      {
        dataIndex: 'area_m2',
        title: t('table.area'),
        width: 96,
        sorter: true,
        className: 'numbers-right',
        render: area => formatMu(area),
      },
      {
        dataIndex: 'side',
        title: fieldLabel('parcel', 'side'),
        width: 96,
        sorter: true,
        render: (side, row) => <SideChip side={side} share={row.inside_share} />,
      },
      {
        dataIndex: 'side_marked',
        title: fieldLabel('parcel', 'side_marked'),
        width: 88,
        sorter: true,
        render: side => (side ? term('side_mark', side) : UNKNOWN),
      },
      {
        dataIndex: 'state',
        title: fieldLabel('parcel', 'state'),
        width: 90,
        sorter: true,
        render: state => term('state', state),
      },
      {
        dataIndex: 'enterprises',
        title: t('table.enterprises'),
        width: 220,
        ellipsis: true,
        render: text => text ?? UNKNOWN,
      },
      { dataIndex: 'zone_code', title: t('table.zone'), width: 140, ellipsis: true, render: text => text ?? UNKNOWN },
      {
        dataIndex: 'location',
        title: fieldLabel('parcel', 'location'),
        width: 150,
        ellipsis: true,
        render: text => text ?? UNKNOWN,
      },
      { dataIndex: 'updated_at', title: t('table.updated'), width: 130, sorter: true, render: formatInstant },
    ],
    [t, unitNames],
  )
  const width = columns.reduce((sum, column) => sum + Number(column.width), 0)
  const open = (row: ParcelRow): void => {
    setUi({ selection: { entity: 'parcel', id: row.id }, flyTo: { parcelId: row.id } })
  }
  const isFiltered = Object.values(filter).some(
    value => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return (
    <div className="page">
      <FilterRow filter={filter} isFiltered={isFiltered} total={data?.total} areaM2={data?.area_m2} />
      <div className="table-body" ref={body}>
        {data && data.total === 0 ? (
          isFiltered ? (
            <EmptyState text={t('table.empty')} action={t('table.clear')} onAction={() => setUi({ filter: {} })} />
          ) : (
            <EmptyState
              text={t('table.empty_all')}
              action={t('table.empty_action')}
              onAction={() => setUi({ page: 'data' })}
            />
          )
        ) : (
          <Table<ParcelRow>
            virtual
            rowKey="id"
            size="small"
            loading={isPending}
            columns={columns}
            dataSource={data?.rows ?? []}
            scroll={{
              x: Math.max(width, size.width),
              y: Math.max(40, size.height - (data && data.total > WINDOW ? 72 : 34)),
            }}
            rowClassName={row => (row.id === selection?.id ? 'row-selected' : '')}
            onRow={row => ({
              onClick: () => open(row),
              onKeyDown: event => {
                if (event.key === 'Enter') open(row)
              },
              tabIndex: 0,
            })}
            onChange={(_pages, _filters, sorter) => {
              setSort(sortOf(sorter))
            }}
            pagination={pagesOf(page, WINDOW, data?.total, setPage)}
          />
        )}
      </div>
    </div>
  )
}

function FilterRow({
  filter,
  isFiltered,
  total,
  areaM2,
}: Readonly<{ filter: ParcelFilter; isFiltered: boolean; total: number | undefined; areaM2: number | undefined }>) {
  const { t } = useTranslation()
  const survey = useSurvey()
  const unitNames = useUnitNames()
  const set = (change: Partial<ParcelFilter>): void => setUi({ filter: { ...filter, ...change } })
  return (
    <div className="page-head filter-row">
      <FilterText
        className="filter-text"
        value={filter.text}
        label={t('table.filter_text')}
        onChange={text => set({ text })}
      />
      <Select
        mode="multiple"
        allowClear
        maxTagCount={1}
        className="filter-select"
        placeholder={t('table.filter_unit')}
        value={filter.units ?? []}
        options={survey?.units.map(unit => ({ value: unit.code, label: unitNames.get(unit.code) ?? unit.name })) ?? []}
        onChange={units => set({ units: units.length ? units : undefined })}
      />
      <Select
        mode="multiple"
        allowClear
        maxTagCount={1}
        className="filter-select"
        placeholder={t('table.filter_side')}
        value={filter.sides ?? []}
        options={ENUMERATIONS.side.map(item => ({ value: item.code, label: item[language()] }))}
        onChange={sides => set({ sides: sides.length ? sides : undefined })}
      />
      <Select
        mode="multiple"
        allowClear
        maxTagCount={1}
        className="filter-select"
        placeholder={t('table.filter_state')}
        value={filter.states ?? []}
        options={themeEntries('state', [], []).map(entry => ({ value: entry.code, label: entry[language()] }))}
        onChange={states => set({ states: states.length ? states : undefined })}
      />
      <Button
        type={filter.side_disagrees ? 'primary' : 'default'}
        onClick={() => set({ side_disagrees: filter.side_disagrees ? undefined : true })}
      >
        {t('table.disagrees')}
      </Button>
      <Button
        type={filter.unmarked ? 'primary' : 'default'}
        onClick={() => set({ unmarked: filter.unmarked ? undefined : true })}
      >
        {t('table.unmarked')}
      </Button>
      <ThemeFilterTags filter={filter} onChange={set} />
      {isFiltered && <Button onClick={() => setUi({ filter: {} })}>{t('table.clear')}</Button>}
      <span className="panel-gap" />
      <span className="numbers">
        {t('common.total', { count: total ?? 0 })} · {t('table.sum', { area: formatMu(areaM2) })}
      </span>
    </div>
  )
}
