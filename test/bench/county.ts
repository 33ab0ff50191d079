/** A deterministic county for measuring: lots in blocks along streets, shared corners, about 12 vertices a lot. */

import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { createRandom } from '../../tools/demo/random.ts'

const WEST = 119.25
const SOUTH = 29.03
/** Degrees per metre near 29.2° N, good enough for a layout. */
const LNG_PER_M = 1 / 97_300
const LAT_PER_M = 1 / 110_800
const BLOCK = 10
const LOT_W = 42
const LOT_H = 36
const STREET = 14

export interface LotRing {
  code: string
  ring: [number, number][]
}

/** `count` lots in blocks of 10 × 10 with streets between; every edge has two extra points, as surveyed outlines have. */
export function* lots(count: number, seed = 7): Generator<LotRing> {
  const perSide = Math.ceil(Math.sqrt(count / (BLOCK * BLOCK)))
  let made = 0
  for (let by = 0; by < perSide; by++) {
    for (let bx = 0; bx < perSide; bx++) {
      const random = createRandom(seed + by * 1009 + bx)
      const x0 = bx * (BLOCK * LOT_W + STREET)
      const y0 = by * (BLOCK * LOT_H + STREET)
      const corner = Array.from({ length: BLOCK + 1 }, (_, row) =>
        Array.from({ length: BLOCK + 1 }, (_, column): [number, number] => [
          x0 + column * LOT_W + random.between(-4, 4),
          y0 + row * LOT_H + random.between(-4, 4),
        ]),
      )
      for (let row = 0; row < BLOCK; row++) {
        for (let column = 0; column < BLOCK; column++) {
          if (made >= count) return
          const outline = [
            corner[row]![column]!,
            corner[row]![column + 1]!,
            corner[row + 1]![column + 1]!,
            corner[row + 1]![column]!,
          ]
          const ring: [number, number][] = []
          outline.forEach((from, index) => {
            const to = outline[(index + 1) % 4]!
            for (const t of [0, 1 / 3, 2 / 3]) {
              const x = from[0] + (to[0] - from[0]) * t
              const y = from[1] + (to[1] - from[1]) * t
              ring.push([round(WEST + x * LNG_PER_M), round(SOUTH + y * LAT_PER_M)])
            }
          })
          ring.push([...ring[0]!])
          made++
          yield { code: `330781-B-${String(made).padStart(6, '0')}`, ring }
        }
      }
    }
  }
}

function round(degrees: number): number {
  return Math.round(degrees * 1e9) / 1e9
}

/** Writes the county as GeoJSON unless the file is there. */
export async function writeCounty(file: string, count: number): Promise<void> {
  if (existsSync(file)) return
  const out = createWriteStream(file)
  out.write('{"type":"FeatureCollection","features":[\n')
  let first = true
  for (const { code, ring } of lots(count)) {
    const feature = {
      type: 'Feature',
      properties: { code, name: `地块 ${code}`, right_holder: '村集体(示例)', land_class: '0601', floors: 2 },
      geometry: { type: 'Polygon', coordinates: [ring] },
    }
    if (!out.write(`${first ? '' : ',\n'}${JSON.stringify(feature)}`)) await once(out, 'drain')
    first = false
  }
  out.end('\n]}\n')
  await once(out, 'finish')
}

/** A boundary of `vertices` points that winds through the county and crosses lots all along. */
export function windingBoundary(vertices: number): [number, number][] {
  const centre = [WEST + 0.075, SOUTH + 0.06] as const
  const ring = Array.from({ length: vertices }, (_, index): [number, number] => {
    const angle = (index / vertices) * 2 * Math.PI
    const reach = 0.04 * (1 + 0.3 * Math.sin(5 * angle) + 0.06 * Math.sin(61 * angle) + 0.015 * Math.sin(407 * angle))
    return [round(centre[0] + reach * Math.cos(angle)), round(centre[1] + reach * 0.8 * Math.sin(angle))]
  })
  return [...ring, ring[0]!]
}
