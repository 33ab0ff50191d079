/** The terminal of an installed package: `Lowland --terminal …` in the real Electron, no window, the exit code of the command. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { PROJECT_FOLDER } from '../../tools/paths.ts'
import { run } from '../../tools/run.ts'
import { findTestElectron, HOW_TO_GET_ELECTRON, sandboxArguments } from '../../tools/runtimes.ts'

test('the packaged terminal makes a survey, checks it, and refuses what it does not know', async () => {
  const runtime = findTestElectron()
  if (!runtime) throw new Error(HOW_TO_GET_ELECTRON)
  const folder = mkdtempSync(join(tmpdir(), 'lowland-terminal-'))
  const survey = join(folder, '踏勘.lowland')
  const terminal = (...words: string[]) =>
    run(runtime.executable, [...sandboxArguments(), PROJECT_FOLDER, '--terminal', ...words, '--json'], {
      timeoutMs: 60_000,
      env: {
        ...process.env,
        LOWLAND_DATA: join(folder, 'data'),
        ...(runtime.sqliteBinding ? { LOWLAND_SQLITE_BINDING: runtime.sqliteBinding } : {}),
      },
    })
  try {
    const made = await terminal('init', '--survey', survey)
    expect(made.code, made.output).toBe(0)
    expect(JSON.parse(made.stdout)).toMatchObject({ survey, units: 18 })
    const checked = await terminal('check', '--survey', survey)
    expect(JSON.parse(checked.stdout)).toEqual({ ok: true, problems: [] })
    // A second init must not overwrite the first: an error as data, exit code 1.
    const again = await terminal('init', '--survey', survey)
    expect(again.code).toBe(1)
    expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'file_exists' } })
    expect((await terminal('nonsense')).code).toBe(2)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
