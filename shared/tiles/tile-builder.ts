/**
 * Collects the parcels of one tile and packs them. Decides the level of detail: a point under 1 px, a box under 4 px, else
 * rings. Reads no database; the caller gives boxes, values and, for the larger ones, the outline.
 */
import type { FlatPolygons } from '../geometry/types.ts'
import {
  encodePackedTile,
  KIND_BOX,
  KIND_POINT,
  KIND_POLYGON,
  NO_ANCHOR,
  type PackedTile,
  UNITS_PER_PX,
} from './packed-tile.ts'
import { TILE_SIZE_PX } from './tile-address.ts'
import { ringPacker, tileProjection } from './tile-outline.ts'

/** Parcels smaller than this in both directions are drawn as boxes. */
export const BOX_PX = 4
export const POINT_PX = 1
/** From this tile z on (Leaflet zoom 17) tiles carry the texts of the labels. */
export const LABEL_MIN_Z = 16

export interface TileParcel {
  readonly pk: number
  /** [west, south, east, north], degrees; may be a little larger than the parcel. */
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
  /** Codes as stored. */
  readonly state: number
  readonly side: number
  readonly class: number
  readonly tax: number
  readonly year: number
  readonly freed: number
  readonly flags: number
  readonly unit: string
  readonly label: string
}

export interface TileBuilder {
  /** `outline` is left out for parcels known to be small. */
  add(parcel: TileParcel, outline: FlatPolygons | null): void
  finish(revision: number): Uint8Array<ArrayBuffer>
}

/** The size in degrees of longitude and of latitude below which a parcel needs no outline in tiles of this z. */
export function boxSizeDegrees(z: number, lat: number): { lng: number; lat: number } {
  const lng = (BOX_PX * 360) / (TILE_SIZE_PX * 2 ** z)
  return { lng, lat: lng * Math.cos((lat * Math.PI) / 180) }
}

