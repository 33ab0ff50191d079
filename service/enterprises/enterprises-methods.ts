/** `enterprises.*` of the contract. */
import { os, type ServiceDeps } from '../deps.ts'
import { createEnterprise, enterpriseDetail, enterprisePage, saveYear } from './enterprises.ts'

export function enterprisesMethods(deps: ServiceDeps) {
  return {
    list: os.enterprises.list.handler(({ input }) => enterprisePage(deps.store().read, input)),
    detail: os.enterprises.detail.handler(({ input }) => enterpriseDetail(deps.store().read, input)),
    create: os.enterprises.create.handler(({ input }) => createEnterprise(deps.store(), input)),
    saveYear: os.enterprises.saveYear.handler(({ input }) => saveYear(deps.store(), input)),
  }
}
