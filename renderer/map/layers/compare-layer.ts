/**
 * Two boundary versions on one map, one left and one right of a divider: the lines of each, and the parcels that they judge
 * differently in the colour of each side. Everything else of the map stays as it is.
 */
import { LayerGroup, type Map as LeafletMap, Polygon } from 'leaflet'
import { SIDE_COLOURS } from '../../../shared/tiles/theme-colours.ts'
import type { MapCompare, MapService } from '../map-port.ts'
import { type BoundaryLayer, boundaryLayer } from './boundary-layer.ts'
import { calmCanvas } from './calm-canvas.ts'
import { toLatLngs } from './view-geometry.ts'

const HALVES = ['left', 'right'] as const

export interface CompareLayer {
  show(compare: MapCompare | null): void
  /** Where the divider stands, share of the width. */
  divide(share: number): void
  remove(): void
}

export function compareLayer(
  map: LeafletMap,
  service: () => MapService['boundaries'],
  onProblem: (error: unknown) => void,
): CompareLayer {
  let parts: { lines: BoundaryLayer; parcels: LayerGroup; pane: HTMLElement; half: (typeof HALVES)[number] }[] = []
  let share = 0.5

  function part(half: (typeof HALVES)[number]) {
    const name = `compare-${half}`
    const pane = map.getPane(name) ?? map.createPane(name)
    pane.style.zIndex = '360'
    pane.style.pointerEvents = 'none'
    pane.style.display = ''
    return {
      half,
      pane,
      parcels: new LayerGroup().addTo(map),
      lines: boundaryLayer(map, service, onProblem, () => undefined, name),
    }
  }

  /** Panes move with the map: the cut is given in their own pixels and far beyond the view above and below. */
  function cut() {
    const size = map.getSize()
    const low = map.containerPointToLayerPoint([0, 0])
    const x = low.x + size.x * share
    const [top, bottom] = [low.y - size.y, low.y + 2 * size.y]
    for (const { half, pane } of parts) {
      const [from, to] = half === 'left' ? [low.x - size.x, x] : [x, low.x + 2 * size.x]
      pane.style.clipPath = `polygon(${from}px ${top}px, ${to}px ${top}px, ${to}px ${bottom}px, ${from}px ${bottom}px)`
    }
  }
  map.on('move zoomend resize', cut)

  function clear() {
    for (const { lines, parcels, pane } of parts) {
      lines.remove()
      parcels.remove()
      pane.style.display = 'none'
    }
    parts = []
  }

  return {
    show(compare) {
      clear()
      if (!compare) return
      parts = HALVES.map(part)
      for (const { half, parcels, lines } of parts) {
        const renderer = calmCanvas({ pane: `compare-${half}`, padding: 0.4 })
        for (const { geometry, ...sides } of compare.flipped)
          new Polygon(toLatLngs(geometry), {
            pane: `compare-${half}`,
            renderer,
            interactive: false,
            color: '#1d2733',
            weight: 1.5,
            fillColor: SIDE_COLOURS[sides[half]] ?? SIDE_COLOURS['unknown']!,
            fillOpacity: 0.85,
            smoothFactor: 0,
          }).addTo(parcels)
        lines.setBoundary(compare[half].boundaryId)
      }
      cut()
    },
    divide(next) {
      share = next
      cut()
    },
    remove() {
      map.off('move zoomend resize', cut)
      clear()
    },
  }
}
