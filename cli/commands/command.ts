/** What a command of the terminal is made of (DESIGN §10). */
import type { OptionSpec } from '../arguments.ts'
import type { Session } from '../session.ts'

export interface Command {
  words: readonly string[]
  usage: string
  help: string
  options?: Readonly<Record<string, OptionSpec>>
  /** Makes or replaces the survey itself, so it is not opened first. */
  withoutSurvey?: boolean
  run(
    session: Session,
    words: readonly string[],
    options: Record<string, string | true>,
  ): Promise<Record<string, unknown>>
}

/** A command that has nothing to do with a survey file. */
export interface StandaloneCommand extends Pick<Command, 'words' | 'usage' | 'help' | 'options'> {
  /** Undefined: it has said already what there was to say. */
  run(words: readonly string[], options: Record<string, string | true>): Promise<Record<string, unknown> | undefined>
}

/** An option with a value. */
export const value = (help: string): OptionSpec => ({ value: true, help })
/** An option without a value. */
export const flag = (help: string): OptionSpec => ({ value: false, help })
