/** `identify.*` of the contract. */
import { streamJob } from '../boundary/job-stream.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { currentRules, identify, saveRules } from './identify.ts'

export function identifyMethods(deps: ServiceDeps) {
  return {
    run: os.identify.run.handler(({ input, signal }) =>
      streamJob(signal, control => identify(deps.store(), input, control)),
    ),
    rules: os.identify.rules.handler(() => {
      const { rule_set, ...version } = currentRules(deps.store().read)
      const rules = rule_set.rules.map(rule => ({ ...rule, thresholds: [...rule.thresholds] }))
      return { ...version, rule_set: { ...rule_set, rules } }
    }),
    saveRules: os.identify.saveRules.handler(({ input }) => saveRules(deps.store(), input)),
  }
}
