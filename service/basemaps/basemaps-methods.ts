/** `basemaps.*` of the contract. */
import { os, type ServiceDeps } from '../deps.ts'
import type { Basemaps } from './basemaps.ts'

export function basemapsMethods(deps: ServiceDeps, basemaps: Basemaps) {
  return {
    list: os.basemaps.list.handler(() => basemaps.list()),
    add: os.basemaps.add.handler(({ input }) => basemaps.add(deps.resolveInput(input.file), input.crs ?? null)),
    relocate: os.basemaps.relocate.handler(({ input }) => basemaps.relocate(input.id, deps.resolveInput(input.file))),
    update: os.basemaps.update.handler(({ input: { id, ...change } }) => {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      return basemaps.update(id, given)
    }),
    reorder: os.basemaps.reorder.handler(({ input }) => basemaps.reorder(input.ids)),
    remove: os.basemaps.remove.handler(({ input }) => basemaps.remove(input.id)),
  }
}
