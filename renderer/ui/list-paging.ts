/** Long lists come from the service in windows, already sorted: what antd's table wants and says, in those terms. */
import type { TablePaginationConfig } from 'antd/es/table'
import type { SorterResult } from 'antd/es/table/interface'

/** Pages at the foot of a table; none when one window holds all. */
export function pagesOf(
  current: number,
  pageSize: number,
  total: number | undefined,
  onChange: (page: number) => void,
): TablePaginationConfig {
  return {
    current,
    pageSize,
    total: total ?? 0,
    onChange,
    showSizeChanger: false,
    hideOnSinglePage: true,
    size: 'small',
  }
}

/** The one column that sorts, undefined for the list's own order. */
export function sortOf<Row>(
  sorter: SorterResult<Row> | SorterResult<Row>[],
): { field: string; descending: boolean } | undefined {
  const single = sorter as SorterResult<Row>
  return single.order ? { field: String(single.field), descending: single.order === 'descend' } : undefined
}
