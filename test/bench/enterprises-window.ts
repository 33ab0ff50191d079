/**
 * `node test/bench/enterprises-window.ts [--enterprises 20000 --rounds 5]`: what a person waits for: from the click on the
 * rail or on a filter to the frame that shows the rows, in the real window in a browser without a GPU. Baseline: the rows of
 * the first page put into a plain HTML table in the same window, their data already there.
 */
import { enterprisePage } from '../../service/enterprises/enterprises.ts'
import { launch } from '../e2e/support/launch.ts'
import { makeFirmsSurvey } from './firms-survey.ts'
import { type Comparison, median, toMarkdown } from './measure.ts'

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const COUNT = option('enterprises', 20_000)
const ROUNDS = option('rounds', 5)

const { file, store } = await makeFirmsSurvey('enterprises-window', COUNT)
const { rows } = enterprisePage(store.read, { filter: {}, offset: 0, limit: 500 })
store.close()

const app = await launch('browser', { survey: file })
const { page } = app
await page.getByTestId('save-state').waitFor()

/** Clicks in the page and waits for the frame in which the table shows other rows; ms. */
const clickToRows = (button: string): Promise<number> =>
  page.evaluate(text => {
    const signature = (): string =>
      [...document.querySelectorAll('.filter-row .numbers, .ant-table-row')].map(row => row.textContent).join('|')
    const buttons = [...document.querySelectorAll<HTMLElement>('.rail-item, .filter-row button, .ant-select-item')]
    const target = buttons.find(each => each.textContent?.replaceAll(' ', '').trim() === text)
    if (!target) throw new Error(`nothing to click: ${text}`)
    const before = signature()
    const from = performance.now()
    target.click()
    return new Promise<number>((done, failed) => {
      const tick = (): void => {
        const isShown = document.querySelector('.ant-table-row, .empty') && signature() !== before
        if (isShown) requestAnimationFrame(() => done(performance.now() - from))
        else if (performance.now() - from > 20_000) failed(new Error(`nothing changed after ${text}`))
        else requestAnimationFrame(tick)
      }
      requestAnimationFrame(tick)
    })
  }, button)

const plainTable = (): Promise<number> =>
  page.evaluate(records => {
    const from = performance.now()
    const host = document.createElement('div')
    host.style.cssText = 'position:fixed;inset:0;overflow:auto;background:white;z-index:9999'
    const table = document.createElement('table')
    for (const record of records) {
      const line = table.insertRow()
      for (const value of Object.values(record)) line.insertCell().textContent = String(value ?? '—')
    }
    host.append(table)
    document.body.append(host)
    return new Promise<number>(done =>
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          done(performance.now() - from)
          host.remove()
        }),
      ),
    )
  }, rows)

const results = new Map<string, number[]>()
const baseline: number[] = []
for (let round = 0; round <= ROUNDS; round++) {
  const note = async (what: string, button: string): Promise<void> => {
    const ms = await clickToRows(button)
    if (round > 0) results.set(what, [...(results.get(what) ?? []), ms])
    await page.waitForTimeout(300)
  }
  await note('ledger opens, from the click on the rail', '企业')
  await note('filter: without a plan', '未编方案')
  await note('filter taken off', '清除筛选')
  await note('filter: without a parcel', '未关联地块')
  await note('filter taken off', '清除筛选')
  await note('filter: doubtful figures', '数据待核对')
  await note('filter taken off', '清除筛选')
  const plain = await plainTable()
  if (round > 0) baseline.push(plain)
  await page.locator('.rail-item').filter({ hasText: '待办' }).click()
  await page.waitForTimeout(500)
}
await app.close()
const table: Comparison[] = [...results].map(([what, ours]) => ({
  what,
  ours,
  baseline: '500 rows in a plain table, data in memory',
  theirs: baseline,
  note: '',
}))
process.stderr.write(`plain table ${median(baseline).toFixed(0)} ms\n`)
process.stdout.write(`${COUNT} enterprises × 3 years, ${ROUNDS} rounds\n\n${toMarkdown(table)}`)
