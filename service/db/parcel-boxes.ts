/**
 * The boxes of parcels, read from the nodes of their R*Tree as they lie in its table: a hundred thousand rows of a virtual
 * table cost ten times as much. A node is a depth (of the tree, in the root only), a count, and cells of an id and four
 * floats, all big-endian; the id is that of the node below or, in a leaf, of the row (sqlite.org/rtree.html, section 6).
 */
import type { Box } from '../../shared/geometry/types.ts'
import type { Db } from './open.ts'
import { all, get } from './sql.ts'

const ROOT = 1
const HEADER_BYTES = 4
const CELL_BYTES = 24

const viewOf = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength)

/** Extent of all live parcels in degrees, or null. Taken from the root, which holds the boxes of the nodes below it. */
export function parcelExtent(db: Db): Box | null {
  const root = get<{ data: Uint8Array }>(db, 'SELECT data FROM parcel_box_node WHERE nodeno = ?', [ROOT])?.data
  if (!root) return null
  const view = viewOf(root)
  const cells = view.getUint16(2)
  if (cells === 0) return null
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  for (let cell = 0; cell < cells; cell++) {
    const at = HEADER_BYTES + cell * CELL_BYTES + 8
    box[0] = Math.min(box[0], view.getFloat32(at))
    box[1] = Math.min(box[1], view.getFloat32(at + 8))
    box[2] = Math.max(box[2], view.getFloat32(at + 4))
    box[3] = Math.max(box[3], view.getFloat32(at + 12))
  }
  return box
}

export interface ParcelBoxes {
  readonly count: number
  /** Rising. */
  readonly pks: Float64Array
  /** west, south, east, north of each, degrees; outwards by up to the rounding of a 32-bit float. */
  readonly boxes: Float64Array
}

/** Boxes of all live parcels, by rising pk: deleted ones have none. */
export function readParcelBoxes(db: Db): ParcelBoxes {
  const nodes = new Map<number, DataView>()
  for (const { no, data } of all<{ no: number; data: Uint8Array }>(
    db,
    'SELECT nodeno AS no, data FROM parcel_box_node',
  ))
    nodes.set(no, viewOf(data))
  let level = [ROOT]
  for (let depth = nodes.get(ROOT)?.getUint16(0) ?? 0; depth > 0; depth--)
    level = level.flatMap(no => {
      const view = nodes.get(no)!
      return Array.from({ length: view.getUint16(2) }, (_, cell) => idOf(view, HEADER_BYTES + cell * CELL_BYTES))
    })
  const leaves = level.flatMap(no => nodes.get(no) ?? [])
  const count = leaves.reduce((sum, leaf) => sum + leaf.getUint16(2), 0)
  const scattered = new Float64Array(count * 5)
  let put = 0
  for (const leaf of leaves) {
    const end = HEADER_BYTES + leaf.getUint16(2) * CELL_BYTES
    for (let at = HEADER_BYTES; at < end; at += CELL_BYTES) {
      scattered[put++] = idOf(leaf, at)
      scattered[put++] = leaf.getFloat32(at + 8)
      scattered[put++] = leaf.getFloat32(at + 16)
      scattered[put++] = leaf.getFloat32(at + 12)
      scattered[put++] = leaf.getFloat32(at + 20)
    }
  }
  return sorted(scattered, count)
}

function idOf(view: DataView, at: number): number {
  return view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4)
}

/** Rows of pk and box in the order of pks: pk and row are sorted as one number, which needs no callback. */
function sorted(rows: Float64Array, count: number): ParcelBoxes {
  const pks = new Float64Array(count)
  for (let row = 0; row < count; row++) pks[row] = rows[row * 5]! * count + row
  pks.sort()
  const boxes = new Float64Array(count * 4)
  for (let place = 0; place < count; place++) {
    const row = pks[place]! % count
    pks[place] = (pks[place]! - row) / count
    for (let side = 0; side < 4; side++) boxes[place * 4 + side] = rows[row * 5 + 1 + side]!
  }
  return { count, pks, boxes }
}
