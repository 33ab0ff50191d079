/** `scoring.*` of the contract. */
import { streamJob } from '../boundary/job-stream.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { logExport, writeWhole } from '../reports/output.ts'
import { currentStandard, saveStandard, scoreYear } from './scoring.ts'
import { readStandardTable, writeStandardTable } from './standard-table.ts'

export function scoringMethods(deps: ServiceDeps) {
  return {
    standard: os.scoring.standard.handler(({ input }) => plain(currentStandard(deps.store().read, input.year))),
    saveStandard: os.scoring.saveStandard.handler(({ input }) => saveStandard(deps.store(), input)),
    readStandard: os.scoring.readStandard.handler(async ({ input }) => {
      const { standard } = currentStandard(deps.store().read, input.year)
      return plain(await readStandardTable(deps.resolveInput(input.file), input.year, input.sheet, standard))
    }),
    writeStandard: os.scoring.writeStandard.handler(async ({ input }) => {
      const store = deps.store()
      const { standard } = currentStandard(store.read, input.year)
      let rows = 0
      const file = await writeWhole(deps.resolveOutput(input.file, `${input.year}年评价办法.xlsx`), async temporary => {
        rows = await writeStandardTable(temporary, input.year, standard)
      })
      await logExport(store, 'export.standard', file, rows)
      return { file, rows }
    }),
    run: os.scoring.run.handler(({ input, signal }) =>
      streamJob(signal, control => scoreYear(deps.store(), input, control)),
    ),
  }
}

/** Lists that may be changed by who gets them, as the contract's types want. */
function plain<T extends { standard: { groups: { above: readonly I[]; below: readonly I[] } } }, I extends object>(
  answer: T,
) {
  const { above, below } = answer.standard.groups
  const copy = (items: readonly I[]) => items.map(item => ({ ...item }))
  return { ...answer, standard: { ...answer.standard, groups: { above: copy(above), below: copy(below) } } }
}
