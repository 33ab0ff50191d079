/** From a row of the survey to the numbers that tiles hold. */
import type { TileValues } from '../../shared/contract/tiles.ts'
import { FLAG_SIDE_DISAGREES } from '../../shared/tiles/packed-tile.ts'
import { sideNumber, stateNumber } from '../../shared/tiles/tile-values.ts'
import type { Rating } from './ratings.ts'
import type { ValueRow } from './tile-repo.ts'

export function valuesOfRow([pk, state, side, marked, unit, code, name]: ValueRow, rating: Rating): TileValues {
  return {
    pk,
    state: stateNumber(state),
    side: sideNumber(side),
    class: rating.class,
    tax: rating.tax,
    year: rating.year,
    freed: rating.freed,
    flags: marked !== null && side !== null && marked !== side ? FLAG_SIDE_DISAGREES : 0,
    unit: unit ?? '',
    label: code === null ? '' : name ? `${code}\n${name}` : code,
  }
}
