/** All enterprises with the figures of one year: filter, sort, open; what is unknown is a dash and never 0. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Select, Table, type TableColumnsType } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EnterpriseRow } from '../../../shared/contract/enterprises.ts'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { formatNumber, UNKNOWN, unitLabel } from '../../app/format.ts'
import { fieldLabel, language, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord, setUi, useUi } from '../../app/ui-store.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { ClassChip } from '../../ui/class-chip.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FilterText } from '../../ui/filter-text.tsx'
import { pagesOf, sortOf } from '../../ui/list-paging.ts'
import { RoleButton } from '../../ui/role-button.tsx'
import { useElementSize } from '../../ui/use-element-size.ts'
import { useRowKeys } from '../../ui/use-row-keys.ts'
import { GroupTable, TotalsLine } from './group-sums.tsx'

const WINDOW = 500

interface Filter {
  text?: string
  units?: string[]
  states?: string[]
  classes?: string[]
  year?: number
  without_parcel?: boolean
  without_plan?: boolean
  doubtful?: boolean
}

export function EnterprisesPage() {
  const { t } = useTranslation()
  const { client } = useService()
  const unitNames = useUnitNames()
  const selection = useUi(state => state.selection)
  // People of one unit begin with theirs; the filter says so and can be cleared.
  const own = useSurvey()?.profile.unit
  const [filter, setFilter] = useState<Filter>(own ? { units: [own] } : {})
  const [sort, setSort] = useState<{ field: string; descending: boolean } | undefined>()
  const [page, setPage] = useState(1)
  const [isGrouped, setGrouped] = useState(false)
  const [body, size] = useElementSize<HTMLDivElement>()
  const { data, isPending } = useQuery({
    queryKey: ['enterprises', 'list', filter, sort, page],
    queryFn: () => client.enterprises.list({ filter, sort, offset: (page - 1) * WINDOW, limit: WINDOW }),
    placeholderData: keepPreviousData,
  })
  const change = (next: Partial<Filter>): void => {
    setPage(1)
    setFilter(previous => ({ ...previous, ...next }))
  }
  const columns = useMemo<TableColumnsType<EnterpriseRow>>(
    () => [
      {
        dataIndex: 'name',
        title: fieldLabel('enterprise', 'name'),
        width: 240,
        fixed: 'left',
        sorter: true,
        ellipsis: true,
      },
      {
        dataIndex: 'uscc',
        title: fieldLabel('enterprise', 'uscc'),
        width: 172,
        ellipsis: true,
        className: 'numbers',
        render: text => text ?? UNKNOWN,
      },
      {
        dataIndex: 'unit',
        title: fieldLabel('enterprise', 'unit'),
        width: 112,
        sorter: true,
        ellipsis: true,
        render: unit => unitNames.get(unit) ?? unit ?? UNKNOWN,
      },
      {
        dataIndex: 'scale',
        title: fieldLabel('enterprise_year', 'scale'),
        width: 84,
        sorter: true,
        ellipsis: true,
        render: code => term('scale', code),
      },
      {
        dataIndex: 'class',
        title: fieldLabel('enterprise_year', 'class'),
        width: 84,
        sorter: true,
        render: (code, row) => <ClassChip code={code} source={row.class_source} />,
      },
      {
        dataIndex: 'land_mu_actual',
        title: t('common.with_unit', { name: fieldLabel('enterprise_year', 'land_mu_actual'), unit: t('common.mu') }),
        width: 104,
        sorter: true,
        className: 'numbers-right',
        render: value => formatNumber(value),
      },
      {
        dataIndex: 'tax',
        title: t('common.with_unit', { name: fieldLabel('enterprise_year', 'tax'), unit: unitLabel('万元') }),
        width: 116,
        sorter: true,
        className: 'numbers-right',
        render: value => formatNumber(value),
      },
      {
        dataIndex: 'tax_per_mu',
        title: t('enterprise.indicator.tax_per_mu'),
        width: 92,
        sorter: true,
        className: 'numbers-right',
        render: value => formatNumber(value),
      },
      {
        dataIndex: 'energy_tce',
        title: `${fieldLabel('enterprise_year', 'energy_tce')}(tce)`,
        width: 112,
        sorter: true,
        className: 'numbers-right',
        render: value => formatNumber(value),
      },
      {
        dataIndex: 'op_status',
        title: fieldLabel('enterprise', 'op_status'),
        width: 88,
        sorter: true,
        ellipsis: true,
        render: code => term('operating_status', code),
      },
      {
        dataIndex: 'state',
        title: fieldLabel('enterprise', 'state'),
        width: 92,
        sorter: true,
        ellipsis: true,
        render: code => term('state', code),
      },
      {
        dataIndex: 'plan_status',
        title: fieldLabel('plan', 'status'),
        width: 92,
        ellipsis: true,
        render: code => term('plan_status', code),
      },
      {
        dataIndex: 'parcels',
        title: t('enterprise.parcel_count'),
        width: 72,
        sorter: true,
        className: 'numbers-right',
      },
    ],
    [t, unitNames],
  )
  const width = columns.reduce((sum, column) => sum + Number(column.width), 0)
  const open = (id: string): void => openRecord({ entity: 'enterprise', id })
  const keys = useRowKeys(
    (data?.rows ?? []).map(row => row.id),
    selection?.entity === 'enterprise' ? selection.id : null,
    open,
  )
  const isFiltered = Object.values(filter).some(
    value => value !== undefined && !(Array.isArray(value) && value.length === 0),
  )
  return (
    <div className="page">
      <FilterRow
        filter={filter}
        years={data?.years ?? []}
        total={data?.total ?? 0}
        onChange={change}
        onClear={() =>
          change({
            text: undefined,
            units: undefined,
            states: undefined,
            classes: undefined,
            year: undefined,
            without_parcel: undefined,
            without_plan: undefined,
            doubtful: undefined,
          })
        }
        isFiltered={isFiltered}
        isGrouped={isGrouped}
        onGroup={() => setGrouped(!isGrouped)}
      />
      <div className="table-body" ref={body}>
        {isGrouped ? (
          <GroupTable filter={filter} />
        ) : data?.total === 0 ? (
          isFiltered ? (
            <EmptyState text={t('enterprise.empty')} />
          ) : (
            <EmptyState
              text={t('enterprise.empty_all')}
              action={t('enterprise.import')}
              onAction={() => setUi({ page: 'data', importKind: 'enterprises' })}
            />
          )
        ) : (
          <Table<EnterpriseRow>
            virtual
            rowKey="id"
            size="small"
            loading={isPending}
            columns={columns}
            dataSource={data?.rows ?? []}
            scroll={{
              x: Math.max(width, size.width),
              y: Math.max(60, size.height - (data && data.total > WINDOW ? 72 : 34)),
            }}
            rowClassName={row => (row.id === selection?.id ? 'row-selected' : '')}
            ref={keys.table}
            onRow={row => ({ onClick: () => open(row.id), onKeyDown: keys.onKeyDown, tabIndex: 0 })}
            onChange={(_pages, _filters, sorter) => {
              setPage(1)
              setSort(sortOf(sorter))
            }}
            pagination={pagesOf(page, WINDOW, data?.total, setPage)}
          />
        )}
      </div>
      {data && data.total > 0 && <TotalsLine filter={filter} />}
    </div>
  )
}

interface FilterRowProps {
  isGrouped: boolean
  onGroup: () => void
  filter: Filter
  years: readonly number[]
  total: number
  isFiltered: boolean
  onChange: (change: Partial<Filter>) => void
  onClear: () => void
}

function FilterRow({
  filter,
  years,
  total,
  isFiltered,
  isGrouped,
  onGroup,
  onChange,
  onClear,
}: Readonly<FilterRowProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const notify = useNotify()
  const unitNames = useUnitNames()
  const add = async (): Promise<void> => {
    const created = await tracked(() =>
      client.enterprises.create({ values: { name: t('enterprise.new_name'), unit: survey?.profile.unit ?? null } }),
    )
    openRecord({ entity: 'enterprise', id: created.id })
  }
  return (
    <div className="page-head filter-row">
      <h1 className="page-title">{t('page.enterprises')}</h1>
      <FilterText
        className="filter-text"
        value={filter.text}
        label={t('enterprise.filter_text')}
        onChange={text => onChange({ text })}
      />
      <Select
        allowClear
        placeholder={fieldLabel('enterprise_year', 'year')}
        aria-label={fieldLabel('enterprise_year', 'year')}
        value={filter.year ?? years[0]}
        options={years.map(year => ({ value: year, label: year }))}
        onChange={year => onChange({ year })}
      />
      <Select
        mode="multiple"
        allowClear
        maxTagCount={1}
        className="filter-select"
        placeholder={t('table.filter_unit')}
        value={filter.units ?? []}
        options={survey?.units.map(unit => ({ value: unit.code, label: unitNames.get(unit.code) ?? unit.name })) ?? []}
        onChange={units => onChange({ units: units.length ? units : undefined })}
      />
      <Select
        mode="multiple"
        allowClear
        maxTagCount={1}
        className="filter-select"
        placeholder={t('table.filter_state')}
        value={filter.states ?? []}
        options={ENUMERATIONS.state.map(item => ({ value: item.code, label: item[language()] }))}
        onChange={states => onChange({ states: states.length ? states : undefined })}
      />
      <Select
        mode="multiple"
        allowClear
        maxTagCount={1}
        className="filter-select"
        placeholder={fieldLabel('enterprise_year', 'class')}
        value={filter.classes ?? []}
        options={ENUMERATIONS.class.map(item => ({ value: item.code, label: item[language()] }))}
        onChange={classes => onChange({ classes: classes.length ? classes : undefined })}
      />
      <Button
        type={filter.without_plan ? 'primary' : 'default'}
        onClick={() => onChange({ without_plan: filter.without_plan ? undefined : true })}
      >
        {t('enterprise.without_plan')}
      </Button>
      <Button
        type={filter.without_parcel ? 'primary' : 'default'}
        onClick={() => onChange({ without_parcel: filter.without_parcel ? undefined : true })}
      >
        {t('enterprise.without_parcel')}
      </Button>
      <Button
        type={filter.doubtful ? 'primary' : 'default'}
        onClick={() => onChange({ doubtful: filter.doubtful ? undefined : true })}
      >
        {t('enterprise.doubtful')}
      </Button>
      <Button type={isGrouped ? 'primary' : 'default'} onClick={onGroup}>
        {t('enterprise.groups')}
      </Button>
      {isFiltered && <Button onClick={onClear}>{t('table.clear')}</Button>}
      <span className="panel-gap" />
      <span className="numbers">{t('common.total', { count: total })}</span>
      <RoleButton calls="enterprises.create" type="primary" onClick={() => void add().catch(notify.error)}>
        {t('enterprise.add')}
      </RoleButton>
    </div>
  )
}
