/**
 * The packed tile: what the data service answers and the painting worker draws, as flat arrays in one buffer. Geometry and
 * the few values that themes and filters need, never colours. Little endian; sections in the order of `layoutOf`.
 * Coordinates are eighths of a pixel of a 512 px tile, y downwards, clipped to the tile and 64 px around it.
 */
export const PACKED_TILE_VERSION = 4
export const UNITS_PER_PX = 8
/** Outlines reach at most this far beyond the tile. */
export const CLIP_MARGIN_PX = 64

const MAGIC = 0x4c54574c // "LWTL"
const HEADER_BYTES = 48
const REVISION_OFFSET = 8

/** How a parcel is given: rings, the two corners of its box, or one place (under 1 px). */
export const KIND_POLYGON = 0
export const KIND_BOX = 1
export const KIND_POINT = 2
const KIND_MASK = 3
/** Set in `flags` when a person marked another side than the computed one. */
export const FLAG_SIDE_DISAGREES = 4
/** No label in this tile: too small a scale, or its anchor lies in another tile. */
export const NO_ANCHOR = -32768

export interface PackedTile {
  readonly z: number
  readonly x: number
  readonly y: number
  /** Revision of the data that was read; it may be newer than the one asked for. */
  readonly revision: number
  readonly count: number
  readonly pk: Uint32Array
  /** Index into the code list of the enumeration + 1; 0 = no value. */
  readonly state: Uint8Array
  /** Index into `inside, outside, crossing, unknown`. */
  readonly side: Uint8Array
  /** Index into the code list of `class` + 1; 0 = no enterprise. */
  readonly class: Uint8Array
  /** Band of 亩均税收, see `taxNumber` in tile-values.ts; 0 = unknown. */
  readonly tax: Uint8Array
  /** Year of remediation − 2000; 0 = none. */
  readonly year: Uint8Array
  /** Where freed land stands, see `freedNumber` in tile-values.ts; 0 = not in the ledger. */
  readonly freed: Uint8Array
  /** Kind in the two low bits, then the FLAG_ bits. */
  readonly flags: Uint8Array
  /** Index into `units`; 0 is always the empty code. */
  readonly unit: Uint16Array
  /** Place of the label, x and y in turn; NO_ANCHOR in x when this tile does not label the parcel. */
  readonly anchors: Int16Array
  /** Rings of parcel i are `ringOfParcel[i]` to `ringOfParcel[i + 1]`, exclusive. */
  readonly ringOfParcel: Uint32Array
  /** Vertices of ring r are `vertexOfRing[r]` to `vertexOfRing[r + 1]`, exclusive; rings are not closed. */
  readonly vertexOfRing: Uint32Array
  /** x and y in turn. */
  readonly coords: Int16Array
  readonly units: string[]
  /** One text per parcel, empty without an anchor; an empty list when the tile has no labels at all. */
  readonly labels: string[]
}

export function kindOf(tile: PackedTile, index: number): number {
  return tile.flags[index]! & KIND_MASK
}

interface Sizes {
  count: number
  rings: number
  vertices: number
  textBytes: number
}

/** Byte offsets of the sections; wide numbers first, so that every section is aligned. */
function layoutOf({ count, rings, vertices, textBytes }: Sizes) {
  const pk = HEADER_BYTES
  const ringOfParcel = pk + 4 * count
  const vertexOfRing = ringOfParcel + 4 * (count + 1)
  const coords = vertexOfRing + 4 * (rings + 1)
  const anchors = coords + 4 * vertices
  const unit = anchors + 4 * count
  const state = unit + 2 * count
  const side = state + count
  const classes = side + count
  const tax = classes + count
  const year = tax + count
  const freed = year + count
  const flags = freed + count
  const text = flags + count
  return {
    pk,
    ringOfParcel,
    vertexOfRing,
    coords,
    anchors,
    unit,
    state,
    side,
    class: classes,
    tax,
    year,
    freed,
    flags,
    text,
    end: text + textBytes,
  }
}

