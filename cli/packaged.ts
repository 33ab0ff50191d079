/**
 * Entry of the terminal in an installed package: `Lowland --terminal <command> …`. The desktop's main process hands over
 * before it opens anything and leaves when the command has ended.
 */
import type { Places } from './places.ts'
import { runTerminal } from './terminal.ts'

export function run(argv: readonly string[], places: Places): Promise<number> {
  return runTerminal(argv, places)
}
