/** Checks changing outlines by the service, not more often than they rest, and keeps the last answer that still fits. */
import type { Outline } from '../../../shared/geometry/edit/outline.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import { closedGeometry, type GeometryCheck, type Neighbour, openPolygons, type Words } from './sketch.ts'
import type { ToolContext } from './tool.ts'

const REST_MS = 250
const NOTHING: GeometryCheck = { outlines: [], overlaps: [] }

/** A changing outline and the parcel that it would replace. */
export interface WatchedOutline {
  readonly id: string | null
  readonly outline: Outline
}

export interface GeometryWatch {
  changed(outlines: readonly WatchedOutline[]): void
  defects(): Position[]
  overlapped(neighbours: readonly Neighbour[]): Position[][][]
  warnings(): Words[]
  /** Side that the first outline would have, once it is known. */
  side(): Words | null
  dispose(): void
}

export function geometryWatch(context: Pick<ToolContext, 'check' | 'problem'>, onResult: () => void): GeometryWatch {
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  let result = NOTHING

  async function run(outlines: readonly WatchedOutline[], mine: number) {
    try {
      const checked = await context.check(
        outlines.map(({ id, outline }) => ({ id, geometry: closedGeometry(outline as Position[][][]) })),
      )
      if (mine !== turn) return
      result = checked
      onResult()
    } catch (error) {
      if (mine === turn) context.problem(error)
    }
  }

  return {
    changed(outlines) {
      turn += 1
      clearTimeout(timer)
      const whole = outlines.filter(
        ({ outline }) => outline.length > 0 && outline.flat().every(ring => ring.length >= 3),
      )
      if (whole.length === 0) {
        result = NOTHING
        return
      }
      const mine = turn
      timer = setTimeout(() => void run(whole, mine), REST_MS)
    },
    defects: () => result.outlines.flatMap(({ defects }) => defects.map(({ lng, lat }): Position => [lng, lat])),
    overlapped: neighbours => {
      const ids = new Set(result.overlaps.map(overlap => overlap.id))
      return neighbours.filter(neighbour => ids.has(neighbour.id)).flatMap(({ geometry }) => openPolygons(geometry))
    },
    warnings: () => {
      const defects = result.outlines.flatMap(outline => outline.defects)
      const kinds = [...new Set(defects.map(defect => defect.kind))]
      return [
        ...kinds.map(kind => ({
          key: `map.defect.${kind}`,
          values: { count: defects.filter(defect => defect.kind === kind).length },
        })),
        ...result.overlaps.slice(0, 3).map(({ code, area_m2 }) => ({
          key: 'map.check.overlap',
          values: { code, area: area_m2.toFixed(2) },
        })),
        ...(result.overlaps.length > 3
          ? [{ key: 'map.check.more', values: { count: result.overlaps.length - 3 } }]
          : []),
      ]
    },
    side: () => {
      const outline = result.outlines[0]
      if (!outline || outline.side === 'unknown' || outline.inside_share === null) return null
      return { key: `map.side.${outline.side}`, values: { share: (outline.inside_share * 100).toFixed(1) } }
    },
    dispose() {
      turn += 1
      clearTimeout(timer)
    },
  }
}
