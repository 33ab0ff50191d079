/**
 * Runs exactly one tool on the Leaflet map: turns DOM and Leaflet events into pointer places and keys, and keeps the map
 * from panning or zooming with gestures that the tool uses. Knows no tool by name but through `createTool`.
 */
import type { Map as LeafletMap, LeafletMouseEvent } from 'leaflet'
import type { MapToolName } from './map-port.ts'
import { deleteTool } from './tools/delete-tool.ts'
import { drawTool } from './tools/draw-tool.ts'
import { editTool } from './tools/edit-tool.ts'
import { selectTool } from './tools/select-tool.ts'
import type { KeyInput, PointerInput, Tool, ToolContext } from './tools/tool.ts'

const CURSORS: Readonly<Record<MapToolName, string>> = {
  select: '',
  draw: 'crosshair',
  edit: 'default',
  delete: 'pointer',
}

export interface ToolHost {
  use(name: MapToolName): void
  remove(): void
}

export function toolHost(map: LeafletMap, context: ToolContext): ToolHost {
  const container = map.getContainer()
  const tools: Readonly<Record<MapToolName, Tool>> = {
    select: selectTool(context),
    draw: drawTool(context),
    edit: editTool(context),
    delete: deleteTool(context),
  }
  let name: MapToolName = 'select'
  let holds = false
  let ignoresClick = false

  function inputOf(event: MouseEvent, kind: PointerInput['kind']): PointerInput {
    const pixel = map.mouseEventToContainerPoint(event)
    const { lng, lat } = map.containerPointToLatLng(pixel)
    return { kind, x: pixel.x, y: pixel.y, lng, lat, isFree: event.altKey }
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
    if (isTyping(event.target) || event.isComposing) return
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
      container.style.cursor = CURSORS[name]
      if (name === 'select') map.doubleClickZoom.enable()
      else map.doubleClickZoom.disable()
      tools[name].enter()
    },
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

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('[role="dialog"], [role="menu"], [role="listbox"]')) return true
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}
