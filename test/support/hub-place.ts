/** Places for hubs under test, and laptops enrolled there. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEnrollCode } from '../../hub/storage/devices.ts'
import { type HubPlace, openHubDatabase } from '../../hub/storage/open.ts'
import { enrollResponseSchema } from '../../shared/sync/protocol.ts'
import { call, Laptop, SURVEY } from './hub-client.ts'
import type { Postgres } from './postgres.ts'

const folders: string[] = []

/** A new folder, or a new database of the given cluster. */
export async function newPlace(postgres?: Postgres): Promise<HubPlace> {
  if (postgres) return { databaseUrl: await postgres.newDatabase() }
  const folder = mkdtempSync(join(tmpdir(), 'lowland-hub-'))
  folders.push(folder)
  return { folder }
}

export function removePlaces(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export async function codeFor(place: HubPlace, unit: string | null, hours = 1): Promise<string> {
  const { db } = await openHubDatabase(place)
  const { code } = await createEnrollCode(db, { unit, role: unit === null ? 'manager' : 'inspector', hours })
  await db.destroy()
  return code
}

/** Enrols a laptop; the first one must be the county's (unit null). */
export async function enrolled(url: string, place: HubPlace, id: string, unit: string | null): Promise<Laptop> {
  const code = await codeFor(place, unit)
  const body = JSON.stringify({ code, device: id, name: id, survey: SURVEY, survey_name: '兰溪' })
  const answer = await call(url, '/v1/enroll', { method: 'POST', body })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return new Laptop(url, id, enrollResponseSchema.parse(answer.body).token)
}
