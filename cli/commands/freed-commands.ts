/** `freed …`: rows of the freed-land ledger, and what to do about land that was recorded twice. */
import { text, UsageError } from '../arguments.ts'
import { type Command, flag, value } from './command.ts'

export const freedCommands: readonly Command[] = [
  {
    words: ['freed', 'list'],
    usage: 'freed list [--unit 代码] [--problems]',
    help: '可供地清单的各行，含记录标识和待核对事项',
    options: { unit: value('考核单位代码'), problems: flag('只列待核对的行') },
    async run({ client }, _words, options) {
      const unit = text(options, 'unit')
      const filter = {
        ...(unit === undefined ? {} : { units: [unit] }),
        ...(options['problems'] ? { problems: true } : {}),
      }
      return client.freed.list({ filter, limit: 20_000 })
    },
  },
  {
    words: ['freed', 'keep'],
    usage: 'freed keep 记录标识',
    help: '重复登记的土地只保留这一行，并入其余各行填过的内容',
    async run({ client }, [id]) {
      if (id === undefined) throw new UsageError('缺少记录标识(见 freed list --problems)')
      return client.freed.keepOne({ id })
    },
  },
]
