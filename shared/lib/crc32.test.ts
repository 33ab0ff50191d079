/** The check value of the standard, and that a text in two pieces has the checksum of the whole. */
import { expect, test } from 'vitest'
import { crc32 } from './crc32.ts'

test('CRC-32 of 123456789, at once and in two pieces', () => {
  const bytes = Uint8Array.from([...'123456789'].map(sign => sign.charCodeAt(0)))
  expect(crc32(bytes)).toBe(0xcbf43926)
  expect(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4)))).toBe(0xcbf43926)
})
