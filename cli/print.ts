/** Results and help for people; with --json nothing of this is used. */
import type { OptionSpec } from './arguments.ts'
import type { Command } from './commands/command.ts'

/** `key: value` lines; lists are counted and their first entries shown. */
export function printResult(result: Record<string, unknown>): string {
  const lines: string[] = []
  for (const [key, entry] of Object.entries(result)) {
    if (Array.isArray(entry) && entry.every(item => typeof item === 'number')) lines.push(`${key}: ${entry.join(' ')}`)
    else if (Array.isArray(entry)) {
      lines.push(`${key}: ${entry.length}`)
      for (const item of entry.slice(0, 20)) lines.push(`  ${brief(item)}`)
      if (entry.length > 20) lines.push(`  … 另有 ${entry.length - 20} 条`)
    } else lines.push(`${key}: ${brief(entry)}`)
  }
  return `${lines.join('\n')}\n`
}

function brief(value: unknown): string {
  if (value === null || value === undefined) return '—'
  if (typeof value !== 'object') return String(value)
  if ('message' in value) return String(value.message)
  return Object.entries(value)
    .filter(([key, entry]) => !key.endsWith('_id') && entry !== null && entry !== undefined)
    .map(([key, entry]) => part(key, entry))
    .filter(text => text !== '')
    .join(' · ')
}

/** One field of a list entry in few words; all of it is in the JSON. */
function part(key: string, value: unknown): string {
  if (typeof value === 'number') return `${key} ${Number(value.toFixed(2))}`
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value)
  const words = value.map(item => (item as { zh?: string } | null)?.zh).filter(text => text !== undefined)
  if (words.length > 0) return words.join(';')
  return value.length > 0 ? `${key} ${value.length}` : ''
}

export function usageOf(
  commands: readonly Pick<Command, 'usage' | 'help' | 'options'>[],
  common: Readonly<Record<string, OptionSpec>>,
): string {
  const lines = ['低效用地踏勘 · lowland', '']
  for (const command of commands) {
    lines.push(`  lowland ${command.usage}`, `      ${command.help}`)
    if (commands.length === 1)
      for (const [name, spec] of Object.entries(command.options ?? {}))
        lines.push(`      --${name.padEnd(14)} ${spec.help}`)
  }
  if (commands.length > 1) lines.push('  lowland serve [--port 端口] [--open]', '      在浏览器中使用(仅本机)')
  lines.push('', ...Object.entries(common).map(([name, spec]) => `  --${name.padEnd(14)} ${spec.help}`), '')
  return lines.join('\n')
}
