import { expect, it } from 'vitest'
import { restartPolicy } from './restart-policy.ts'

it('restarts once, gives up on a second death within a minute', () => {
  const policy = restartPolicy()
  expect(policy.onDeath(0)).toBe('restart')
  expect(policy.onDeath(59_999)).toBe('give_up')
})

it('restarts again after a quiet minute', () => {
  const policy = restartPolicy()
  expect(policy.onDeath(0)).toBe('restart')
  expect(policy.onDeath(60_000)).toBe('restart')
})

it('begins afresh when a person asks', () => {
  const policy = restartPolicy()
  policy.onDeath(0)
  policy.onDeath(1)
  policy.reset()
  expect(policy.onDeath(2)).toBe('restart')
})
