/** `export …`: data by file extension. */
import { resolve } from 'node:path'
import { text, UsageError } from '../arguments.ts'
import { follow } from '../session.ts'
import { type Command, value } from './command.ts'

export const exportCommands: readonly Command[] = [
  ...(['parcels', 'zones', 'enterprises'] as const).map(
    (what): Command => ({
      words: ['export', what],
      usage: `export ${what} 文件 [--crs 坐标系] [--unit 代码]`,
      help: '按扩展名导出(.geojson、.xlsx、.csv)',
      options: { crs: value('坐标系，默认 EPSG:4490'), unit: value('考核单位代码') },
      async run({ client, signal }, words, options) {
        if (words[0] === undefined) throw new UsageError('缺少文件')
        return follow(
          await client.exports.run(
            { what, file: resolve(words[0]), crs: text(options, 'crs'), unit: text(options, 'unit') },
            { signal },
          ),
        )
      },
    }),
  ),
]
