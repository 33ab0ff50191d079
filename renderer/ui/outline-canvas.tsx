/**
 * Outlines on a plain canvas, fitted into its frame: for previews that need neither tiles nor tools. East-west is shrunk by
 * the latitude, so that shapes keep their form; nothing is measured here.
 */
import './outline-canvas.css'
import { useEffect, useRef } from 'react'
import type { Polygonal } from '../../shared/contract/base.ts'
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
  /** The part to show, degrees: west, south, east, north; everything when left out. */
  view?: Extent | null
}

type Extent = readonly [west: number, south: number, east: number, north: number]

/** Half of what is shown around a focus: about 150 m. */
const FOCUS_DEGREES = 0.0014
const FOCUS_RING_PX = 9
const PAD = 12

export function OutlineCanvas({ layers, height, label, focus = null, view = null }: Readonly<OutlineCanvasProps>) {
  const [frame, size] = useElementSize<HTMLDivElement>()
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || size.width === 0) return
    const ratio = devicePixelRatio
    context.canvas.width = Math.round(size.width * ratio)
    context.canvas.height = Math.round(height * ratio)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    const project = projection(focus ? around(focus) : (view ?? extentOf(layers)), size.width, height)
    if (!project) return
    for (const layer of layers) {
      trace(context, layer.geometry, project)
      context.lineWidth = layer.width ?? 1
      context.setLineDash([...(layer.dash ?? [])])
      if (layer.fill) {
        context.fillStyle = layer.fill
        context.fill('evenodd')
      }
      context.strokeStyle = layer.stroke
      context.stroke()
    }
    if (focus) {
      const [x, y] = project([focus.lng, focus.lat])
      context.setLineDash([])
      context.lineWidth = 2
      context.strokeStyle = '#1f2933'
      context.beginPath()
      context.arc(x, y, FOCUS_RING_PX, 0, 2 * Math.PI)
      context.stroke()
    }
  }, [layers, size.width, height, focus, view])
  return (
    <div className="outline-canvas" ref={frame} style={{ height }}>
      <canvas ref={canvas} aria-label={label} style={{ height }} />
    </div>
  )
}

type Project = (position: readonly number[]) => [number, number]

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

function projection([west, south, east, north]: Extent, width: number, height: number): Project | null {
  if (!Number.isFinite(west)) return null
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = Math.min(
    (width - 2 * PAD) / Math.max((east - west) * shrink, 1e-9),
    (height - 2 * PAD) / Math.max(north - south, 1e-9),
  )
  const offsetX = (width - (east - west) * shrink * scale) / 2
  const offsetY = (height - (north - south) * scale) / 2
  return position => [offsetX + (position[0]! - west) * shrink * scale, offsetY + (north - position[1]!) * scale]
}

function eachRing(geometry: Polygonal, visit: (ring: readonly (readonly number[])[]) => void): void {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  for (const polygon of polygons) for (const ring of polygon) visit(ring)
}

function trace(context: CanvasRenderingContext2D, geometry: Polygonal, project: Project): void {
  context.beginPath()
  eachRing(geometry, ring => {
    ring.forEach((position, index) => {
      const [x, y] = project(position)
      if (index === 0) context.moveTo(x, y)
      else context.lineTo(x, y)
    })
    context.closePath()
  })
}
