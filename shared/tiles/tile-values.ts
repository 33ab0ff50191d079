/** Codes of themes and filters as the small numbers of a packed tile, and back. One place for both sides of the wire. */
import { codesOf } from '../model/enumerations.ts'

export const SIDE_CODES: readonly string[] = codesOf('side')
export const STATE_CODES: readonly string[] = codesOf('state')
export const CLASS_CODES: readonly string[] = codesOf('class')
export const SIDE_CROSSING = SIDE_CODES.indexOf('crossing')
export const SIDE_UNKNOWN = SIDE_CODES.indexOf('unknown')

/** No computed side counts as unknown. */
export function sideNumber(code: string | null): number {
  const index = code === null ? -1 : SIDE_CODES.indexOf(code)
  return index < 0 ? SIDE_UNKNOWN : index
}

/** 0 for no value or a code of a newer version. */
export function stateNumber(code: string | null): number {
  return code === null ? 0 : STATE_CODES.indexOf(code) + 1
}

export function classNumber(code: string | null): number {
  return code === null ? 0 : CLASS_CODES.indexOf(code) + 1
}
