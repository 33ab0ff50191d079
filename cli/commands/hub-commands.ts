/** `hub …`: the meeting point of all laptops, run and looked after. These commands open no survey file. */
import { networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { startHub } from '../../hub/hub.ts'
import { backupHub, markRestored, restoreHub } from '../../hub/storage/backup.ts'
import { createEnrollCode, listDevices, revokeDevice } from '../../hub/storage/devices.ts'
import { type HubDatabase, type HubPlace, openHubDatabase } from '../../hub/storage/open.ts'
import type { HubDb } from '../../hub/storage/tables.ts'
import { codesOf } from '../../shared/model/enumerations.ts'
import { number, type ParsedArguments, required, text, UsageError } from '../arguments.ts'
import { dataFolder } from '../places.ts'
import { type StandaloneCommand, value } from './command.ts'

type Options = ParsedArguments['options']

const PLACE = {
  data: value('数据文件夹(SQLite)，默认在本软件的数据文件夹内'),
  'database-url': value('PostgreSQL 地址(也可用环境变量 LOWLAND_HUB_DATABASE_URL)'),
}

function placeOf(options: Options): HubPlace {
  const folder = text(options, 'data')
  const databaseUrl = text(options, 'database-url') ?? process.env['LOWLAND_HUB_DATABASE_URL']
  if (folder !== undefined && text(options, 'database-url') !== undefined)
    throw new UsageError('--data 与 --database-url 只能用一个')
  if (folder !== undefined) return { folder: resolve(folder) }
  if (databaseUrl !== undefined) return { databaseUrl }
  return { folder: join(dataFolder(), 'hub') }
}

function folderOf(options: Options): string {
  const place = placeOf(options)
  if (!('folder' in place)) throw new UsageError('PostgreSQL 请用 pg_dump 与 pg_restore(见 docs/hub.md)')
  return place.folder
}

async function withDatabase<T>(options: Options, work: (database: HubDatabase) => Promise<T>): Promise<T> {
  const database = await openHubDatabase(placeOf(options))
  try {
    return await work(database)
  } finally {
    await database.db.destroy()
  }
}

async function runHub(options: Options): Promise<undefined> {
  const [cert, key] = [text(options, 'tls-cert'), text(options, 'tls-key')]
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--tls-cert 与 --tls-key 要一起给')
  const files = text(options, 'files')
  const place = placeOf(options)
  const code = await firstCode(place)
  const hub = await startHub({
    place,
    host: text(options, 'host') ?? '127.0.0.1',
    port: number(options, 'port') ?? 8787,
    ...(files === undefined ? {} : { filesFolder: resolve(files) }),
    ...(cert !== undefined && key !== undefined ? { tls: { cert: resolve(cert), key: resolve(key) } } : {}),
  })
  const lines =
    options['json'] === true
      ? [JSON.stringify({ url: hub.url, ...(code === undefined ? {} : { code }) })]
      : welcome(hub.url, place, code)
  process.stdout.write(`${lines.join('\n')}\n`)
  await new Promise<void>(done => {
    process.once('SIGINT', () => done())
    process.once('SIGTERM', () => done())
  })
  await hub.close()
  return undefined
}

/** Units of the survey once it is with the hub; before that nobody can say whether a code is right. */
async function knownUnits(db: HubDb): Promise<{ code: string; name: string }[]> {
  const rows = await db
    .selectFrom('row_state')
    .select('fields')
    .where('entity', '=', 'report_unit')
    .where('deleted', '=', 0)
    .execute()
  return rows
    .map(({ fields }) => JSON.parse(fields) as { code: string; name: string })
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** While no laptop of the county has brought a survey: a code for it, so that one command is enough to begin. */
async function firstCode(place: HubPlace): Promise<string | undefined> {
  const { db } = await openHubDatabase(place)
  try {
    if (await db.selectFrom('survey').select('id').executeTakeFirst()) return undefined
    return (await createEnrollCode(db, { unit: null, role: 'manager', hours: FIRST_HOURS })).code
  } finally {
    await db.destroy()
  }
}
const FIRST_HOURS = 72

/** What the person who started the hub needs next: the address as the laptops have to give it, and the first code. */
function welcome(url: string, place: HubPlace, code: string | undefined): string[] {
  const { protocol, hostname, port } = new URL(url)
  const isLocal = hostname === '127.0.0.1' || hostname === 'localhost'
  const outside = Object.values(networkInterfaces())
    .flatMap(each => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => `${protocol}//${address}:${port}`)
  const addresses = hostname === '0.0.0.0' && outside.length > 0 ? outside : [url]
  const data = 'folder' in place ? [`数据文件夹：${place.folder}`] : []
  const enroll = 'folder' in place ? `hub enroll --data "${place.folder}"` : 'hub enroll --database-url …'
  return [
    '汇总端已启动。各电脑在“同步 → 汇总端”里填这个地址：',
    ...addresses.map(address => `  ${address}`),
    ...(isLocal ? ['只有本机能连接；要让其他电脑连接，请加 --host 0.0.0.0，并用 --tls-cert 与 --tls-key 加密。'] : []),
    ...data,
    ...(code === undefined
      ? []
      : [`县级电脑先登记，登记码 ${code}(${FIRST_HOURS} 小时内有效，只能用一次)；它的调查就是大家的调查。`]),
    `其他电脑的登记码，另开一个终端：npm run -s lowland -- ${enroll} --unit 单位代码 --role inspector`,
    '按 Ctrl+C 结束。',
  ]
}

export const hubCommands: readonly StandaloneCommand[] = [
  {
    words: ['hub'],
    usage: 'hub [--data 文件夹 | --database-url 地址] [--port 8787] [--host 127.0.0.1]',
    help: '运行汇总端，直到 Ctrl+C',
    options: {
      ...PLACE,
      port: value('端口，默认 8787,0 为任选'),
      host: value('监听地址，默认只限本机；0.0.0.0 为所有网卡'),
      files: value('附件文件夹，默认在数据文件夹内；PostgreSQL 不写则不收附件'),
      'tls-cert': value('TLS 证书文件'),
      'tls-key': value('TLS 私钥文件'),
    },
    run: (_words, options) => runHub(options),
  },
  {
    words: ['hub', 'enroll'],
    usage: 'hub enroll [--data 文件夹] --unit 代码|all --role 角色 [--hours 72]',
    help: '生成一次性登记码',
    options: {
      ...PLACE,
      unit: value('考核单位代码，县级为 all'),
      role: value(`角色：${codesOf('role').join('、')}`),
      hours: value('有效小时数，默认 72'),
    },
    async run(_words, options) {
      const unit = required(options, 'unit').trim()
      const role = required(options, 'role')
      const hours = number(options, 'hours') ?? 72
      if (unit === '' || unit.length > 20) throw new UsageError('--unit 应为考核单位代码或 all')
      if (!(codesOf('role') as readonly string[]).includes(role))
        throw new UsageError(`--role 应为 ${codesOf('role').join('、')}`)
      if (!(hours > 0 && hours <= 24 * 90)) throw new UsageError('--hours 应在 0 与 2160 之间')
      return withDatabase(options, async ({ db }) => {
        const units = await knownUnits(db)
        if (unit !== 'all' && units.length > 0 && !units.some(({ code }) => code === unit))
          throw new UsageError(
            `汇总端的调查里没有单位 ${unit}，有：${units.map(({ code, name }) => `${code} ${name}`).join('、')}`,
          )
        return { ...(await createEnrollCode(db, { unit: unit === 'all' ? null : unit, role, hours })), unit, role }
      })
    },
  },
  {
    words: ['hub', 'devices'],
    usage: 'hub devices [--data 文件夹]',
    help: '列出已登记的设备',
    options: PLACE,
    run: (_words, options) => withDatabase(options, async ({ db }) => ({ devices: await listDevices(db) })),
  },
  {
    words: ['hub', 'revoke'],
    usage: 'hub revoke 设备 [--data 文件夹]',
    help: '撤销设备，其令牌立即失效',
    options: PLACE,
    run(words, options) {
      const [device] = words
      if (device === undefined) throw new UsageError('缺少设备编号(见 hub devices)')
      return withDatabase(options, async ({ db }) => {
        const revoked = await revokeDevice(db, device)
        return { ok: revoked, device, revoked }
      })
    },
  },
  {
    words: ['hub', 'backup'],
    usage: 'hub backup 文件 [--data 文件夹]',
    help: '备份汇总端(运行中也可)',
    options: PLACE,
    async run(words, options) {
      if (words[0] === undefined) throw new UsageError('缺少备份文件')
      const file = resolve(words[0])
      await backupHub(folderOf(options), file)
      return { file }
    },
  },
  {
    words: ['hub', 'restore'],
    usage: 'hub restore 备份文件 [--data 文件夹]',
    help: '从备份恢复汇总端(先停止运行；原数据改名保留)',
    options: PLACE,
    run(words, options) {
      if (words[0] === undefined) throw new UsageError('缺少备份文件')
      return restoreHub(folderOf(options), resolve(words[0])).then(restored => ({ ...restored }))
    },
  },
  {
    words: ['hub', 'restored'],
    usage: 'hub restored --database-url 地址',
    help: '数据库用其他工具(如 pg_restore)恢复后、启动前执行一次，各设备会补回缺少的修改',
    options: PLACE,
    run: (_words, options) => markRestored(placeOf(options)).then(marked => ({ ...marked })),
  },
]
