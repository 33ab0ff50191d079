/** The command line, taken apart and checked: words, `--name value` options, and which options each command knows. */
import { toAppError } from '../service/db/sql.ts'
import { AppError } from '../shared/contract/errors.ts'

export interface OptionSpec {
  /** True when the option takes a value. */
  value: boolean
  help: string
}

export interface ParsedArguments {
  words: string[]
  options: Record<string, string | true>
}

/** Wrong usage: exit code 2 and the help of the command. */
export class UsageError extends Error {}

/** Splits arguments by the options known. Throws UsageError for unknown options and missing values. */
export function parseArguments(argv: readonly string[], known: Readonly<Record<string, OptionSpec>>): ParsedArguments {
  const words: string[] = []
  const options: Record<string, string | true> = {}
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index]!
    if (argument === '--') {
      words.push(...argv.slice(index + 1))
      break
    }
    if (!argument.startsWith('--')) {
      words.push(argument)
      continue
    }
    const equals = argument.indexOf('=')
    const name = argument.slice(2, equals < 0 ? undefined : equals)
    const spec = known[name]
    if (!spec) throw new UsageError(`不认识的选项 --${name}`)
    if (!spec.value) options[name] = true
    else if (equals >= 0) options[name] = argument.slice(equals + 1)
    else {
      const value = argv[++index]
      if (value === undefined) throw new UsageError(`选项 --${name} 缺少值`)
      options[name] = value
    }
  }
  return { words, options }
}

export function text(options: ParsedArguments['options'], name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

export function number(options: ParsedArguments['options'], name: string): number | undefined {
  const value = text(options, name)
  if (value === undefined) return undefined
  const parsed = Number(value)
  if (value.trim() === '' || !Number.isFinite(parsed)) throw new UsageError(`选项 --${name} 应为数字`)
  return parsed
}

export function required(options: ParsedArguments['options'], name: string): string {
  const value = text(options, name)
  if (value === undefined) throw new UsageError(`缺少选项 --${name}`)
  return value
}

/** `a=b,c=d` or `a=b c=d` pairs; a value may hold `=`. */
export function pairs(parts: readonly string[]): Record<string, string> {
  const result: Record<string, string> = {}
  for (const part of parts) {
    const equals = part.indexOf('=')
    if (equals <= 0) throw new UsageError(`应为 字段=值：${part.slice(0, 60)}`)
    result[part.slice(0, equals).trim()] = part.slice(equals + 1)
  }
  return result
}

/** What a failed command prints with --json: plain data, never a stack. */
export function errorToJson(raised: unknown): { error: { code: string; message: string; details?: unknown } } {
  const error = toAppError(raised)
  if (error instanceof AppError || (error instanceof Error && 'code' in error && 'data' in error)) {
    const { code, message } = error as Error & { code: string }
    const details = 'details' in error ? error.details : (error as { data?: unknown }).data
    return { error: { code, message, details } }
  }
  return { error: { code: 'internal', message: error instanceof Error ? error.message : String(error) } }
}
