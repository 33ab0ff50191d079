/** `init`, `check`, `backup` and `restore`: the survey file itself. */
import { resolve } from 'node:path'
import { required, text, UsageError } from '../arguments.ts'
import { type Command, value } from './command.ts'

export const surveyCommands: readonly Command[] = [
  {
    words: ['init'],
    usage: 'init --survey 文件 [--campaign lanxi-2021-2023|blank] [--name 名称]',
    help: '新建调查文件',
    options: { campaign: value('lanxi-2021-2023(默认)或 blank'), name: value('调查名称') },
    withoutSurvey: true,
    async run({ client }, _words, options) {
      const campaign = text(options, 'campaign') ?? 'lanxi-2021-2023'
      if (campaign !== 'lanxi-2021-2023' && campaign !== 'blank')
        throw new UsageError('--campaign 应为 lanxi-2021-2023 或 blank')
      const info = await client.survey.create({
        file: resolve(required(options, 'survey')),
        campaign,
        name: text(options, 'name'),
      })
      return { survey: info.file, name: info.name, units: info.units.length }
    },
  },
  { words: ['check'], usage: 'check', help: '检查调查文件是否完好', run: ({ client }) => client.survey.check() },
  {
    words: ['backup'],
    usage: 'backup [文件]',
    help: '备份调查文件',
    run: ({ client }, words) => client.survey.backup(words[0] === undefined ? {} : { file: resolve(words[0]) }),
  },
  {
    words: ['restore'],
    usage: 'restore 备份文件 --survey 文件',
    help: '从备份恢复(原文件改名保留)',
    withoutSurvey: true,
    async run({ client }, words, options) {
      if (words[0] === undefined) throw new UsageError('缺少备份文件')
      return client.survey.restore({ from: resolve(words[0]), file: resolve(required(options, 'survey')) })
    },
  },
]
