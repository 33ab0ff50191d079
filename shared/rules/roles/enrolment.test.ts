import { expect, test } from 'vitest'
import { codesOf } from '../../model/enumerations.ts'
import { beyondEnrolment, rolesOf } from './enrolment.ts'

test('nobody is more than the computer was enrolled for', () => {
  const township = { unit: 'LJ', role: 'township' }
  expect(beyondEnrolment(township, { role: 'inspector', unit: 'LJ' })).toBeNull()
  expect(beyondEnrolment(township, { role: 'manager', unit: 'LJ' })).toBe('role')
  expect(beyondEnrolment(township, { role: 'township', unit: null })).toBe('unit')
  expect(beyondEnrolment(township, { role: 'township', unit: 'YS' })).toBe('unit')
  expect(beyondEnrolment({ unit: 'LJ', role: 'inspector' }, { role: 'township', unit: 'LJ' })).toBe('role')
})

test('the county’s own computer may look at any unit in any role, another county role stays itself', () => {
  for (const role of codesOf('role')) {
    expect(beyondEnrolment({ unit: null, role: 'manager' }, { role, unit: 'LJ' })).toBeNull()
    expect(rolesOf({ unit: null, role })).toContain(role)
  }
  expect(beyondEnrolment({ unit: null, role: 'leader' }, { role: 'manager', unit: null })).toBe('role')
})
