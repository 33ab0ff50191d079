import { describe, expect, test } from 'vitest'
import { ENTITIES, ENTITY_NAMES } from '../model/entity.ts'
import { mayRead, mayWrite, referencesOf, UNIT_OF_NONE, unitSource } from './scope.ts'
import { codeKey, provisionalCode, UNIQUE_CODES } from './unique-codes.ts'

describe('scope', () => {
  test('every entity says where its unit is to be read', () => {
    const shared: string[] = []
    for (const entity of ENTITY_NAMES) {
      const fields = Object.fromEntries(Object.keys(ENTITIES[entity].fields).map(name => [name, 'x']))
      const source = unitSource(entity, { ...fields, owner_entity: 'parcel', owner_id: 'x' })
      if ('parent' in source) expect(source.parent.id).toBe('x')
      else if (source.unit === null) shared.push(entity)
      else expect(source.unit).toBe('x')
      // Nothing that is not shared gets to everybody by leaving its fields empty.
      const empty = unitSource(entity, {})
      if (!shared.includes(entity)) expect(empty).toEqual({ unit: UNIT_OF_NONE })
    }
    expect(shared).toEqual([
      'campaign',
      'report_unit',
      'boundary_version',
      'boundary_feature',
      'plan_template',
      'target',
      'published_report',
      'assessment_table',
      'rule_set',
      'score_standard',
    ])
  })

  test('who reads and writes what', () => {
    expect([mayRead(null, 'A'), mayRead(null, ''), mayRead('A', 'A'), mayRead('A', null)]).toEqual(Array(4).fill(true))
    expect([mayRead('A', 'B'), mayRead('A', '')]).toEqual([false, false])
    expect([mayWrite('A', undefined, 'A'), mayWrite('A', 'A', 'A'), mayWrite(null, 'A', 'B')]).toEqual([
      true,
      true,
      true,
    ])
    for (const [before, after] of [
      ['A', 'B'],
      ['B', 'A'],
      [undefined, 'B'],
      [undefined, null],
      [null, 'A'],
      [undefined, ''],
    ] as const)
      expect(mayWrite('A', before, after)).toBe(false)
  })

  test('references are those of the entity tables, and an attachment’s owner', () => {
    expect(referencesOf('occupancy', { parcel_id: 'p', enterprise_id: 'e', import_batch: 'i' })).toEqual([
      { field: 'enterprise_id', entity: 'enterprise', id: 'e' },
      { field: 'parcel_id', entity: 'parcel', id: 'p' },
    ])
    expect(referencesOf('attachment', { owner_entity: 'nothing', owner_id: 'x' })).toEqual([])
  })
})

describe('unique codes', () => {
  test('deleted records and empty parts hold no code; a provisional code is the record’s own', () => {
    const year = UNIQUE_CODES.find(code => code.name === 'enterprise_year_key')!
    const state = { deleted: false, fields: { enterprise_id: 'e', year: 2021 }, geometry: null }
    expect(codeKey(year, state)).toBe('["e",2021]')
    expect(codeKey(year, { ...state, deleted: true })).toBeUndefined()
    expect(codeKey(year, { ...state, fields: { enterprise_id: 'e' } })).toBeUndefined()
    expect(provisionalCode('LX-1', '0190-aaaabbbb')).toBe('LX-1~aaaabbbb')
  })
})
