/** `dashboard …`: the wall chart as a picture, targets from and to a table. */
import { resolve } from 'node:path'
import { type DashboardRow, TARGET_INDICATORS, type TargetIndicator } from '../../shared/contract/dashboard.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { number, required, text, UsageError } from '../arguments.ts'
import { follow } from '../session.ts'
import { type Command, flag, value } from './command.ts'

/** A year, or the whole campaign when asked for; undefined: what the service takes by itself. */
function period(options: Record<string, string | true>): number | null | undefined {
  if (options['campaign'] === undefined) return number(options, 'year')
  if (options['year'] !== undefined) throw new UsageError('--year 和 --campaign 只能用一个')
  return null
}

function neededPeriod(options: Record<string, string | true>): number | null {
  const year = period(options)
  if (year === undefined) throw new UsageError('缺少 --year 年度(或 --campaign)')
  return year
}

/** `land: 137.06, land_target: 66, land_light: green` …; 亩 and tonnes unrounded in JSON as well. */
function flat(row: DashboardRow): Record<string, string | number | null> {
  const figures = TARGET_INDICATORS.flatMap(name => {
    const { done, target, light } = row.figures[name]
    return [
      [name, done],
      [`${name}_target`, target],
      [`${name}_light`, light],
    ]
  })
  return { ...Object.fromEntries(figures), remediating: row.remediating, awaiting: row.awaiting, overdue: row.overdue }
}

const PERIOD = { year: value('年度'), campaign: flag('全行动期') }

export const dashboardCommands: readonly Command[] = [
  {
    words: ['dashboard', 'picture'],
    usage:
      'dashboard picture --out 文件夹 [--year 年度 | --campaign] [--to 截至日期] [--indicator 指标] [--width 像素]',
    help: '导出挂图作战图片(PNG)',
    options: {
      ...PERIOD,
      out: value('输出文件夹'),
      to: value('截至日期 yyyy-mm-dd'),
      indicator: value(`地图和趋势的指标：${TARGET_INDICATORS.join('、')}`),
      width: value('图片宽度，像素'),
      english: flag('英文'),
    },
    run: async ({ client, signal }, _words, options) => {
      const indicator = text(options, 'indicator')
      if (indicator !== undefined && !TARGET_INDICATORS.includes(indicator as TargetIndicator))
        throw new UsageError(`没有指标 ${indicator}`)
      return follow(
        await client.dashboard.picture(
          {
            out: resolve(required(options, 'out')),
            year: period(options),
            to: text(options, 'to'),
            indicator: indicator as TargetIndicator | undefined,
            width: number(options, 'width'),
            language: options['english'] === undefined ? 'zh' : 'en',
          },
          { signal },
        ),
      )
    },
  },
  {
    words: ['dashboard', 'figures'],
    usage: 'dashboard figures [--year 年度 | --campaign] [--to 截至日期]',
    help: '各考核单位目标与完成数',
    options: { ...PERIOD, to: value('截至日期 yyyy-mm-dd') },
    run: async ({ client }, _words, options) => {
      const { year, as_of, passed, total, rows } = await client.dashboard.figures({
        year: period(options),
        to: text(options, 'to'),
      })
      return { year, as_of, passed, ...flat(total), rows: rows.map(row => ({ unit: row.unit, ...flat(row) })) }
    },
  },
  {
    words: ['import', 'targets'],
    usage: 'import targets 文件 --year 年度 | --campaign',
    help: '导入目标表(考核单位 × 指标)；有一处不对就全部不导入',
    options: PERIOD,
    run: async ({ client }, [file], options) => {
      if (file === undefined) throw new UsageError('缺少文件')
      const done = await client.dashboard.importTargets({ file: resolve(file), year: neededPeriod(options) })
      if (done.problems.length === 0) return done
      const words = done.problems.map(problem => `第 ${problem.row} 行：${problem.message}`).join('\n')
      throw new AppError('import_rejected', `没有导入，有 ${done.problems.length} 处需要改正:\n${words}`)
    },
  },
]
