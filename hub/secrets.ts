/** Tokens and one-time codes: random, kept only as SHA-256, compared in constant time. */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

export const hashOf = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex')

export const newToken = (): string => randomBytes(32).toString('base64url')

/** Without 0/O, 1/I/L: it is read out over the telephone. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** 12 characters in groups of four (59 bits), e.g. `K7QF-2MXD-9RTA`. */
export function newEnrollCode(): string {
  const letters = Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

/** The same code however it was typed: case, spaces and dashes do not count. */
export const normalCode = (typed: string): string => typed.toUpperCase().replace(/[\s-]/g, '')

export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
