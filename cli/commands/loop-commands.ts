/** `loop …`: the closed loop for scripts: the state of an enterprise with its checklists, steps, the calendar, totals. */
import { text, UsageError } from '../arguments.ts'
import type { Client } from '../session.ts'
import { type Command, value } from './command.ts'

const STEP_FIELDS = {
  year: ['list_year', '列入年度'],
  batch: ['batch', '批次'],
  'listed-doc': ['listed_doc', '列入文号'],
  'publicity-from': ['publicity_from', '公示开始(YYYY-MM-DD)'],
  'publicity-to': ['publicity_to', '公示结束(YYYY-MM-DD)'],
  exclusion: ['exclusion_reason', '不纳入原因(代码)'],
  doc: ['doc_no', '批准文号'],
} as const

async function idOf(client: Client, code: string): Promise<string> {
  return String((await client.records.get({ entity: 'enterprise', code }))['id'])
}

export const loopCommands: readonly Command[] = [
  {
    words: ['loop', 'show'],
    usage: 'loop show 企业编号',
    help: '闭环状态：可办环节、缺项、流转记录',
    async run({ client }, [code]) {
      if (code === undefined) throw new UsageError('缺少企业编号')
      const { entry, next, history, problems } = await client.loop.detail({ enterprise_id: await idOf(client, code) })
      return { state: entry?.['state'] ?? null, next, problems, history }
    },
  },
  {
    words: ['loop', 'take'],
    usage: 'loop take 环节 企业编号… [--reason 理由] [--doc 文号] [--year 年度] [--batch 批次] …',
    help: '办理一个环节(start、file、list、submit、approve、return、finish、close、rework、stable、rebound、exclude、remove)',
    options: {
      reason: value('理由'),
      ...Object.fromEntries(Object.entries(STEP_FIELDS).map(([name, [, help]]) => [name, value(help)])),
    },
    async run({ client }, [step, ...codes], options) {
      if (step === undefined || codes.length === 0) throw new UsageError('缺少环节或企业编号')
      const values: Record<string, string | number> = {}
      for (const [name, [field]] of Object.entries(STEP_FIELDS)) {
        const given = text(options, name)
        if (given !== undefined) values[field] = field === 'list_year' ? Number(given) : given
      }
      const enterprise_ids = await Promise.all(codes.map(code => idOf(client, code)))
      const { edit, done } = await client.loop.take({ step, enterprise_ids, values, reason: text(options, 'reason') })
      return { edit, done }
    },
  },
  {
    words: ['loop', 'opinion'],
    usage: 'loop opinion 方案编号 agree|return [--reason 理由]',
    help: '签署本部门对方案的意见',
    options: { reason: value('理由') },
    async run({ client }, [code, decision], options) {
      if (code === undefined || (decision !== 'agree' && decision !== 'return'))
        throw new UsageError('应为 loop opinion 方案编号 agree|return')
      const plan = await client.records.get({ entity: 'plan', code })
      return client.loop.opinion({ plan_id: String(plan['id']), decision, reason: text(options, 'reason') })
    },
  },
  {
    words: ['loop', 'list'],
    usage: 'loop list [状态…]',
    help: '清单：按状态列出，含各状态家数',
    async run({ client }, states) {
      return client.loop.list({ states: states.length > 0 ? (states as 'S0'[]) : undefined, limit: 20_000 })
    },
  },
  {
    words: ['loop', 'totals'],
    usage: 'loop totals --from 日期 --to 日期',
    help: '按计数规则汇总销号家数、盘活面积、腾出用能',
    options: { from: value('开始日期(YYYY-MM-DD)'), to: value('结束日期(YYYY-MM-DD)') },
    async run({ client }, _words, options) {
      const [from, to] = [text(options, 'from'), text(options, 'to')]
      if (from === undefined || to === undefined) throw new UsageError('缺少 --from 或 --to')
      return client.loop.totals({ from, to })
    },
  },
]
