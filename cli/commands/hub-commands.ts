/** `hub …`: the meeting point of all laptops, run and looked after. These commands open no survey file. */
import { resolve } from 'node:path'
import { startHub } from '../../hub/hub.ts'
import { backupHub, markRestored, restoreHub } from '../../hub/storage/backup.ts'
import { createEnrollCode, listDevices, revokeDevice } from '../../hub/storage/devices.ts'
import { type HubDatabase, type HubPlace, openHubDatabase } from '../../hub/storage/open.ts'
import { codesOf } from '../../shared/model/enumerations.ts'
import { number, type ParsedArguments, required, text, UsageError } from '../arguments.ts'
import { type StandaloneCommand, value } from './command.ts'

type Options = ParsedArguments['options']

const PLACE = {
  data: value('数据文件夹(SQLite)'),
  'database-url': value('PostgreSQL 地址(也可用环境变量 LOWLAND_HUB_DATABASE_URL)'),
}

function placeOf(options: Options): HubPlace {
  const folder = text(options, 'data')
  const databaseUrl = text(options, 'database-url') ?? process.env['LOWLAND_HUB_DATABASE_URL']
  if (folder !== undefined && text(options, 'database-url') !== undefined)
    throw new UsageError('--data 与 --database-url 只能用一个')
  if (folder !== undefined) return { folder: resolve(folder) }
  if (databaseUrl !== undefined) return { databaseUrl }
  throw new UsageError('缺少选项 --data 或 --database-url')
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
  const hub = await startHub({
    place: placeOf(options),
    host: text(options, 'host') ?? '127.0.0.1',
    port: number(options, 'port') ?? 8787,
    ...(files === undefined ? {} : { filesFolder: resolve(files) }),
    ...(cert !== undefined && key !== undefined ? { tls: { cert: resolve(cert), key: resolve(key) } } : {}),
  })
  if (options['json'] === true) process.stdout.write(`${JSON.stringify({ url: hub.url })}\n`)
  else process.stdout.write(`汇总端: ${hub.url}\n按 Ctrl+C 结束\n`)
  await new Promise<void>(done => {
    process.once('SIGINT', () => done())
    process.once('SIGTERM', () => done())
  })
  await hub.close()
  return undefined
}

export const hubCommands: readonly StandaloneCommand[] = [
  {
    words: ['hub'],
    usage: 'hub --data 文件夹 | --database-url 地址 [--port 8787] [--host 127.0.0.1]',
    help: '运行汇总端，直到 Ctrl+C',
    options: {
      ...PLACE,
      port: value('端口，默认 8787,0 为任选'),
      host: value('监听地址，默认只限本机；0.0.0.0 为所有网卡'),
      files: value('附件文件夹，默认在数据文件夹内;PostgreSQL 不写则不收附件'),
      'tls-cert': value('TLS 证书文件'),
      'tls-key': value('TLS 私钥文件'),
    },
    run: (_words, options) => runHub(options),
  },
  {
    words: ['hub', 'enroll'],
    usage: 'hub enroll --data 文件夹 --unit 代码|all --role 角色 [--hours 72]',
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
      return withDatabase(options, async ({ db }) => ({
        ...(await createEnrollCode(db, { unit: unit === 'all' ? null : unit, role, hours })),
        unit,
        role,
      }))
    },
  },
  {
    words: ['hub', 'devices'],
    usage: 'hub devices --data 文件夹',
    help: '列出已登记的设备',
    options: PLACE,
    run: (_words, options) => withDatabase(options, async ({ db }) => ({ devices: await listDevices(db) })),
  },
  {
    words: ['hub', 'revoke'],
    usage: 'hub revoke 设备 --data 文件夹',
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
    usage: 'hub backup 文件 --data 文件夹',
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
    usage: 'hub restore 备份文件 --data 文件夹',
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
