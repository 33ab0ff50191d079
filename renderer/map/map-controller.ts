/**
 * The map outside React: one Leaflet map with its panes, the painting worker, the tools. React tells it what changed; it
 * never reads React state, and no Leaflet object leaves this folder.
 */
import { Control, type Map as LeafletMap } from 'leaflet'
import { type Outline, outlineBox } from '../../shared/geometry/edit/outline.ts'
import { RATED_BY } from '../../shared/tiles/tile-values.ts'
import { takeEarlyMap } from './early-map.ts'
import { fieldLayers } from './field/field-layers.ts'
import { takeCorners } from './field/gnss-view.ts'
import { HOME_BOX } from './layers/basemap-layer.ts'
import { boundaryLayer } from './layers/boundary-layer.ts'
import { compareLayer } from './layers/compare-layer.ts'
import { labelOverlay } from './layers/label-overlay.ts'
import { ParcelLayer } from './layers/parcel-layer.ts'
import { placeMark } from './layers/place-mark.ts'
import { selectionLayer } from './layers/selection-layer.ts'
import { sketchLayer } from './layers/sketch-layer.ts'
import { boundsOf, viewOf } from './layers/view-geometry.ts'
import type {
  FlyTo,
  MapBox,
  MapChange,
  MapCompare,
  MapFilter,
  MapPort,
  MapThemeName,
  MapToolName,
  TileSource,
} from './map-port.ts'
import { type StartedMap, showPlace, startMap, tellCentre } from './map-start.ts'
import { previewStyle, themeStyle } from './painting/paint-style.ts'
import { acquirePainter } from './painting/painter-link.ts'
import { toolHost } from './tool-host.ts'
import type { Sketch } from './tools/sketch.ts'
import { toolContext } from './tools/tool-context.ts'

export interface MapController {
  setTheme(
    theme: MapThemeName,
    filter: MapFilter,
    units: MapPort['units'],
    isDark: boolean,
    language: 'zh' | 'en',
  ): void
  setTool(tool: MapToolName): void
  /** The outline that typed coordinates mean; null while they mean nothing. */
  setTyped(outline: Outline | null): void
  setSelected(id: string | null): void
  setBoundary(id: string | null): void
  setTileSource(source: TileSource): void
  setPreview(key: string | null): void
  setCompare(compare: MapCompare | null): void
  /** Where the divider between two versions stands, share of the width. */
  divide(share: number): void
  changed(change: MapChange): void
  flyTo(target: FlyTo, reducedMotion: boolean): void
  zoomBy(steps: number): void
  fit(box: MapBox | null): void
  /** The window around the map changed its size. */
  resized(): void
  remove(): void
}

export interface ControllerOptions {
  /** Always the newest props. */
  port: () => MapPort
  onSketch: (sketch: Sketch | null) => void
  onSubzones: (subzones: readonly string[]) => void
  onTilesFailed: (failed: boolean) => void
}

const RETRY_MS = 1500

