/**
 * Which class of a year holds: the published one, and while there is none the computed one. The one place that says so in SQL;
 * `alias` is the row of enterprise_year.
 */
export const ratedClass = (alias: string): string => `coalesce(${alias}.class, ${alias}.computed_class)`
/** `published` or `computed`; null without a class. */
export const classSource = (alias: string): string =>
  `CASE WHEN ${alias}.class IS NOT NULL THEN 'published' WHEN ${alias}.computed_class IS NOT NULL THEN 'computed' END`

export const RATED_CLASS = ratedClass('y')
export const CLASS_SOURCE = classSource('y')
export const RATED_SCORE = 'CASE WHEN y.class IS NOT NULL OR y.score IS NOT NULL THEN y.score ELSE y.computed_score END'
