/**
 * Runs exactly one tool on the Leaflet map: turns DOM and Leaflet events into pointer places and keys, and keeps the map
 * from panning or zooming with gestures that the tool uses. Knows no tool by name but through `createTool`.
 */
import type { Map as LeafletMap, LeafletMouseEvent } from 'leaflet'
import type { Outline } from '../../shared/geometry/edit/outline.ts'
import type { Position } from '../../shared/geometry/types.ts'
import type { MapToolName } from './map-port.ts'
import { deleteTool } from './tools/delete-tool.ts'
import { drawTool, rectangleTool } from './tools/draw-tool.ts'
import { emptySession } from './tools/drawing.ts'
import { editTool } from './tools/edit-tool.ts'
import { measureTool } from './tools/measure-tool.ts'
import { mergeTool } from './tools/merge-tool.ts'
import { boundaryTool, cutTool } from './tools/proposal-tool.ts'
import { selectTool } from './tools/select-tool.ts'
import { holeTool, partTool, splitTool } from './tools/subject-tool.ts'
import type { KeyInput, Placing, PointerInput, Tool, ToolContext } from './tools/tool.ts'
import { typedTool } from './tools/typed-tool.ts'

const CURSORS: Readonly<Partial<Record<MapToolName, string>>> = {
  draw: 'crosshair',
  trace: 'crosshair',
  rectangle: 'crosshair',
  hole: 'crosshair',
  part: 'crosshair',
  split: 'crosshair',
  edit: 'default',
  merge: 'pointer',
  cut: 'pointer',
  boundarySplit: 'pointer',
  delete: 'pointer',
  measure: 'crosshair',
}

export interface ToolHost {
  use(name: MapToolName): void
  /** A corner from elsewhere, such as a position fix; false when the tool in hand takes none. */
  addCorner(position: Readonly<Position>): boolean
  /** What `addCorner` would do now; null when no tool takes corners. */
  placing(): Placing | null
  offerTyped(outline: Outline | null): void
  /** Stored parcels changed, null for any of them. */
  changed(ids: readonly string[] | null): void
  remove(): void
}

export function toolHost(map: LeafletMap, context: ToolContext): ToolHost {
  const container = map.getContainer()
  const session = emptySession()
  const typed = typedTool(context)
  const tools: Readonly<Record<MapToolName, Tool>> = {
    select: selectTool(context),
    draw: drawTool(context, session, false),
    trace: drawTool(context, session, true),
    rectangle: rectangleTool(context, emptySession()),
    typed,
    edit: editTool(context),
    hole: holeTool(context),
    part: partTool(context),
    split: splitTool(context),
    boundarySplit: boundaryTool(context),
    merge: mergeTool(context),
    cut: cutTool(context),
    delete: deleteTool(context),
    measure: measureTool(context),
  }
  let name: MapToolName = 'select'
  let holds = false
  let ignoresClick = false

  function inputOf(event: MouseEvent, kind: PointerInput['kind']): PointerInput {
    const pixel = map.mouseEventToContainerPoint(event)
    const { lng, lat } = map.containerPointToLatLng(pixel)
    return { kind, x: pixel.x, y: pixel.y, lng, lat, isFree: event.altKey, isShift: event.shiftKey }
  }

  function pointerDown(event: PointerEvent) {
    ignoresClick = false
    if (event.button !== 0 || isOnPanel(event)) return
    if (!tools[name].onPointer(inputOf(event, 'down'))) return
    holds = true
    map.dragging.disable()
    container.setPointerCapture(event.pointerId)
  }
  function pointerMove(event: PointerEvent) {
    if (isOnPanel(event) && !holds) return
    tools[name].onPointer(inputOf(event, 'move'))
  }
  function pointerUp(event: PointerEvent) {
    if (!holds) return
    holds = false
    ignoresClick = true
    map.dragging.enable()
    tools[name].onPointer(inputOf(event, 'up'))
  }
  function clicked(event: LeafletMouseEvent) {
    if (ignoresClick || isOnPanel(event.originalEvent)) return
    tools[name].onPointer(inputOf(event.originalEvent, 'click'))
  }
  function doubleClicked(event: LeafletMouseEvent) {
    if (!isOnPanel(event.originalEvent)) tools[name].onPointer(inputOf(event.originalEvent, 'double'))
  }
  function contextMenu(event: LeafletMouseEvent) {
    if (tools[name].onPointer(inputOf(event.originalEvent, 'context'))) event.originalEvent.preventDefault()
  }
  function keyDown(event: KeyboardEvent) {
    if (isTyping(event.target) || event.isComposing || isPressing(event)) return
    const input: KeyInput = { key: event.key, isCommand: event.ctrlKey || event.metaKey, isShift: event.shiftKey }
    if (!tools[name].onKey(input)) return
    // The window's own shortcuts, such as undo of the last saved edit, must not run as well.
    event.preventDefault()
    event.stopPropagation()
  }
  const viewChanged = () => tools[name].onView?.()

  container.addEventListener('pointerdown', pointerDown, { capture: true })
  container.addEventListener('pointermove', pointerMove)
  container.addEventListener('pointerup', pointerUp)
  container.addEventListener('pointercancel', pointerUp)
  document.addEventListener('keydown', keyDown, { capture: true })
  map.on('click', clicked)
  map.on('dblclick', doubleClicked)
  map.on('contextmenu', contextMenu)
  map.on('moveend zoomend', viewChanged)
  tools[name].enter()

  return {
    use(next) {
      if (next === name) return
      tools[name].exit()
      name = next
      holds = false
      map.dragging.enable()
      container.style.cursor = CURSORS[name] ?? ''
      // With a tool in hand Shift and double clicks are its own.
      for (const handler of [map.doubleClickZoom, map.boxZoom])
        if (name === 'select') handler.enable()
        else handler.disable()
      tools[name].enter()
    },
    addCorner: position => tools[name].onPlace?.(position) ?? false,
    placing: () => tools[name].placing?.() ?? null,
    offerTyped: outline => typed.offer(outline),
    changed: ids => tools[name].onChanged?.(ids),
    remove() {
      tools[name].exit()
      container.removeEventListener('pointerdown', pointerDown, { capture: true })
      container.removeEventListener('pointermove', pointerMove)
      container.removeEventListener('pointerup', pointerUp)
      container.removeEventListener('pointercancel', pointerUp)
      document.removeEventListener('keydown', keyDown, { capture: true })
      map.off('click', clicked)
      map.off('dblclick', doubleClicked)
      map.off('contextmenu', contextMenu)
      map.off('moveend zoomend', viewChanged)
    },
  }
}

function isOnPanel(event: MouseEvent): boolean {
  return event.target instanceof Element && event.target.closest('.leaflet-control, .map-panel') !== null
}

/** Enter and Space on a focused button press the button. */
function isPressing(event: KeyboardEvent): boolean {
  return (event.key === 'Enter' || event.key === ' ') && event.target instanceof HTMLButtonElement
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('[role="dialog"], [role="menu"], [role="listbox"]')) return true
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}
