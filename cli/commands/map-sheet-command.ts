/** `report map`: a part of the map as a printed sheet. */
import { resolve } from 'node:path'
import { SHEET_FORMATS, SHEET_LABELS, SHEET_PAPERS } from '../../shared/contract/map-sheet.ts'
import { themeSchema } from '../../shared/contract/themes.ts'
import { number, required, text, UsageError } from '../arguments.ts'
import { follow } from '../session.ts'
import { type Command, flag, value } from './command.ts'

export const mapSheetCommand: Command = {
  words: ['report', 'map'],
  usage:
    'report map --out 文件夹 [--bbox 西,南,东,北] [--unit 代码] [--title 标题] [--paper A4|A3] [--orientation landscape|portrait] [--scale 分母] [--theme side|state|class|tax|unit|year] [--labels code|name|enterprise|none] [--zones 年度] [--no-basemap] [--format pdf,png]',
  help: '输出地图图件(PDF、PNG)',
  options: {
    out: value('输出文件夹'),
    bbox: value('图幅范围，经纬度：西,南,东,北；缺省为全部地块'),
    unit: value('只显示一个考核单位的地块'),
    title: value('图名'),
    paper: value('纸张'),
    orientation: value('横向 landscape 或纵向 portrait'),
    scale: value('比例尺分母，缺省取能容下范围的整比例尺'),
    theme: value('专题'),
    labels: value('标注'),
    zones: value('绘出这一年度的连片区域'),
    'no-basemap': flag('不绘底图'),
    format: value('格式'),
  },
  run: async ({ client, signal }, _words, options) => {
    const unit = text(options, 'unit')
    return follow(
      await client.reports.map(
        {
          out: resolve(required(options, 'out')),
          box: boxOf(text(options, 'bbox')),
          filter: unit === undefined ? {} : { units: [unit] },
          title: text(options, 'title'),
          paper: oneOf('paper', text(options, 'paper'), SHEET_PAPERS),
          orientation: oneOf('orientation', text(options, 'orientation'), ['landscape', 'portrait'] as const),
          scale: number(options, 'scale'),
          theme: oneOf('theme', text(options, 'theme'), themeSchema.options),
          labels: oneOf('labels', text(options, 'labels'), SHEET_LABELS),
          zones: number(options, 'zones'),
          basemap: options['no-basemap'] === undefined,
          formats: text(options, 'format')
            ?.split(',')
            .map(format => oneOf('format', format, SHEET_FORMATS)!),
        },
        { signal },
      ),
    )
  },
}

function boxOf(words: string | undefined): [number, number, number, number] | undefined {
  if (words === undefined) return undefined
  const box = words.split(/[,，]/).map(Number)
  if (box.length !== 4 || !box.every(Number.isFinite)) throw new UsageError('--bbox 应为 西,南,东,北 四个经纬度')
  return box as [number, number, number, number]
}

function oneOf<T extends string>(name: string, word: string | undefined, known: readonly T[]): T | undefined {
  if (word === undefined) return undefined
  const found = known.find(candidate => candidate === word)
  if (found === undefined) throw new UsageError(`--${name} 不能是 ${word}，可填 ${known.join('、')}`)
  return found
}
