/** `report zones`: one zone, several, a unit's year or everything, in the formats asked for. */
import { resolve } from 'node:path'
import { ZONE_REPORT_FORMATS } from '../../shared/contract/zone-report.ts'
import { number, required, text, UsageError } from '../arguments.ts'
import { follow, type Session } from '../session.ts'
import { type Command, value } from './command.ts'

type Format = (typeof ZONE_REPORT_FORMATS)[number]

export const zoneReportCommand: Command = {
  words: ['report', 'zones'],
  usage:
    'report zones --out 文件夹 [--format pdf,docx,xlsx,geojson,gpkg] [--year 年度] [--unit 代码] [--zone 编号,编号] [--crs EPSG:4549]',
  help: '导出连片整治区域报告：一片、多片、一个单位全年或全部',
  options: {
    out: value('输出文件夹'),
    format: value('格式'),
    year: value('年度'),
    unit: value('考核单位代码'),
    zone: value('区域编号，多个用逗号分开'),
    crs: value('GeoJSON 和 GeoPackage 的坐标系，默认 EPSG:4490'),
  },
  run: async ({ client, signal }, _words, options) =>
    follow(
      await client.reports.zones(
        {
          out: resolve(required(options, 'out')),
          formats: formatsOf(text(options, 'format')),
          year: number(options, 'year'),
          unit: text(options, 'unit'),
          zone_ids: await zoneIds(client, text(options, 'zone')),
          crs: text(options, 'crs'),
        },
        { signal },
      ),
    ),
}

function formatsOf(names: string | undefined): Format[] | undefined {
  const formats = names?.split(',')
  const unknown = formats?.find(format => !ZONE_REPORT_FORMATS.includes(format as Format))
  if (unknown !== undefined) throw new UsageError(`不支持的格式 ${unknown}，可用：${ZONE_REPORT_FORMATS.join('、')}`)
  return formats as Format[] | undefined
}

/** Ids of the zones that are named by code; an unknown code is an error of the service. */
async function zoneIds(client: Session['client'], codes: string | undefined): Promise<string[] | undefined> {
  if (codes === undefined) return undefined
  const ids: string[] = []
  for (const code of codes.split(/[,，]/)) ids.push((await client.zones.detail({ code: code.trim() })).zone.id)
  return ids
}
