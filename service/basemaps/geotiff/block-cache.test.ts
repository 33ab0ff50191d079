import { expect, it } from 'vitest'
import { createBlockCache } from './block-cache.ts'

const image = (size: number) => {
  const asked: string[] = []
  return {
    asked,
    async getTileOrStrip(x: number, y: number, sample: number) {
      asked.push(`${x}/${y}`)
      if (x < 0) throw new Error('damaged')
      return { x, y, sample, data: new ArrayBuffer(size) }
    },
  }
}

it('reads a block once, at the same time too, until there is no room for it', async () => {
  const cache = createBlockCache(1000)
  const one = image(300)
  cache.attach(one, 'a/0')
  const get = (x: number) => one.getTileOrStrip(x, 0, 0)
  const [first, second] = await Promise.all([get(1), get(1)])
  expect(second).toBe(first)
  await get(2)
  await get(3)
  expect(cache.bytes()).toBe(900)
  // 1 is used again, so 2 is the oldest when 4 comes.
  await get(1)
  await get(4)
  expect(cache.bytes()).toBe(900)
  await get(1)
  await get(2)
  expect(one.asked).toEqual(['1/0', '2/0', '3/0', '4/0', '2/0'])
})

it('keeps files apart, forgets closed ones and never keeps a failure', async () => {
  const cache = createBlockCache(1000)
  const [one, two] = [image(100), image(100)]
  cache.attach(one, 'a/0')
  cache.attach(two, 'b/0')
  await one.getTileOrStrip(1, 1, 0)
  await two.getTileOrStrip(1, 1, 0)
  expect([one.asked.length, two.asked.length]).toEqual([1, 1])
  cache.forget('a/')
  expect(cache.bytes()).toBe(100)
  await one.getTileOrStrip(1, 1, 0)
  expect(one.asked).toHaveLength(2)
  await expect(one.getTileOrStrip(-1, 0, 0)).rejects.toThrow('damaged')
  await expect(one.getTileOrStrip(-1, 0, 0)).rejects.toThrow('damaged')
  expect(one.asked).toHaveLength(4)
})

it('shows a block that is larger than all the room, and does not keep it', async () => {
  const cache = createBlockCache(100)
  const one = image(500)
  cache.attach(one, 'a/0')
  expect((await one.getTileOrStrip(0, 0, 0)).data.byteLength).toBe(500)
  expect(cache.bytes()).toBe(0)
})
