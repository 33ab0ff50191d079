/** `loop.*` of the contract. */
import { countTotals } from '../../shared/rules/closed-loop/counting.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { countedEvents } from './count-repo.ts'

export function loopMethods(deps: ServiceDeps) {
  return {
    totals: os.loop.totals.handler(({ input: { from, to } }) => {
      const events = countedEvents(deps.store().read).filter(event => event.on >= from && event.on <= to)
      const units = [...new Set(events.map(event => event.unit))].sort((a, b) => (a ?? '').localeCompare(b ?? ''))
      return {
        total: countTotals(events, from, to),
        units: units.map(unit => ({
          unit,
          totals: countTotals(
            events.filter(event => event.unit === unit),
            from,
            to,
          ),
        })),
        events,
      }
    }),
  }
}
