/** `books.*` of the contract. */

import { chinaDate } from '../../shared/lib/china-time.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { checkSummary } from './books-repo.ts'

export function booksMethods(deps: ServiceDeps) {
  return {
    checks: os.books.checks.handler(({ input }) => {
      const store = deps.store()
      const today = chinaDate(store.now())
      return { today, rows: checkSummary(store.read, input.unit, today) }
    }),
  }
}
