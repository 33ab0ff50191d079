/**
 * 一票否决: what holds a class down whatever the score (domain §2: accidents of safety and environment). Which causes and to which
 * class is data of the standard. It strikes the enterprise itself, not those that are judged with it. Pure.
 */
import { labelOf } from '../../model/enumerations.ts'
import type { Class, VetoRule } from './standard.ts'

export interface Veto {
  readonly cause: string
  readonly to: Class
  /** The class by score; null without one. */
  readonly before: Class | null
}

/** The rule that holds the class down furthest; null when none does, or when the class is as low already. */
export function vetoOf(rules: readonly VetoRule[], causes: readonly string[], before: Class | null): Veto | null {
  let found: VetoRule | null = null
  for (const rule of rules) {
    if (causes.includes(rule.cause) && (found === null || rule.to > found.to)) found = rule
  }
  if (found === null || (before !== null && before >= found.to)) return null
  return { cause: found.cause, to: found.to, before }
}

/** “一票否决：安全生产事故，由 B 类降为 D 类”. */
export function vetoInWords({ cause, to, before }: Veto, language: 'zh' | 'en' = 'zh'): string {
  const label = labelOf('veto_cause', cause, language)
  if (language === 'en') return `Veto: ${label}, ${before === null ? 'class' : `from ${before} down to`} ${to}`
  return before === null ? `一票否决：${label}，定为 ${to} 类` : `一票否决：${label}，由 ${before} 类降为 ${to} 类`
}
