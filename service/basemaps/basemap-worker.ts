/** The thread behind `tile-thread.ts`: reads, unpacks and lays out tiles, so that writes never wait for a picture. */
import { parentPort } from 'node:worker_threads'
import { createTileHouse, type TileCall } from './tile-house.ts'

const answer = createTileHouse()
parentPort?.on('message', ({ id, call }: { id: number; call: TileCall }) => {
  void answer(call).then(result => parentPort?.postMessage({ id, answer: result }))
})
