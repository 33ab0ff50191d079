/** `enroll`, `sync` and `conflicts`: this laptop and its hub (DESIGN §9). */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ConflictItem } from '../../shared/contract/sync.ts'
import { required, text, UsageError } from '../arguments.ts'
import { type Client, follow } from '../session.ts'
import { type Command, value } from './command.ts'

export const syncCommands: readonly Command[] = [
  {
    words: ['enroll'],
    usage: 'enroll --hub 地址 --code 登记码 --survey 文件 [--name 设备名]',
    help: '把调查登记到汇总端(文件不存在时新建,随后 sync 下载)',
    options: { hub: value('汇总端地址,如 https://10.0.0.8:8787'), code: value('一次性登记码'), name: value('设备名') },
    withoutSurvey: true,
    async run({ client }, _words, options) {
      const file = resolve(required(options, 'survey'))
      const [hub, code, name] = [required(options, 'hub'), required(options, 'code'), text(options, 'name')]
      if (existsSync(file)) await client.survey.open({ file })
      else await client.survey.create({ file, campaign: 'blank' })
      const status = await client.sync.enroll({ hub, code, ...(name === undefined ? {} : { name }) })
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

/** All open ones, or the one whose id begins (or ends) so. */
async function idsOf(client: Client, word: string | undefined): Promise<string[]> {
  if (word === undefined) throw new UsageError('缺少冲突编号(见 conflicts)')
  const open: ConflictItem[] = await client.sync.conflicts({})
  if (word === 'all') return open.map(conflict => conflict.id)
  const found = open.filter(({ id }) => id === word || (word.length >= 6 && (id.startsWith(word) || id.endsWith(word))))
  if (found.length > 1) throw new UsageError('编号不唯一,请写全')
  return found.length === 1 ? [found[0]!.id] : [word]
}
