/** `node test/support/limited-writer.ts FILE`: writes batches until one is refused; prints how many were acknowledged, and why not more. */
import { openStore } from '../../service/db/store.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { benchDeps } from '../bench/deps.ts'

const store = openStore(process.argv[2]!, benchDeps(), { create: true })
await fillNewSurvey(store, 'blank', '例')
let kept = 0
let said = ''
while (said === '') {
  const batch = Array.from({ length: 40 }, (_, index) => {
    const code = `QY-${kept + index}`
    return { code, name: `例${code}`, remark: '说明'.repeat(150) }
  })
  await store
    .bulk({ label: 'import', kind: 'import' }, async tx => {
      for (const values of batch) tx.insert('enterprise', values)
    })
    .then(
      () => {
        kept += batch.length
      },
      error => {
        said = String((error as { code?: unknown }).code ?? error)
      },
    )
}
store.close()
process.stdout.write(JSON.stringify({ kept, said }))
