/**
 * Every procedure that the window calls and some role may not: where it is called the window asks the role table beforehand
 * (RoleButton, useBarred, mayCall; for records mayWriteRecord), so that a button is disabled with its reason and no refusal comes late.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { PROCEDURES } from '../../shared/rules/roles/roles.ts'
import { inProject } from '../../tools/paths.ts'

const RENDERER = inProject('renderer')
const files = globSync('**/*.{ts,tsx}', { cwd: RENDERER })
  .filter(file => !file.includes('.test.'))
  .map(file => ({ file, text: readFileSync(join(RENDERER, file), 'utf8') }))
const EVERYBODY = 6

/** Gated procedures by the folder of the feature that calls them. */
function called(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const { file, text } of files) {
    for (const [, area, name] of text.matchAll(/client\s*\.\s*(\w+)\s*\.\s*(\w+)\b/g)) {
      const roles = PROCEDURES[area!]?.[name!]
      if (!roles || roles.length >= EVERYBODY) continue
      const folder = dirname(file)
      const known = found.get(`${area}.${name}`)
      if (known) known.add(folder)
      else found.set(`${area}.${name}`, new Set([folder]))
    }
  }
  return found
}

function asksBefore(procedure: string, folder: string): boolean {
  const [area, name] = procedure.split('.') as [string, string]
  const inFolder = files.filter(({ file }) => dirname(file) === folder).map(({ text }) => text)
  const asks = [
    `calls="${procedure}"`,
    `useBarred('${procedure}')`,
    new RegExp(`(mayCall|barred)\\(.{0,80}'${area}', '${name}'\\)`, 's'),
  ]
  if (area === 'records') asks.push(/mayWriteRecord\(|useRecordBarred\(|<RecordField|<RemoveRecord/)
  return inFolder.some(text => asks.some(ask => (typeof ask === 'string' ? text.includes(ask) : ask.test(text))))
}

/** Called where no button stands: what calls them asks for the role elsewhere, as said. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  // The tools of the map (`use-tool-blocks.ts`) are blocked as a whole.
  'parcels.create': 'features/workbench',
  'parcels.reshape': 'features/workbench',
  'parcels.split': 'features/workbench',
  'parcels.splitAtBoundary': 'features/workbench',
  'parcels.merge': 'features/workbench',
  'parcels.cutOut': 'features/workbench',
  // Drawing a zone's outline begins at its button in features/zones.
  'zones.setOutline': 'features/workbench',
  // Opened only from `imports.inspect`: whoever may not choose a file never sees the preview.
  'imports.preview': 'features/imports',
  'imports.repair': 'features/imports',
}

test('no gated procedure is called from a place that has not asked the role table first', () => {
  const lacking = [...called()].flatMap(([procedure, folders]) =>
    [...folders]
      .filter(folder => ELSEWHERE[procedure] !== folder && !asksBefore(procedure, folder))
      .map(folder => `${procedure} in ${folder}`),
  )
  expect(lacking).toEqual([])
  // The search finds them: a pattern that matches nothing would pass too.
  expect(called().size).toBeGreaterThan(40)
})
