/**
 * `npm test`: build, all Vitest tests, then end to end in a browser and in Electron. Ends with `N passed, N failed`.
 * A missing runtime is said and skipped on a developer's machine; with CI set it is a failure, and so is a runner that ran
 * nothing.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { buildProject, partsInWords } from './build-project.ts'
import { inProject } from './paths.ts'
import { type Finished, run, runNode } from './run.ts'
import { findBrowser, findTestElectron, HOW_TO_GET_BROWSER, HOW_TO_GET_ELECTRON, hasDisplay } from './runtimes.ts'
import { unmetNeeds } from './test-needs.ts'

interface Tally {
  readonly name: string
  readonly passed: number
  readonly failed: number
}

const isCi = !!process.env['CI']
const results = inProject('test-results')
const unitFile = inProject('test-results/unit.json')
const e2eFile = inProject('test-results/e2e.json')

/** Counts of a runner; a runner that ended badly or ran nothing has at least one failure. */
function tally(name: string, finished: Finished, file: string, read: (report: unknown) => [number, number]): Tally {
  const [passed, failed] = existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : [0, 0]
  const isBroken = finished.code !== 0 || passed + failed === 0
  return { name, passed, failed: failed === 0 && isBroken ? 1 : failed }
}

async function unit(): Promise<Tally> {
  // On a developer's machine a missing program is said and its tests are left out; in CI they run, and fail.
  const left = isCi ? [] : unmetNeeds()
  for (const { file, missing, packages } of left)
    console.log(`left out: ${file} needs ${missing.join(' and ')} (Debian: apt-get install ${packages})`)
  const finished = await runNode(
    [
      inProject('node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${unitFile}`,
      ...left.flatMap(({ file }) => ['--exclude', file]),
    ],
    { show: true },
  )
  return tally('unit, contract, integration, property', finished, unitFile, report => {
    const { numPassedTests, numFailedTests } = report as { numPassedTests: number; numFailedTests: number }
    return [numPassedTests, numFailedTests]
  })
}

async function endToEnd(projects: readonly string[]): Promise<Tally> {
  const command = [
    process.execPath,
    inProject('node_modules/@playwright/test/cli.js'),
    'test',
    ...projects.map(project => `--project=${project}`),
  ]
  const isVirtual = projects.includes('desktop') && !hasDisplay()
  const [program, ...args] = isVirtual ? ['xvfb-run', '-a', '-s', '-screen 0 1366x768x24', ...command] : command
  const finished = await run(program as string, args, { show: true })
  if (finished.code === 127) console.log('xvfb-run is missing (Debian: apt-get install xvfb)')
  return tally(`end to end (${projects.join(', ')})`, finished, e2eFile, report => {
    const { expected, unexpected, flaky } = (report as { stats: Record<string, number> }).stats
    return [expected ?? 0, (unexpected ?? 0) + (flaky ?? 0)]
  })
}

const parts = await buildProject()
console.log(`build: ${partsInWords(parts)}`)
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

const tallies: Tally[] = [await unit()]
const missing = [...(findBrowser() ? [] : [HOW_TO_GET_BROWSER]), ...(findTestElectron() ? [] : [HOW_TO_GET_ELECTRON])]
const projects = [...(findBrowser() ? ['browser'] : []), ...(findTestElectron() ? ['desktop'] : [])]
if (projects.length > 0) tallies.push(await endToEnd(projects))
if (isCi) for (const name of missing) tallies.push({ name, passed: 0, failed: 1 })

console.log('')
for (const { name, passed, failed } of tallies) console.log(`${name}: ${passed} passed, ${failed} failed`)
if (!isCi) for (const reason of missing) console.log(`NOT RUN. ${reason}`)
const passed = tallies.reduce((sum, { passed }) => sum + passed, 0)
const failed = tallies.reduce((sum, { failed }) => sum + failed, 0)
const closing = `${passed} passed, ${failed} failed`
writeFileSync(inProject('test-results/summary.txt'), `${closing}\n`)
console.log(closing)
process.exitCode = failed === 0 ? 0 : 1
