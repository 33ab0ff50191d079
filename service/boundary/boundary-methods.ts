/** `boundaries.*` of the contract. */
import { os, type ServiceDeps } from '../deps.ts'
import { listBoundaries, listLayers } from './boundary-repo.ts'
import { activateBoundary, classifyAll } from './classify.ts'
import { streamJob } from './job-stream.ts'
import { boundaryOutlines } from './outlines.ts'
import { compareBoundaries, reviewPage } from './review.ts'

export function boundaryMethods(deps: ServiceDeps) {
  return {
    layers: os.boundaries.layers.handler(() => listLayers(deps.store().read)),
    compare: os.boundaries.compare.handler(({ input, signal }) =>
      streamJob(signal, control => compareBoundaries(deps.store(), input, control)),
    ),
    review: os.boundaries.review.handler(({ input }) => reviewPage(deps.store().read, input)),
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
