/**
 * Which class of a year holds, said the same way on paper everywhere (docs/decisions/0147): the published one, and while there is
 * none the computed one, which is marked. The same rule in SQL: `service/scoring/rated-class.ts`. Pure.
 */
export interface RatedClass {
  readonly code: string
  readonly source: 'published' | 'computed'
}

/** Of a yearly record, or of the figures that a plan froze. Null without a class. */
export function ratedOf(year: Readonly<Record<string, unknown>>): RatedClass | null {
  const { class: published, computed_class: computed } = year
  if (typeof published === 'string' && published !== '') return { code: published, source: 'published' }
  if (typeof computed === 'string' && computed !== '') return { code: computed, source: 'computed' }
  return null
}

/** 'B', or 'B(测算)' where nothing was published, 'B类(提升发展，测算)' for the long name; null stays unknown. Imports read a marked class as none. */
export function printedClass(code: string | null, source: string | null): string | null {
  if (code === null) return null
  if (source !== 'computed') return code
  return code.endsWith(')') ? `${code.slice(0, -1)}，测算)` : `${code}(测算)`
}
