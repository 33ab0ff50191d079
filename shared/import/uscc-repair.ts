/**
 * Proposes what a faulty 统一社会信用代码 may have been meant to be: letters the alphabet lacks, typed for the digits they
 * look like, or a check character left out. A proposal for a person to accept, never applied by itself. Pure.
 */
import { normalizeUscc, usccCheckCharacter, usccFault } from '../rules/uscc.ts'

const LOOKALIKES: Readonly<Record<string, string>> = { O: '0', I: '1', Z: '2', S: '5', V: 'U' }

/** A valid code near `text`, or null when none is near enough. */
export function proposeUscc(text: string): string | null {
  const code = normalizeUscc(text).replace(/[^0-9A-Z]/g, '')
  const replaced = [...code].map(character => LOOKALIKES[character] ?? character).join('')
  if (replaced.length === 18) return usccFault(replaced) === null && replaced !== text ? replaced : null
  if (replaced.length !== 17 || usccFault(`${replaced}0`) === 'characters') return null
  return replaced + usccCheckCharacter(replaced)
}
