/**
 * From outlines in degrees to rings in tile units: projection, dropping of vertices too close to see, clipping.
 * Works on one ring at a time in scratch arrays; nothing is allocated per vertex.
 */

import { CLIP_MARGIN_PX, UNITS_PER_PX } from './packed-tile.ts'
import { TILE_SIZE_PX, tileLatitude, tileLongitude } from './tile-address.ts'

const SIDE = TILE_SIZE_PX * UNITS_PER_PX
const CLIP_LOW = -CLIP_MARGIN_PX * UNITS_PER_PX
const CLIP_HIGH = SIDE + CLIP_MARGIN_PX * UNITS_PER_PX
/** A vertex nearer than this to the one kept before it is dropped. */
export const DROP_PX = 0.75
const DROP_SQUARED = (DROP_PX * UNITS_PER_PX) ** 2

export interface TileProjection {
  x(lng: number): number
  y(lat: number): number
}

/**
 * Web Mercator into units of one tile. From z 9 on latitude goes through the Taylor series around the tile's middle: within
 * 0.01 units of the exact value as far as one degree away, and several times cheaper than a logarithm.
 */
export function tileProjection(z: number, tileX: number, tileY: number): TileProjection {
  const west = tileLongitude(tileX, z)
  const unitsPerDegree = (SIDE * 2 ** z) / 360
  const x = (lng: number) => (lng - west) * unitsPerDegree
  const scale = (SIDE * 2 ** z) / (2 * Math.PI)
  if (z < 9) {
    const top = Math.PI * (1 - (2 * tileY) / 2 ** z)
    return { x, y: lat => (top - Math.asinh(Math.tan((clampLatitude(lat) * Math.PI) / 180))) * scale }
  }
  const middle = tileLatitude(tileY + 0.5, z)
  const phi = (middle * Math.PI) / 180
  const sec = 1 / Math.cos(phi)
  const tan = Math.tan(phi)
  const first = sec
  const second = (sec * tan) / 2
  const third = (sec * (2 * tan * tan + 1)) / 6
  const fourth = (sec * tan * (6 * tan * tan + 5)) / 24
  return {
    x,
    y: lat => {
      const h = ((lat - middle) * Math.PI) / 180
      return SIDE / 2 - h * (first + h * (second + h * (third + h * fourth))) * scale
    },
  }
}

function clampLatitude(lat: number): number {
  return Math.min(85.05, Math.max(-85.05, lat))
}

/** Growing store of vertices of one tile. */
export interface RingSink {
  /** Adds one ring of rounded units; at least three vertices. */
  ring(points: Float64Array, count: number): void
}

/** Turns rings into tile units; reuse one per tile. */
export interface RingPacker {
  begin(): void
  /** Adds a vertex in degrees. */
  vertex(lng: number, lat: number): void
  /** Ends the ring and gives it to the sink. False when less than a triangle was left of it. */
  end(): boolean
}

/** @param sink takes the finished rings. */
export function ringPacker(projection: TileProjection, sink: RingSink): RingPacker {
  let points = new Float64Array(2048)
  let clipped = new Float64Array(4096)
  let count = 0
  let lastX = 0
  let lastY = 0
  let outside = false

  return {
    begin() {
      count = 0
      outside = false
    },
    vertex(lng, lat) {
      const x = projection.x(lng)
      const y = projection.y(lat)
      if (count > 0 && (x - lastX) ** 2 + (y - lastY) ** 2 < DROP_SQUARED) return
      if (2 * count + 2 > points.length) points = grown(points)
      points[2 * count] = x
      points[2 * count + 1] = y
      count += 1
      lastX = x
      lastY = y
      if (x < CLIP_LOW || y < CLIP_LOW || x > CLIP_HIGH || y > CLIP_HIGH) outside = true
    },
    end() {
      while (count > 1 && (points[0]! - lastX) ** 2 + (points[1]! - lastY) ** 2 < DROP_SQUARED) {
        count -= 1
        lastX = points[2 * count - 2]!
        lastY = points[2 * count - 1]!
      }
      if (count < 3) return false
      if (outside) {
        for (const edge of CLIP_EDGES) {
          if (clipped.length < 4 * count + 8) clipped = new Float64Array(8 * count + 16)
          count = clipAt(points, count, clipped, edge.axis, edge.limit, edge.sign)
          const spare = points
          points = clipped
          clipped = spare
          if (count < 3) return false
        }
      }
      sink.ring(points, count)
      return true
    },
  }
}

const CLIP_EDGES = [
  { axis: 0, limit: CLIP_LOW, sign: 1 },
  { axis: 0, limit: CLIP_HIGH, sign: -1 },
  { axis: 1, limit: CLIP_LOW, sign: 1 },
  { axis: 1, limit: CLIP_HIGH, sign: -1 },
] as const

/** Sutherland-Hodgman against one edge. Seams that it leaves run along the margin, which nobody sees. */
function clipAt(from: Float64Array, count: number, to: Float64Array, axis: 0 | 1, limit: number, sign: 1 | -1): number {
  let written = 0
  let previousX = from[2 * count - 2]!
  let previousY = from[2 * count - 1]!
  let previousDepth = sign * ((axis === 0 ? previousX : previousY) - limit)
  for (let i = 0; i < count; i++) {
    const x = from[2 * i]!
    const y = from[2 * i + 1]!
    const depth = sign * ((axis === 0 ? x : y) - limit)
    if (depth >= 0 !== previousDepth >= 0) {
      const t = previousDepth / (previousDepth - depth)
      to[2 * written] = axis === 0 ? limit : previousX + (x - previousX) * t
      to[2 * written + 1] = axis === 1 ? limit : previousY + (y - previousY) * t
      written += 1
    }
    if (depth >= 0) {
      to[2 * written] = x
      to[2 * written + 1] = y
      written += 1
    }
    previousX = x
    previousY = y
    previousDepth = depth
  }
  return written
}

function grown(points: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(points.length * 2)
  larger.set(points)
  return larger
}
