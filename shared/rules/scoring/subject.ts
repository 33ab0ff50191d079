/** An enterprise of a year as the evaluation sees it. */
import type { YearFigures } from '../indicators.ts'

export interface ScoreSubject extends YearFigures {
  readonly id: string
  readonly name?: string
  /** Codes of `veto_cause`. */
  readonly veto_causes?: readonly string[] | null
  readonly op_status?: string | null
  /** True when the agreed completion has passed: then an enterprise not in production is evaluated all the same. */
  readonly overdue_construction?: boolean
}
