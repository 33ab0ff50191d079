/** A new column must not be forgotten by sync: it travels by itself, but older laptops and bundles have to be told. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ENTITIES, ENTITY_NAMES } from '../../shared/model/entity.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import { SYNC_SCHEMA } from '../../shared/sync/protocol.ts'

const HOW = `The fields that travel are not those listed for SYNC_SCHEMA ${SYNC_SCHEMA} in test/fixtures/sync-schema-fields.json.
Side by side they mean: an older laptop would drop a new field, or send one that is gone. If a version with this SYNC_SCHEMA was
released, raise it (protocol.ts). Then write the new list: LOWLAND_WRITE_SYNC_FIELDS=1 npx vitest run test/integration/sync-schema.test.ts`

test('the fields that travel are those of this SYNC_SCHEMA', () => {
  const fields = Object.fromEntries(
    ENTITY_NAMES.map(entity => [
      entity,
      Object.entries(ENTITIES[entity].fields as FieldTable)
        .filter(([, field]) => !field.derived)
        .map(([name, { kind, required }]) => `${name} ${kind}${required ? ' required' : ''}`)
        .sort(),
    ]),
  )
  const file = new URL('../fixtures/sync-schema-fields.json', import.meta.url)
  if (process.env['LOWLAND_WRITE_SYNC_FIELDS']) {
    writeFileSync(file, `${JSON.stringify({ schema: SYNC_SCHEMA, fields }, null, 2)}\n`)
  }
  expect(JSON.parse(readFileSync(file, 'utf8')), HOW).toEqual({ schema: SYNC_SCHEMA, fields })
})
