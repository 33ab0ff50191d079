/** What a store of the benches is given: ids by a counter, a manager, the clock of the machine. */
import type { openStore } from '../../service/db/store.ts'
import { uuidV7 } from '../../shared/lib/uuid.ts'

export function benchDeps(): Parameters<typeof openStore>[1] {
  let serial = 0
  return {
    now: () => new Date(),
    newId: () =>
      uuidV7(Date.now(), bytes => {
        serial++
        for (let index = 0; index < 4; index++) bytes[15 - index] = (serial >>> (8 * index)) & 255
      }),
    profile: () => ({ user: 'bench', role: 'manager', unit: null, device: 'bench' }),
  }
}
