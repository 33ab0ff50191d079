/** `plans.*` of the contract. */

import { chinaDate } from '../../shared/lib/china-time.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { draftPlan } from './plan-draft.ts'
import { reviewPlan, submitPlan } from './plan-review.ts'
import { comparePlans, fillPlan, planTemplatesOf, saveTemplate, versionsOf } from './plan-versions.ts'
import { planDetail, planPage, savePlan } from './plans.ts'

export function plansMethods(deps: ServiceDeps) {
  return {
    list: os.plans.list.handler(({ input }) => planPage(deps.store().read, input)),
    detail: os.plans.detail.handler(({ input }) => {
      const store = deps.store()
      return planDetail(store.read, input.id, chinaDate(store.now()))
    }),
    draft: os.plans.draft.handler(({ input }) => draftPlan(deps.store(), input)),
    save: os.plans.save.handler(({ input }) => savePlan(deps.store(), input)),
    fill: os.plans.fill.handler(({ input }) => fillPlan(deps.store(), input)),
    submit: os.plans.submit.handler(({ input }) => submitPlan(deps.store(), input.id)),
    review: os.plans.review.handler(({ input }) => reviewPlan(deps.store(), input)),
    versions: os.plans.versions.handler(({ input }) => ({
      rows: versionsOf(deps.store().read, input.enterprise_id),
    })),
    compare: os.plans.compare.handler(({ input }) => ({ differences: comparePlans(deps.store().read, input) })),
    templates: os.plans.templates.handler(() => ({ rows: planTemplatesOf(deps.store().read) })),
    saveTemplate: os.plans.saveTemplate.handler(({ input }) => saveTemplate(deps.store(), input)),
  }
}
