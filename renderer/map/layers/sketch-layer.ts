/**
 * Draws the sketch of a tool on one canvas over the view, once a frame: a layer per corner would be slow for outlines of
 * thousands of corners. The note beside the cursor is text in the page, so that it can be read out and tested.
 */
import { DomUtil, type Map as LeafletMap } from 'leaflet'
import type { Position } from '../../../shared/geometry/types.ts'
import type { MapTranslate } from '../map-port.ts'
import type { Sketch } from '../tools/sketch.ts'

const PANE = 'sketch'
const COLOURS = {
  line: '#0b6bcb',
  fill: 'rgba(11, 107, 203, 0.16)',
  problem: '#d6232a',
  snap: '#0a9b6f',
  paper: '#ffffff',
}
/** Fill and line of what an edit would make, told apart without the colours of sides and classes. */
const PARTS = [
  ['rgba(11, 107, 203, 0.28)', '#0b6bcb'],
  ['rgba(148, 55, 180, 0.28)', '#9437b4'],
  ['rgba(10, 155, 111, 0.28)', '#0a9b6f'],
  ['rgba(120, 120, 120, 0.28)', '#666666'],
] as const

export interface SketchLayer {
  show(sketch: Sketch | null): void
  remove(): void
}

export function sketchLayer(map: LeafletMap, translate: () => MapTranslate): SketchLayer {
  const pane = map.createPane(PANE)
  pane.style.zIndex = '460'
  pane.style.pointerEvents = 'none'
  const element = DomUtil.create('canvas', 'map-overlay leaflet-zoom-hide', pane)
  const note = DomUtil.create('div', 'map-note leaflet-zoom-hide', map.getContainer())
  note.setAttribute('role', 'status')
  note.style.display = 'none'
  let sketch: Sketch | null = null
  let frame = 0

  function draw() {
    frame = 0
    if (!sketch) {
      // A canvas of the view takes some MB here and as many in the compositor.
      element.width = 0
      element.height = 0
      placeNote()
      return
    }
    const size = map.getSize()
    const ratio = window.devicePixelRatio
    if (element.width !== size.x * ratio || element.height !== size.y * ratio) {
      element.width = size.x * ratio
      element.height = size.y * ratio
      element.style.width = `${size.x}px`
      element.style.height = `${size.y}px`
    }
    DomUtil.setPosition(element, map.containerPointToLayerPoint([0, 0]))
    const context = element.getContext('2d')
    if (!context) return
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, size.x, size.y)
    drawSketch(context, sketch, position => map.latLngToContainerPoint([position[1], position[0]]))
    placeNote()
  }

  function placeNote() {
    const lines = sketch?.note?.words ?? []
    note.style.display = lines.length === 0 ? 'none' : ''
    if (!sketch?.note || lines.length === 0) return
    const t = translate()
    const text = lines.map(line => t(line.key, line.values)).join('\n')
    if (note.textContent !== text) note.textContent = text
    const { x, y } = map.latLngToContainerPoint([sketch.note.position[1], sketch.note.position[0]])
    // At the right or lower rim the note goes to the other side of the cursor.
    const { x: width, y: height } = map.getSize()
    const left = x + 16 + note.offsetWidth > width ? x - 16 - note.offsetWidth : x + 16
    const top = y + 16 + note.offsetHeight > height ? y - 16 - note.offsetHeight : y + 16
    note.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`
  }

  function drawSoon() {
    if (frame === 0) frame = requestAnimationFrame(draw)
  }
  function moved() {
    if (sketch) drawSoon()
  }
  map.on('move zoomend resize', moved)

  return {
    show(next) {
      sketch = next
      drawSoon()
    },
    remove() {
      cancelAnimationFrame(frame)
      map.off('move zoomend resize', moved)
      element.remove()
      note.remove()
    },
  }
}

type ToPoint = (position: Readonly<Position>) => { x: number; y: number }

function drawSketch(context: CanvasRenderingContext2D, sketch: Sketch, toPoint: ToPoint): void {
  context.lineJoin = 'round'
  for (const polygon of sketch.overlapped) {
    tracePolygon(context, polygon, toPoint)
    context.fillStyle = 'rgba(214, 35, 42, 0.18)'
    context.fill('evenodd')
    stroke(context, COLOURS.problem, 2)
  }
  for (const polygon of sketch.others) {
    tracePolygon(context, polygon, toPoint)
    context.fillStyle = 'rgba(11, 107, 203, 0.07)'
    context.fill('evenodd')
    context.setLineDash([6, 4])
    stroke(context, COLOURS.line, 1.5)
    context.setLineDash([])
  }
  sketch.parts.forEach((part, index) => {
    const [fill, line] = PARTS[index % PARTS.length]!
    for (const polygon of part) {
      tracePolygon(context, polygon, toPoint)
      context.fillStyle = fill
      context.fill('evenodd')
      stroke(context, line, 2)
    }
  })
  for (const polygon of sketch.polygons) {
    tracePolygon(context, polygon, toPoint)
    context.fillStyle = COLOURS.fill
    context.fill('evenodd')
    stroke(context, COLOURS.line, 2)
  }
  if (sketch.line.length > 0) {
    context.beginPath()
    traceRing(context, sketch.line, toPoint)
    stroke(context, COLOURS.line, 2)
  }
  for (const position of sketch.midpoints) dot(context, toPoint(position), 3, COLOURS.line, 'rgba(255,255,255,0.75)')
  for (const position of sketch.vertices) dot(context, toPoint(position), 5, COLOURS.paper, COLOURS.line)
  if (sketch.active) dot(context, toPoint(sketch.active), 6, COLOURS.line, COLOURS.paper)
  if (sketch.rightAngle) markRightAngle(context, sketch.rightAngle.map(toPoint))
  if (sketch.snap) markSnap(context, toPoint(sketch.snap.position), sketch.snap.kind)
  for (const position of sketch.defects) cross(context, toPoint(position))
}

function traceRing(context: CanvasRenderingContext2D, ring: readonly Position[], toPoint: ToPoint): void {
  ring.forEach((position, index) => {
    const { x, y } = toPoint(position)
    if (index === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
  })
}

function tracePolygon(
  context: CanvasRenderingContext2D,
  polygon: readonly (readonly Position[])[],
  toPoint: ToPoint,
): void {
  context.beginPath()
  for (const ring of polygon) {
    traceRing(context, ring, toPoint)
    context.closePath()
  }
}

function stroke(context: CanvasRenderingContext2D, colour: string, width: number): void {
  context.strokeStyle = colour
  context.lineWidth = width
  context.stroke()
}

function dot(
  context: CanvasRenderingContext2D,
  at: { x: number; y: number },
  radius: number,
  fill: string,
  line: string,
) {
  context.beginPath()
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI)
  context.fillStyle = fill
  context.fill()
  stroke(context, line, 1.5)
}

function markSnap(
  context: CanvasRenderingContext2D,
  { x, y }: { x: number; y: number },
  kind: 'vertex' | 'edge',
): void {
  context.beginPath()
  if (kind === 'vertex') context.rect(x - 7, y - 7, 14, 14)
  else context.arc(x, y, 7, 0, 2 * Math.PI)
  stroke(context, COLOURS.snap, 2.5)
}

/** The small square in the corner; on a straight way on, a tick across it. */
function markRightAngle(context: CanvasRenderingContext2D, [a, corner, b]: { x: number; y: number }[]): void {
  if (!a || !corner || !b) return
  const towards = (to: { x: number; y: number }): { x: number; y: number } => {
    const length = Math.hypot(to.x - corner.x, to.y - corner.y) || 1
    return { x: ((to.x - corner.x) / length) * 12, y: ((to.y - corner.y) / length) * 12 }
  }
  const [one, other] = [towards(a), towards(b)]
  context.beginPath()
  context.moveTo(corner.x + one.x, corner.y + one.y)
  context.lineTo(corner.x + one.x + other.x, corner.y + one.y + other.y)
  context.lineTo(corner.x + other.x, corner.y + other.y)
  stroke(context, COLOURS.snap, 2)
}

function cross(context: CanvasRenderingContext2D, { x, y }: { x: number; y: number }): void {
  context.beginPath()
  context.moveTo(x - 7, y - 7)
  context.lineTo(x + 7, y + 7)
  context.moveTo(x + 7, y - 7)
  context.lineTo(x - 7, y + 7)
  stroke(context, COLOURS.problem, 3)
}
