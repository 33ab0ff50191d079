import { expect, test } from 'vitest'
import { selectTool } from './select-tool.ts'
import type { PointerInput, ToolContext } from './tool.ts'

/** A map on which the hit test answers when told to. */
function slowMap() {
  const world = { selected: null as string | null, answer: (_id: string | null): void => undefined, dropped: 0 }
  const pick = (): Promise<string | null> =>
    new Promise(done => {
      world.answer = done
    })
  const context = {
    selectedId: () => world.selected,
    select: (id: string | null) => {
      world.selected = id
    },
    pick,
    pickToSelect: pick,
    dropPicked: () => {
      world.dropped++
    },
    startMerge: () => undefined,
    problem: (error: unknown) => {
      throw error
    },
  } as unknown as ToolContext
  return { world, tool: selectTool(context) }
}
const click = { kind: 'click', isShift: false } as PointerInput

test('a click on nothing whose answer is late leaves what was chosen meanwhile', async () => {
  const { world, tool } = slowMap()
  tool.onPointer?.(click)
  world.selected = 'found by search'
  world.answer(null)
  await Promise.resolve()
  expect(world).toMatchObject({ selected: 'found by search', dropped: 1 })
})

test('a click selects, a click on nothing clears, only the last of two clicks counts', async () => {
  const { world, tool } = slowMap()
  tool.onPointer?.(click)
  const first = world.answer
  tool.onPointer?.(click)
  first('a')
  world.answer('b')
  await Promise.resolve()
  expect(world.selected).toBe('b')
  tool.onPointer?.(click)
  world.answer(null)
  await Promise.resolve()
  expect(world.selected).toBeNull()
})
