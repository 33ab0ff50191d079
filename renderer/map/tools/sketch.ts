/** What a tool shows on the map, as plain data; `sketch-layer.ts` draws it. Positions are lng/lat degrees. */
import type { MultiPolygonCoordinates, PolygonCoordinates, Position } from '../../../shared/geometry/types.ts'

export type SketchGeometry =
  | { type: 'Polygon'; coordinates: PolygonCoordinates }
  | { type: 'MultiPolygon'; coordinates: MultiPolygonCoordinates }

export interface ParcelSource {
  readonly id: string
  readonly pk: number
  readonly rev: number
  readonly code: string
  readonly geometry: SketchGeometry
}

export type Neighbour = ParcelSource

export interface GeometryCheck {
  readonly outlines: readonly {
    readonly defects: readonly { readonly kind: string; readonly lng: number; readonly lat: number }[]
    readonly side: string
    readonly inside_share: number | null
  }[]
  readonly overlaps: readonly { readonly id: string | null; readonly code: string; readonly area_m2: number }[]
}

export interface SketchAction {
  readonly words: Words
  run(): void
  readonly isDanger?: boolean
  /** For a switch: whether it is on. */
  readonly isOn?: boolean
}

/** A text of the catalogue with its values. */
export interface Words {
  readonly key: string
  readonly values?: Readonly<Record<string, string | number>>
}

export interface Sketch {
  /** Polygons of open rings, the first ring of each the shell. */
  readonly polygons: readonly (readonly (readonly Position[])[])[]
  /** Outlines beside the one in hand: neighbours that follow, or parcels that are chosen. */
  readonly others: readonly (readonly (readonly Position[])[])[]
  /** What an edit would make, each in a colour of its own. */
  readonly parts: readonly (readonly (readonly (readonly Position[])[])[])[]
  /** The line still being drawn, up to the cursor. */
  readonly line: readonly Position[]
  readonly vertices: readonly Position[]
  readonly midpoints: readonly Position[]
  readonly active: Position | null
  /** Where the right-angle aid holds: the corner, and the places that its two edges come from. */
  readonly rightAngle: readonly [Position, Position, Position] | null
  readonly snap: { readonly position: Position; readonly kind: 'vertex' | 'edge' } | null
  /** Beside the cursor. */
  readonly note: { readonly position: Position; readonly words: readonly Words[] } | null
  /** At the top of the map. */
  readonly hint: Words | null
  /** Beside the hint: what is known of the shape. */
  readonly details: readonly Words[]
  /** Buttons under the hint. */
  readonly actions: readonly SketchAction[]
  readonly defects: readonly Position[]
  /** Outlines that the sketch overlaps. */
  readonly overlapped: readonly (readonly (readonly Position[])[])[]
  readonly warnings: readonly Words[]
}

export const EMPTY_SKETCH: Sketch = {
  polygons: [],
  others: [],
  parts: [],
  line: [],
  vertices: [],
  midpoints: [],
  active: null,
  rightAngle: null,
  snap: null,
  note: null,
  hint: null,
  details: [],
  actions: [],
  defects: [],
  overlapped: [],
  warnings: [],
}

/** Polygons with open rings (the repeated last position left out). */
export function openPolygons(geometry: SketchGeometry): Position[][][] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  return polygons.map(polygon => polygon.map(ring => ring.slice(0, -1).map(([lng, lat]) => [lng, lat] as Position)))
}

/** The geometry of open rings; a polygon when there is one part only. */
export function closedGeometry(polygons: readonly (readonly (readonly Position[])[])[]): SketchGeometry {
  const closed = polygons.map(polygon =>
    polygon.map(ring => [...ring, ring[0]!].map(([lng, lat]) => [lng, lat] as Position)),
  )
  return closed.length === 1
    ? { type: 'Polygon', coordinates: closed[0]! }
    : { type: 'MultiPolygon', coordinates: closed }
}
