/** `enroll`, `sync` and `conflicts`: this laptop and its hub (DESIGN §9). */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ConflictItem } from '../../shared/contract/sync.ts'
import { type ParsedArguments, required, text, UsageError } from '../arguments.ts'
import { type Client, follow, type Session } from '../session.ts'
import { type Command, flag, value } from './command.ts'

export const syncCommands: readonly Command[] = [
  {
    words: ['enroll'],
    usage: 'enroll --hub 地址 --code 登记码 --survey 文件 [--name 设备名]',
    help: '把调查登记到汇总端(文件不存在时新建，随后 sync 下载)',
    options: { hub: value('汇总端地址，如 https://10.0.0.8:8787'), code: value('一次性登记码'), name: value('设备名') },
    withoutSurvey: true,
    async run({ client, service }, _words, options) {
      const file = resolve(required(options, 'survey'))
      const [hub, code, name] = [required(options, 'hub'), required(options, 'code'), text(options, 'name')]
      const status = await onSurvey({ client, service }, file, () =>
        client.sync.enroll({ hub, code, ...(name === undefined ? {} : { name }) }),
      )
      return { survey: file, hub: status.hub, name: status.survey_name, unit: status.unit ?? 'all', role: status.role }
    },
  },
  {
    words: ['sync'],
    usage: 'sync',
    help: '与汇总端收发一次',
    async run({ client, signal }) {
      return { ...(await follow(await client.sync.run(undefined, { signal }))) }
    },
  },
  {
    words: ['conflicts'],
    usage: 'conflicts',
    help: '列出待处理的冲突',
    async run({ client }) {
      const [conflicts, status] = await Promise.all([client.sync.conflicts({}), client.sync.status()])
      return { conflicts, open: conflicts.length, pending: status.pending }
    },
  },
  {
    words: ['conflicts', 'resolve'],
    usage: 'conflicts resolve 编号|all --take mine|theirs|merge [--reason 理由]',
    help: '处理冲突(mine 后到的值,theirs 汇总端现有的值,merge 合并同号记录)',
    options: { take: value('mine、theirs 或 merge'), reason: value('理由') },
    async run({ client }, words, options) {
      const take = required(options, 'take')
      if (take !== 'mine' && take !== 'theirs' && take !== 'merge')
        throw new UsageError('--take 应为 mine、theirs 或 merge')
      const ids = await idsOf(client, words[0])
      const reason = text(options, 'reason')
      if (ids.length === 0) return { resolved: 0, conflicts: 0, pending: (await client.sync.status()).pending }
      const { resolved, conflicts } = await client.sync.resolve({ ids, take, reason })
      return { resolved, conflicts, pending: (await client.sync.status()).pending }
    },
  },
]

/** On the survey, which is made when it is not there, and taken away again when the work fails. */
async function onSurvey<T>(
  { client, service }: Pick<Session, 'client' | 'service'>,
  file: string,
  work: () => Promise<T>,
): Promise<T> {
  if (existsSync(file)) {
    await client.survey.open({ file })
    return work()
  }
  await client.survey.create({ file, campaign: 'blank' })
  try {
    return await work()
  } catch (error) {
    service.close()
    for (const suffix of ['', '-wal', '-shm', '.files']) rmSync(file + suffix, { recursive: true, force: true })
    throw error
  }
}

const PASSPHRASE = {
  passphrase: value('口令(也可用环境变量 LOWLAND_BUNDLE_PASSPHRASE，或 --passphrase-file)'),
  'passphrase-file': value('口令所在的文本文件(第一行)'),
}

/** An option is seen by everybody on the machine, so a file or the environment serve as well. */
function passphraseOf(options: ParsedArguments['options']): string {
  const file = text(options, 'passphrase-file')
  const given =
    text(options, 'passphrase') ??
    (file === undefined ? process.env['LOWLAND_BUNDLE_PASSPHRASE'] : readFileSync(file, 'utf8').split(/\r?\n/)[0])
  if (given === undefined || given === '') throw new UsageError('缺少口令(--passphrase)')
  return given
}

export const bundleCommands: readonly Command[] = [
  {
    words: ['bundle', 'export'],
    usage: 'bundle export 文件 --passphrase 口令 [--unit 代码 [--name 设备] [--full]]',
    help: '写数据包：乡镇回传修改；县级用 --unit 下发',
    options: {
      ...PASSPHRASE,
      unit: value('县级：下发给哪个单位'),
      name: value('县级：单位有几台电脑时，给哪一台'),
      full: flag('县级：下发全部，不管对方已有什么'),
    },
    async run({ client, signal }, words, options) {
      if (words[0] === undefined) throw new UsageError('缺少文件')
      const stream = await client.sync.bundleExport(
        {
          file: resolve(words[0]),
          passphrase: passphraseOf(options),
          unit: text(options, 'unit'),
          name: text(options, 'name'),
          full: options['full'] === true,
        },
        { signal },
      )
      return { ...(await follow(stream)) }
    },
  },
  {
    words: ['bundle', 'import'],
    usage: 'bundle import 文件 --passphrase 口令',
    help: '读数据包：乡镇读下发包(调查文件不存在时新建)；县级读回传包并提交汇总端',
    options: PASSPHRASE,
    withoutSurvey: true,
    async run({ client, service, signal }, words, options) {
      if (words[0] === undefined) throw new UsageError('缺少文件')
      const passphrase = passphraseOf(options)
      const file = resolve(words[0])
      return onSurvey({ client, service }, resolve(required(options, 'survey')), async () => ({
        ...(await follow(await client.sync.bundleImport({ file, passphrase }, { signal }))),
      }))
    },
  },
  {
    words: ['bundle', 'inspect'],
    usage: 'bundle inspect 文件 --passphrase 口令',
    help: '检查数据包并显示其清单',
    options: PASSPHRASE,
    withoutSurvey: true,
    async run({ client }, words, options) {
      if (words[0] === undefined) throw new UsageError('缺少文件')
      const passphrase = passphraseOf(options)
      return { ...(await client.sync.bundleInspect({ file: resolve(words[0]), passphrase })) }
    },
  },
]

/** All open ones, or the one whose id begins (or ends) so. */
async function idsOf(client: Client, word: string | undefined): Promise<string[]> {
  if (word === undefined) throw new UsageError('缺少冲突编号(见 conflicts)')
  const open: ConflictItem[] = await client.sync.conflicts({})
  if (word === 'all') return open.map(conflict => conflict.id)
  const found = open.filter(({ id }) => id === word || (word.length >= 6 && (id.startsWith(word) || id.endsWith(word))))
  if (found.length > 1) throw new UsageError('编号不唯一，请写全')
  return found.length === 1 ? [found[0]!.id] : [word]
}
