import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ColumnValue, type MergeState, mergeRecord, sameState } from './merge.ts'

const NAMES = ['a', 'b', 'ineff_types', 'departments']
const list = fc.uniqueArray(fc.constantFrom('p', 'q', 'r', 's'), { maxLength: 4 }).map(value => JSON.stringify(value))
const value: fc.Arbitrary<ColumnValue> = fc.oneof(fc.constantFrom('x', 'y', 1, 2, null), list)
const state: fc.Arbitrary<MergeState> = fc.record({
  deleted: fc.boolean(),
  fields: fc.dictionary(fc.constantFrom(...NAMES), value),
  geometry: fc.constantFrom('AAAA', 'BBBB', 'CCCC', null),
})
const get = (s: MergeState, name: string): ColumnValue => s.fields[name] ?? null
const members = (v: ColumnValue): unknown[] => (typeof v === 'string' && v.startsWith('[') ? JSON.parse(v) : [])

describe('mergeRecord', () => {
  test('nobody else changed it: mine', () => {
    fc.assert(
      fc.property(state, state, (base, mine) => {
        const result = mergeRecord(base, mine, base)
        expect(sameState(result.merged, mine)).toBe(true)
        expect(result).toMatchObject({ conflicts: [], parallel: [] })
      }),
    )
  })

  test('I changed nothing: theirs; both made the same: no conflict', () => {
    fc.assert(
      fc.property(state, state, (base, other) => {
        for (const mine of [base, other]) {
          const result = mergeRecord(base, mine, other)
          expect(sameState(result.merged, other)).toBe(true)
          expect(result.conflicts).toEqual([])
        }
      }),
    )
  })

  test('both sides see the same collisions', () => {
    const mirrored = { field: 'field', geometry: 'geometry', delete_edit: 'edit_delete', edit_delete: 'delete_edit' }
    fc.assert(
      fc.property(state, state, state, (base, mine, theirs) => {
        const keys = (all: readonly { kind: string; field: string | null }[]) =>
          all.map(c => `${c.kind} ${c.field}`).sort()
        const there = mergeRecord(base, theirs, mine).conflicts.map(c => ({
          kind: mirrored[c.kind as keyof typeof mirrored],
          field: c.field,
        }))
        expect(keys(mergeRecord(base, mine, theirs).conflicts)).toEqual(keys(there))
      }),
    )
  })

  test('nothing vanishes: what a side changed is in the result or in a conflict', () => {
    fc.assert(
      fc.property(state, state, state, (base, mine, theirs) => {
        const { merged, conflicts } = mergeRecord(base, mine, theirs)
        const whole = conflicts.find(c => c.kind === 'delete_edit' || c.kind === 'edit_delete')
        for (const [side, key] of [
          [mine, 'mine'],
          [theirs, 'theirs'],
        ] as const) {
          for (const name of NAMES) {
            const changed = get(side, name)
            if (changed === get(base, name)) continue
            const inConflict = conflicts.some(c => c.field === name && c[key] === changed)
            const inWhole = whole !== undefined && JSON.parse(String(whole[key]))[name] === changed
            const isMember = (m: unknown): boolean => members(get(merged, name)).includes(m)
            const added = members(changed).filter(m => !members(get(base, name)).includes(m))
            const gone = members(get(base, name)).filter(m => !members(changed).includes(m))
            const inList = added.length + gone.length > 0 && added.every(isMember) && !gone.some(isMember)
            const emptied = added.length + gone.length === 0 && members(changed).length === 0
            expect(get(merged, name) === changed || inConflict || inWhole || inList || emptied).toBe(true)
          }
          if (side.geometry !== base.geometry)
            expect(merged.geometry === side.geometry || conflicts.some(c => c.geometry?.[key] === side.geometry)).toBe(
              true,
            )
          if (side.deleted !== base.deleted) expect(merged.deleted === side.deleted || whole !== undefined).toBe(true)
        }
      }),
    )
  })

  test('merging the same once more changes nothing', () => {
    fc.assert(
      fc.property(state, state, state, (base, mine, theirs) => {
        const once = mergeRecord(base, mine, theirs)
        fc.pre(once.conflicts.length === 0)
        const twice = mergeRecord(base, mine, once.merged)
        expect(sameState(twice.merged, once.merged)).toBe(true)
      }),
    )
  })

  test('what they hold stands in every conflict', () => {
    fc.assert(
      fc.property(state, state, state, (base, mine, theirs) => {
        const { merged, conflicts } = mergeRecord(base, mine, theirs)
        for (const conflict of conflicts) {
          if (conflict.kind === 'field') expect(get(merged, conflict.field!)).toBe(get(theirs, conflict.field!))
          else expect(merged.geometry).toBe(theirs.geometry)
        }
      }),
    )
  })

  test('different fields merge and are listed', () => {
    const base = { deleted: false, fields: { a: 1, b: 1 }, geometry: 'AAAA' }
    const result = mergeRecord(base, { ...base, fields: { a: 2, b: 1 } }, { ...base, fields: { a: 1, b: 2 } })
    expect(result).toEqual({ merged: { ...base, fields: { a: 2, b: 2 } }, conflicts: [], parallel: ['b'] })
  })

  test('lists merge as sets, but not where the first member leads, nor when the order changed', () => {
    const of = (field: string, all: string[]) => ({
      deleted: false,
      fields: { [field]: JSON.stringify(all) },
      geometry: null,
    })
    const sets = mergeRecord(
      of('ineff_types', ['a', 'b']),
      of('ineff_types', ['b', 'c']),
      of('ineff_types', ['a', 'b', 'd']),
    )
    expect(sets.merged.fields['ineff_types']).toBe('["b","d","c"]')
    expect(sets.conflicts).toEqual([])
    expect(sets.parallel).toEqual(['ineff_types'])
    expect(
      mergeRecord(of('departments', ['a']), of('departments', ['a', 'b']), of('departments', ['a', 'c'])).conflicts,
    ).toHaveLength(1)
    expect(
      mergeRecord(of('evidence', ['a', 'b']), of('evidence', ['b', 'a']), of('evidence', ['a', 'b', 'c'])).conflicts,
    ).toHaveLength(1)
  })
})