export function tileBuilder(z: number, x: number, y: number): TileBuilder {
  const projection = tileProjection(z, x, y)
  const side = TILE_SIZE_PX * UNITS_PER_PX
  let coords = new Int16Array(8192)
  let vertices = 0
  const pk: number[] = []
  const state: number[] = []
  const sides: number[] = []
  const classes: number[] = []
  const taxes: number[] = []
  const years: number[] = []
  const freed: number[] = []
  const flags: number[] = []
  const unit: number[] = []
  const anchors: number[] = []
  const ringOfParcel: number[] = [0]
  const vertexOfRing: number[] = [0]
  const units = ['']
  const unitIndex = new Map([['', 0]])
  const labels: string[] = []

  function room(count: number) {
    if (2 * (vertices + count) <= coords.length) return
    const larger = new Int16Array(Math.max(coords.length * 2, 2 * (vertices + count)))
    larger.set(coords)
    coords = larger
  }
  function put(px: number, py: number) {
    coords[2 * vertices] = Math.max(-32767, Math.min(32767, Math.round(px)))
    coords[2 * vertices + 1] = Math.max(-32767, Math.min(32767, Math.round(py)))
    vertices += 1
  }
  const packer = ringPacker(projection, {
    ring(points, count) {
      room(count)
      for (let i = 0; i < count; i++) put(points[2 * i]!, points[2 * i + 1]!)
      vertexOfRing.push(vertices)
    },
  })

  return {
    add(parcel, outline) {
      const left = projection.x(parcel.west)
      const right = projection.x(parcel.east)
      const top = projection.y(parcel.north)
      const bottom = projection.y(parcel.south)
      const size = Math.max(right - left, bottom - top) / UNITS_PER_PX
      const ringsBefore = vertexOfRing.length
      let kind = KIND_POLYGON
      if (size >= BOX_PX && outline) packOutline(outline)
      if (vertexOfRing.length === ringsBefore) {
        room(2)
        kind = size < POINT_PX ? KIND_POINT : KIND_BOX
        if (kind === KIND_POINT) put((left + right) / 2, (top + bottom) / 2)
        else {
          // Kept within the clip margin, which Int16 could not hold otherwise.
          put(Math.max(left, -side), Math.max(top, -side))
          put(Math.min(right, 2 * side), Math.min(bottom, 2 * side))
        }
        vertexOfRing.push(vertices)
      }
      ringOfParcel.push(vertexOfRing.length - 1)
      pk.push(parcel.pk)
      state.push(parcel.state)
      sides.push(parcel.side)
      classes.push(parcel.class)
      taxes.push(parcel.tax)
      years.push(parcel.year)
      freed.push(parcel.freed)
      flags.push(parcel.flags | kind)
      unit.push(indexOfUnit(parcel.unit))
      pushLabel(parcel, outline)
    },
    finish(revision) {
      const tile: PackedTile = {
        z,
        x,
        y,
        revision,
        count: pk.length,
        pk: Uint32Array.from(pk),
        state: Uint8Array.from(state),
        side: Uint8Array.from(sides),
        class: Uint8Array.from(classes),
        tax: Uint8Array.from(taxes),
        year: Uint8Array.from(years),
        freed: Uint8Array.from(freed),
        flags: Uint8Array.from(flags),
        unit: Uint16Array.from(unit),
        anchors: Int16Array.from(anchors),
        ringOfParcel: Uint32Array.from(ringOfParcel),
        vertexOfRing: Uint32Array.from(vertexOfRing),
        coords: coords.subarray(0, 2 * vertices),
        units,
        labels: z >= LABEL_MIN_Z ? labels : [],
      }
      return encodePackedTile(tile)
    },
  }

  function packOutline({ coordinates, ringEnds }: FlatPolygons) {
    let vertex = 0
    for (const end of ringEnds) {
      packer.begin()
      for (; vertex < end; vertex++) packer.vertex(coordinates[2 * vertex]!, coordinates[2 * vertex + 1]!)
      packer.end()
    }
  }

  /** The label stands in exactly one tile: the one that holds its anchor. */
  function pushLabel(parcel: TileParcel, outline: FlatPolygons | null) {
    if (z >= LABEL_MIN_Z && parcel.label !== '') {
      const [lng, lat] = outline
        ? labelPlace(outline)
        : [(parcel.west + parcel.east) / 2, (parcel.south + parcel.north) / 2]
      const anchorX = Math.floor(projection.x(lng))
      const anchorY = Math.floor(projection.y(lat))
      if (anchorX >= 0 && anchorX < side && anchorY >= 0 && anchorY < side) {
        anchors.push(anchorX, anchorY)
        labels.push(parcel.label)
        return
      }
    }
    anchors.push(NO_ANCHOR, NO_ANCHOR)
    labels.push('')
  }

  function indexOfUnit(code: string): number {
    const known = unitIndex.get(code)
    if (known !== undefined) return known
    unitIndex.set(code, units.length)
    units.push(code)
    return units.length - 1
  }
}

/** A place inside the outline, lng/lat: the middle of its widest stretch at half height. */
export function labelPlace({ coordinates, ringEnds }: FlatPolygons): [number, number] {
  let south = Infinity
  let north = -Infinity
  for (let i = 1; i < coordinates.length; i += 2) {
    if (coordinates[i]! < south) south = coordinates[i]!
    if (coordinates[i]! > north) north = coordinates[i]!
  }
  const lat = (south + north) / 2
  const crossings: number[] = []
  let vertex = 0
  for (const end of ringEnds) {
    for (let i = vertex + 1; i < end; i++) {
      const ay = coordinates[2 * i - 1]!
      const by = coordinates[2 * i + 1]!
      if (ay > lat === by > lat) continue
      const ax = coordinates[2 * i - 2]!
      crossings.push(ax + ((lat - ay) / (by - ay)) * (coordinates[2 * i]! - ax))
    }
    vertex = end
  }
  crossings.sort((a, b) => a - b)
  let best: [number, number] = [coordinates[0] ?? 0, coordinates[1] ?? 0]
  let widest = -1
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const width = crossings[i + 1]! - crossings[i]!
    if (width <= widest) continue
    widest = width
    best = [(crossings[i]! + crossings[i + 1]!) / 2, lat]
  }
  return best
}
