/** Removes a parcel after a question: a click picks it (or the selected one is taken), Enter or the button confirms. */
import { EMPTY_SKETCH, openPolygons, type ParcelSource } from './sketch.ts'
import type { Tool, ToolContext } from './tool.ts'

export function deleteTool(context: ToolContext): Tool {
  let asked: ParcelSource | null = null
  let turn = 0
  let isRemoving = false

  function show() {
    if (!asked) return context.show({ ...EMPTY_SKETCH, hint: { key: 'map.delete.pick' } })
    context.show({
      ...EMPTY_SKETCH,
      overlapped: openPolygons(asked.geometry),
      hint: { key: 'map.delete.confirm', values: { code: asked.code } },
      actions: [
        { words: { key: 'map.delete.yes' }, run: () => void remove(), isDanger: true },
        { words: { key: 'map.cancel' }, run: () => context.leave() },
      ],
    })
  }

  async function ask(id: string | null) {
    const mine = ++turn
    asked = null
    show()
    if (id === null) return
    try {
      const parcel = await context.parcel(id)
      if (mine !== turn) return
      asked = parcel
      context.select(id)
      show()
    } catch (error) {
      if (mine === turn) context.problem(error)
    }
  }

  async function remove() {
    if (!asked || isRemoving) return
    isRemoving = true
    const mine = turn
    try {
      await context.removed({ id: asked.id, code: asked.code })
      if (mine === turn) context.leave()
    } catch (error) {
      context.problem(error)
    } finally {
      isRemoving = false
    }
  }

  return {
    enter: () => void ask(context.selectedId()),
    exit() {
      turn += 1
      asked = null
      context.show(null)
    },
    onPointer(input) {
      if (input.kind !== 'click') return false
      context.pick(input).then(ask, error => context.problem(error))
      return true
    },
    onKey({ key }) {
      if (key === 'Escape') context.leave()
      else if (key === 'Enter' && asked) void remove()
      else return false
      return true
    },
  }
}
