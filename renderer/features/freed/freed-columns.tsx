/** Columns of the freed-land ledger. */
import { type TableColumnsType, Tag } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { FreedRow } from '../../../shared/contract/freed.ts'
import { FREED_COLOURS } from '../../../shared/tiles/theme-colours.ts'
import { clauses, formatMu, formatNumber, UNKNOWN, unitLabel, wordList } from '../../app/format.ts'
import { entityLabel, fieldLabel, term } from '../../app/i18n/i18n.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { SideChip } from '../../ui/side-chip.tsx'

export function useFreedColumns(): TableColumnsType<FreedRow> & { width?: number }[] {
  const { t, i18n } = useTranslation()
  const units = useUnitNames()
  return useMemo(() => {
    void i18n.language
    const text = (value: string | null) => value ?? UNKNOWN
    return [
      {
        dataIndex: 'parcel_code',
        title: fieldLabel('parcel', 'code'),
        width: 168,
        fixed: 'left' as const,
        sorter: true,
        ellipsis: true,
      },
      {
        dataIndex: 'status',
        title: t('freed.status'),
        width: 96,
        sorter: true,
        render: (status, row) => <Status code={status} doubtful={row.problems.length > 0} />,
      },
      {
        dataIndex: 'unit',
        title: fieldLabel('parcel', 'unit'),
        width: 104,
        sorter: true,
        ellipsis: true,
        render: unit => units.get(unit) ?? unit ?? UNKNOWN,
      },
      {
        dataIndex: 'area_m2',
        title: t('common.with_unit', { name: fieldLabel('freed_land', 'area_m2'), unit: t('common.mu') }),
        width: 112,
        sorter: true,
        className: 'numbers-right',
        render: value => formatMu(value),
      },
      {
        dataIndex: 'source',
        title: fieldLabel('freed_land', 'source'),
        width: 88,
        sorter: true,
        render: code => term('freed_source', code),
      },
      {
        dataIndex: 'side',
        title: t('table.filter_side'),
        width: 72,
        sorter: true,
        render: side => <SideChip side={side} />,
      },
      {
        dataIndex: 'subzones',
        title: fieldLabel('parcel', 'subzones'),
        width: 132,
        ellipsis: true,
        render: (codes: string[]) => wordList(codes.map(code => term('subzone', code))) || UNKNOWN,
      },
      {
        dataIndex: 'plan_use',
        title: fieldLabel('freed_land', 'plan_use'),
        width: 96,
        sorter: true,
        ellipsis: true,
        render: text,
      },
      {
        dataIndex: 'condition',
        title: fieldLabel('freed_land', 'condition'),
        width: 112,
        sorter: true,
        ellipsis: true,
        render: code => term('land_condition', code),
      },
      {
        dataIndex: 'available_on',
        title: fieldLabel('freed_land', 'available_on'),
        width: 100,
        sorter: true,
        className: 'numbers',
        render: text,
      },
      { dataIndex: 'enterprise', title: t('freed.enterprise'), width: 168, sorter: true, ellipsis: true, render: text },
      {
        dataIndex: 'project_name',
        title: fieldLabel('freed_land', 'project_name'),
        width: 168,
        sorter: true,
        ellipsis: true,
        render: text,
      },
      {
        dataIndex: 'investment',
        title: t('common.with_unit', { name: fieldLabel('freed_land', 'investment'), unit: unitLabel('万元') }),
        width: 124,
        sorter: true,
        className: 'numbers-right',
        render: value => formatNumber(value),
      },
      {
        dataIndex: 'source_entity',
        title: t('freed.evidence'),
        width: 92,
        ellipsis: true,
        render: entity => (entity === null ? t('freed.by_hand') : entityLabel(entity)),
      },
      {
        dataIndex: 'problems',
        title: t('freed.problems'),
        width: 168,
        ellipsis: true,
        render: (problems: string[]) =>
          problems.length === 0 ? (
            ''
          ) : (
            <span className="freed-problem">{clauses(problems.map(key => t(`freed.problem.${key}`)))}</span>
          ),
      },
    ]
  }, [t, i18n.language, units])
}

/** The status with the colour it has on the map; the word says it too. */
function Status({ code, doubtful }: Readonly<{ code: FreedRow['status']; doubtful: boolean }>) {
  const { t } = useTranslation()
  if (code === 'proposed') return <Tag color="processing">{t('freed.proposed')}</Tag>
  return (
    <span className="freed-status">
      <svg width="10" height="10" aria-hidden="true">
        <rect width="10" height="10" fill={FREED_COLOURS[code] ?? '#8c939c'} />
      </svg>
      {term('supply_status', code)}
      {doubtful && <b className="freed-problem">!</b>}
    </span>
  )
}
