/** The rules are only worth something if they catch what they forbid: each is shown a planted violation. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layerProblems, sizeProblems, switchedOffTests } from './check-rules.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lowland-rules-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function plant(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
}

const SOUND = {
  'shared/a.ts': 'export interface A { a: 1 }\n',
  'service/service.ts': "import type { A } from '../shared/a.ts'\nexport const b: A = { a: 1 }\n",
  'service/db/open.ts': "import Database from 'better-sqlite3'\nexport const d = Database\n",
  'electron/main/main.ts': "import { app } from 'electron'\nexport const m = app\n",
  'electron/service-host/main.ts': "import { b } from '../../service/service.ts'\nexport const h = b\n",
  'renderer/map/view.ts': "import L from 'leaflet'\nexport const v = L\n",
  'shared/a.test.ts': "import { readFileSync } from 'node:fs'\nexport const t = readFileSync\n",
}

describe('layer rules', () => {
  it('let the intended directions pass', async () => {
    plant(SOUND)
    expect(await layerProblems(root)).toEqual([])
  })

  it('catch every planted violation, type imports included', async () => {
    plant({
      ...SOUND,
      'shared/type-leak.ts': "import type { b } from '../service/service.ts'\nexport type B = typeof b\n",
      'shared/node-leak.ts': "import { readFileSync } from 'node:fs'\nexport const r = readFileSync\n",
      'renderer/node-leak.ts': "import type { Stats } from 'node:fs'\nexport type S = Stats\n",
      'renderer/service-leak.ts': "import type { b } from '../service/service.ts'\nexport type B = typeof b\n",
      'renderer/leaflet-leak.ts': "import type { Map } from 'leaflet'\nexport type M = Map\n",
      'service/electron-leak.ts': "import { app } from 'electron'\nexport const a = app\n",
      'service/sqlite-leak.ts': "import type { Database } from 'better-sqlite3'\nexport type D = Database\n",
      'electron/main/data-path.ts': "import { b } from '../../service/service.ts'\nexport const c = b\n",
      'cli/window-leak.ts': "import { v } from '../renderer/map/view.ts'\nexport const w = v\n",
    })
    const problems = await layerProblems(root)
    expect(problems.map(problem => problem.split(' -> ')[0]).sort()).toEqual(
      [
        'cli-to-service: cli/window-leak.ts',
        'electron-only-in-electron: service/electron-leak.ts',
        'leaflet-only-in-renderer-map: renderer/leaflet-leak.ts',
        'main-to-shared: electron/main/data-path.ts',
        'no-node-in-pure-layers: renderer/node-leak.ts',
        'no-node-in-pure-layers: shared/node-leak.ts',
        'renderer-to-shared: renderer/service-leak.ts',
        'shared-is-alone: shared/type-leak.ts',
        'sqlite-only-in-service-db: service/sqlite-leak.ts',
      ].sort(),
    )
  })

  it('catch cycles, even those of types only', async () => {
    plant({
      'shared/one.ts': "import type { Two } from './two.ts'\nexport interface One { two: Two }\n",
      'shared/two.ts': "import type { One } from './one.ts'\nexport interface Two { one: One }\n",
    })
    const problems = await layerProblems(root)
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.every(problem => problem.startsWith('no-circular'))).toBe(true)
  })

  it('do not call an empty look a success', async () => {
    plant({ 'shared/notes.md': 'nothing\n' })
    expect(await layerProblems(root)).toEqual(['dependency-cruiser looked at 0 modules'])
  })
})

describe('file rules', () => {
  it('limit code to 400 lines and tests to 700', () => {
    plant({
      'service/long.ts': '//\n'.repeat(401),
      'service/fits.ts': '//\n'.repeat(400),
      'service/long.test.ts': '//\n'.repeat(701),
      'service/fits.test.ts': '//\n'.repeat(700),
    })
    expect(sizeProblems(root)).toEqual([
      'service/long.test.ts: 701 lines, at most 700',
      'service/long.ts: 401 lines, at most 400',
    ])
  })

  it('find tests that are switched off', () => {
    const off = ['skip', 'only', 'todo'].map(kind => `it.${kind}('x', () => {})`)
    plant({ 'service/a.test.ts': [...off, "it('runs', () => {})", ''].join('\n') })
    expect(switchedOffTests(root)).toHaveLength(3)
  })
})
