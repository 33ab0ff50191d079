/** `visits.*` of the contract. */
import { os, type ServiceDeps } from '../deps.ts'
import { fileVisit, reviewVisit, signVisit, startVisit, visitList } from './visits.ts'
import { waitingLand } from './visits-repo.ts'

export function visitsMethods(deps: ServiceDeps) {
  return {
    list: os.visits.list.handler(({ input }) => ({ rows: visitList(deps.store(), input) })),
    start: os.visits.start.handler(({ input }) => startVisit(deps.store(), input.parcel_id)),
    file: os.visits.file.handler(({ input }) => fileVisit(deps.store(), input)),
    review: os.visits.review.handler(({ input }) => reviewVisit(deps.store(), input)),
    sign: os.visits.sign.handler(({ input }) => signVisit(deps.store(), input)),
    waiting: os.visits.waiting.handler(({ input }) => waitingLand(deps.store().read, input)),
  }
}
