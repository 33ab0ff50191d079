/** 统一社会信用代码 (GB 32100-2015): form and check character. Pure. */

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

export type UsccFault = 'length' | 'characters' | 'checksum'

/** Upper case without blanks: how a code is stored and compared. */
export function normalizeUscc(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '').toUpperCase()
}

/** What is wrong with a normalised code, or null when it is right. */
export function usccFault(code: string): UsccFault | null {
  if (code.length !== 18) return 'length'
  for (const character of code) if (!ALPHABET.includes(character)) return 'characters'
  return usccCheckCharacter(code.slice(0, 17)) === code[17] ? null : 'checksum'
}

/** The 18th character for the first 17. Throws on characters outside the alphabet. */
export function usccCheckCharacter(body: string): string {
  let sum = 0
  for (let index = 0; index < 17; index++) {
    const value = ALPHABET.indexOf(body.charAt(index))
    if (value < 0 || body.length !== 17) throw new Error(`not the first 17 characters of a credit code: ${body.length}`)
    sum += value * WEIGHTS[index]!
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31)
}
