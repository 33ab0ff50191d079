/** Sorts the parcels of a packed tile into groups of one colour and leaves out what the filter hides. Pure. */
import type { PackedTile } from '../../../shared/tiles/packed-tile.ts'
import {
  CLASS_CODES,
  FREED_CODES,
  SIDE_CODES,
  STATE_CODES,
  TAX_CODES,
  YEAR_CODES,
} from '../../../shared/tiles/tile-values.ts'
import { type PaintStyle, PREVIEW_CODES } from './paint-style.ts'

export interface PaintGroup {
  readonly code: string
  readonly members: Uint32Array
}

/** Code of the theme's field for each number that tiles hold. */
export function codesByNumber(tile: PackedTile, style: PaintStyle, isPreview: boolean): readonly string[] {
  if (isPreview) return ['', ...PREVIEW_CODES]
  if (style.by === 'side') return SIDE_CODES
  if (style.by === 'state') return ['', ...STATE_CODES]
  if (style.by === 'class') return ['', ...CLASS_CODES]
  if (style.by === 'tax') return ['', ...TAX_CODES]
  if (style.by === 'freed') return ['', ...FREED_CODES]
  if (style.by === 'year') return ['', ...YEAR_CODES]
  return tile.units
}

/** True for the parcels that the filter lets through and the map does not draw itself. */
export function visibility(
  tile: PackedTile,
  style: PaintStyle,
  skipped: ReadonlySet<number>,
): (index: number) => boolean {
  const { filter } = style
  const sides = allowed(SIDE_CODES, filter?.sides)
  const states = allowed(['', ...STATE_CODES], filter?.states)
  const units = allowed(tile.units, filter?.units)
  const classes = allowed(['', ...CLASS_CODES], filter?.classes)
  const taxes = allowed(['', ...TAX_CODES], filter?.taxes)
  const years = allowed(['', ...YEAR_CODES], filter?.years)
  const freed = allowed(['', ...FREED_CODES], filter?.freed)
  const keys = filter?.keys ? setOf(filter.keys) : null
  return index =>
    (!sides || sides[tile.side[index]!] === true) &&
    (!states || states[tile.state[index]!] === true) &&
    (!units || units[tile.unit[index]!] === true) &&
    (!classes || classes[tile.class[index]!] === true) &&
    (!taxes || taxes[tile.tax[index]!] === true) &&
    (!years || years[tile.year[index]!] === true) &&
    (!freed || freed[tile.freed[index]!] === true) &&
    (!keys || keys.has(tile.pk[index]!)) &&
    !(skipped.size > 0 && skipped.has(tile.pk[index]!))
}

/** One set for a list, however many tiles ask for it. */
const sets = new WeakMap<Uint32Array, ReadonlySet<number>>()
function setOf(keys: Uint32Array): ReadonlySet<number> {
  const known = sets.get(keys) ?? new Set(keys)
  sets.set(keys, known)
  return known
}

function allowed(codes: readonly string[], wanted: readonly string[] | undefined): boolean[] | null {
  return wanted ? codes.map(code => wanted.includes(code)) : null
}

/** Groups in painting order, the ones that must stay visible last. */
export function paintGroups(
  tile: PackedTile,
  style: PaintStyle,
  isPreview: boolean,
  isVisible: (index: number) => boolean,
): PaintGroup[] {
  const codes = codesByNumber(tile, style, isPreview)
  const numbers = tile[isPreview ? 'state' : style.by]
  // Sorted by counting into one array: lists that grow would leave megabytes of garbage for every tile of a small scale.
  const ends = new Uint32Array(codes.length)
  const shown = new Uint8Array(tile.count)
  for (let index = 0; index < tile.count; index++) {
    const number = numbers[index]!
    if (number >= codes.length || !isVisible(index)) continue
    shown[index] = 1
    ends[number]!++
  }
  let total = 0
  for (let number = 0; number < codes.length; number++) {
    const count = ends[number]!
    ends[number] = total
    total += count
  }
  const sorted = new Uint32Array(total)
  for (let index = 0; index < tile.count; index++) {
    if (shown[index] === 1) sorted[ends[numbers[index]!]!++] = index
  }
  return codes
    .map((code, number) => ({ code, members: sorted.subarray(number === 0 ? 0 : ends[number - 1]!, ends[number]!) }))
    .filter(group => group.members.length > 0)
    .sort((a, b) => style.order.indexOf(a.code) - style.order.indexOf(b.code))
}
