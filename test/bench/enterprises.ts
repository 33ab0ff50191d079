/**
 * `npm run bench:enterprises [-- --enterprises 20000 --rounds 5]`: the ledger, its filters, sums, the evaluation and the
 * identification over enterprises with three years, each beside the plain way of doing it in the same minutes.
 */
import { cpus } from 'node:os'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { all } from '../../service/db/sql.ts'
import { enterprisePage, type ListInput } from '../../service/enterprises/enterprises.ts'
import { groupSums } from '../../service/enterprises/group-sums.ts'
import { identify } from '../../service/identify/identify.ts'
import { scoreYear } from '../../service/scoring/scoring.ts'
import { makeFirmsSurvey } from './firms-survey.ts'
import { type Comparison, compare, toMarkdown } from './measure.ts'

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const COUNT = option('enterprises', 20_000)
const ROUNDS = option('rounds', 5)

const { store } = await makeFirmsSurvey('enterprises', COUNT)

type Row = Record<string, string | number | null>

/** What a spreadsheet does: everything in memory, joined, filtered and sorted there. Reading it is part of it. */
function everything(): Row[] {
  const years = all<Row>(store.read, 'SELECT * FROM enterprise_year WHERE deleted = 0 AND year = 2022')
  const byEnterprise = new Map(years.map(row => [row['enterprise_id'], row]))
  const parcels = new Map<unknown, number>()
  for (const row of all<Row>(store.read, 'SELECT enterprise_id FROM occupancy WHERE deleted = 0'))
    parcels.set(row['enterprise_id'], (parcels.get(row['enterprise_id']) ?? 0) + 1)
  const plans = new Map(
    all<Row>(store.read, 'SELECT enterprise_id, status FROM plan WHERE deleted = 0').map(row => [
      row['enterprise_id'],
      row['status'],
    ]),
  )
  return all<Row>(store.read, 'SELECT * FROM enterprise WHERE deleted = 0').map(row => ({
    ...byEnterprise.get(row['id']!),
    ...row,
    parcels: parcels.get(row['id']) ?? 0,
    plan_status: plans.get(row['id']) ?? null,
  }))
}
const ratioOf = (row: Row): number =>
  row['tax'] === null || !row['land_mu_actual'] ? Infinity : Number(row['tax']) / Number(row['land_mu_actual'])

const page = (input: Partial<ListInput>) => enterprisePage(store.read, { filter: {}, offset: 0, limit: 500, ...input })
const rows: Comparison[] = []
const row = async (what: string, ours: () => unknown, theirs: () => unknown, note = ''): Promise<void> => {
  rows.push(await compare(what, ours, 'all rows read, joined and filtered in memory', theirs, { rounds: ROUNDS, note }))
}

await row(
  'ledger opens: 500 rows, total, years and sums',
  () => {
    page({})
    groupSums(store.read, {}, 2022, 'all')
  },
  () => everything().slice(0, 500),
)
const filters: readonly [string, ListInput['filter'], (row: Row) => boolean][] = [
  ['unit', { units: ['330781001'] }, entry => entry['unit'] === '330781001'],
  ['class D', { classes: ['D'] }, entry => entry['class'] === 'D'],
  ['state', { states: ['S0'] }, entry => entry['state'] === 'S0'],
  ['text 恒诚', { text: '恒诚' }, entry => String(entry['name']).includes('恒诚')],
  ['initials hbly', { text: 'hbly' }, entry => String(entry['name']).includes('华邦利')],
  ['without a plan', { without_plan: true }, entry => entry['plan_status'] === null],
  ['without a parcel', { without_parcel: true }, entry => entry['parcels'] === 0],
  ['unit and class', { units: ['330781001'], classes: ['C', 'D'] }, entry => entry['unit'] === '330781001'],
]
for (const [name, filter, keeps] of filters) {
  await row(
    `filter: ${name}`,
    () => page({ filter }),
    () => everything().filter(keeps).slice(0, 500),
  )
}
await row(
  'filter: doubtful figures',
  () => page({ filter: { doubtful: true } }),
  () => everything().filter(entry => Number(entry['value_added']) > Number(entry['output'])),
  'baseline checks one of thirteen faults',
)
await row(
  'sorted by 亩均税收, page 20',
  () => page({ sort: { field: 'tax_per_mu', descending: false }, offset: 9500 }),
  () =>
    everything()
      .sort((a, b) => ratioOf(a) - ratioOf(b))
      .slice(9500, 10_000),
)
await row(
  'sorted by name',
  () => page({ sort: { field: 'name', descending: false } }),
  () =>
    everything()
      .sort((a, b) => String(a['name']).localeCompare(String(b['name']), 'zh'))
      .slice(0, 500),
)
await row(
  'sums by unit with four ratios',
  () => groupSums(store.read, {}, 2022, 'unit'),
  () => {
    const sums = new Map<unknown, { tax: number; land: number }>()
    for (const entry of everything()) {
      const sum = sums.get(entry['unit']) ?? { tax: 0, land: 0 }
      sum.tax += Number(entry['tax'])
      sum.land += Number(entry['land_mu_actual'])
      sums.set(entry['unit'], sum)
    }
  },
)

