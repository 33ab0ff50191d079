/** The bundled county outlines as a backdrop of small maps, so that data stand somewhere and not on a white sheet. */
import countiesText from '../../resources/basemap/jinhua-counties.geojson?raw'
import type { Polygonal } from '../../shared/contract/base.ts'
import type { OutlineLayer } from './outline-canvas.tsx'

const STROKE = '#a7b1bb'
let layers: readonly OutlineLayer[] | undefined

export function countyOutlines(): readonly OutlineLayer[] {
  layers ??= (JSON.parse(countiesText) as { features: { geometry: Polygonal }[] }).features.map(({ geometry }) => ({
    geometry,
    stroke: STROKE,
    width: 1,
    backdrop: true,
  }))
  return layers
}
