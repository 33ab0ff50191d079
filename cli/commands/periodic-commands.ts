/** `report monthly|quarterly|annual`, `report publish`, `report published`, `report note`: periods, drafts and publications. */
import { resolve } from 'node:path'
import { PERIODIC_FORMATS } from '../../shared/contract/published-reports.ts'
import { PERIODIC_KINDS, type PeriodicKind } from '../../shared/report/periods.ts'
import { number, required, text, UsageError } from '../arguments.ts'
import { follow, type Session } from '../session.ts'
import { type Command, flag, value } from './command.ts'

type Options = Record<string, string | true>
type Format = (typeof PERIODIC_FORMATS)[number]

function formatsOf(options: Options): Format[] | undefined {
  const formats = text(options, 'format')?.split(',')
  const unknown = formats?.find(format => !PERIODIC_FORMATS.includes(format as Format))
  if (unknown !== undefined) throw new UsageError(`不支持的格式 ${unknown}`)
  return formats as Format[] | undefined
}

function kindOf(word: string | undefined): PeriodicKind {
  const kind = PERIODIC_KINDS.find(known => known === word)
  if (!kind) throw new UsageError(`报表类别应为 ${PERIODIC_KINDS.join('、')}`)
  return kind
}

const PERIOD = { year: value('年度'), month: value('月份；季度为季内任一月') }
const periodOf = (options: Options) => ({ year: number(options, 'year'), month: number(options, 'month') })

async function writePeriodic({ client, signal }: Session, kind: PeriodicKind, options: Options) {
  const revision = number(options, 'revision')
  const period = periodOf(options)
  let publication: string | undefined
  if (revision !== undefined) {
    const { period: asked } = await client.reports.publishCheck({ kind, ...period })
    const found = (await client.reports.published({ kind })).find(
      entry => entry.period === asked && entry.revision === revision,
    )
    if (!found) throw new UsageError(`${asked} 没有已发布的第 ${revision} 号`)
    publication = found.id
  }
  return follow(
    await client.reports.periodic(
      {
        kind,
        out: resolve(required(options, 'out')),
        formats: formatsOf(options),
        draft: options['draft'] === true,
        publication,
        ...period,
      },
      { signal },
    ),
  )
}

const PRINTED = [
  ['monthly', '月报表', '[--month 月]'],
  ['quarterly', '季度通报', '[--month 季内任一月]'],
  ['annual', '年度考核评分表', ''],
] as const

export const periodicCommands: readonly Command[] = [
  ...PRINTED.map(
    ([kind, name, month]): Command => ({
      words: ['report', kind],
      usage: `report ${kind} --out 文件夹 [--year 年度] ${month} [--draft] [--revision 号] [--format pdf,docx,xlsx]`,
      help: `导出${name}：已发布的原样再印，未发布的为草稿`,
      options: {
        out: value('输出文件夹'),
        format: value('格式'),
        ...PERIOD,
        draft: flag('按现在的数据出草稿'),
        revision: value('已发布的某一号'),
      },
      run: (session, _words, options) => writePeriodic(session, kind, options),
    }),
  ),
  {
    words: ['report', 'publish'],
    usage: 'report publish monthly|quarterly|annual [--year 年度] [--month 月] [--reason 修订理由] [--dry-run]',
    help: '发布一期报表：发布后不再变动，更正为下一号修订',
    options: { ...PERIOD, reason: value('修订理由'), 'dry-run': flag('只看与已发布的差别') },
    run: async ({ client }, words, options) => {
      const input = { kind: kindOf(words[0]), ...periodOf(options) }
      if (options['dry-run'] === true) return client.reports.publishCheck(input)
      return client.reports.publish({ ...input, reason: text(options, 'reason') })
    },
  },
  {
    words: ['report', 'published'],
    usage: 'report published [monthly|quarterly|annual] [--year 年度]',
    help: '列出已发布的报表及其修订',
    options: { year: value('年度') },
    run: async ({ client }, words, options) => ({
      published: await client.reports.published({
        kind: words[0] === undefined ? undefined : kindOf(words[0]),
        year: number(options, 'year'),
      }),
    }),
  },
  {
    words: ['report', 'scoring'],
    usage: 'report scoring [评分表.xlsx] --year 年度 [--sheet 工作表] [--dry-run] [--out 文件]',
    help: '导入年度考核评分表；不给文件则写出现有的评分表',
    options: {
      year: value('年度'),
      sheet: value('工作表'),
      'dry-run': flag('只检查不写入'),
      out: value('写出到文件'),
    },
    run: async ({ client }, words, options) => {
      const year = number(options, 'year')
      if (year === undefined) throw new UsageError('须给出 --year')
      if (words[0] === undefined)
        return client.reports.assessmentTable({ year, file: resolve(required(options, 'out')) })
      return client.reports.importAssessment({
        file: resolve(words[0]),
        year,
        sheet: text(options, 'sheet'),
        dry_run: options['dry-run'] === true,
      })
    },
  },
  {
    words: ['report', 'note'],
    usage: 'report note monthly|quarterly --unit 代码 [--year 年度] [--month 月] [--problems 文字] [--next 文字]',
    help: '填写报表的存在问题和下步计划(全市用 330781)',
    options: { ...PERIOD, unit: value('考核单位代码'), problems: value('存在问题'), next: value('下步计划') },
    run: async ({ client }, words, options) => {
      const input = { kind: kindOf(words[0]), ...periodOf(options) }
      const unit = required(options, 'unit')
      const old = (await client.reports.notes(input)).find(note => note.unit === unit)
      return client.reports.saveNote({
        ...input,
        unit,
        problems: text(options, 'problems') ?? old?.problems ?? null,
        next_steps: text(options, 'next') ?? old?.next_steps ?? null,
      })
    },
  },
]
