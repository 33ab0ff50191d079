/** What a dry run would do, drawn over the boundary: outlines by action on a plain canvas, with a legend. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Polygonal } from '../../../shared/contract/base.ts'
import { useService } from '../../app/service-context.ts'
import { useElementSize } from '../../ui/use-element-size.ts'

const COLORS = {
  insert: '#2f74c0',
  update: '#8a5a9e',
  unchanged: '#8c939c',
  repair: '#d9a514',
  reject: '#cf3b3b',
} as const
const HEIGHT = 300
const PAD = 16

export function PreviewMap({ preview }: Readonly<{ preview: string }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const [frame, size] = useElementSize<HTMLDivElement>()
  const canvas = useRef<HTMLCanvasElement>(null)
  const { data } = useQuery({
    queryKey: ['imports', 'preview', preview],
    queryFn: () => client.imports.preview({ preview, limit: 6000 }),
  })
  const boundary = useQuery({
    queryKey: ['boundaries', 'outlines', 'preview'],
    queryFn: () => client.boundaries.outlines({ tolerance_degrees: 0.0001 }).catch(() => []),
  }).data

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || !data || size.width === 0) return
    const ratio = devicePixelRatio
    context.canvas.width = size.width * ratio
    context.canvas.height = HEIGHT * ratio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, size.width, HEIGHT)
    const project = projection(
      data.features.map(feature => feature.geometry),
      size.width,
    )
    if (!project) return
    context.lineWidth = 1.5
    context.strokeStyle = '#c2255c'
    for (const outline of boundary ?? []) {
      trace(context, outline.geometry, project)
      context.stroke()
    }
    context.lineWidth = 1
    for (const { action, geometry } of data.features) {
      trace(context, geometry, project)
      context.fillStyle = `${COLORS[action]}66`
      context.fill('evenodd')
      context.strokeStyle = COLORS[action]
      context.stroke()
    }
  }, [data, boundary, size.width])

  return (
    <div className={data?.total === 0 ? 'preview preview-empty' : 'preview'} ref={frame}>
      <canvas ref={canvas} className="preview-canvas" aria-label={t('import.preview')} />
      <div className="preview-legend">
        {(Object.keys(COLORS) as (keyof typeof COLORS)[]).map(action => (
          <span key={action}>
            <svg width="12" height="12" aria-hidden="true">
              <rect width="12" height="12" fill={COLORS[action]} opacity="0.6" />
            </svg>
            {t(`import.action.${action}`)}
          </span>
        ))}
        {data && data.features.length < data.total && (
          <span className="muted">{t('import.preview_part', { shown: data.features.length, total: data.total })}</span>
        )}
      </div>
    </div>
  )
}

type Project = (position: readonly number[]) => [number, number]

/** Fits all outlines into the frame; east-west shrunk by the latitude so that shapes keep their form. */
function projection(geometries: readonly Polygonal[], width: number): Project | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const geometry of geometries) {
    eachRing(geometry, ring => {
      for (const [x, y] of ring) {
        west = Math.min(west, x!)
        east = Math.max(east, x!)
        south = Math.min(south, y!)
        north = Math.max(north, y!)
      }
    })
  }
  if (!Number.isFinite(west)) return null
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = Math.min(
    (width - 2 * PAD) / Math.max((east - west) * shrink, 1e-9),
    (HEIGHT - 2 * PAD) / Math.max(north - south, 1e-9),
  )
  const offsetX = (width - (east - west) * shrink * scale) / 2
  const offsetY = (HEIGHT - (north - south) * scale) / 2
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
