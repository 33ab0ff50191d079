/** `plans.*` of the contract. */
import { os, type ServiceDeps } from '../deps.ts'
import { draftPlan } from './plan-draft.ts'
import { planDetail, planPage, savePlan } from './plans.ts'

export function plansMethods(deps: ServiceDeps) {
  return {
    list: os.plans.list.handler(({ input }) => planPage(deps.store().read, input)),
    detail: os.plans.detail.handler(({ input }) => planDetail(deps.store().read, input.id)),
    draft: os.plans.draft.handler(({ input }) => draftPlan(deps.store(), input)),
    save: os.plans.save.handler(({ input }) => savePlan(deps.store(), input)),
  }
}
