/** Tools and zoom at the left edge of the map. A tool that cannot be taken now says why. */
import {
  AimOutlined,
  AppstoreAddOutlined,
  BorderOuterOutlined,
  ColumnWidthOutlined,
  DeleteOutlined,
  EditOutlined,
  ExpandOutlined,
  GatewayOutlined,
  MergeCellsOutlined,
  MinusOutlined,
  NodeIndexOutlined,
  NumberOutlined,
  PlusOutlined,
  PlusSquareOutlined,
  RadiusSettingOutlined,
  ScissorOutlined,
  SplitCellsOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'
import { MAP_TOOLS, type MapPort, type MapToolName } from '../map-port.ts'
import { TOOL_KEYS } from '../tool-keys.ts'

const ICONS: Readonly<Record<MapToolName, ComponentType>> = {
  select: AimOutlined,
  draw: GatewayOutlined,
  trace: NodeIndexOutlined,
  rectangle: PlusSquareOutlined,
  typed: NumberOutlined,
  edit: EditOutlined,
  hole: RadiusSettingOutlined,
  part: AppstoreAddOutlined,
  split: ScissorOutlined,
  boundarySplit: SplitCellsOutlined,
  merge: MergeCellsOutlined,
  cut: BorderOuterOutlined,
  delete: DeleteOutlined,
  measure: ColumnWidthOutlined,
}

export function MapTools({
  tool,
  onToolChange,
  canEdit,
  blockedTools,
  t,
  onZoom,
  onZoomAll,
}: Readonly<MapPort & { onZoom: (steps: number) => void; onZoomAll: () => void }>) {
  return (
    <div className="map-panel map-tools" role="toolbar" aria-orientation="vertical" aria-label={t('map.label')}>
      {MAP_TOOLS.filter(name => canEdit || name === 'select' || name === 'measure').map(name => {
        const Icon = ICONS[name]
        const why = tool === name ? undefined : blockedTools[name]
        const title = `${t(`map.tool.${name}`)} (${TOOL_KEYS[name]})`
        return (
          <button
            key={name}
            type="button"
            aria-pressed={tool === name}
            aria-disabled={why !== undefined}
            aria-label={t(`map.tool.${name}`)}
            title={why ? `${title}\n${why}` : title}
            onClick={() => why === undefined && onToolChange(name)}
          >
            <Icon />
          </button>
        )
      })}
      <hr />
      <button type="button" aria-label={t('map.zoomIn')} title={t('map.zoomIn')} onClick={() => onZoom(1)}>
        <PlusOutlined />
      </button>
      <button type="button" aria-label={t('map.zoomOut')} title={t('map.zoomOut')} onClick={() => onZoom(-1)}>
        <MinusOutlined />
      </button>
      <button type="button" aria-label={t('map.zoomAll')} title={t('map.zoomAll')} onClick={onZoomAll}>
        <ExpandOutlined />
      </button>
    </div>
  )
}
