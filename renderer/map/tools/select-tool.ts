/**
 * The tool at rest: a click selects the smallest parcel under it, a click on nothing or Escape clears the selection. Shift
 * and a click on another parcel takes both for merging.
 */
import type { Tool, ToolContext } from './tool.ts'

export function selectTool(context: ToolContext): Tool {
  let turn = 0
  return {
    enter: () => undefined,
    exit() {
      turn += 1
      context.dropPicked()
    },
    onPointer(input) {
      if (input.kind !== 'click') return false
      const mine = ++turn
      const before = context.selectedId()
      const picking = input.isShift ? context.pick(input) : context.pickToSelect(input)
      picking.then(
        id => {
          if (mine !== turn) return
          // Somebody chose meanwhile, by search or a list: a late answer takes nothing away from them.
          const isLate = context.selectedId() !== before
          if (id === null || isLate) context.dropPicked()
          if (isLate) return
          if (input.isShift && before !== null && id !== null && id !== before) context.startMerge([before, id])
          else context.select(id)
        },
        error => {
          if (mine === turn) context.dropPicked()
          context.problem(error)
        },
      )
      return true
    },
    onKey({ key }) {
      if (key !== 'Escape' || context.selectedId() === null) return false
      context.select(null)
      return true
    },
  }
}
