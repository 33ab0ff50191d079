/** A throw-away PostgreSQL cluster with PostGIS, reached by a socket in a temporary folder. The second opinion on geometry. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { FlatPolygons } from '../../shared/geometry/types.ts'

export const HOW_TO_GET_POSTGIS =
  'PostgreSQL with PostGIS is needed for this test: on Debian `apt-get install postgresql-postgis`'

export interface PostGis {
  query<Row>(sql: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

function binaries(): string {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions.find(version => existsSync(join(base, version, 'bin', 'initdb')))
  if (found === undefined) throw new Error(HOW_TO_GET_POSTGIS)
  return join(base, found, 'bin')
}

/** PostgreSQL refuses to run as root; there the packages' own user runs it. */
function asServer(program: string, args: readonly string[]): void {
  const isRoot = process.getuid?.() === 0
  const [command, all] = isRoot ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, args]
  execFileSync(command as string, all as string[], { stdio: 'pipe', cwd: tmpdir() })
}

/** Throws with words on how to get PostGIS when it is not there. */
export async function startPostGis(): Promise<PostGis> {
  const bin = binaries()
  const folder = mkdtempSync(join(tmpdir(), 'lowland-postgis-'))
  chmodSync(folder, 0o777)
  const data = join(folder, 'data')
  asServer(join(bin, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'])
  const options = `-c listen_addresses='' -c unix_socket_directories='${folder}' -c fsync=off -c jit=off`
  asServer(join(bin, 'pg_ctl'), ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start'])
  const client = new Client({ host: folder, user: 'test', database: 'postgres' })
  const stop = (): void => {
    asServer(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop'])
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await client.connect()
    await client.query('CREATE EXTENSION postgis').catch(error => {
      throw new Error(`${HOW_TO_GET_POSTGIS} (${(error as Error).message})`)
    })
  } catch (error) {
    await client.end().catch(() => undefined)
    stop()
    throw error
  }
  return {
    query: async <Row>(sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows as Row[],
    async close() {
      await client.end()
      stop()
    },
  }
}

/** Table `parcel (n, grp, g)`, made anew; coordinates arrive bit for bit, in the plane they are in. */
export async function loadParcels(
  postgis: PostGis,
  parcels: readonly FlatPolygons[],
  groupOf: readonly number[],
): Promise<void> {
  await postgis.query('DROP TABLE IF EXISTS parcel')
  await postgis.query('CREATE TABLE parcel (n int PRIMARY KEY, grp int, g geometry)')
  for (let from = 0; from < parcels.length; from += ROWS_AT_ONCE) {
    const numbers = parcels.slice(from, from + ROWS_AT_ONCE).map((_, index) => from + index)
    await postgis.query(
      `INSERT INTO parcel SELECT n, grp, ST_GeomFromWKB(decode(hex, 'hex'))
       FROM unnest($1::int[], $2::int[], $3::text[]) AS t(n, grp, hex)`,
      [numbers, numbers.map(n => groupOf[n]), numbers.map(n => toWkbHex(parcels[n]!))],
    )
  }
}

const ROWS_AT_ONCE = 2000

/** Multipolygon as little-endian WKB in hex: every coordinate bit for bit. */
export function toWkbHex({ coordinates, ringEnds, polygonEnds }: FlatPolygons): string {
  const buffer = Buffer.alloc(9 + polygonEnds.length * 9 + ringEnds.length * 4 + coordinates.length * 8)
  let at = 0
  const uint = (value: number): void => {
    at = buffer.writeUInt32LE(value, at)
  }
  const head = (type: number, count: number): void => {
    at = buffer.writeUInt8(1, at)
    uint(type)
    uint(count)
  }
  head(6, polygonEnds.length)
  let ring = 0
  let vertex = 0
  for (const polygonEnd of polygonEnds) {
    head(3, polygonEnd - ring)
    for (; ring < polygonEnd; ring++) {
      uint(ringEnds[ring]! - vertex)
      for (; vertex < ringEnds[ring]!; vertex++) {
        at = buffer.writeDoubleLE(coordinates[2 * vertex]!, at)
        at = buffer.writeDoubleLE(coordinates[2 * vertex + 1]!, at)
      }
    }
  }
  return buffer.toString('hex')
}
