/** Snapping takes stored coordinates over bit by bit, whatever the pixels say; and neighbours follow in an edit. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Outline, type Place, samePlace } from '../../../shared/geometry/edit/outline.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import { createEditSet } from './edit-set.ts'
import type { ParcelSource } from './sketch.ts'
import { SNAP_PX, snapTarget, snapTo } from './snapping.ts'

/** Web Mercator at a zoom of 18, as Leaflet has it; to pixels and back loses bits. */
const WORLD_PX = 256 * 2 ** 18
const view = {
  toPixel: ([lng, lat]: Readonly<Position>) => ({
    x: ((lng + 180) / 360) * WORLD_PX - 55_800_000,
    y: (0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * WORLD_PX - 27_000_000,
  }),
  toPosition: ({ x, y }: { x: number; y: number }): Position => [
    ((x + 55_800_000) / WORLD_PX) * 360 - 180,
    (Math.atan(Math.sinh((0.5 - (y + 27_000_000) / WORLD_PX) * 2 * Math.PI)) * 180) / Math.PI,
  ],
}

const place: fc.Arbitrary<Place> = fc
  .tuple(fc.integer({ min: 0, max: 4_000_000 }), fc.integer({ min: 0, max: 4_000_000 }))
  .map(([x, y]) => [119.45 + x / 1e9, 29.2 + y / 1e9])

describe('snapping', () => {
  test('to a vertex: the very coordinate', () => {
    fc.assert(
      fc.property(
        fc.array(place, { minLength: 3, maxLength: 30 }),
        fc.nat(29),
        fc.integer({ min: -5, max: 5 }),
        fc.integer({ min: -5, max: 5 }),
        (ring, pick, dx, dy) => {
          const near = view.toPixel(ring[pick % ring.length]! as Position)
          const snap = snapTo({ x: near.x + dx, y: near.y + dy }, [snapTarget('A', [[ring]])], view)
          expect(snap?.kind).toBe('vertex')
          expect(ring.some(corner => samePlace(corner, snap!.position))).toBe(true)
        },
      ),
      { numRuns: 500, seed: 20_261_124 },
    )
  })

  test('to an edge: on it; nothing beyond reach, nothing of the corner that is dragged', () => {
    const ring: Place[] = [
      [119.45, 29.2],
      [119.452, 29.2],
      [119.452, 29.202],
    ]
    const targets = [snapTarget('A', [[ring]])]
    const middle = view.toPixel([119.451, 29.2])
    const edge = snapTo({ x: middle.x, y: middle.y + 5 }, targets, view)
    expect(edge).toMatchObject({ kind: 'edge', code: 'A' })
    expect(edge!.position[1]).toBe(29.2)
    expect(snapTo({ x: middle.x, y: middle.y + SNAP_PX + 1 }, targets, view)).toBeNull()
    const corner = view.toPixel([119.45, 29.2])
    expect(snapTo(corner, targets, view, [119.45, 29.2])).toBeNull()
  })
})

describe('an edit with neighbours', () => {
  const source = (id: string, ring: Place[]): ParcelSource => ({
    id,
    pk: 1,
    rev: 1,
    code: id,
    geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]!].map(([x, y]): Position => [x, y])] },
  })
  const a = source('A', [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
  ])
  /** Its left side lies on the right side of A, without common corners. */
  const b = source('B', [
    [2, 0.5],
    [3, 0.5],
    [3, 1.5],
    [2, 1.5],
  ])
  const corners = (outline: Outline) => outline.flat(2).map(([x, y]) => `${x} ${y}`)

  test('a corner of B on A’s side is A’s corner too and moves with it; steps go back and forth', () => {
    const set = createEditSet(a, [b])
    expect(corners(set.outline())).toContain('2 0.5')
    expect(set.changed()).toEqual([])
    const corner = { polygon: 0, ring: 0, vertex: 2 }
    set.begin('vertex_moved', corner)
    set.move(corner, [2.25, 0.5], true)
    set.commit()
    expect(set.changed().map(({ parcel }) => parcel.id)).toEqual(['A', 'B'])
    for (const { outline } of set.changed()) expect(corners(outline)).toContain('2.25 0.5')
    expect(set.label()).toEqual({ label: 'vertex_moved', values: { vertex: 'J3' } })
    expect(set.undo()).toBe(true)
    expect(set.changed()).toEqual([])
    expect(set.redo()).toBe(true)
    expect(set.isChanged()).toBe(true)
    set.reset()
    expect(set.changed()).toEqual([])
  })

  test('when neighbours stay behind only the parcel changes; a corner put on a neighbour’s edge goes into it', () => {
    const set = createEditSet(a, [b])
    const corner = { polygon: 0, ring: 0, vertex: 2 }
    set.begin('vertex_moved', corner)
    set.move(corner, [1.5, 0.5], false)
    set.commit()
    expect(set.changed().map(({ parcel }) => parcel.id)).toEqual(['A'])
    set.begin('vertex_moved', corner)
    set.move(corner, [2.5, 0.5], false)
    set.commit()
    expect(set.changed().map(({ parcel }) => parcel.id)).toEqual(['A', 'B'])
    expect(corners(set.changed()[1]!.outline)).toContain('2.5 0.5')
    expect(set.label().label).toBe('outlines_edited')
  })
})
