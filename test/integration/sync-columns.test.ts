/** Every column of an entity's table is a field of the model, and so travels; nothing that is stored stays behind unseen. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { all } from '../../service/db/sql.ts'
import { openStore } from '../../service/db/store.ts'
import { fieldsThatTravel } from '../../service/sync/local-record.ts'
import { ENTITIES, ENTITY_NAMES, geometryFieldOf } from '../../shared/model/entity.ts'
import { newId } from '../support/hub-client.ts'

/** Each laptop's own: keys, revision and who wrote here when. */
const STAMPS = new Set('pk id rev deleted created_by created_at updated_by updated_at origin_device'.split(' '))

test('columns of the tables are the fields of the model', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-columns-'))
  const profile = () => ({ user: 'x', role: 'clerk', unit: null, device: 'x' })
  const store = openStore(join(folder, 'a.lowland'), { now: () => new Date(), newId, profile }, { create: true })
  try {
    for (const entity of ENTITY_NAMES) {
      const columns = all<{ name: string }>(store.read, `SELECT name FROM pragma_table_info('${entity}')`)
        .map(({ name }) => name)
        .filter(name => !STAMPS.has(name))
      expect([entity, columns.sort()]).toEqual([entity, Object.keys(ENTITIES[entity].fields).sort()])
      const travels = new Set(fieldsThatTravel(entity))
      const geometry = geometryFieldOf(entity)
      for (const [name, field] of Object.entries(ENTITIES[entity].fields))
        expect([entity, name, travels.has(name) || name === geometry]).toEqual([
          entity,
          name,
          !('derived' in field && field.derived),
        ])
    }
  } finally {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
