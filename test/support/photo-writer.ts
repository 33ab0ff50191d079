/** A process that keeps taking photos in, each with other bytes, until it is killed. */
import { mkdtempSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addPhotos } from '../../service/attachments/add-photos.ts'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { openStore } from '../../service/db/store.ts'

async function main(survey: string, source: string, life: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-photo-writer-'))
  const bytes = readFileSync(source)
  const deps = {
    now: () => new Date(),
    newId: () => crypto.randomUUID(),
    profile: () => ({ user: 'test', role: 'manager', unit: null, device: 'test' }),
  }
  const store = openStore(survey, deps, { create: false })
  writeSync(1, 'ready\n')
  for (let round = 0; ; round++) {
    const files = [0, 1, 2].map(index => {
      const file = join(folder, `${index}.jpg`)
      writeFileSync(file, Buffer.concat([bytes, Buffer.from(`${life}/${round}/${index}`)]))
      return file
    })
    await addPhotos(store, { files }, file => file, createJobControl())
  }
}

const [survey, source, life] = process.argv.slice(2)
await main(survey!, source!, Number(life))
