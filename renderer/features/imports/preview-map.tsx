/** What a dry run would do, drawn over the boundary: outlines by action, with a legend. */
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useService } from '../../app/service-context.ts'
import { countyOutlines } from '../../ui/county-outlines.ts'
import { OutlineCanvas, type OutlineLayer } from '../../ui/outline-canvas.tsx'
import { BOUNDARY_COLOR, useBoundaryOutlines } from '../../ui/use-boundary-outlines.ts'

const COLORS = {
  insert: '#2f74c0',
  update: '#8a5a9e',
  unchanged: '#8c939c',
  repair: '#d9a514',
  reject: '#cf3b3b',
} as const
const HEIGHT_PX = 300
const LIMIT = 6000

export interface Place {
  readonly lng: number
  readonly lat: number
}

interface PreviewMapProps {
  preview: string
  focus: Place | null
  onShowAll: () => void
}

export function PreviewMap({ preview, focus, onShowAll }: Readonly<PreviewMapProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const { data } = useQuery({
    queryKey: ['imports', 'preview', preview],
    queryFn: () => client.imports.preview({ preview, limit: LIMIT }),
  })
  const boundary = useBoundaryOutlines()
  const layers = useMemo<OutlineLayer[]>(
    () => [
      ...countyOutlines(),
      ...boundary,
      ...(data?.features ?? []).map(({ action, geometry }) => ({
        geometry,
        stroke: COLORS[action],
        fill: `${COLORS[action]}66`,
      })),
    ],
    [boundary, data],
  )
  if (!data || data.features.length === 0) return null
  return (
    <div className="preview">
      <OutlineCanvas layers={layers} height={HEIGHT_PX} label={t('import.preview')} focus={focus} movable />
      <div className="preview-legend">
        {(Object.keys(COLORS) as (keyof typeof COLORS)[]).map(action => (
          <span key={action}>
            <Swatch color={COLORS[action]} />
            {t(`import.action.${action}`)}
          </span>
        ))}
        {boundary.length > 0 && (
          <span>
            <Swatch color={BOUNDARY_COLOR} />
            {t('import.kind.boundary')}
          </span>
        )}
        {data.features.length < data.total && (
          <span className="muted">{t('import.preview_part', { shown: data.features.length, total: data.total })}</span>
        )}
        <span className="muted">{t('import.preview_move')}</span>
        {focus && <Button onClick={onShowAll}>{t('import.show_all')}</Button>}
      </div>
    </div>
  )
}

function Swatch({ color }: Readonly<{ color: string }>) {
  return (
    <svg width="12" height="12" aria-hidden="true">
      <rect width="12" height="12" fill={color} opacity="0.6" />
    </svg>
  )
}
