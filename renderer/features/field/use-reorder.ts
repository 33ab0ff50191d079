/** A list put in another order by dragging a grip, or with the arrow keys while the grip has the focus. */
import { type DragEvent, type KeyboardEvent, useState } from 'react'

const TYPE = 'application/x-lowland-order'

export interface Reorder {
  /** Where the dragged row would go: before or after this row, or nowhere. */
  mark(id: string): 'before' | 'after' | null
  row(id: string): {
    onDragOver: (event: DragEvent<HTMLElement>) => void
    onDrop: (event: DragEvent<HTMLElement>) => void
  }
  grip(id: string): {
    draggable: true
    onDragStart: (event: DragEvent<HTMLElement>) => void
    onDragEnd: () => void
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  }
}

/** `ids` as shown, from the first row on; `onOrder` gets all of them in the new order. */
export function useReorder(ids: readonly string[], onOrder: (ids: string[]) => void): Reorder {
  const [dragged, setDragged] = useState<string | null>(null)
  const [target, setTarget] = useState<{ id: string; side: 'before' | 'after' } | null>(null)
  const end = (): void => {
    setDragged(null)
    setTarget(null)
  }
  const order = (id: string, index: number): void => {
    const others = ids.filter(other => other !== id)
    others.splice(Math.max(0, index), 0, id)
    if (others.join() !== ids.join()) onOrder(others)
  }
  return {
    mark: id => (target?.id === id && dragged !== id ? target.side : null),
    row: id => ({
      onDragOver(event) {
        if (dragged === null) return
        event.preventDefault()
        const { top, height } = event.currentTarget.getBoundingClientRect()
        const side = event.clientY < top + height / 2 ? 'before' : 'after'
        if (target?.id !== id || target.side !== side) setTarget({ id, side })
      },
      onDrop(event) {
        if (dragged === null) return
        event.preventDefault()
        event.stopPropagation()
        const others = ids.filter(other => other !== dragged)
        const at = others.indexOf(id)
        if (id !== dragged && at >= 0) order(dragged, target?.side === 'after' ? at + 1 : at)
        end()
      },
    }),
    grip: id => ({
      draggable: true,
      onDragStart(event) {
        event.dataTransfer.setData(TYPE, id)
        event.dataTransfer.effectAllowed = 'move'
        const row = event.currentTarget.parentElement
        if (row) event.dataTransfer.setDragImage(row, 8, 8)
        setDragged(id)
      },
      onDragEnd: end,
      onKeyDown(event) {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
        if (by === undefined || event.nativeEvent.isComposing) return
        event.preventDefault()
        event.stopPropagation()
        order(id, ids.indexOf(id) + by)
      },
    }),
  }
}
