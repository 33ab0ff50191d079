/** Remembers where the window stood and puts it where it can be seen. The geometry is pure; the file is one JSON. */
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const rectangleSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
const stateSchema = z.object({ bounds: rectangleSchema, maximized: z.boolean() })

export type Rectangle = z.infer<typeof rectangleSchema>
export type WindowState = z.infer<typeof stateSchema>

/** Smallest useful size; 1366x768 at 125 % leaves 1092x614. */
export const MIN_WIDTH = 960
export const MIN_HEIGHT = 560
const DEFAULT_WIDTH = 1366
const DEFAULT_HEIGHT = 728
/** So much of the title bar must be on a screen for the window to be caught with the mouse. */
const GRIP_PX = 80

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width >= GRIP_PX && height >= GRIP_PX ? width * height : 0
}

/**
 * Bounds on one of the screens (`workAreas`, the primary first): the remembered ones, shrunk and moved into the screen they
 * overlap most; centred on the primary screen when they overlap none or nothing is remembered.
 */
export function visibleBounds(remembered: Rectangle | undefined, workAreas: readonly Rectangle[]): Rectangle {
  const primary = workAreas[0] ?? { x: 0, y: 0, width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT }
  const best = remembered
    ? workAreas.reduce<Rectangle | undefined>((found, area) => {
        const size = overlap(remembered, area)
        return size > 0 && (!found || size > overlap(remembered, found)) ? area : found
      }, undefined)
    : undefined
  const area = best ?? primary
  const width = Math.min(area.width, Math.max(MIN_WIDTH, remembered?.width ?? DEFAULT_WIDTH))
  const height = Math.min(area.height, Math.max(MIN_HEIGHT, remembered?.height ?? DEFAULT_HEIGHT))
  if (!remembered || !best) {
    const x = area.x + Math.floor((area.width - width) / 2)
    return { x, y: area.y + Math.floor((area.height - height) / 2), width, height }
  }
  return {
    x: Math.min(Math.max(remembered.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(remembered.y, area.y), area.y + area.height - height),
    width,
    height,
  }
}

/** Undefined when there is none or it cannot be read: a lost window position is no reason to complain. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  writeFileSync(file, JSON.stringify(state))
}
