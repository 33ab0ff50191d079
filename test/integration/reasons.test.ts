/** Every reason the service refuses something for has words in both catalogues; otherwise English users would read Chinese. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inProject } from '../../tools/paths.ts'

function reasonsIn(folder: string): string[] {
  return readdirSync(inProject(folder), { recursive: true })
    .map(String)
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap(name => [...readFileSync(join(inProject(folder), name), 'utf8').matchAll(/reason: '([a-z_0-9]+)'/g)])
    .map(match => match[1]!)
}

/** Read as text: the window's catalogues belong to another TypeScript project. */
function wordsOf(language: 'zh' | 'en'): Set<string> {
  const text = readFileSync(inProject('renderer/app/i18n', language, 'reasons.ts'), 'utf8')
  return new Set([...text.matchAll(/^ {4}([a-z_0-9]+):/gm)].map(match => match[1]!))
}

it('has words for every reason', () => {
  const named = new Set(['shared', 'service', 'electron', 'cli'].flatMap(reasonsIn))
  expect(named.size).toBeGreaterThan(50)
  const [chinese, english] = [wordsOf('zh'), wordsOf('en')]
  expect([...named].filter(reason => !chinese.has(reason) || !english.has(reason))).toEqual([])
})
