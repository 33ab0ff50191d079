/** A throw-away PostgreSQL cluster on a free port of this machine, for the hub's tests. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'

const HOW_TO_GET_POSTGRES = 'PostgreSQL is needed for this test: on Debian `apt-get install postgresql`'

export interface Postgres {
  /** The address of a new, empty database. */
  newDatabase(): Promise<string>
  /** As pulling the plug: no checkpoint, no good-bye. */
  stop(): void
  start(): void
  close(): void
}

function binaries(): string {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions.find(version => existsSync(join(base, version, 'bin', 'initdb')))
  if (found === undefined) throw new Error(HOW_TO_GET_POSTGRES)
  return join(base, found, 'bin')
}

/** PostgreSQL refuses to run as root; there the packages' own user runs it. */
function asServer(program: string, args: readonly string[]): void {
  const isRoot = process.getuid?.() === 0
  const [command, all] = isRoot ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, args]
  execFileSync(command as string, all as string[], { stdio: 'ignore', cwd: tmpdir() })
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}

/** Throws with words on how to get PostgreSQL when it is not there. */
export async function startPostgres(): Promise<Postgres> {
  const bin = binaries()
  const folder = mkdtempSync(join(tmpdir(), 'lowland-postgres-'))
  chmodSync(folder, 0o777)
  const data = join(folder, 'data')
  const port = await freePort()
  asServer(join(bin, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'])
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories='${folder}' -c jit=off`
  const start = (): void =>
    asServer(join(bin, 'pg_ctl'), ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start'])
  const stop = (): void => asServer(join(bin, 'pg_ctl'), ['-D', data, '-w', '-m', 'immediate', 'stop'])
  start()
  let databases = 0
  return {
    start,
    stop,
    async newDatabase() {
      const name = `hub_${++databases}`
      const client = new Client({ host: '127.0.0.1', port, user: 'test', database: 'postgres' })
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return `postgres://test@127.0.0.1:${port}/${name}`
    },
    close() {
      stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
