/** At the lower left of the map: photos on or off. */
import { PhotoMap } from '../photos/photo-map.tsx'
import './field.css'

export function FieldTools() {
  return (
    <div className="field-tools">
      <PhotoMap />
    </div>
  )
}
