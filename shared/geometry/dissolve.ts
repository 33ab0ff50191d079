/**
 * The common outline of parcels that share edges: opposite edges cancel, what is left is stitched to rings. Vertices are
 * snapped to a fine grid and inserted where they lie on a neighbour's edge (T-junctions) first. Returns null when the
 * edges do not cancel cleanly (overlaps, slivers): the caller then unites the parcels with GEOS. Metric plane, pure.
 */
import { planarAreaM2 } from './area.ts'
import { isInsideRing } from './point-in-polygon.ts'
import { type FlatPolygons, type Position, type Ring, toFlat } from './types.ts'

const DEFAULT_SNAP_M = 0.001

interface Node {
  x: number
  y: number
  /** Indices of the nodes that outline edges lead to. */
  next: number[]
}

/** Outline of all members together, or null when it cannot be found by cancelling edges. */
export function dissolve(members: readonly FlatPolygons[], snapM = DEFAULT_SNAP_M): FlatPolygons | null {
  const nodes = createNodes(snapM)
  const rings = members.flatMap(member => orientedRings(member).map(ring => nodes.ring(ring)))
  const edges = nodes.splitAtJunctions(rings)
  if (!cancel(edges, nodes.list)) return null
  const stitched = stitch(nodes.list)
  if (!stitched) return null
  const outline = nest(stitched)
  if (!outline) return null
  const expected = members.reduce((sum, member) => sum + planarAreaM2(member), 0)
  const perimeter = members.reduce((sum, member) => sum + member.coordinates.length, 0)
  return Math.abs(planarAreaM2(outline) - expected) <= Math.max(1e-6 * expected, perimeter * snapM * 10)
    ? outline
    : null
}

/** Rings with shells counter-clockwise and holes clockwise, without the closing vertex. */
function orientedRings(polygons: FlatPolygons): Position[][] {
  const rings: Position[][] = []
  const { coordinates: c, ringEnds, polygonEnds } = polygons
  let ring = 0
  let from = 0
  for (const polygonEnd of polygonEnds) {
    for (let shell = true; ring < polygonEnd; ring++, shell = false) {
      const to = ringEnds[ring]!
      const positions: Position[] = []
      for (let vertex = from; vertex + 1 < to; vertex++) positions.push([c[vertex * 2]!, c[vertex * 2 + 1]!])
      if (signedArea(positions) > 0 !== shell) positions.reverse()
      rings.push(positions)
      from = to
    }
  }
  return rings
}

function createNodes(snapM: number) {
  const list: Node[] = []
  const byKey = new Map<string, number>()
  const cells = new Map<string, number[]>()
  const CELL_M = 10
  const cellKey = (x: number, y: number): string => `${Math.floor(x / CELL_M)},${Math.floor(y / CELL_M)}`

  const nodeAt = (x: number, y: number): number => {
    const key = `${Math.round(x / snapM)},${Math.round(y / snapM)}`
    const known = byKey.get(key)
    if (known !== undefined) return known
    const index = list.length
    list.push({ x, y, next: [] })
    byKey.set(key, index)
    const cell = cells.get(cellKey(x, y))
    if (cell) cell.push(index)
    else cells.set(cellKey(x, y), [index])
    return index
  }

  /** Nodes that lie on the inside of the edge a-b, in order along it. */
  const junctionsOn = (a: Node, b: Node): number[] => {
    const dx = b.x - a.x
    const dy = b.y - a.y
    const length2 = dx * dx + dy * dy
    const found: { node: number; t: number }[] = []
    for (
      let cx = Math.floor((Math.min(a.x, b.x) - snapM) / CELL_M);
      cx <= Math.floor((Math.max(a.x, b.x) + snapM) / CELL_M);
      cx++
    ) {
      for (
        let cy = Math.floor((Math.min(a.y, b.y) - snapM) / CELL_M);
        cy <= Math.floor((Math.max(a.y, b.y) + snapM) / CELL_M);
        cy++
      ) {
        for (const index of cells.get(`${cx},${cy}`) ?? []) {
          const node = list[index]!
          if (node === a || node === b) continue
          const t = ((node.x - a.x) * dx + (node.y - a.y) * dy) / length2
          if (t <= 0 || t >= 1) continue
          const cross = (node.x - a.x) * dy - (node.y - a.y) * dx
          if (cross * cross <= snapM * snapM * length2) found.push({ node: index, t })
        }
      }
    }
    return found.sort((p, q) => p.t - q.t).map(entry => entry.node)
  }

  return {
    list,
    ring: (positions: Position[]): number[] => positions.map(([x, y]) => nodeAt(x, y)),
    splitAtJunctions(rings: readonly number[][]): [number, number][] {
      const edges: [number, number][] = []
      for (const ring of rings) {
        ring.forEach((from, position) => {
          const to = ring[(position + 1) % ring.length]!
          if (from === to) return
          let last = from
          for (const junction of junctionsOn(list[from]!, list[to]!)) {
            if (junction !== last) edges.push([last, junction])
            last = junction
          }
          if (last !== to) edges.push([last, to])
        })
      }
      return edges
    },
  }
}

