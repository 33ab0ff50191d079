/** A rule set while it is being changed, as the contract takes it. */
import type { z } from 'zod'
import type { ruleSetSchema } from '../../../shared/contract/identify.ts'

export type RuleSetDraft = z.infer<typeof ruleSetSchema>
export type Rule = RuleSetDraft['rules'][number]
export type Threshold = Rule['thresholds'][number]
