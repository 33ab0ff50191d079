/** ↑ ↓ walk through a table's rows, Enter goes on into the record's panel. The focus follows the row. */
import type { TableRef } from 'antd/es/table'
import { type KeyboardEvent, type RefObject, useRef } from 'react'

export interface RowKeys {
  readonly table: RefObject<TableRef | null>
  onKeyDown(event: KeyboardEvent): void
}

/** `ids` in the order shown; `select` opens the row, as a click does. */
export function useRowKeys(ids: readonly string[], selected: string | null, select: (id: string) => void): RowKeys {
  const table = useRef<TableRef | null>(null)
  return {
    table,
    onKeyDown: event => {
      if (event.target instanceof HTMLInputElement) return
      if (event.key === 'Enter') {
        event.preventDefault()
        document.querySelector<HTMLElement>('.frame-panel input, .frame-panel textarea')?.focus()
        return
      }
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (step === 0 || ids.length === 0) return
      event.preventDefault()
      const at = selected === null ? -1 : ids.indexOf(selected)
      const next = ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + step))]!
      select(next)
      const shown = (): HTMLElement | null =>
        table.current?.nativeElement.querySelector(`[data-row-key="${CSS.escape(next)}"]`) ?? null
      if (!shown()) table.current?.scrollTo({ key: next })
      requestAnimationFrame(() => shown()?.focus())
    },
  }
}
