/** Checks a changing outline by the service, not more often than it rests, and keeps the last answer that still fits. */
import type { Position } from '../../../shared/geometry/types.ts'
import { closedGeometry, type GeometryCheck, type Neighbour, openPolygons, type Words } from './sketch.ts'
import type { ToolContext } from './tool.ts'

const REST_MS = 250

export interface GeometryWatch {
  /** Tells of a new outline: open rings. */
  changed(polygons: readonly (readonly (readonly Position[])[])[]): void
  defects(): Position[]
  overlapped(neighbours: readonly Neighbour[]): Position[][][]
  warnings(): Words[]
  dispose(): void
}

export function geometryWatch(
  context: Pick<ToolContext, 'check' | 'problem'>,
  excludeId: () => string | null,
  onResult: () => void,
): GeometryWatch {
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  let result: GeometryCheck = { defects: [], overlaps: [] }

  async function run(polygons: readonly (readonly (readonly Position[])[])[], mine: number) {
    try {
      const checked = await context.check(closedGeometry(polygons), excludeId())
      if (mine !== turn) return
      result = checked
      onResult()
    } catch (error) {
      if (mine === turn) context.problem(error)
    }
  }

  return {
    changed(polygons) {
      turn += 1
      clearTimeout(timer)
      if (polygons.length === 0 || polygons.some(polygon => polygon.some(ring => ring.length < 3))) {
        result = { defects: [], overlaps: [] }
        return
      }
      const mine = turn
      timer = setTimeout(() => void run(polygons, mine), REST_MS)
    },
    defects: () => result.defects.map(({ lng, lat }) => [lng, lat]),
    overlapped: neighbours => {
      const ids = new Set(result.overlaps.map(overlap => overlap.id))
      return neighbours.filter(neighbour => ids.has(neighbour.id)).flatMap(({ geometry }) => openPolygons(geometry))
    },
    warnings: () => [
      ...(result.defects.length > 0 ? [{ key: 'map.check.defect', values: { count: result.defects.length } }] : []),
      ...result.overlaps.map(({ code, area_m2 }) => ({
        key: 'map.check.overlap',
        values: { code, area: area_m2.toFixed(2) },
      })),
    ],
    dispose() {
      turn += 1
      clearTimeout(timer)
    },
  }
}
