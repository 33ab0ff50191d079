/** `report parcels|idle|compliance|reclamation|crossing|quality|standard_land|small_park|two_high`: the registers of domain §11.7. */
import { resolve } from 'node:path'
import {
  REGISTER_FORMATS,
  REGISTER_KINDS,
  type RegisterFormat,
  type RegisterKind,
} from '../../shared/contract/registers.ts'
import { required, text, UsageError } from '../arguments.ts'
import { follow } from '../session.ts'
import { type Command, value } from './command.ts'

const HELP: Readonly<Record<RegisterKind, string>> = {
  parcels: '导出地块台账(表1-2 的 39 栏，缺省 xlsx；pdf、docx 分四张表)',
  idle: '导出闲置土地台账',
  compliance: '导出合规检查汇总',
  reclamation: '导出退出复垦台账',
  crossing: '导出边界跨界地块复核表',
  quality: '导出导入质检报告',
  standard_land: '导出标准地台账',
  small_park: '导出小微企业园台账',
  two_high: '导出两高项目台账',
}

function formatsOf(options: Record<string, string | true>): RegisterFormat[] | undefined {
  const formats = text(options, 'format')?.split(',')
  const unknown = formats?.find(format => !REGISTER_FORMATS.includes(format as RegisterFormat))
  if (unknown !== undefined) throw new UsageError(`不支持的格式 ${unknown}`)
  return formats as RegisterFormat[] | undefined
}

export const registerCommands: readonly Command[] = REGISTER_KINDS.map(kind => ({
  words: ['report', kind],
  usage: `report ${kind} --out 文件夹 [--format xlsx,pdf,docx] [--unit 代码]${kind === 'quality' ? ' [--batch 批次]' : ''}`,
  help: HELP[kind],
  options: {
    out: value('输出文件夹'),
    format: value('格式'),
    unit: value('考核单位代码'),
    ...(kind === 'quality' ? { batch: value('导入批次') } : {}),
  },
  run: async ({ client, signal }, _words, options) =>
    follow(
      await client.reports.register(
        {
          kind,
          out: resolve(required(options, 'out')),
          formats: formatsOf(options),
          unit: text(options, 'unit'),
          batch: text(options, 'batch'),
        },
        { signal },
      ),
    ),
}))
