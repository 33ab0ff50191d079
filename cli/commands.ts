/** The terminal's commands (DESIGN §10): words and options in, contract calls, one JSON object out. */
import { resolve } from 'node:path'
import type { z } from 'zod'
import type { ImportKind } from '../shared/contract/imports.ts'
import type { detectResultSchema } from '../shared/contract/zones.ts'
import { ENTITIES, type EntityName, isEntityName } from '../shared/model/entity.ts'
import { number, type OptionSpec, pairs, required, text, UsageError } from './arguments.ts'
import { type Client, follow, type Session } from './session.ts'

type DetectResult = z.infer<typeof detectResultSchema>

export interface Command {
  words: readonly string[]
  usage: string
  help: string
  options?: Readonly<Record<string, OptionSpec>>
  /** Makes or replaces the survey itself, so it is not opened first. */
  withoutSurvey?: boolean
  run(
    session: Session,
    words: readonly string[],
    options: Record<string, string | true>,
  ): Promise<Record<string, unknown>>
}

const value = (help: string): OptionSpec => ({ value: true, help })
const flag = (help: string): OptionSpec => ({ value: false, help })

const importOptions = {
  crs: value('坐标系,如 EPSG:4549、EPSG:4490、GCJ02'),
  encoding: value('编码,如 utf-8、gb18030'),
  map: value('字段对应:字段=列,字段=列'),
  match: value('code(按编号更新,默认)或 none'),
  sheet: value('工作表名'),
  'dry-run': flag('只检查,不写入'),
  issues: value('质检报告 XLSX 的路径'),
  'outside-guard': flag('允许位于本调查范围之外的数据'),
}

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

function reportFormats(options: Record<string, string | true>): ('pdf' | 'docx' | 'xlsx' | 'geojson')[] | undefined {
  const formats = text(options, 'format')?.split(',')
  const known = ['pdf', 'docx', 'xlsx', 'geojson'] as const
  const unknown = formats?.find(format => !known.includes(format as 'pdf'))
  if (unknown !== undefined) throw new UsageError(`不支持的格式 ${unknown}`)
  return formats as ('pdf' | 'docx' | 'xlsx' | 'geojson')[] | undefined
}

function entityOf(word: string | undefined): EntityName {
  if (word === undefined || !isEntityName(word))
    throw new UsageError(`对象应为 ${Object.keys(ENTITIES).join('、')} 之一`)
  return word
}

async function recordByCode(
  client: Client,
  entity: EntityName,
  code: string | undefined,
): Promise<Record<string, unknown>> {
  if (code === undefined) throw new UsageError('缺少编号')
  return client.records.get({ entity, code })
}

