/**
 * A process that keeps writing to a survey until it is killed: edits, new parcels, imports, roll-backs. It waits for its
 * orders as one JSON line on stdin, so that it can be started before its turn. Every write that the service acknowledged
 * is told on stdout as one JSON line, written synchronously so that nothing acknowledged is lost with the process.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createRouterClient } from '@orpc/server'
import { createService } from '../../service/service.ts'
import { createRandom } from '../../tools/demo/random.ts'
import type { ContractClient } from '../contract/contract-cases.ts'

export type Acknowledged =
  | { kind: 'ready' }
  | { kind: 'parcel'; id: string; name: string }
  | { kind: 'value'; id: string; field: string; value: string }
  | { kind: 'import'; batch: string; inserted: number }
  | { kind: 'undone'; batch: string }

export interface Orders {
  readonly survey: string
  readonly dataFolder: string
  readonly importFile: string
  readonly seed: number
}

function tell(fact: Acknowledged): void {
  writeSync(1, `${JSON.stringify(fact)}\n`)
}

async function main({ survey, dataFolder, importFile, seed }: Orders): Promise<void> {
  const random = createRandom(seed)
  const service = await createService({
    surveyFile: survey,
    dataFolder,
    resourcesFolder: dataFolder,
    appVersion: 'test',
  })
  const client = createRouterClient(service.router, { context: {} }) as ContractClient
  tell({ kind: 'ready' })
  const mine: { id: string; rev: number }[] = []
  const batches: string[] = []
  for (let step = 0; ; step++) {
    const choice = random.next()
    if (choice < 0.35 || mine.length === 0) {
      const lng = 10 + random.next()
      const lat = 50 + random.next()
      const name = `地块 ${seed}/${step}`
      const size = 0.0004
      const ring = [
        [lng, lat],
        [lng + size, lat],
        [lng + size, lat + size],
        [lng, lat + size],
        [lng, lat],
      ]
      const code = `K-${seed}-${step}`
      const saved = await client.parcels.create({
        geometry: { type: 'Polygon', coordinates: [ring] },
        values: { code, name },
        allow_overlap: true,
      })
      tell({ kind: 'parcel', id: saved.id, name })
      mine.push({ id: saved.id, rev: 1 })
    } else if (choice < 0.75) {
      const parcel = random.pick(mine)
      const value = `${seed}/${step}`
      const saved = await client.records.update({
        entity: 'parcel',
        id: parcel.id,
        base_rev: parcel.rev,
        values: { remark: value },
      })
      parcel.rev = saved.rev
      tell({ kind: 'value', id: parcel.id, field: 'remark', value })
    } else if (choice < 0.93 || batches.length === 0) {
      const stream = await client.imports.run({
        file: importFile,
        kind: 'parcels',
        options: { match: 'none', outside_guard: true },
      })
      for (;;) {
        const next = await stream.next()
        if (!next.done) continue
        if (next.value.batch) {
          tell({ kind: 'import', batch: next.value.batch, inserted: next.value.inserted })
          batches.push(next.value.batch)
        }
        break
      }
    } else {
      const batch = batches.pop()!
      await client.imports.undo({ batch })
      tell({ kind: 'undone', batch })
    }
  }
}

createInterface({ input: process.stdin }).once('line', line => {
  main(JSON.parse(line) as Orders).catch(error => {
    console.error(error)
    process.exit(1)
  })
})