/** One enterprise after the other, each with its own statements, four rules only; industry means are given. */
function oneByOne(): number {
  const years = store.read.prepare(
    'SELECT year, scale, tax, land_mu_actual, class FROM enterprise_year WHERE enterprise_id = ? AND deleted = 0',
  )
  const sides = store.read.prepare(
    'SELECT DISTINCT p.side FROM occupancy o JOIN parcel p ON p.id = o.parcel_id WHERE o.enterprise_id = ? AND o.deleted = 0',
  )
  const checks = store.read.prepare("SELECT 1 FROM compliance_check WHERE enterprise_id = ? AND result = 'fail'")
  let listed = 0
  for (const entry of all<Row>(store.read, 'SELECT id, in_park FROM enterprise WHERE deleted = 0')) {
    const figures = years.all(entry['id']) as Row[]
    const now = figures.find(candidate => candidate['year'] === 2022)!
    sides.all(entry['id'])
    const low = ratioOf(now) < (now['scale'] === 'above' ? 5 : 1)
    const inD = figures.filter(candidate => candidate['class'] === 'D').length >= 2
    if (low || inD || (entry['in_park'] === 1 && ratioOf(now) < 5) || checks.get(entry['id'])) listed++
  }
  return listed
}
const seconds = async (
  what: string,
  ours: () => unknown,
  baseline: string,
  theirs: () => unknown,
  note: string,
): Promise<void> => {
  rows.push(await compare(what, ours, baseline, theirs, { rounds: Math.min(3, ROUNDS), note }))
}
await seconds(
  'identification of all, dry run',
  () => identify(store, { year: 2022, dry_run: true }, createJobControl()),
  'one enterprise at a time, four rules',
  oneByOne,
  'ours: ten rules, words, undecided ones',
)
await seconds(
  'evaluation of all, dry run',
  () => scoreYear(store, { year: 2022, dry_run: true }, createJobControl()),
  'one enterprise at a time, four rules',
  oneByOne,
  'ours: six indicators, places, classes, words',
)
const once = async (what: string, work: () => Promise<unknown>): Promise<void> => {
  const from = performance.now()
  await work()
  process.stdout.write(`${what}: ${((performance.now() - from) / 1000).toFixed(2)} s (once)\n`)
}
await once('identification written (one step of undo, logged)', () =>
  identify(store, { year: 2022, dry_run: false }, createJobControl()),
)
await once('evaluation written (one step of undo, logged)', () =>
  scoreYear(store, { year: 2022, dry_run: false }, createJobControl()),
)
await row(
  'ledger opens after the evaluation is written',
  () => page({}),
  () => everything().slice(0, 500),
  'records of the year hold the basis of the score',
)
store.close()
process.stdout.write(
  `\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}, ${COUNT} enterprises × 3 years, ${ROUNDS} rounds\n\n${toMarkdown(rows)}`,
)
