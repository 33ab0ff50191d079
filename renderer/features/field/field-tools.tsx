/** At the lower left of the map: basemaps, and photos on or off. */
import { PhotoMap } from '../photos/photo-map.tsx'
import { BasemapPanel } from './basemap-panel.tsx'
import './field.css'

export function FieldTools() {
  return (
    <div className="field-tools">
      <BasemapPanel />
      <PhotoMap />
    </div>
  )
}