/** Cancels opposite edges and hangs the rest on their nodes; false when two edges run the same way (an overlap). */
function cancel(edges: readonly [number, number][], nodes: Node[]): boolean {
  const counts = new Map<string, number>()
  for (const [from, to] of edges) counts.set(`${from}>${to}`, (counts.get(`${from}>${to}`) ?? 0) + 1)
  for (const [from, to] of edges) {
    const forward = counts.get(`${from}>${to}`)!
    const backward = counts.get(`${to}>${from}`) ?? 0
    if (forward > 1) return false
    if (backward === 0) nodes[from]!.next.push(to)
  }
  return true
}

/** Follows the edges to closed rings; where several leave a node the leftmost is taken, so that rings stay simple. */
function stitch(nodes: Node[]): Ring[] | null {
  const rings: Ring[] = []
  for (let start = 0; start < nodes.length; start++) {
    while (nodes[start]!.next.length > 0) {
      const path = [start]
      let previous = start
      let current = nodes[start]!.next.pop()!
      while (current !== start) {
        path.push(current)
        const choices = nodes[current]!.next
        if (choices.length === 0) return null
        const pick = choices.length === 1 ? 0 : leftmost(nodes, previous, current, choices)
        previous = current
        current = choices.splice(pick, 1)[0]!
        if (path.length > nodes.length * 2) return null
      }
      const ring = path.map((index): Position => [nodes[index]!.x, nodes[index]!.y])
      ring.push([...ring[0]!])
      if (ring.length >= 4) rings.push(ring)
    }
  }
  return rings
}

function leftmost(nodes: Node[], previous: number, current: number, choices: readonly number[]): number {
  const from = nodes[previous]!
  const here = nodes[current]!
  const heading = Math.atan2(here.y - from.y, here.x - from.x)
  let best = 0
  let bestTurn = -Infinity
  choices.forEach((choice, index) => {
    let turn = Math.atan2(nodes[choice]!.y - here.y, nodes[choice]!.x - here.x) - heading
    while (turn <= -Math.PI) turn += 2 * Math.PI
    while (turn > Math.PI) turn -= 2 * Math.PI
    if (turn > bestTurn) {
      bestTurn = turn
      best = index
    }
  })
  return best
}

/** Puts every clockwise ring as a hole into the smallest counter-clockwise ring around it. */
function nest(rings: readonly Ring[]): FlatPolygons | null {
  const shells = rings
    .filter(ring => signedArea(ring) > 0)
    .map(ring => ({ rings: [ring], area: signedArea(ring), flat: flatRing(ring) }))
  shells.sort((a, b) => a.area - b.area)
  for (const hole of rings.filter(ring => signedArea(ring) < 0)) {
    const x = (hole[0]![0] + hole[1]![0]) / 2
    const y = (hole[0]![1] + hole[1]![1]) / 2
    const shell = shells.find(
      candidate =>
        candidate.area > -signedArea(hole) && isInsideRing(candidate.flat, 0, candidate.flat.length / 2, x, y),
    )
    if (!shell) return null
    shell.rings.push(hole)
  }
  return toFlat({ type: 'MultiPolygon', coordinates: shells.map(shell => shell.rings) })
}

function flatRing(ring: Ring): Float64Array {
  return Float64Array.from(ring.flat())
}

function signedArea(ring: readonly Position[]): number {
  const [x0, y0] = ring[0]!
  let twice = 0
  for (let index = 0; index < ring.length; index++) {
    const [x1, y1] = ring[index]!
    const [x2, y2] = ring[(index + 1) % ring.length]!
    twice += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
  }
  return twice / 2
}
