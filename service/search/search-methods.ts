/** `search.*` of the contract. */
import { os, type ServiceDeps } from '../deps.ts'
import { searchRecords } from './search.ts'

export function searchMethods(deps: ServiceDeps) {
  return {
    query: os.search.query.handler(({ input }) => searchRecords(deps.store().read, input.text, input.limit)),
  }
}
