/**
 * Outlines on a plain canvas: for previews that need neither tiles nor tools. Wheel, drag and keys move about in it; a
 * double click shows everything again.
 */
import './outline-canvas.css'
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Polygonal } from '../../shared/contract/base.ts'
import {
  type Camera,
  cameraFor,
  type Extent,
  type Frame,
  type Point,
  panned,
  project,
  zoomed,
} from './outline-camera.ts'
import { useElementSize } from './use-element-size.ts'

export interface OutlineLayer {
  geometry: Polygonal
  stroke: string
  /** CSS colour with its transparency; outlines without it are only drawn round. */
  fill?: string
  width?: number
  dash?: readonly number[]
  /** Lies under what is shown and does not count for the frame. */
  backdrop?: boolean
}

interface OutlineCanvasProps {
  layers: readonly OutlineLayer[]
  /** CSS pixels. */
  height: number
  label: string
  /** A place to look at closely instead of at everything. */
  focus?: { readonly lng: number; readonly lat: number } | null
  /** The part to show first, degrees: west, south, east, north; everything when left out. */
  view?: Extent | null
  /** Can be moved about in; small pictures cannot. */
  movable?: boolean
}

/** Half of what is shown around a focus: about 150 m. */
const FOCUS_DEGREES = 0.0014
const FOCUS_RING_PX = 9
const WHEEL_STEP = 0.0015
const KEY_STEP_PX = 60
const KEYS: Readonly<Record<string, (camera: Camera, frame: Frame) => Camera>> = {
  ArrowLeft: camera => panned(camera, [KEY_STEP_PX, 0]),
  ArrowRight: camera => panned(camera, [-KEY_STEP_PX, 0]),
  ArrowUp: camera => panned(camera, [0, KEY_STEP_PX]),
  ArrowDown: camera => panned(camera, [0, -KEY_STEP_PX]),
  '+': (camera, frame) => zoomed(camera, frame, 1.5, middle(frame)),
  '=': (camera, frame) => zoomed(camera, frame, 1.5, middle(frame)),
  '-': (camera, frame) => zoomed(camera, frame, 1 / 1.5, middle(frame)),
}

export function OutlineCanvas({
  layers,
  height,
  label,
  focus = null,
  view = null,
  movable = false,
}: Readonly<OutlineCanvasProps>) {
  const [holder, { width }] = useElementSize<HTMLDivElement>()
  const canvas = useRef<HTMLCanvasElement>(null)
  const frame = useMemo<Frame>(() => ({ width, height }), [width, height])
  const extent = useMemo(() => (focus ? around(focus) : (view ?? extentOf(layers))), [layers, focus, view])
  const [moved, setMoved] = useState<Camera | null>(null)
  const home = useMemo(() => (width > 0 ? cameraFor(extent, frame) : undefined), [extent, frame, width])
  // A place asked for anew wins over where the person had moved to.
  const asked = focus ?? view
  const lastAsked = useRef(asked)
  const camera = moved && lastAsked.current === asked ? moved : home
  useEffect(() => {
    if (lastAsked.current === asked) return
    lastAsked.current = asked
    setMoved(null)
  }, [asked])

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || !camera) return
    const pending = requestAnimationFrame(() => paint(context, layers, camera, frame, focus))
    return () => cancelAnimationFrame(pending)
  }, [layers, camera, frame, focus])

  const move = (change: (camera: Camera) => Camera): void =>
    setMoved(previous => {
      const from = previous ?? home
      return from ? change(from) : previous
    })
  const latest = useRef(move)
  latest.current = move
  useEffect(() => {
    const element = canvas.current
    if (!element || !movable) return
    // React's own wheel listener is passive and could not keep the page from scrolling.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const at: Point = [event.offsetX, event.offsetY]
      latest.current(from => zoomed(from, frame, Math.exp(-event.deltaY * WHEEL_STEP), at))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [movable, frame])
  const handlers = movable
    ? {
        tabIndex: 0,
        onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
          event.currentTarget.setPointerCapture(event.pointerId)
        },
        onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
          const by: Point = [event.movementX, event.movementY]
          move(from => panned(from, by))
        },
        onDoubleClick: () => setMoved(null),
        onKeyDown: (event: KeyboardEvent<HTMLCanvasElement>) => {
          const step = KEYS[event.key]
          if (!step) return
          event.preventDefault()
          event.stopPropagation()
          move(from => step(from, frame))
        },
      }
    : {}
  return (
    <div
      className={movable ? 'outline-canvas outline-canvas-movable' : 'outline-canvas'}
      ref={holder}
      style={{ height }}
    >
      <canvas ref={canvas} aria-label={label} style={{ height }} {...handlers} />
    </div>
  )
}

function middle({ width, height }: Frame): Point {
  return [width / 2, height / 2]
}

function paint(
  context: CanvasRenderingContext2D,
  layers: readonly OutlineLayer[],
  camera: Camera,
  frame: Frame,
  focus: { readonly lng: number; readonly lat: number } | null,
): void {
  const ratio = devicePixelRatio
  context.canvas.width = Math.round(frame.width * ratio)
  context.canvas.height = Math.round(frame.height * ratio)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  const toPixels = project(camera, frame)
  for (const layer of layers) {
    trace(context, layer.geometry, toPixels)
    context.lineWidth = layer.width ?? 1
    context.setLineDash([...(layer.dash ?? [])])
    if (layer.fill) {
      context.fillStyle = layer.fill
      context.fill('evenodd')
    }
    context.strokeStyle = layer.stroke
    context.stroke()
  }
  if (!focus) return
  const [x, y] = toPixels([focus.lng, focus.lat])
  context.setLineDash([])
  context.lineWidth = 2
  context.strokeStyle = '#1f2933'
  context.beginPath()
  context.arc(x, y, FOCUS_RING_PX, 0, 2 * Math.PI)
  context.stroke()
}

function around({ lng, lat }: { readonly lng: number; readonly lat: number }): Extent {
  return [lng - FOCUS_DEGREES, lat - FOCUS_DEGREES, lng + FOCUS_DEGREES, lat + FOCUS_DEGREES]
}

function extentOf(layers: readonly OutlineLayer[]): Extent {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { geometry, backdrop } of layers) {
    if (backdrop) continue
    eachRing(geometry, ring => {
      for (const [x, y] of ring) {
        west = Math.min(west, x!)
        east = Math.max(east, x!)
        south = Math.min(south, y!)
        north = Math.max(north, y!)
      }
    })
  }
  return [west, south, east, north]
}

function eachRing(geometry: Polygonal, visit: (ring: readonly (readonly number[])[]) => void): void {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  for (const polygon of polygons) for (const ring of polygon) visit(ring)
}

function trace(
  context: CanvasRenderingContext2D,
  geometry: Polygonal,
  toPixels: (position: readonly number[]) => [number, number],
): void {
  context.beginPath()
  eachRing(geometry, ring => {
    ring.forEach((position, index) => {
      const [x, y] = toPixels(position)
      if (index === 0) context.moveTo(x, y)
      else context.lineTo(x, y)
    })
    context.closePath()
  })
}
