import { expect, it } from 'vitest'
import { labelOf, styleOf } from './vector-scene.ts'

it.each([
  ['water', '', 'rank', 2],
  ['roads', 'highway', 'rank', 8],
  ['transportation', 'primary', 'rank', 7],
  ['landuse', 'forest', 'fill', '#e2edd8'],
  ['landuse', 'industrial', 'fill', '#f0eee8'],
  ['boundaries', '', 'line', '#a08cb0'],
] as const)('knows the layer %s (%s)', (layer, kind, what, value) => {
  expect(styleOf(layer, kind, 14)?.[what]).toBe(value)
})

it('draws a layer it does not know in grey, and leaves small things out far away', () => {
  expect(styleOf('whatever', '', 3)).toMatchObject({ fill: expect.any(String), line: expect.any(String) })
  expect(styleOf('buildings', '', 10)).toBeNull()
  expect(styleOf('roads', 'minor', 9)).toBeNull()
})

it('prefers the name in the language of the window and takes any before none', () => {
  const both = { name: 'Lanxi 兰溪', 'name:zh': '兰溪', 'name:en': 'Lanxi' }
  expect([labelOf(both, 'zh'), labelOf(both, 'en')]).toEqual(['兰溪', 'Lanxi'])
  expect(labelOf({ name: '游埠镇', 'name:zh': ' ' }, 'zh')).toBe('游埠镇')
  expect(labelOf({ height: 3, name: 7 }, 'zh')).toBe('')
})
