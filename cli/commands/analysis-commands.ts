/** `classify`, `identify` and `zones detect`. */
import type { z } from 'zod'
import type { IdentifyResult } from '../../shared/contract/identify.ts'
import type { detectResultSchema } from '../../shared/contract/zones.ts'
import { number, text } from '../arguments.ts'
import { follow } from '../session.ts'
import { type Command, flag, value } from './command.ts'

type DetectResult = z.infer<typeof detectResultSchema>

export const analysisCommands: readonly Command[] = [
  {
    words: ['classify'],
    usage: 'classify [--boundary 编号]',
    help: '判定每个地块在开发边界内外',
    options: { boundary: value('边界版本的编号，默认为启用的版本') },
    async run({ client, signal }, _words, options) {
      const code = text(options, 'boundary')
      const boundary_id =
        code === undefined ? undefined : String((await client.records.get({ entity: 'boundary_version', code }))['id'])
      return follow(await client.boundaries.classify({ boundary_id }, { signal }))
    },
  },
  {
    words: ['identify'],
    usage: 'identify [--year 年度] [--unit 代码] [--dry-run]',
    help: '按规则识别低效企业，写入疑似清单',
    options: {
      year: value('年度，默认为有数据的最近一年'),
      unit: value('考核单位代码'),
      'dry-run': flag('只看结果，不写入'),
    },
    async run({ client, signal }, _words, options) {
      return follow<IdentifyResult>(
        await client.identify.run(
          { year: number(options, 'year'), unit: text(options, 'unit'), dry_run: options['dry-run'] === true },
          { signal },
        ),
      )
    },
  },
  {
    words: ['zones', 'detect'],
    usage:
      'zones detect [--gap 米] [--min-mu 亩] [--min-parcels 个] [--unit 代码] [--year 年度] [--cross-unit] [--no-barriers] [--save]',
    help: '识别连片区域',
    options: {
      gap: value('相邻间距(米)'),
      'min-mu': value('最小面积(亩)'),
      'min-parcels': value('最少地块数'),
      unit: value('考核单位代码'),
      year: value('年度'),
      'cross-unit': flag('允许跨单位'),
      'no-barriers': flag('不考虑阻隔要素(河流、公路、铁路)'),
      save: flag('保存为连片整治区域'),
    },
    async run({ client, signal }, _words, options) {
      const result = await follow<DetectResult>(
        await client.zones.detect(
          {
            gap_m: number(options, 'gap'),
            min_mu: number(options, 'min-mu'),
            min_parcels: number(options, 'min-parcels'),
            unit: text(options, 'unit'),
            year: number(options, 'year'),
            cross_unit: options['cross-unit'] === true,
            barriers: options['no-barriers'] !== true,
            save: options['save'] === true,
            outlines: options['save'] === true,
          },
          { signal },
        ),
      )
      const zones = result.zones.map(
        ({ code, unit, parcels, area_mu, area_m2, outside_share, tax_per_mu, compactness }) => ({
          code,
          unit,
          parcels,
          area_mu,
          area_m2,
          outside_share,
          tax_per_mu,
          compactness,
        }),
      )
      return { ...result, zones }
    },
  },
]
