/** `boundaries.*` of the contract. */
import { os, type ServiceDeps } from '../deps.ts'
import { listBoundaries } from './boundary-repo.ts'
import { activateBoundary, classifyAll } from './classify.ts'
import { streamJob } from './job-stream.ts'
import { boundaryOutlines } from './outlines.ts'

export function boundaryMethods(deps: ServiceDeps) {
  return {
    list: os.boundaries.list.handler(() => listBoundaries(deps.store().read)),
    activate: os.boundaries.activate.handler(({ input, signal }) =>
      streamJob(signal, control => activateBoundary(deps.store(), input.id, control)),
    ),
    classify: os.boundaries.classify.handler(({ input, signal }) =>
      streamJob(signal, control => classifyAll(deps.store(), input.boundary_id, control)),
    ),
    outlines: os.boundaries.outlines.handler(({ input }) => boundaryOutlines(deps.store().read, input)),
  }
}
