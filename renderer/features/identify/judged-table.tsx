/** Enterprises that a run judged, whatever it judged: name and unit in front, a row opens its record, arrows walk. */
import type { TableColumnsType } from 'antd'
import { Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { UNKNOWN } from '../../app/format.ts'
import { fieldLabel } from '../../app/i18n/i18n.ts'
import { useUi } from '../../app/ui-store.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { useElementSize } from '../../ui/use-element-size.ts'
import { useRowKeys } from '../../ui/use-row-keys.ts'

interface JudgedRow {
  readonly enterprise_id: string
  readonly name: string
  readonly unit: string | null
}

interface JudgedTableProps<Row extends JudgedRow> {
  rows: readonly Row[]
  /** What follows name and unit; each with a width in pixels. */
  columns: TableColumnsType<Row>
  onOpen: (enterpriseId: string) => void
}

export function JudgedTable<Row extends JudgedRow>({ rows, columns: own, onOpen }: Readonly<JudgedTableProps<Row>>) {
  const { t } = useTranslation()
  const unitNames = useUnitNames()
  const selection = useUi(state => state.selection)
  const selected = selection?.entity === 'enterprise' ? selection.id : null
  const [body, size] = useElementSize<HTMLDivElement>()
  const keys = useRowKeys(
    rows.map(row => row.enterprise_id),
    selected,
    onOpen,
  )
  const columns: TableColumnsType<Row> = [
    { dataIndex: 'name', title: fieldLabel('enterprise', 'name'), width: 220, fixed: 'left', ellipsis: true },
    {
      dataIndex: 'unit',
      title: fieldLabel('enterprise', 'unit'),
      width: 116,
      ellipsis: true,
      render: (code: string | null) => (code === null ? UNKNOWN : (unitNames.get(code) ?? code)),
    },
    ...own,
  ]
  const width = columns.reduce((sum, column) => sum + Number(column.width), 0)
  return (
    <div className="table-body" ref={body}>
      {rows.length === 0 ? (
        <EmptyState text={t('identify.nobody')} />
      ) : (
        <Table<Row>
          virtual
          ref={keys.table}
          rowKey="enterprise_id"
          size="small"
          columns={columns}
          dataSource={rows as Row[]}
          pagination={false}
          scroll={{ x: Math.max(width, size.width), y: Math.max(60, size.height - 34) }}
          rowClassName={row => (row.enterprise_id === selected ? 'row-selected' : '')}
          onRow={row => ({ onClick: () => onOpen(row.enterprise_id), onKeyDown: keys.onKeyDown, tabIndex: 0 })}
        />
      )}
    </div>
  )
}
