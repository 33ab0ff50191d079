import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PackedTile } from '../../../shared/tiles/packed-tile.ts'
import { themeStyle } from './paint-style.ts'
import { codesByNumber, paintGroups } from './tile-classes.ts'

test('groups hold every visible parcel once, in order, those painted last at the end', () => {
  const style = themeStyle('side', [], null, false)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { maxLength: 60 }), parcels => {
      const tile = { count: parcels.length, side: Uint8Array.from(parcels, ([side]) => side) } as unknown as PackedTile
      const groups = paintGroups(tile, style, false, index => parcels[index]![1])
      const codes = codesByNumber(tile, style, false)
      const expected = style.order.flatMap(code => {
        const members = parcels.flatMap(([side, isVisible], index) =>
          isVisible && codes[side] === code ? [index] : [],
        )
        return members.length === 0 ? [] : [{ code, members }]
      })
      expect(groups.map(({ code, members }) => ({ code, members: [...members] }))).toEqual(expected)
    }),
  )
})
