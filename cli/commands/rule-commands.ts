/** `score`, `rules import` and `rules export`: standards and rules from tables, and the evaluation. */
import { basename, resolve } from 'node:path'
import type { z } from 'zod'
import { AppError } from '../../shared/contract/errors.ts'
import type { ScoringResult, standardSchema, TableProblem } from '../../shared/contract/scoring.ts'
import { number, text, UsageError } from '../arguments.ts'
import { follow } from '../session.ts'
import { type Command, flag, value } from './command.ts'

type StandardDraft = z.infer<typeof standardSchema>

/** The terminal takes a table whole or not at all: nobody is there to look at the rest. */
function refuseProblems(file: string, problems: readonly TableProblem[]): void {
  const [first] = problems
  if (!first) return
  const more = problems.length > 1 ? `(另有 ${problems.length - 1} 处)` : ''
  throw new AppError('bad_input', `${basename(file)} 第 ${first.row} 行：${first.message}${more}`, {
    reason: 'table_row',
    file: basename(file),
    values: { row: first.row, message: first.message },
  })
}

function fileOf(words: readonly string[]): string {
  const file = words[0]
  if (file === undefined) throw new UsageError('缺少文件')
  return file
}

export const ruleCommands: readonly Command[] = [
  {
    words: ['score'],
    usage: 'score [--year 年度] [--standard 评价办法.xlsx] [--dry-run]',
    help: '按评价办法测算企业得分与 A–D 等级(公布等级不变)',
    options: {
      year: value('年度，默认为有数据的最近一年'),
      standard: value('先把这个表格存为该年度的评价办法'),
      sheet: value('工作表名'),
      'dry-run': flag('只看结果，不写入'),
    },
    async run({ client, signal }, _words, options) {
      const year = number(options, 'year')
      const file = text(options, 'standard')
      let standard: StandardDraft | undefined
      if (file !== undefined) {
        if (year === undefined)
          throw new AppError('bad_input', '用 --standard 时须写明 --year', { reason: 'year_needed' })
        const read = await client.scoring.readStandard({ file: resolve(file), year, sheet: text(options, 'sheet') })
        refuseProblems(file, read.problems)
        standard = read.standard
        if (options['dry-run'] !== true) await client.scoring.saveStandard({ year, name: basename(file), standard })
      }
      const result = await follow<ScoringResult>(
        await client.scoring.run({ year, standard, dry_run: options['dry-run'] === true }, { signal }),
      )
      const { rows, ...counts } = result
      return {
        ...counts,
        rows: rows.map(({ code, score, computed, published, zh }) => ({ code, score, computed, published, why: zh })),
      }
    },
  },
  {
    words: ['rules', 'import'],
    usage: 'rules import 文件.xlsx [--name 名称] [--reason 理由]',
    help: '从表格读入识别规则，存为新版本并启用',
    options: { name: value('规则集名称，默认为文件名'), reason: value('修改理由'), sheet: value('工作表名') },
    async run({ client }, words, options) {
      const file = fileOf(words)
      const read = await client.identify.readRules({ file: resolve(file), sheet: text(options, 'sheet') })
      refuseProblems(file, read.problems)
      const name = text(options, 'name') ?? basename(file)
      const saved = await client.identify.saveRules({ name, rule_set: read.rule_set, reason: text(options, 'reason') })
      return { ...saved, rows: read.rows, version: (await client.identify.rules()).version }
    },
  },
  {
    words: ['rules', 'export'],
    usage: 'rules export 文件.xlsx',
    help: '把启用的识别规则写成表格',
    options: {},
    run: ({ client }, words) => client.identify.writeRules({ file: resolve(fileOf(words)) }),
  },
]
