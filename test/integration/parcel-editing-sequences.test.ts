/**
 * Random sequences of edits on parcels that share edges, with undo and redo, on a real survey file: the land neither grows
 * nor shrinks, nothing overlaps, every ring stays valid.
 */
import { createRouterClient } from '@orpc/server'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Geos, loadGeos } from '../../service/geos/geos.ts'
import { parcelsMethods } from '../../service/parcels/parcels-methods.ts'
import { editsMethods } from '../../service/records/records-methods.ts'
import { ellipsoidAreaM2 } from '../../shared/geometry/area.ts'
import { nodeTogether } from '../../shared/geometry/edit/noding.ts'
import { geometryOf, type Outline, outlineOf, placeKey } from '../../shared/geometry/edit/outline.ts'
import { deleteShared, insertShared, moveShared, type Outlines } from '../../shared/geometry/edit/shared-vertices.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { interiorPoint } from '../../shared/geometry/interior-point.ts'
import { intersectionAreaM2 } from '../../shared/geometry/overlap.ts'
import { projectToPlane } from '../../shared/geometry/plane.ts'
import { type FlatPolygons, type Position, toFlat } from '../../shared/geometry/types.ts'
import { BREAKING_DEFECTS, validatePolygons } from '../../shared/geometry/validate.ts'
import { createParcels, ORIGIN, openFixture, type SurveyFixture } from './survey-fixture.ts'

const CELL_M = 60
const SIDE = 3

const at = (east: number, north: number): Position => [ORIGIN[0] + east / 97_300, ORIGIN[1] + north / 110_800]

/** A grid of parcels whose inner corners are jittered; all corners shared. */
function grid(jitter: readonly number[]): FlatPolygons[] {
  const corner = (column: number, row: number): Position => {
    const isRim = column === 0 || row === 0 || column === SIDE || row === SIDE
    const shift = (offset: number) => (isRim ? 0 : (jitter[(row * 7 + column * 3 + offset) % jitter.length] ?? 0))
    return at(column * CELL_M + shift(0), row * CELL_M + shift(1))
  }
  const cells: FlatPolygons[] = []
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) {
      const ring = [
        corner(column, row),
        corner(column + 1, row),
        corner(column + 1, row + 1),
        corner(column, row + 1),
        corner(column, row),
      ]
      cells.push(toFlat({ type: 'Polygon', coordinates: [ring] }))
    }
  return cells
}

interface Live {
  id: string
  rev: number
  polygons: FlatPolygons
}

const liveParcels = ({ store }: SurveyFixture): Live[] =>
  (
    store.read.prepare('SELECT id, rev, geometry FROM parcel WHERE deleted = 0 ORDER BY pk').all() as {
      id: string
      rev: number
      geometry: Uint8Array
    }[]
  ).map(({ geometry, ...row }) => ({ ...row, polygons: decodeGeometry(geometry) }))

const totalArea = (parcels: readonly Live[]) =>
  parcels.reduce((sum, { polygons }) => sum + ellipsoidAreaM2(polygons), 0)

function expectSound(fixture: SurveyFixture, geos: Geos, areaM2: number) {
  const parcels = liveParcels(fixture)
  expect(Math.abs(totalArea(parcels) - areaM2)).toBeLessThan(1)
  const planar = parcels.map(({ polygons }) => projectToPlane(polygons, fixture.store.plane))
  for (const [index, one] of planar.entries()) {
    expect(validatePolygons(parcels[index]!.polygons).filter(({ kind }) => BREAKING_DEFECTS.has(kind))).toEqual([])
    expect(geos.isValid(parcels[index]!.polygons)).toBe(true)
    for (const other of planar.slice(index + 1)) expect(intersectionAreaM2(one, other)).toBeLessThan(1)
  }
}

type Operation =
  | { kind: 'split'; pick: number; line: [number, number][] }
  | { kind: 'merge'; pick: number; other: number }
  | { kind: 'move' | 'insert' | 'delete'; pick: number; corner: number; dx: number; dy: number }
  | { kind: 'boundary'; pick: number }
  /** A new parcel over the land, and what it covers gives way: cut out of all neighbours, or a hole in the one around it. */
  | { kind: 'carve' | 'island'; pick: number; dx: number; dy: number; width: number; height: number }
  | { kind: 'undo' }
  | { kind: 'redo' }

const share = fc.integer({ min: 0, max: 1000 }).map(value => value / 1000)
const shift = fc.integer({ min: -15_000, max: 15_000 }).map(value => value / 1000)
const coordinate = fc.integer({ min: -20_000, max: (SIDE * CELL_M + 20) * 1000 }).map(value => value / 1000)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('split' as const),
      pick: share,
      line: fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('merge' as const), pick: share, other: share }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('move' as const, 'insert' as const, 'delete' as const),
      pick: share,
      corner: share,
      dx: shift,
      dy: shift,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('boundary' as const), pick: share }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('carve' as const, 'island' as const),
      pick: share,
      dx: shift,
      dy: shift,
      width: fc.integer({ min: 4, max: 50 }),
      height: fc.integer({ min: 4, max: 50 }),
    }),
  },
  { weight: 4, arbitrary: fc.constantFrom({ kind: 'undo' as const }, { kind: 'redo' as const }) },
)

