/** The hub and the survey file have the same idea of what may stand only once. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { UNIQUE_CODES } from '../../shared/sync/unique-codes.ts'

test('unique codes are those of the survey file', () => {
  const folder = fileURLToPath(new URL('../../service/db/migrations/', import.meta.url))
  const sql = readdirSync(folder)
    .map(file => readFileSync(folder + file, 'utf8'))
    .join('\n')
  const found = sql.matchAll(/CREATE UNIQUE INDEX (\w+) ON (\w+) \(([^)]*)\) WHERE deleted = 0/g)
  const inFile = [...found].map(([, name, entity, fields]) => `${name} ${entity} ${fields}`)
  expect(inFile.length).toBeGreaterThan(8)
  expect(UNIQUE_CODES.map(code => `${code.name} ${code.entity} ${code.fields.join(', ')}`).sort()).toEqual(
    inFile.sort(),
  )
})