export const COMMANDS: readonly Command[] = [
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
    options: { ...importOptions, name: value('版本名称'), effective: value('生效日期,如 2022-11-01') },
    run: (session, words, options) =>
      runImport(session, 'boundary', words, options, {
        name: required(options, 'name'),
        effective: required(options, 'effective'),
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
  {
    words: ['classify'],
    usage: 'classify [--boundary 编号]',
    help: '判定每个地块在开发边界内外',
    options: { boundary: value('边界版本的编号,默认为启用的版本') },
    async run({ client, signal }, _words, options) {
      const code = text(options, 'boundary')
      const boundary_id =
        code === undefined ? undefined : String((await client.records.get({ entity: 'boundary_version', code }))['id'])
      return follow(await client.boundaries.classify({ boundary_id }, { signal }))
    },
  },
  {
    words: ['zones', 'detect'],
    usage:
      'zones detect [--gap 米] [--min-mu 亩] [--min-parcels 个] [--unit 代码] [--year 年度] [--cross-unit] [--save]',
    help: '识别连片区域',
    options: {
      gap: value('相邻间距(米)'),
      'min-mu': value('最小面积(亩)'),
      'min-parcels': value('最少地块数'),
      unit: value('考核单位代码'),
      year: value('年度'),
      'cross-unit': flag('允许跨单位'),
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
            save: options['save'] === true,
            outlines: options['save'] === true,
          },
          { signal },
        ),
      )
      const zones = result.zones.map(({ code, unit, parcels, area_mu, area_m2, outside_share }) => ({
        code,
        unit,
        parcels,
        area_mu,
        area_m2,
        outside_share,
      }))
      return { ...result, zones }
    },
  },
  {
    words: ['report', 'zones'],
    usage: 'report zones --out 文件夹 [--format pdf,docx,xlsx,geojson] [--year 年度] [--unit 代码]',
    help: '导出连片整治区域报告',
    options: { out: value('输出文件夹'), format: value('格式'), year: value('年度'), unit: value('考核单位代码') },
    run: async ({ client, signal }, _words, options) =>
      follow(
        await client.reports.zones(
          {
            out: resolve(required(options, 'out')),
            formats: reportFormats(options),
            year: number(options, 'year'),
            unit: text(options, 'unit'),
          },
          { signal },
        ),
      ),
  },
  {
    words: ['report', 'ledger'],
    usage: 'report ledger --out 文件夹 [--year 年度] [--unit 代码]',
    help: '导出企业清单台账(XLSX)',
    options: {
      out: value('输出文件夹'),
      format: value('格式(仅 xlsx)'),
      year: value('年度'),
      unit: value('考核单位代码'),
    },
    run: async ({ client, signal }, _words, options) =>
      follow(
        await client.reports.ledger(
          { out: resolve(required(options, 'out')), year: number(options, 'year'), unit: text(options, 'unit') },
          { signal },
        ),
      ),
  },
  ...(['parcels', 'zones', 'enterprises'] as const).map(
    (what): Command => ({
      words: ['export', what],
      usage: `export ${what} 文件 [--crs 坐标系] [--unit 代码]`,
      help: '按扩展名导出(.geojson、.xlsx、.csv)',
      options: { crs: value('坐标系,默认 EPSG:4490'), unit: value('考核单位代码') },
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
  {
    words: ['set'],
    usage: 'set 对象 编号 字段=值… [--reason 理由]',
    help: '修改一条记录(parcel、enterprise …)',
    options: { reason: value('理由') },
    async run({ client }, words, options) {
      const entity = entityOf(words[0])
      const record = await recordByCode(client, entity, words[1])
      if (words.length < 3) throw new UsageError('缺少 字段=值')
      const { side_marked: mark, ...values } = pairs(words.slice(2)) as Record<string, string | null>
      for (const [name, entry] of Object.entries(values)) if (entry === '') values[name] = null
      const reason = text(options, 'reason')
      const id = String(record['id'])
      let revision = Number(record['rev'])
      // A mark has its own rules (reason when it differs, author and time), whichever way it comes in.
      if (entity === 'parcel' && mark !== undefined) {
        const side = mark === '' ? null : mark
        const saved = await client.parcels.markSide({
          id,
          base_rev: revision,
          side: side as 'inside' | null,
          reason: reason === undefined ? null : 'other',
          note: reason ?? null,
        })
        revision = saved.rev
      } else if (mark !== undefined) values['side_marked'] = mark
      if (Object.keys(values).length > 0)
        revision = (await client.records.update({ entity, id, base_rev: revision, values, reason })).rev
      return { revision, id }
    },
  },
  {
    words: ['show'],
    usage: 'show parcel|enterprise|zone 编号',
    help: '显示一条记录',
    async run({ client }, words) {
      const [kind, code] = words
      if (code === undefined) throw new UsageError('缺少编号')
      if (kind === 'parcel') {
        const { record, enterprises, zones } = await client.parcels.detail({ code })
        return { ...record, enterprises, zones }
      }
      if (kind === 'enterprise') {
        const { record, years, parcels, plans } = await client.enterprises.detail({ code })
        return { ...record, years, parcels, plans }
      }
      if (kind === 'zone') {
        const { zone, record, members } = await client.zones.detail({ code })
        return { ...record, ...zone, members }
      }
      return recordByCode(client, entityOf(kind), code)
    },
  },
  {
    words: ['history'],
    usage: 'history 对象 编号',
    help: '显示一条记录的修改历史',
    async run({ client }, words) {
      const entity = entityOf(words[0])
      const record = await recordByCode(client, entity, words[1])
      return { changes: await client.records.history({ entity, id: String(record['id']) }) }
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
