/** `report …`: the documents that managers hand on. */
import { resolve } from 'node:path'
import { number, required, text, UsageError } from '../arguments.ts'
import { follow } from '../session.ts'
import { type Command, value } from './command.ts'
import { zoneReportCommand } from './zone-report-command.ts'

function reportFormats(options: Record<string, string | true>): ('pdf' | 'docx' | 'xlsx' | 'geojson')[] | undefined {
  const formats = text(options, 'format')?.split(',')
  const known = ['pdf', 'docx', 'xlsx', 'geojson'] as const
  const unknown = formats?.find(format => !known.includes(format as 'pdf'))
  if (unknown !== undefined) throw new UsageError(`不支持的格式 ${unknown}`)
  return formats as ('pdf' | 'docx' | 'xlsx' | 'geojson')[] | undefined
}

/** Of a report without a map. */
function sheetFormats(options: Record<string, string | true>, title: string): ('pdf' | 'docx' | 'xlsx')[] | undefined {
  const formats = reportFormats(options)
  if (formats?.includes('geojson')) throw new UsageError(`${title}没有 geojson 格式`)
  return formats as ('pdf' | 'docx' | 'xlsx')[] | undefined
}

export const reportCommands: readonly Command[] = [
  zoneReportCommand,
  {
    words: ['report', 'ledger'],
    usage: 'report ledger --out 文件夹 [--format xlsx,pdf,docx] [--year 年度] [--unit 代码]',
    help: '导出企业清单台账',
    options: {
      out: value('输出文件夹'),
      format: value('格式，缺省 xlsx'),
      year: value('年度'),
      unit: value('考核单位代码'),
    },
    run: async ({ client, signal }, _words, options) =>
      follow(
        await client.reports.ledger(
          {
            out: resolve(required(options, 'out')),
            formats: sheetFormats(options, '企业清单台账'),
            year: number(options, 'year'),
            unit: text(options, 'unit'),
          },
          { signal },
        ),
      ),
  },
  {
    words: ['report', 'freed'],
    usage: 'report freed --out 文件夹 [--format xlsx,pdf,docx] [--year 年度] [--unit 代码]',
    help: '导出可供地清单',
    options: { out: value('输出文件夹'), format: value('格式'), year: value('可供年度'), unit: value('考核单位代码') },
    run: async ({ client, signal }, _words, options) => {
      const formats = sheetFormats(options, '可供地清单')
      const unit = text(options, 'unit')
      return follow(
        await client.freed.report(
          {
            out: resolve(required(options, 'out')),
            formats,
            filter: { year: number(options, 'year'), ...(unit === undefined ? {} : { units: [unit] }) },
          },
          { signal },
        ),
      )
    },
  },
  {
    words: ['report', 'plan'],
    usage: 'report plan --out 文件夹 [--format pdf,docx] [--year 年度] [--unit 代码] [--enterprise 编号]',
    help: '导出一企一策方案表',
    options: {
      out: value('输出文件夹'),
      format: value('格式'),
      year: value('年度'),
      unit: value('考核单位代码'),
      enterprise: value('企业编号或统一社会信用代码'),
    },
    run: async ({ client, signal }, _words, options) => {
      const formats = reportFormats(options)
      if (formats?.some(format => format !== 'pdf' && format !== 'docx'))
        throw new UsageError('一企一策方案表只有 pdf 和 docx 格式')
      return follow(
        await client.reports.plan(
          {
            out: resolve(required(options, 'out')),
            formats: formats as ('pdf' | 'docx')[] | undefined,
            year: number(options, 'year'),
            unit: text(options, 'unit'),
            enterprise: text(options, 'enterprise'),
          },
          { signal },
        ),
      )
    },
  },
]
