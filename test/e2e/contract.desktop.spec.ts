/** The contract suite against the utility process of a real Electron, from inside its window. */
import { join } from 'node:path'
import { build } from 'vite'
import { CONTRACT_CASES } from '../contract/contract-cases.ts'
import { expect, test } from './support/app.ts'

async function bundledCases(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'chrome114',
      lib: { entry: join(import.meta.dirname, '../contract/in-page.ts'), formats: ['iife'], name: 'contract' },
    },
  })
  const output = Array.isArray(result) ? result[0]! : result
  if (!('output' in output)) throw new Error('no bundle')
  const [chunk] = output.output
  return chunk.code
}

test('the utility process keeps the contract', async ({ app }) => {
  const code = await bundledCases()
  // Evaluated by the debugger: the page's own policy would rightly refuse the script.
  await app.page.evaluate(code)
  for (const { name } of CONTRACT_CASES) {
    await test.step(name, async () => {
      await app.page.evaluate(
        wanted => (window as unknown as { runContractCase(name: string): Promise<void> }).runContractCase(wanted),
        name,
      )
    })
  }
  expect(CONTRACT_CASES.length).toBeGreaterThan(10)
})
