/**
 * UUIDv7 (RFC 9562 §5.7): the identity of every record. Time-ordered, made on the device, never re-used.
 * Time and randomness are passed in so that tests and the demo generator are deterministic.
 */

/** Fills the given bytes with random values (for example `crypto.getRandomValues`). */
export type FillRandom = (bytes: Uint8Array) => void

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Returns a new UUIDv7 for the instant `nowMs` (milliseconds since 1970). */
export function uuidV7(nowMs: number, fillRandom: FillRandom): string {
  const bytes = new Uint8Array(16)
  fillRandom(bytes)
  let rest = Math.floor(nowMs)
  for (let index = 5; index >= 0; index--) {
    bytes[index] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  let text = ''
  for (let index = 0; index < 16; index++) {
    text += HEX[bytes[index]!]
    if (index === 3 || index === 5 || index === 7 || index === 9) text += '-'
  }
  return text
}
