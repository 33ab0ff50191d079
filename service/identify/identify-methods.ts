/** `identify.*` of the contract. */
import type { RuleSet } from '../../shared/rules/identify/rule-set.ts'
import { streamJob } from '../boundary/job-stream.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { logExport, writeWhole } from '../reports/output.ts'
import { currentRules, identify, saveRules } from './identify.ts'
import { ruleSetVersions } from './identify-repo.ts'
import { readRuleTable, writeRuleTable } from './rule-table.ts'

export function identifyMethods(deps: ServiceDeps) {
  return {
    run: os.identify.run.handler(({ input, signal }) =>
      streamJob(signal, control => identify(deps.store(), input, control)),
    ),
    rules: os.identify.rules.handler(({ input }) => {
      const { rule_set, ...version } = currentRules(deps.store().read, input?.id)
      return { ...version, rule_set: changeable(rule_set) }
    }),
    versions: os.identify.versions.handler(() =>
      ruleSetVersions(deps.store().read).map(row => ({ ...row, active: row.active === 1 })),
    ),
    readRules: os.identify.readRules.handler(async ({ input }) => {
      const { read } = deps.store()
      const file = deps.resolveInput(input.file)
      const { rule_set, ...answer } = await readRuleTable(read, file, input.sheet, currentRules(read).rule_set)
      return { ...answer, rule_set: changeable(rule_set) }
    }),
    writeRules: os.identify.writeRules.handler(async ({ input }) => {
      const store = deps.store()
      let rows = 0
      const file = await writeWhole(deps.resolveOutput(input.file, '识别规则.xlsx'), async temporary => {
        rows = await writeRuleTable(store.read, temporary, currentRules(store.read).rule_set)
      })
      await logExport(store, 'export.rules', file, rows)
      return { file, rows }
    }),
    saveRules: os.identify.saveRules.handler(({ input }) => saveRules(deps.store(), input)),
  }
}

/** Lists that may be changed by who gets them, as the contract's types want. */
function changeable(set: RuleSet) {
  const rules = set.rules.map(rule => ({ ...rule, thresholds: [...rule.thresholds] }))
  return { ...set, exclusions: [...set.exclusions], rules }
}
