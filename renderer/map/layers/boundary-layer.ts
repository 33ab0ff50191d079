/** Outlines of the active boundary version by sub-zone, read again for each view with the detail that it can show. */
import { LayerGroup, type Map as LeafletMap, Polygon, svg } from 'leaflet'
import { BOUNDARY_COLOURS } from '../../../shared/tiles/theme-colours.ts'
import type { MapService } from '../map-port.ts'
import { boxOfBounds, pixelsPerDegree, toLatLngs } from './view-geometry.ts'

const WAIT_MS = 150
/** Outlines are thinned to half a pixel. */
const TOLERANCE_PX = 0.5

const DASHES: Readonly<Record<string, string>> = { flexible: '8 5', special: '2 5' }

export interface BoundaryLayer {
  /** Null takes the outlines away. */
  setBoundary(id: string | null): void
  refresh(): void
  remove(): void
}

export function boundaryLayer(
  map: LeafletMap,
  service: () => MapService['boundaries'],
  onProblem: (error: unknown) => void,
  onSubzones: (subzones: readonly string[]) => void,
  paneName = 'boundary',
): BoundaryLayer {
  const pane = map.getPane(paneName) ?? map.createPane(paneName)
  pane.style.zIndex ||= '350'
  pane.style.pointerEvents = 'none'
  // Lines on nothing: a canvas of this size would cost over 20 MB.
  const renderer = svg({ pane: paneName, padding: 0.2 })
  const group = new LayerGroup().addTo(map)
  let boundaryId: string | null = null
  let shown: { zoom: number; bounds: ReturnType<LeafletMap['getBounds']> } | null = null
  let timer = 0
  let turn = 0

  async function read() {
    const mine = ++turn
    if (boundaryId === null) {
      group.clearLayers()
      onSubzones([])
      return
    }
    const bounds = map.getBounds().pad(0.5)
    const zoom = map.getZoom()
    try {
      const outlines = await service().outlines({
        boundary_id: boundaryId,
        box: boxOfBounds(bounds),
        tolerance_degrees: TOLERANCE_PX / pixelsPerDegree(zoom),
      })
      if (mine !== turn) return
      shown = { zoom, bounds }
      group.clearLayers()
      for (const { subzone, geometry } of outlines) {
        group.addLayer(
          new Polygon(toLatLngs(geometry), {
            pane: paneName,
            renderer,
            interactive: false,
            fill: false,
            weight: 2,
            color: BOUNDARY_COLOURS[subzone] ?? BOUNDARY_COLOURS['unspecified']!,
            dashArray: DASHES[subzone],
            smoothFactor: 0,
          }),
        )
      }
      onSubzones([...new Set(outlines.map(outline => outline.subzone))])
    } catch (error) {
      if (mine === turn) onProblem(error)
    }
  }

  function readSoon() {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void read(), WAIT_MS)
  }
  function viewMoved() {
    if (boundaryId === null) return
    if (shown && shown.zoom === map.getZoom() && shown.bounds.contains(map.getBounds())) return
    readSoon()
  }
  map.on('moveend', viewMoved)

  return {
    setBoundary(id) {
      if (id === boundaryId) return
      boundaryId = id
      shown = null
      readSoon()
    },
    refresh: readSoon,
    remove() {
      turn += 1
      window.clearTimeout(timer)
      map.off('moveend', viewMoved)
      group.remove()
    },
  }
}
