/** `zones.*` of the contract. */
import { streamJob } from '../boundary/job-stream.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { boundsInWords } from './zone-bounds.ts'
import { contiguityOf } from './zone-contiguity.ts'
import { detectZones } from './zone-detect.ts'
import { setOutline } from './zone-outline.ts'
import { mergeZones, splitZone } from './zone-regroup.ts'
import { addZoneMembers, createZone, removeZoneMembers, zoneDetail, zoneQuota, zoneSummaries } from './zones.ts'

export function zonesMethods(deps: ServiceDeps) {
  return {
    detect: os.zones.detect.handler(({ input, signal }) =>
      streamJob(signal, control => detectZones(deps.store(), input, control)),
    ),
    list: os.zones.list.handler(({ input }) => zoneSummaries(deps.store().read, input)),
    detail: os.zones.detail.handler(({ input }) => zoneDetail(deps.store().read, input)),
    create: os.zones.create.handler(({ input }) => createZone(deps.store(), input)),
    addMembers: os.zones.addMembers.handler(({ input }) => addZoneMembers(deps.store(), input)),
    removeMembers: os.zones.removeMembers.handler(({ input }) => removeZoneMembers(deps.store(), input)),
    merge: os.zones.merge.handler(({ input }) => mergeZones(deps.store(), input)),
    split: os.zones.split.handler(({ input }) => splitZone(deps.store(), input)),
    setOutline: os.zones.setOutline.handler(({ input }) => setOutline(deps.store(), input)),
    bounds: os.zones.bounds.handler(({ input }) => ({ text: boundsInWords(deps.store(), input.id) })),
    contiguity: os.zones.contiguity.handler(({ input, signal }) =>
      streamJob(signal, control => contiguityOf(deps.store(), input, control)),
    ),
    quota: os.zones.quota.handler(({ input }) => zoneQuota(deps.store().read, input.year, input.to)),
  }
}
