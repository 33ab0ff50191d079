import { describe, expect, test } from 'vitest'
import { tilesAround } from './tiles-ahead.ts'

const names = (x: number, y: number, width: number, height: number, z = 10): string[] =>
  tilesAround(z, x, y, { width, height }).map(tile => `${tile.x}/${tile.y}`)

describe('tiles asked for before the map is there', () => {
  test('every tile that the view meets, and no other', () => {
    expect(names(5.5, 7.5, 512, 512)).toEqual(['5/7'])
    expect(names(5.5, 7.5, 513, 512)).toEqual(['4/7', '5/7', '6/7'])
    expect(names(5, 7, 512, 512)).toEqual(['4/6', '4/7', '5/6', '5/7'])
  })
  test('nothing beyond the edge of the world', () => {
    expect(names(0.2, 0.2, 2000, 2000, 1)).toEqual(['0/0', '0/1', '1/0', '1/1'])
  })
})
