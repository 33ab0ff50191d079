/** `import …`: bring data in, and take a batch back. */
import { resolve } from 'node:path'
import type { ImportKind } from '../../shared/contract/imports.ts'
import { ENUMERATIONS } from '../../shared/model/enumerations.ts'
import { pairs, required, text, UsageError } from '../arguments.ts'
import { follow, type Session } from '../session.ts'
import { type Command, flag, value } from './command.ts'

const importOptions = {
  crs: value('坐标系，如 EPSG:4549、EPSG:4490、GCJ02'),
  encoding: value('编码，如 utf-8、gb18030'),
  map: value('字段对应：字段=列，字段=列'),
  match: value('code(按编号更新，默认)或 none'),
  sheet: value('工作表名'),
  'dry-run': flag('只检查，不写入'),
  issues: value('质检报告 XLSX 的路径'),
  'outside-guard': flag('允许位于本调查范围之外的数据'),
}

const LAYERS = new Set(ENUMERATIONS.boundary_kind.map(({ code }) => code as string))

async function runImport(
  session: Session,
  kind: ImportKind,
  words: readonly string[],
  options: Record<string, string | true>,
  extra: Record<string, unknown>,
) {
  const file = words[0]
  if (file === undefined) throw new UsageError('缺少文件')
  const match = text(options, 'match')
  if (match !== undefined && match !== 'code' && match !== 'none') throw new UsageError('--match 应为 code 或 none')
  const mapping = text(options, 'map')
  const issuesFile = text(options, 'issues')
  return follow(
    await session.client.imports.run(
      {
        file: resolve(file),
        kind,
        options: {
          crs: text(options, 'crs'),
          encoding: text(options, 'encoding'),
          mapping: mapping === undefined ? undefined : pairs(mapping.split(',')),
          match: match ?? 'code',
          sheet: text(options, 'sheet'),
          outside_guard: options['outside-guard'] === true,
          ...extra,
        },
        dry_run: options['dry-run'] === true,
        issues_file: issuesFile === undefined ? undefined : resolve(issuesFile),
      },
      { signal: session.signal },
    ),
  )
}

function layerOf(layer: string | undefined): string | undefined {
  if (layer === undefined || LAYERS.has(layer)) return layer
  throw new UsageError('--layer 应为 development、farmland、eco_redline 或 barrier')
}

export const importCommands: readonly Command[] = [
  {
    words: ['import', 'parcels'],
    usage: 'import parcels 文件 [选项]',
    help: '导入地块',
    options: importOptions,
    run: (session, words, options) => runImport(session, 'parcels', words, options, {}),
  },
  {
    words: ['import', 'boundary'],
    usage: 'import boundary 文件 --name 名称 --effective 日期 [选项]',
    help: '导入城镇开发边界的一个版本',
    options: {
      ...importOptions,
      name: value('版本名称'),
      effective: value('生效日期，如 2022-11-01'),
      layer: value('development(默认)、farmland 永久基本农田、eco_redline 生态保护红线、barrier 阻隔要素'),
    },
    run: (session, words, options) =>
      runImport(session, 'boundary', words, options, {
        name: required(options, 'name'),
        effective: required(options, 'effective'),
        layer: layerOf(text(options, 'layer')),
      }),
  },
  {
    words: ['import', 'enterprises'],
    usage: 'import enterprises 文件 --year 年度 [选项]',
    help: '导入企业及其年度数据',
    options: { ...importOptions, year: value('年度') },
    run: (session, words, options) =>
      runImport(session, 'enterprises', words, options, { year: Number(required(options, 'year')) }),
  },
  {
    words: ['import', 'units'],
    usage: 'import units 文件 [选项]',
    help: '导入考核单位',
    options: importOptions,
    run: (session, words, options) => runImport(session, 'units', words, options, {}),
  },
  {
    words: ['import', 'batch', 'undo'],
    usage: 'import batch undo 批次号',
    help: '整批撤销一次导入',
    async run({ client }, words) {
      if (words[0] === undefined) throw new UsageError('缺少批次号')
      return { batch: words[0], ...(await client.imports.undo({ batch: words[0] })) }
    },
  },
  {
    words: ['import', 'batches'],
    usage: 'import batches',
    help: '列出导入批次',
    run: async ({ client }) => ({ batches: await client.imports.batches() }),
  },
]
