/** At the lower left of the map: basemaps, the receiver, and photos on or off. */
import { GnssPanel } from '../gnss/gnss-panel.tsx'
import { PhotoMap } from '../photos/photo-map.tsx'
import { BasemapPanel } from './basemap-panel.tsx'
import './field.css'

export function FieldTools() {
  return (
    <div className="field-tools">
      <BasemapPanel />
      <GnssPanel />
      <PhotoMap />
    </div>
  )
}