/** A rectangle about the middle of a parcel, kept inside the land; null where there is no room. */
function boxAbout(polygons: FlatPolygons, step: Extract<Operation, { width: number }>): Position[] | null {
  const middle = interiorPoint(polygons)
  if (!middle) return null
  const most = step.kind === 'island' ? 6 : 60
  const east = (middle[0] - ORIGIN[0]) * 97_300 + (step.kind === 'island' ? 0 : step.dx)
  const north = (middle[1] - ORIGIN[1]) * 110_800 + (step.kind === 'island' ? 0 : step.dy)
  const [width, height] = [Math.min(step.width, most) / 2, Math.min(step.height, most) / 2]
  const corners = [
    at(east - width, north - height),
    at(east + width, north - height),
    at(east + width, north + height),
    at(east - width, north + height),
  ]
  return corners.every(isInside) ? corners : null
}

/** On the rim the land itself would change: only what lies inside is moved. */
const isInside = ([lng, lat]: readonly [number, number]): boolean => {
  const east = (lng - ORIGIN[0]) * 97_300
  const north = (lat - ORIGIN[1]) * 110_800
  const low = 0.5
  const high = SIDE * CELL_M - 0.5
  return east > low && east < high && north > low && north < high
}

function reshaped(set: Outlines, step: Extract<Operation, { corner: number }>, id: string): Outlines {
  const corners = set.get(id)!.flat(2)
  const index = Math.floor(step.corner * (corners.length - 1))
  const place = corners[index]!
  const ring = set
    .get(id)!
    .flat()
    .find(candidate => candidate.includes(place))!
  const next = ring[(ring.indexOf(place) + 1) % ring.length]!
  if (step.kind === 'insert') {
    const middle: Position = [(place[0] + next[0]) / 2, (place[1] + next[1]) / 2]
    const added = insertShared(set, place, next, middle)
    return isInside(middle) ? moveShared(added, middle, [middle[0] + step.dx / 97_300, middle[1]]) : added
  }
  if (step.kind === 'move' && !isInside(place)) return set
  if (step.kind === 'move') return moveShared(set, place, [place[0] + step.dx / 97_300, place[1] + step.dy / 110_800])
  // Few corners can go: where several parcels meet none can.
  for (const corner of [...corners.slice(index), ...corners.slice(0, index)]) {
    const deletion = isInside(corner) ? deleteShared(set, corner) : undefined
    if (deletion && 'outlines' in deletion) return deletion.outlines
  }
  return set
}

