/** Which class of a year holds: the published one, and while there is none the computed one. The one place that says so in SQL. */
export const RATED_CLASS = 'coalesce(y.class, y.computed_class)'
export const RATED_SCORE = 'CASE WHEN y.class IS NOT NULL OR y.score IS NOT NULL THEN y.score ELSE y.computed_score END'
/** `published` or `computed`; null without a class. */
export const CLASS_SOURCE =
  "CASE WHEN y.class IS NOT NULL THEN 'published' WHEN y.computed_class IS NOT NULL THEN 'computed' END"
