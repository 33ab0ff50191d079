import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPlainRing } from './plain-ring.ts'
import { type Position, type Ring, toFlat } from './types.ts'
import { validatePolygons } from './validate.ts'

const square = (x: number, y: number, side: number): Ring => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
]
const found = (...coordinates: Ring[][]): string[] =>
  validatePolygons(toFlat({ type: 'MultiPolygon', coordinates })).map(
    ({ kind, ring, x, y }) => `${kind} ring ${ring} at ${x},${y}`,
  )

test.each<[string, Ring[][], string[]]>([
  ['clean square with a hole', [[square(0, 0, 10), square(2, 2, 2)]], []],
  [
    'hole that touches its shell at one point',
    [
      [
        square(0, 0, 10),
        [
          [0, 5],
          [2, 4],
          [2, 6],
          [0, 5],
        ],
      ],
    ],
    [],
  ],
  ['holes that touch at one point', [[square(0, 0, 10), square(2, 2, 2), square(4, 4, 2)]], []],
  ['parts that touch at one point', [[square(0, 0, 10)], [square(10, 10, 10)]], []],
  ['part in the hole of another', [[square(0, 0, 10), square(2, 2, 6)], [square(4, 4, 2)]], []],
  [
    'bow-tie',
    [
      [
        [
          [0, 0],
          [10, 10],
          [10, 0],
          [0, 10],
          [0, 0],
        ],
      ],
    ],
    ['self_intersection ring 0 at 5,5'],
  ],
  [
    'bow-tie with a vertex in its knot',
    [
      [
        [
          [0, 0],
          [5, 5],
          [10, 10],
          [10, 0],
          [5, 5],
          [0, 10],
          [0, 0],
        ],
      ],
    ],
    ['self_intersection ring 0 at 5,5'],
  ],
  [
    'ring that comes back to a place',
    [
      [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [5, 0],
          [0, 10],
          [0, 0],
        ],
      ],
    ],
    ['ring_self_touch ring 0 at 5,0'],
  ],
  [
    'spike',
    [
      [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [5, 10],
          [5, 15],
          [5, 10],
          [0, 10],
          [0, 0],
        ],
      ],
    ],
    ['spike ring 0 at 5,15'],
  ],
  [
    'repeated point',
    [
      [
        [
          [0, 0],
          [10, 0],
          [10, 0],
          [10, 10],
          [0, 10],
          [0, 0],
        ],
      ],
    ],
    ['duplicate_point ring 0 at 10,0'],
  ],
  [
    'two points',
    [
      [
        [
          [0, 0],
          [10, 0],
          [0, 0],
          [0, 0],
        ],
      ],
    ],
    ['too_few_points ring 0 at 0,0'],
  ],
  ['no points', [[[]]], ['too_few_points ring 0 at NaN,NaN']],
  [
    'not a number',
    [
      [
        [
          [0, 0],
          [Number.NaN, 1],
          [10, 10],
          [0, 0],
        ],
      ],
    ],
    ['not_finite ring 0 at NaN,1'],
  ],
  ['hole outside', [[square(0, 0, 10), square(20, 20, 2)]], ['hole_outside_shell ring 1 at 20,20']],
  [
    'hole across the shell',
    [[square(0, 0, 10), square(8, 3, 4)]],
    ['rings_cross ring 0 at 10,3', 'rings_cross ring 0 at 10,7'],
  ],
  ['hole in a hole', [[square(0, 0, 10), square(2, 2, 6), square(4, 4, 2)]], ['hole_inside_hole ring 2 at 4,4']],
  [
    'hole that runs along its shell',
    [
      [
        square(0, 0, 10),
        [
          [0, 4],
          [2, 4],
          [2, 6],
          [0, 6],
          [0, 4],
        ],
      ],
    ],
    ['rings_cross ring 1 at 0,4'],
  ],
  [
    'hole that cuts the inside in two',
    [
      [
        square(0, 0, 10),
        [
          [0, 0],
          [5, 5],
          [10, 10],
          [4, 6],
          [0, 0],
        ],
      ],
    ],
    ['ring_self_touch ring 1 at 10,10'],
  ],
  ['part in a part', [[square(0, 0, 10)], [square(2, 2, 3)]], ['parts_overlap ring 1 at 2,2']],
  [
    'parts that cross',
    [[square(0, 0, 10)], [square(5, 5, 10)]],
    ['parts_overlap ring 1 at 5,10', 'parts_overlap ring 0 at 10,5'],
  ],
])('%s', (_, coordinates, expected) => {
  expect(found(...coordinates)).toEqual(expected)
})

test('a line in degrees has no area although rounding leaves one', () => {
  expect(
    found([
      [
        [119.1, 29.1],
        [119.2, 29.2],
        [119.3, 29.3],
        [119.1, 29.1],
      ],
    ]).join(),
  ).toContain('zero_area ring 0')
})

const star = (points: number, wobble: (index: number) => number): Ring => {
  const ring = Array.from({ length: points }, (_, index): Position => {
    const angle = (2 * Math.PI * index) / points
    return [119.4 + 1e-3 * wobble(index) * Math.cos(angle), 29.2 + 1e-3 * wobble(index) * Math.sin(angle)]
  })
  return [...ring, ring[0]!]
}

test('no false alarm on clean outlines, large or small, and the quick answer knows the small ones', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 600 }), fc.integer({ min: 1, max: 97 }), (points, step) => {
      const ring = star(points, index => 0.6 + ((index * step) % 31) / 100)
      expect(found([ring])).toEqual([])
      if (points < 128)
        expect(isPlainRing(toFlat({ type: 'Polygon', coordinates: [ring] }).coordinates, 0, points + 1)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('the quick answer never passes a ring that has a defect', () => {
  const corner = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }))
  fc.assert(
    fc.property(fc.array(corner, { minLength: 2, maxLength: 9 }), corners => {
      const ring: Ring = [...corners, corners[0]!]
      const { coordinates } = toFlat({ type: 'Polygon', coordinates: [ring] })
      // A far second part makes the full validation decide.
      if (isPlainRing(coordinates, 0, ring.length)) expect(found([ring], [square(100, 100, 1)])).toEqual([])
    }),
    { numRuns: 3000 },
  )
})

test('a scribble of thousands of crossings lists a bounded number of them', () => {
  const ring = Array.from({ length: 3000 }, (_, index): Position => [(index * 7919) % 1009, (index * 104_729) % 997])
  expect(found([[...ring, ring[0]!]]).length).toBeLessThanOrEqual(200)
})

test('repeated points do not hide a crossing', () => {
  const stutter = Array.from({ length: 500 }, (_, index): Position[] => [
    [index / 50, 0],
    [index / 50, 0],
  ]).flat()
  const kinds = new Set(found([[...stutter, [10, 10], [0, 10], [10, 5], [0, 0]]]).map(text => text.split(' ')[0]))
  expect([...kinds]).toEqual(['duplicate_point', 'self_intersection'])
})
