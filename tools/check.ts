/** `npm run check`: types, format and lint, layers and cycles, file size, switched-off tests, unused code. One summary. */
import { layerProblems, sizeProblems, switchedOffTests } from './check-rules.ts'
import { inProject } from './paths.ts'
import { runNode } from './run.ts'

interface Check {
  readonly name: string
  readonly problems: () => Promise<string[]> | string[]
}

async function tool(args: readonly string[]): Promise<string[]> {
  const finished = await runNode(args)
  return finished.code === 0 ? [] : [finished.output.trim() || `exit ${finished.code}`]
}

const CHECKS: readonly Check[] = [
  { name: 'types', problems: () => tool([inProject('node_modules/typescript7/bin/tsc'), '-b', '--pretty', 'false']) },
  {
    name: 'format and lint',
    problems: () => tool([inProject('node_modules/@biomejs/biome/bin/biome'), 'ci', '--colors=off', '.']),
  },
  { name: 'layers and cycles', problems: () => layerProblems() },
  { name: 'file size', problems: () => sizeProblems() },
  { name: 'switched-off tests', problems: () => switchedOffTests() },
  { name: 'unused code', problems: () => tool([inProject('node_modules/knip/bin/knip.js'), '--no-progress']) },
]

let failed = 0
for (const check of CHECKS) {
  const started = Date.now()
  const problems = await check.problems()
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${check.name} (${seconds} s)`)
  for (const problem of problems) console.log(problem.replace(/^/gm, '     '))
  if (problems.length > 0) failed += 1
}
console.log(failed === 0 ? `check: all ${CHECKS.length} ok` : `check: ${failed} of ${CHECKS.length} failed`)
process.exitCode = failed === 0 ? 0 : 1
