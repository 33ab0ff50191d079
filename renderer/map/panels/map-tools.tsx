/** Tools and zoom at the left edge of the map. */
import {
  AimOutlined,
  BorderOuterOutlined,
  DeleteOutlined,
  EditOutlined,
  ExpandOutlined,
  MinusOutlined,
  PlusOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'
import { MAP_TOOLS, type MapPort, type MapToolName } from '../map-port.ts'

const ICONS: Readonly<Record<MapToolName, ComponentType>> = {
  select: AimOutlined,
  draw: BorderOuterOutlined,
  edit: EditOutlined,
  delete: DeleteOutlined,
}
const KEYS: Readonly<Record<MapToolName, string>> = { select: 'Esc', draw: 'D', edit: 'E', delete: 'Delete' }

export function MapTools({
  tool,
  onToolChange,
  canEdit,
  t,
  onZoom,
  onZoomAll,
}: Readonly<MapPort & { onZoom: (steps: number) => void; onZoomAll: () => void }>) {
  return (
    <div className="map-panel map-tools" role="toolbar" aria-orientation="vertical" aria-label={t('map.label')}>
      {MAP_TOOLS.filter(name => canEdit || name === 'select').map(name => {
        const Icon = ICONS[name]
        return (
          <button
            key={name}
            type="button"
            aria-pressed={tool === name}
            aria-label={t(`map.tool.${name}`)}
            title={`${t(`map.tool.${name}`)} (${KEYS[name]})`}
            onClick={() => onToolChange(name)}
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
