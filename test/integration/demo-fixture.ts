/** The demo county as a real survey file in a temporary folder, for tests of what is computed over a whole county. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../../service/db/store.ts'
import { buildDemo } from '../../tools/demo/build-demo.ts'

export interface DemoFixture {
  readonly store: Store
  /** For files that the test makes; removed with the survey. */
  readonly folder: string
  close(): void
}

/** Opened by a manager whose clock stands at `now` (ISO). */
export async function openDemo(now = '2022-12-05T02:00:00Z'): Promise<DemoFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-demo-'))
  await buildDemo(join(folder, 'demo.lowland'))
  let made = 0
  const store = openStore(
    join(folder, 'demo.lowland'),
    {
      now: () => new Date(now),
      newId: () => `0190-${made++}`,
      profile: () => ({ user: '甲', role: 'manager', unit: null, device: 'd' }),
    },
    { create: false },
  )
  return {
    store,
    folder,
    close() {
      store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
