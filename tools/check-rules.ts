/**
 * The checks of `npm run check` that are our own: layers and cycles (through dependency-cruiser), file size, and tests
 * that are switched off. Each returns the list of what is wrong, empty when all is well.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CODE_FOLDERS, inProject, PROJECT_FOLDER } from './paths.ts'
import { runNode } from './run.ts'
import { listFiles } from './source-files.ts'

export const MAX_CODE_LINES = 400
export const MAX_TEST_LINES = 700

/** Data tables and generated files only, each with the reason. */
const SIZE_EXEMPT: Readonly<Record<string, string>> = {
  'service/db/migrations/0010-initial.ts': 'the table of all first tables; never edited once released',
}

const CODE_FILE = /\.(ts|tsx|cts|mts|cjs|mjs|js)$/
const TEST_FILE = /\.(test|spec|bench)\.tsx?$/

interface Cruise {
  readonly summary: {
    readonly totalCruised: number
    readonly violations: readonly {
      readonly from: string
      readonly to: string
      readonly rule: { readonly name: string }
      readonly cycle?: readonly { readonly name: string }[]
    }[]
  }
}

/** Layer violations and import cycles below `root`, which has the project's folders. */
export async function layerProblems(root: string = PROJECT_FOLDER): Promise<string[]> {
  const folders = CODE_FOLDERS.filter(folder => existsSync(join(root, folder)))
  const finished = await runNode(
    [
      inProject('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      inProject('.dependency-cruiser.cjs'),
      '--output-type',
      'json',
      ...folders,
    ],
    { cwd: root },
  )
  if (!finished.stdout.startsWith('{')) return [`dependency-cruiser: ${finished.output.trim()}`]
  const { summary } = JSON.parse(finished.stdout) as Cruise
  // Without a TypeScript it understands, dependency-cruiser reports success on nothing.
  if (summary.totalCruised === 0) return ['dependency-cruiser looked at 0 modules']
  return summary.violations.map(violation => {
    const path = violation.cycle ? violation.cycle.map(step => step.name).join(' -> ') : violation.to
    return `${violation.rule.name}: ${violation.from} -> ${path}`
  })
}

/** Files longer than the house allows. */
export function sizeProblems(root: string = PROJECT_FOLDER): string[] {
  return CODE_FOLDERS.flatMap(folder => listFiles(folder, CODE_FILE, root)).flatMap(file => {
    if (file in SIZE_EXEMPT) return []
    const lines = readFileSync(join(root, file), 'utf8').split('\n').length - 1
    const limit = TEST_FILE.test(file) ? MAX_TEST_LINES : MAX_CODE_LINES
    return lines > limit ? [`${file}: ${lines} lines, at most ${limit}`] : []
  })
}

const SWITCHED_OFF =
  /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|only|todo|fixme)\b|\b(?:xit|xdescribe|fit|fdescribe)\(/

/** Tests that are skipped, focused or only announced. Missing runtimes are handled by the test runner, not by skips. */
export function switchedOffTests(root: string = PROJECT_FOLDER): string[] {
  return CODE_FOLDERS.flatMap(folder => listFiles(folder, TEST_FILE, root)).flatMap(file =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (SWITCHED_OFF.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  )
}