/** @param slot the place of the map in the window. */
export function createMapController(slot: HTMLElement, options: ControllerOptions): MapController {
  const port = options.port
  const { element, map, painter, basemap, parcels } = startedMap(slot, port())
  element.role = 'application'
  element.tabIndex = 0
  element.ariaLabel = port().t('map.label')
  element.dataset['tool'] = port().tool
  new Control.Scale({ imperial: false, position: 'bottomright' }).addTo(map)

  const problem = (error: unknown): void => port().onProblem?.(error)
  painter.send({ kind: 'opened', survey: port().survey, revision: port().revision })
  const field = fieldLayers(map)
  const boundary = boundaryLayer(map, () => port().service.boundaries, problem, options.onSubzones)
  const compared = compareLayer(map, () => port().service.boundaries, problem)
  let retry = 0
  parcels.onFailed = () => {
    options.onTilesFailed(true)
    clearTimeout(retry)
    retry = window.setTimeout(() => painter.send({ kind: 'retry' }), RETRY_MS)
  }
  const labels = labelOverlay(map, painter)
  parcels.onPlaced = () => {
    options.onTilesFailed(false)
    labels.refresh()
  }
  const selection = selectionLayer(map, () => port().service.parcels, problem)
  const sketch = sketchLayer(map, () => port().t)
  const mark = placeMark(map)
  let preview: ParcelLayer | null = null

  const context = toolContext(map, { port, painter, parcels, selection, sketch, onSketch: options.onSketch })
  const tools = toolHost(map, context)
  const stopCorners = takeCorners({ add: ({ lng, lat }) => tools.addCorner([lng, lat]), placing: tools.placing })

  const tellView = (): void => {
    tellCentre(map, painter)
    port().onViewChange?.(viewOf(map))
  }
  map.on('moveend', tellView)
  map.on('mousemove', event => port().onPointer?.({ lng: event.latlng.lng, lat: event.latlng.lat }))
  map.on('mouseout', () => port().onPointer?.(null))
  tellView()

  return {
    setTheme(theme, filter, units, isDark, language) {
      painter.send({ kind: 'style', layer: 'parcels', style: themeStyle(theme, units, filter, isDark) })
      basemap.setAppearance(language, isDark)
      element.ariaLabel = port().t('map.label')
      labels.refresh()
    },
    setTool(tool) {
      element.dataset['tool'] = tool
      tools.use(tool)
    },
    setTyped(outline) {
      tools.offerTyped(outline)
      if (outline) showBeside(map, outlineBox(outline))
    },
    setSelected: id => selection.select(id),
    setBoundary: id => boundary.setBoundary(id),
    setTileSource(source) {
      acquirePainter(source).send({ kind: 'retry' })
    },
    setPreview(key) {
      preview?.remove()
      preview = null
      if (key === null) return
      const layer = `preview:${key}`
      painter.send({ kind: 'style', layer, style: previewStyle(false) })
      preview = new ParcelLayer({ layer, painter }).addTo(map)
      preview.onFailed = (_code, message) => problem(new Error(message))
    },
    setCompare: compare => compared.show(compare),
    divide: share => compared.divide(share),
    changed(change) {
      const { revision, box, tile_values: values } = change
      // Class, tax and year come from records that lie nowhere: any tile may hold them.
      const anywhere = change.bulk || RATED_BY.some(entity => change.entities[entity])
      if (anywhere || box !== null) painter.send({ kind: 'changed', revision, box: anywhere ? null : box, values })
      if (change.bulk || change.entities['parcel']) {
        selection.refresh()
        tools.changed(change.bulk ? null : (change.entities['parcel'] ?? []))
      }
      if (change.bulk || change.entities['boundary_feature'] || change.entities['boundary_version']) boundary.refresh()
    },
    flyTo(target, reducedMotion) {
      if (target === null) return
      mark.show('place' in target && target.isMarked ? target.place : null)
      const move = { animate: !reducedMotion, duration: 0.5, maxZoom: 18, padding: [40, 40] as [number, number] }
      if ('box' in target) map.fitBounds(boundsOf(target.box), move)
      else if ('place' in target)
        map.setView([target.place.lat, target.place.lng], target.zoom ?? Math.max(16, map.getZoom()), move)
      else {
        port()
          .service.parcels.detail({ id: target.parcelId })
          .then(detail => {
            selection.offer(detail)
            map.fitBounds(boundsOf(detail.box), move)
          }, problem)
      }
    },
    zoomBy: steps => map.setZoom(map.getZoom() + steps),
    fit: box => map.fitBounds(boundsOf(box ?? HOME_BOX), { padding: [24, 24] }),
    resized: () => map.invalidateSize({ pan: false }),
    remove() {
      clearTimeout(retry)
      // A view still moving would tell renderers of it that are gone by then.
      map.stop()
      stopCorners()
      tools.remove()
      mark.remove()
      preview?.remove()
      sketch.remove()
      selection.remove()
      labels.remove()
      boundary.remove()
      compared.remove()
      field.remove()
      basemap.remove()
      map.off()
      map.remove()
      element.remove()
    },
  }
}

/** The map that the window began with, moved here, or a new one. */
function startedMap(slot: HTMLElement, port: MapPort): StartedMap {
  const { survey, extent, tileSource, language, dark = false, reducedMotion = false, initialView } = port
  const view = initialView ? { ...initialView, file: survey } : null
  const early = takeEarlyMap(slot)
  if (!early) return startMap(slot, { view, extent, source: tileSource, language, dark, reducedMotion })
  acquirePainter(tileSource)
  if (early.file !== survey) showPlace(early.started.map, { view, extent })
  return early.started
}

/** Room that the panel of typed coordinates and the legend leave, pixels. */
const PANEL_PX = 400
const LEGEND_PX = 210

/** Shows a box in the part of the map that panels leave free. */
function showBeside(map: LeafletMap, box: MapBox): void {
  map.fitBounds(boundsOf(box), {
    maxZoom: 18,
    paddingTopLeft: [Math.min(PANEL_PX, map.getSize().x / 2), 60],
    paddingBottomRight: [Math.min(LEGEND_PX, map.getSize().x / 4), 60],
    animate: false,
  })
}