test('any sequence keeps the land, the rings and the borders', async () => {
  const geos = await loadGeos()
  const done: Record<string, number> = {}
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 5, maxLength: 9 }),
      fc.array(operation, { minLength: 6, maxLength: 16 }),
      async (jitter, operations) => {
        const fixture = await openFixture()
        try {
          const deps = {
            store: () => fixture.store,
            dataFolder: '',
            resourcesFolder: '',
            resolveInput: (file: string) => file,
            resolveOutput: (_file: string | undefined, name: string) => name,
            resolveSurvey: (file: string) => file,
            appVersion: '0',
          }
          const parcels = createRouterClient(parcelsMethods(deps))
          const edits = createRouterClient(editsMethods(deps))
          await createParcels(
            fixture.store,
            grid(jitter).map((geometry, index) => ({ code: `P${index}`, geometry })),
          )
          await fixture.store.mutate({ label: 'boundary', kind: 'system' }, tx => {
            const boundary = { code: 'B', name: 'B', effective_date: '2026-01-01', status: 'active' }
            const boundary_id = tx.create('boundary_version', boundary)
            const ring = [at(-50, -50), at(100, -50), at(75, 250), at(-50, 250), at(-50, -50)]
            const inside = toFlat({ type: 'Polygon', coordinates: [ring] })
            tx.create('boundary_feature', { boundary_id, subzone: 'concentrated' }, inside)
          })
          const created = liveParcels(fixture).length
          const area = totalArea(liveParcels(fixture))
          // The first step made the parcels; without it there is no land.
          const canUndo = async () =>
            !['parcels_created', 'boundary'].includes((await edits.state()).undo?.label ?? 'boundary')
          for (const step of operations) {
            try {
              if (step.kind === 'undo' || step.kind === 'redo') {
                if (step.kind === 'undo' && !(await canUndo())) continue
                // A parcel that was drawn over others and what gave way to it belong together here.
                do expect((await edits[step.kind]({})).skipped).toEqual([])
                while ((await edits.state()).undo?.label === 'parcel_drawn')
              } else if (step.kind === 'carve' || step.kind === 'island') {
                const live = liveParcels(fixture)
                const chosen = live[Math.floor(step.pick * (live.length - 1))]!
                const corners = boxAbout(chosen.polygons, step)
                if (!corners) continue
                const made = await parcels.create({ geometry: geometryOf([[corners]]), allow_overlap: true })
                try {
                  const now = liveParcels(fixture)
                  if (step.kind === 'carve')
                    await parcels.cutOut({
                      id: made.id,
                      base_rev: now.find(({ id }) => id === made.id)!.rev,
                      gives_way: 'neighbours',
                    })
                  else {
                    const host = now.find(({ id }) => id === chosen.id)!
                    const [first, ...others] = outlineOf(host.polygons)
                    const geometry = geometryOf([[...first!, corners], ...others])
                    await parcels.reshape({ parcels: [{ id: host.id, base_rev: host.rev, geometry }] })
                  }
                } catch (error) {
                  await edits.undo({})
                  throw error
                }
              } else if (step.kind === 'boundary') {
                const live = liveParcels(fixture)
                const chosen = live[Math.floor(step.pick * (live.length - 1))]!
                await parcels.splitAtBoundary({ id: chosen.id, base_rev: chosen.rev })
              } else {
                const live = liveParcels(fixture)
                const chosen = live[Math.floor(step.pick * (live.length - 1))]!
                const base = { id: chosen.id, base_rev: chosen.rev }
                if (step.kind === 'split') await parcels.split({ ...base, line: step.line.map(([x, y]) => at(x, y)) })
                else if (step.kind === 'merge') {
                  const other = live[Math.floor(step.other * (live.length - 1))]!
                  await parcels.merge({ parcels: [base, { id: other.id, base_rev: other.rev }] })
                } else {
                  const around = await parcels.neighbours({ of: chosen.id })
                  const outlines = new Map<string, Outline>([[chosen.id, outlineOf(chosen.polygons)]])
                  const revs = new Map([[chosen.id, chosen.rev]])
                  for (const near of around) {
                    outlines.set(near.id, outlineOf(toFlat(near.geometry)))
                    revs.set(near.id, near.rev)
                  }
                  const before = nodeTogether(outlines)
                  const after = reshaped(before, step as Extract<Operation, { corner: number }>, chosen.id)
                  const changed = [...after].filter(([id, outline]) => outline !== before.get(id))
                  if (changed.length === 0) continue
                  await parcels.reshape({
                    parcels: changed.map(([id, outline]) => ({
                      id,
                      base_rev: revs.get(id)!,
                      geometry: geometryOf(outline),
                    })),
                  })
                }
              }
              done[step.kind] = (done[step.kind] ?? 0) + 1
            } catch (error) {
              // What would break the land is refused; then nothing may have changed.
              const { code } = error as { code?: string }
              if (code !== 'refused' && code !== 'invalid_geometry' && code !== 'bad_input') throw error
            }
            expectSound(fixture, geos, area)
          }
          while (await canUndo()) expect((await edits.undo({})).skipped).toEqual([])
          expect(liveParcels(fixture)).toHaveLength(created)
          expectSound(fixture, geos, area)
        } finally {
          fixture.close()
        }
      },
    ),
    { numRuns: 100, seed: 20_261_124, endOnFailure: true },
  )
  // The sequences really did something of each kind.
  for (const kind of ['split', 'merge', 'move', 'insert', 'delete', 'boundary', 'carve', 'island', 'undo', 'redo'])
    expect(done[kind] ?? 0, kind).toBeGreaterThan(3)
}, 120_000)

test('after editing, neighbours have their common corners bit by bit', async () => {
  const fixture = await openFixture()
  const deps = {
    store: () => fixture.store,
    dataFolder: '',
    resourcesFolder: '',
    resolveInput: (file: string) => file,
    resolveOutput: (_file: string | undefined, name: string) => name,
    resolveSurvey: (file: string) => file,
    appVersion: '0',
  }
  const parcels = createRouterClient(parcelsMethods(deps))
  const ids = await createParcels(
    fixture.store,
    grid([3, -4, 5]).map((geometry, index) => ({ code: `P${index}`, geometry })),
  )
  await parcels.split({ id: ids.get('P4')!, base_rev: 1, line: [at(50, 87), at(130, 91)] })
  const outlines = new Map(liveParcels(fixture).map(({ id, polygons }) => [id, outlineOf(polygons)]))
  // Nothing is left to be inserted: every corner on an edge is a corner of that edge.
  expect([...nodeTogether(outlines)].every(([id, outline]) => outline === outlines.get(id))).toBe(true)
  const counts = new Map<string, number>()
  for (const outline of outlines.values())
    for (const key of new Set(outline.flat(2).map(placeKey))) counts.set(key, (counts.get(key) ?? 0) + 1)
  // The two ends of the cut belong to both parts and the neighbour behind.
  expect([...counts.values()].filter(count => count === 3)).toHaveLength(2)
  fixture.close()
})
