/** `enterprises.*` of the contract. */
import { os, type ServiceDeps } from '../deps.ts'
import { createEnterprise, enterpriseDetail, enterprisePage, saveYear } from './enterprises.ts'
import { yearsWithFigures } from './enterprises-repo.ts'
import { groupSums } from './group-sums.ts'

export function enterprisesMethods(deps: ServiceDeps) {
  return {
    list: os.enterprises.list.handler(({ input }) => enterprisePage(deps.store().read, input)),
    groups: os.enterprises.groups.handler(({ input: { filter, by } }) => {
      const db = deps.store().read
      return groupSums(db, filter, filter.year ?? yearsWithFigures(db)[0] ?? null, by)
    }),
    detail: os.enterprises.detail.handler(({ input }) => enterpriseDetail(deps.store().read, input)),
    create: os.enterprises.create.handler(({ input }) => createEnterprise(deps.store(), input)),
    saveYear: os.enterprises.saveYear.handler(({ input }) => saveYear(deps.store(), input)),
  }
}
