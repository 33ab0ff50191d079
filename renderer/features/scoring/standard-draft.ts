/** A standard while it is being changed, as the contract takes it. */
import type { z } from 'zod'
import type { standardSchema } from '../../../shared/contract/scoring.ts'

export type StandardDraft = z.infer<typeof standardSchema>
