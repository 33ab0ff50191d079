/** Every defect of a batch or dry run, by rule and severity; nothing rejected or repaired goes unnamed. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Segmented, Select, Table, Tag } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportIssue, ImportKind } from '../../../shared/contract/imports.ts'
import { type EntityName, fieldOf } from '../../../shared/model/entity.ts'
import { formatNumber, UNKNOWN } from '../../app/format.ts'
import { fieldLabel, language } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import type { Place } from './preview-map.tsx'
import { RepairView } from './repair-view.tsx'

const COLORS = { error: 'error', warning: 'warning', info: 'default' } as const
const PAGE = 200

interface IssueListProps {
  /** Batch or dry run. */
  source: string
  /** What was imported: its terms name the fields. */
  kind: ImportKind
  /** Shows the place of a defect; without it on the map. */
  onLocate?: (place: Place) => void
  onClose?: () => void
}

export function IssueList({ source, kind, onLocate = showOnMap, onClose }: Readonly<IssueListProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const [severity, setSeverity] = useState<'all' | ImportIssue['severity']>('all')
  const [code, setCode] = useState<string | undefined>()
  const [page, setPage] = useState(1)
  const { data } = useQuery({
    queryKey: ['imports', 'issues', source, severity, code, page],
    queryFn: () =>
      client.imports.issues({
        source,
        severity: severity === 'all' ? undefined : severity,
        code,
        offset: (page - 1) * PAGE,
        limit: PAGE,
      }),
    placeholderData: keepPreviousData,
  })
  return (
    <div className="issues">
      <div className="issues-head">
        <b>{t('import.issues')}</b>
        <Segmented
          value={severity}
          options={(['all', 'error', 'warning', 'info'] as const).map(value => ({
            value,
            label: t(`import.severity.${value}`),
          }))}
          onChange={value => {
            setSeverity(value as typeof severity)
            setPage(1)
          }}
        />
        <Select
          allowClear
          className="issue-code"
          placeholder={t('import.all_rules')}
          value={code}
          options={Object.entries(data?.by_code ?? {}).map(([value, count]) => ({
            value,
            label: `${t(`import.rule.${value}`, { defaultValue: value })} (${count})`,
          }))}
          onChange={value => {
            setCode(value)
            setPage(1)
          }}
        />
        <span className="muted numbers">{t('common.total', { count: data?.total ?? 0 })}</span>
        {onClose && <Button onClick={onClose}>{t('import.back_to_list')}</Button>}
      </div>
      <Table<ImportIssue & { key: string }>
        size="small"
        columns={[
          {
            dataIndex: 'row',
            title: t('import.row'),
            width: 70,
            className: 'numbers-right',
            render: row => row ?? UNKNOWN,
          },
          {
            dataIndex: 'severity',
            title: t('import.level'),
            width: 76,
            render: (value: ImportIssue['severity']) => <Tag color={COLORS[value]}>{t(`import.one.${value}`)}</Tag>,
          },
          {
            dataIndex: 'message',
            title: t('import.message'),
            render: (message: string, issue) =>
              language() === 'zh' ? message : <span title={message}>{inWords(issue, kind, t)}</span>,
          },
          {
            dataIndex: 'area_before_m2',
            title: t('import.areas'),
            width: 190,
            className: 'numbers',
            render: (_value, issue) =>
              issue.area_after_m2 === null || issue.area_after_m2 === undefined
                ? ''
                : `${formatNumber(issue.area_before_m2)} → ${formatNumber(issue.area_after_m2)} m²`,
          },
          {
            key: 'place',
            width: 90,
            render: (_value, issue) =>
              issue.lng !== null && issue.lng !== undefined && issue.lat !== null && issue.lat !== undefined ? (
                <Button type="link" onClick={() => onLocate({ lng: issue.lng!, lat: issue.lat! })}>
                  {t('import.locate')}
                </Button>
              ) : null,
          },
        ]}
        dataSource={(data?.rows ?? []).map((row, index) => ({ ...row, key: `${row.index}-${row.code}-${index}` }))}
        expandable={{
          rowExpandable: issue => issue.area_before_m2 !== null && issue.area_before_m2 !== undefined,
          expandedRowRender: issue => <RepairView source={source} issue={issue} />,
          columnTitle: t('import.outline'),
          columnWidth: 56,
        }}
        pagination={{
          current: page,
          pageSize: PAGE,
          total: data?.total ?? 0,
          onChange: setPage,
          showSizeChanger: false,
          hideOnSinglePage: true,
        }}
      />
    </div>
  )
}

/** The service speaks Chinese about the very row; other languages say the rule, the field and what became of the row. */
function inWords(issue: ImportIssue, kind: ImportKind, t: TFunction): string {
  const rule = t(`import.rule.${issue.code}`, { defaultValue: issue.code })
  const named = Object.entries(issue.values ?? {}).map(([name, value]) => t(`import.value.${name}`, { value }))
  const details = [...(issue.field ? [labelOf(issue.field, kind)] : []), ...named].join(', ')
  const field = details ? ` (${details})` : ''
  if (issue.severity === 'error') return t('import.said_rejected', { rule, field })
  const repaired = issue.area_after_m2 !== null && issue.area_after_m2 !== undefined
  return repaired ? t('import.said_repaired', { rule, field }) : `${rule}${field}`
}

const ENTITIES_OF: Readonly<Record<ImportKind, readonly EntityName[]>> = {
  parcels: ['parcel'],
  boundary: ['boundary_feature'],
  enterprises: ['enterprise', 'enterprise_year'],
  units: ['report_unit'],
}

/** The field by its term. */
function labelOf(field: string, kind: ImportKind): string {
  const entity = ENTITIES_OF[kind].find(name => fieldOf(name, field))
  return entity ? fieldLabel(entity, field) : field
}

function showOnMap(place: Place): void {
  setUi({ page: 'map', flyTo: { place, zoom: 18 } })
}
