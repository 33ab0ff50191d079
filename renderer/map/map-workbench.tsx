/**
 * The map as a React component: creates the controller once per survey, passes changed props on, and shows the panels over
 * the map. Leaflet itself stays outside React (docs/decisions/0003).
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Outline } from '../../shared/geometry/edit/outline.ts'
import { createMapController, type MapController } from './map-controller.ts'
import type { MapPort } from './map-port.ts'
import { MapLegend } from './panels/map-legend.tsx'
import { MapTools } from './panels/map-tools.tsx'
import { Swipe } from './panels/swipe.tsx'
import { ToolHint } from './panels/tool-hint.tsx'
import { TypedPanel } from './panels/typed-panel.tsx'
import type { Sketch } from './tools/sketch.ts'

export function MapWorkbench(props: Readonly<MapPort>) {
  const container = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  latest.current = props
  const [controller, setController] = useState<MapController | null>(null)
  const [sketch, setSketch] = useState<Sketch | null>(null)
  const [subzones, setSubzones] = useState<readonly string[]>([])
  const [tilesFailed, setTilesFailed] = useState(false)
  const {
    tileSource,
    theme,
    filter,
    units,
    dark = false,
    language,
    tool,
    selectedId,
    boundaryId,
    previewKey = null,
    compare = null,
    flyTo = null,
    changes,
    reducedMotion = false,
  } = props

  useEffect(() => {
    const element = container.current
    if (!element) return
    const created = createMapController(element, {
      port: () => latest.current,
      onSketch: setSketch,
      onSubzones: setSubzones,
      onTilesFailed: setTilesFailed,
    })
    setController(created)
    const observer = new ResizeObserver(() => created.resized())
    observer.observe(element)
    return () => {
      observer.disconnect()
      setController(null)
      created.remove()
    }
  }, [])

  const knownSource = useRef(tileSource)
  useEffect(() => {
    if (!controller || knownSource.current === tileSource) return
    knownSource.current = tileSource
    controller.setTileSource(tileSource)
  }, [controller, tileSource])
  useEffect(
    () => controller?.setTheme(theme, filter, units, dark, language),
    [controller, theme, filter, units, dark, language],
  )
  useEffect(() => controller?.setTool(tool), [controller, tool])
  useEffect(() => controller?.setSelected(selectedId), [controller, selectedId])
  useEffect(() => controller?.setBoundary(compare ? null : boundaryId), [controller, boundaryId, compare])
  useEffect(() => controller?.setCompare(compare), [controller, compare])
  useEffect(() => controller?.setPreview(previewKey), [controller, previewKey])
  useEffect(() => controller?.flyTo(flyTo, reducedMotion), [controller, flyTo, reducedMotion])
  useEffect(
    () => (controller ? changes.subscribe(change => controller.changed(change)) : undefined),
    [controller, changes],
  )

  const offerTyped = useCallback((outline: Outline | null) => controller?.setTyped(outline), [controller])

  return (
    <div className="map-frame">
      <div ref={container} className="map-slot" />
      <svg className="map-north" viewBox="0 0 24 40" role="img" aria-label={props.t('map.north')}>
        <path d="M12 12L18 38L12 32L6 38Z" />
        <text x="12" y="10">
          {props.t('map.north')}
        </text>
      </svg>
      {compare && (
        <Swipe
          key={`${compare.left.boundaryId}/${compare.right.boundaryId}`}
          compare={compare}
          onDivide={share => controller?.divide(share)}
          t={props.t}
        />
      )}
      <MapTools
        {...props}
        onZoom={steps => controller?.zoomBy(steps)}
        onZoomAll={() => controller?.fit(props.extent)}
      />
      <ToolHint sketch={sketch} t={props.t} />
      {tool === 'typed' && (
        <TypedPanel
          t={props.t}
          language={language}
          extent={props.extent}
          onOutline={offerTyped}
          onSave={() => sketch?.actions[0]?.run()}
          onLeave={() => props.onToolChange('select')}
        />
      )}
      <MapLegend {...props} subzones={subzones} />
      {tilesFailed && (
        <div className="map-panel map-notice" role="status">
          {props.t('map.tiles.failed')}
        </div>
      )}
    </div>
  )
}