/** Writes a tile into a fresh buffer of exactly its size. */
export function encodePackedTile(tile: PackedTile): Uint8Array<ArrayBuffer> {
  const text = asciiOf(JSON.stringify({ units: tile.units, labels: tile.labels }))
  const sizes: Sizes = {
    count: tile.count,
    rings: tile.vertexOfRing.length - 1,
    vertices: tile.coords.length / 2,
    textBytes: text.length,
  }
  const at = layoutOf(sizes)
  const buffer = new ArrayBuffer(at.end)
  const header = new DataView(buffer)
  header.setUint32(0, MAGIC, true)
  header.setUint16(4, PACKED_TILE_VERSION, true)
  header.setUint16(6, tile.z, true)
  header.setFloat64(REVISION_OFFSET, tile.revision, true)
  header.setUint32(16, tile.x, true)
  header.setUint32(20, tile.y, true)
  header.setUint32(24, sizes.count, true)
  header.setUint32(28, sizes.rings, true)
  header.setUint32(32, sizes.vertices, true)
  header.setUint32(36, sizes.textBytes, true)
  new Uint32Array(buffer, at.pk, tile.count).set(tile.pk)
  new Uint32Array(buffer, at.ringOfParcel, tile.count + 1).set(tile.ringOfParcel)
  new Uint32Array(buffer, at.vertexOfRing, sizes.rings + 1).set(tile.vertexOfRing)
  new Int16Array(buffer, at.coords, tile.coords.length).set(tile.coords)
  new Int16Array(buffer, at.anchors, tile.anchors.length).set(tile.anchors)
  new Uint16Array(buffer, at.unit, tile.count).set(tile.unit)
  new Uint8Array(buffer, at.state, tile.count).set(tile.state)
  new Uint8Array(buffer, at.side, tile.count).set(tile.side)
  new Uint8Array(buffer, at.class, tile.count).set(tile.class)
  new Uint8Array(buffer, at.tax, tile.count).set(tile.tax)
  new Uint8Array(buffer, at.year, tile.count).set(tile.year)
  new Uint8Array(buffer, at.freed, tile.count).set(tile.freed)
  new Uint8Array(buffer, at.flags, tile.count).set(tile.flags)
  new Uint8Array(buffer, at.text).set(text)
  return new Uint8Array(buffer)
}

/**
 * Reads a packed tile. The arrays are views on `bytes` (copied only when they arrive unaligned).
 * @throws RangeError when the bytes are no tile of this version or are cut off.
 */
export function decodePackedTile(bytes: Uint8Array): PackedTile {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  const { buffer, byteOffset: base } = aligned
  if (aligned.length < HEADER_BYTES) throw new RangeError('packed tile: too short')
  const header = new DataView(buffer, base, aligned.length)
  if (header.getUint32(0, true) !== MAGIC) throw new RangeError('packed tile: wrong signature')
  if (header.getUint16(4, true) !== PACKED_TILE_VERSION) throw new RangeError('packed tile: unknown version')
  const sizes: Sizes = {
    count: header.getUint32(24, true),
    rings: header.getUint32(28, true),
    vertices: header.getUint32(32, true),
    textBytes: header.getUint32(36, true),
  }
  const at = layoutOf(sizes)
  if (at.end !== aligned.length) throw new RangeError('packed tile: wrong length')
  const text = JSON.parse(textOf(aligned.subarray(at.text))) as { units: string[]; labels: string[] }
  const { count, rings, vertices } = sizes
  return {
    z: header.getUint16(6, true),
    x: header.getUint32(16, true),
    y: header.getUint32(20, true),
    revision: header.getFloat64(REVISION_OFFSET, true),
    count,
    pk: new Uint32Array(buffer, base + at.pk, count),
    state: new Uint8Array(buffer, base + at.state, count),
    side: new Uint8Array(buffer, base + at.side, count),
    class: new Uint8Array(buffer, base + at.class, count),
    tax: new Uint8Array(buffer, base + at.tax, count),
    year: new Uint8Array(buffer, base + at.year, count),
    freed: new Uint8Array(buffer, base + at.freed, count),
    flags: new Uint8Array(buffer, base + at.flags, count),
    unit: new Uint16Array(buffer, base + at.unit, count),
    anchors: new Int16Array(buffer, base + at.anchors, 2 * count),
    ringOfParcel: new Uint32Array(buffer, base + at.ringOfParcel, count + 1),
    vertexOfRing: new Uint32Array(buffer, base + at.vertexOfRing, rings + 1),
    coords: new Int16Array(buffer, base + at.coords, 2 * vertices),
    units: text.units,
    labels: text.labels,
  }
}

/** Stamps an encoded tile that is still true with a newer revision, in place. */
export function stampRevision(bytes: Uint8Array, revision: number): void {
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length).setFloat64(REVISION_OFFSET, revision, true)
}

/** Every other character escaped, so that text needs no codec, which this folder must not take from a host. */
function asciiOf(json: string): Uint8Array {
  const escaped = json.replace(/[^\x20-\x7e]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return Uint8Array.from(escaped, char => char.charCodeAt(0))
}

function textOf(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  return parts.join('')
}
