/**
 * Tables A to E of the zone report and the lists beside them (domain §11.7, 4), column by column, as SQL over the raw tables for a
 * set of zones (`:zones`, ids as JSON): one zone for its chapter, all of a report for the totals. What is in two zones counts once,
 * an enterprise with its figures of the newest year that one of its zones has.
 */
import type { Store } from '../../../service/db/store.ts'
import { decodeGeometry } from '../../../shared/geometry/geopackage-blob.ts'
import type { FlatPolygons } from '../../../shared/geometry/types.ts'

export const BLANK = '\u00a0'

const SETS = `WITH RECURSIVE
  picked AS MATERIALIZED (SELECT * FROM zone WHERE deleted = 0 AND id IN (SELECT value FROM json_each(:zones))),
  seat AS MATERIALIZED (SELECT m.zone_id, m.parcel_id FROM zone_member m WHERE m.deleted = 0 AND m.zone_id IN (SELECT id FROM picked)
    AND m.parcel_id IN (SELECT id FROM parcel WHERE deleted = 0)),
  land AS MATERIALIZED (SELECT *, row_number() OVER (ORDER BY code) AS place FROM parcel WHERE id IN (SELECT parcel_id FROM seat)),
  used AS MATERIALIZED (SELECT o.enterprise_id, s.zone_id, s.parcel_id FROM seat s JOIN occupancy o ON o.parcel_id = s.parcel_id AND o.deleted = 0),
  firm AS MATERIALIZED (SELECT e.*, (SELECT max(k.year) FROM used u JOIN picked k ON k.id = u.zone_id WHERE u.enterprise_id = e.id) AS until
    FROM enterprise e WHERE e.deleted = 0 AND e.id IN (SELECT enterprise_id FROM used)),
  fig AS MATERIALIZED (SELECT f.id, f.code, f.name, f.uscc, f.op_status, y.scale, y.land_mu_actual AS mu, y.tax, y.class, y.computed_class
    FROM firm f LEFT JOIN enterprise_year y ON y.enterprise_id = f.id AND y.deleted = 0
      AND NOT EXISTS (SELECT 1 FROM enterprise_year n WHERE n.enterprise_id = f.id AND n.deleted = 0 AND n.year > y.year AND n.year <= f.until)
      AND y.year <= f.until),
  newest AS MATERIALIZED (SELECT l.*, f.code AS firm_code, f.name AS firm FROM plan l JOIN firm f ON f.id = l.enterprise_id WHERE l.deleted = 0 AND NOT EXISTS
    (SELECT 1 FROM plan n WHERE n.enterprise_id = l.enterprise_id AND n.deleted = 0 AND (n.year, n.version) > (l.year, l.version))),
  line AS MATERIALIZED (SELECT id FROM land UNION SELECT p.parent_id FROM line JOIN parcel p ON p.id = line.id WHERE p.parent_id IS NOT NULL)`

const cases = (field: string, words: Readonly<Record<string, string>>) =>
  `CASE ${field} ${Object.entries(words)
    .map(([code, word]) => `WHEN '${code}' THEN '${word}'`)
    .join(' ')} ELSE ${field} END`
const mu = (m2: string) => `(${m2}) * 3 / 2000.0`
const SIDES = { inside: '界内', outside: '界外', crossing: '跨界', unknown: '未判定' }
const ROUTES = { EXIT_RECLAIM: '退出复垦', UPGRADE: '整治提升', MIXED: '分类处置' }
const CLASSES = {
  '0508': '0508 物流仓储用地',
  '0601': '0601 工业用地',
  '0602': '0602 采矿用地',
  '1001': '1001 工业用地',
}
const RATIO = '(SELECT sum(tax) / nullif(sum(mu), 0) FROM fig WHERE tax IS NOT NULL AND mu IS NOT NULL)'
const SCALES = `(SELECT total(scale = 'above') || '/' || total(scale = 'below') FROM fig)`

const SUMS: Readonly<Record<string, string>> = {
  '低效面积(亩)': mu('SELECT total(area_m2) FROM land'),
  '界内(亩)': mu('SELECT sum(area_in_m2) FROM land'),
  '界外(亩)': mu('SELECT sum(area_out_m2) FROM land'),
  '地块数(宗)': '(SELECT count(*) FROM land)',
  '企业数(家)': '(SELECT count(*) FROM firm)',
  '规上/规下': `replace(${SCALES}, '.0', '') || (SELECT CASE WHEN count(*) > 0 THEN '(未知 ' || count(*) || ')' ELSE '' END FROM fig WHERE scale IS NULL)`,
  '平均亩均税收(万元/亩)': RATIO,
}

/** 表A without 总面积, which SQL cannot measure (`outlineMu`). */
const TABLE_A: Readonly<Record<string, string>> = {
  编号: 'z.code',
  名称: 'z.name',
  年度: 'z.year',
  单位: 'coalesce((SELECT u.name FROM report_unit u WHERE u.code = z.unit AND u.deleted = 0), z.unit)',
  ...SUMS,
  整治方向: cases('z.direction', {
    reclaim: '退出复垦',
    upgrade: '整治提升',
    small_park: '小微企业园',
    reserve: '收储出让',
  }),
  '计划投资(万元)': 'coalesce(z.investment, (SELECT sum(investment) FROM newest))',
  完成时限: 'z.due_date',
  状态: cases('z.status', { planned: '谋划', approved: '批准', in_progress: '实施', done: '完成' }),
}

const TOTAL_A: Readonly<Record<string, string>> = {
  ...SUMS,
  '计划投资(万元)': `(SELECT sum(v) FROM (SELECT investment AS v FROM picked UNION ALL SELECT n.investment FROM newest n WHERE EXISTS
    (SELECT 1 FROM used u JOIN picked k ON k.id = u.zone_id WHERE u.enterprise_id = n.enterprise_id AND k.investment IS NULL)))`,
}

interface TableOracle {
  readonly from: string
  readonly cells: Readonly<Record<string, string>>
  readonly totals?: Readonly<Record<string, string>>
}

const DEPARTMENTS = {
  JX: '经信局',
  FG: '发改局',
  ZG: '资规局',
  ST: '生态环境分局',
  YJ: '应急管理局',
  SC: '市场监管局',
  SW: '税务局',
  DL: '供电公司',
  KJ: '科技局',
  JS: '建设局',
  ZF: '综合执法局',
  ZS: '招商中心',
  XZ: '乡镇(街道)',
}
const departments = (which: string) =>
  `(SELECT group_concat(word, '、') FROM (SELECT ${cases('value', DEPARTMENTS)} AS word FROM json_each(n.departments) WHERE key ${which} ORDER BY key))`
const WITHOUT_PLAN = `CASE WHEN n.id IS NULL THEN '${BLANK}' ELSE`

/** By the title of the table; 备注 of 表B stands only where a parcel is in another zone of the report (`:all`). */
export const CHAPTER_TABLES: Readonly<Record<string, TableOracle>> = {
  '表B 地块明细表': {
    from: 'land p ORDER BY p.code',
    cells: {
      序号: 'p.place',
      地块编号: 'p.code',
      名称: 'p.name',
      '面积(m²)': 'p.area_m2',
      '面积(亩)': mu('p.area_m2'),
      边界判定: `${cases("coalesce(p.side, 'unknown')", SIDES)} || CASE WHEN p.side_marked <> coalesce(p.side, 'unknown') THEN '(人工：' || ${cases('p.side_marked', SIDES)} || ')' ELSE '' END`,
      '界内(亩)': mu('p.area_in_m2'),
      '界外(亩)': mu('p.area_out_m2'),
      地类: cases('p.land_class', CLASSES),
      备注: `coalesce('同属 ' || (SELECT group_concat(code, '、') FROM (SELECT z.code FROM zone_member m JOIN zone z ON z.id = m.zone_id AND z.deleted = 0
        WHERE m.deleted = 0 AND m.parcel_id = p.id AND z.id NOT IN (SELECT id FROM picked) AND z.id IN (SELECT value FROM json_each(:all))
        ORDER BY z.year DESC, z.code)), '${BLANK}')`,
    },
    totals: {
      '面积(m²)': '(SELECT total(area_m2) FROM land)',
      '面积(亩)': SUMS['低效面积(亩)']!,
      '界内(亩)': SUMS['界内(亩)']!,
      '界外(亩)': SUMS['界外(亩)']!,
    },
  },
  '表C 企业明细表': {
    from: 'fig f ORDER BY f.code',
    cells: {
      企业名称: 'f.name',
      统一社会信用代码: 'f.uscc',
      '地块(表B序号)': `(SELECT group_concat(place, '、') FROM (SELECT DISTINCT l.place FROM used u JOIN land l ON l.id = u.parcel_id
        WHERE u.enterprise_id = f.id ORDER BY l.place))`,
      经营状态: cases('f.op_status', {
        normal: '正常',
        half: '半停产',
        stopped: '停产',
        closed: '关闭',
        let: '出租',
        not_started: '未投产',
        zombie: '僵尸',
      }),
      规模: cases('f.scale', { above: '规上', below: '规下' }),
      等级: `coalesce(f.class, f.computed_class || '(测算)')`,
      '实际用地(亩)': 'f.mu',
      '评价税收(万元)': 'f.tax',
      '亩均税收(万元/亩)': 'f.tax / nullif(f.mu, 0)',
    },
    totals: {
      '实际用地(亩)': '(SELECT sum(mu) FROM fig)',
      '评价税收(万元)': '(SELECT sum(tax) FROM fig)',
      '亩均税收(万元/亩)': RATIO,
    },
  },
  '低效类型统计(一宗可有多种，不合计)': {
    from: `(SELECT j.value AS type, count(*) AS n, sum(p.area_m2) AS m2 FROM land p JOIN json_each(p.ineff_types) j GROUP BY 1) t ORDER BY t.m2 DESC`,
    cells: {
      低效类型: cases('t.type', {
        T1: '亩均税收低',
        T2: '停产半停产',
        T3: '疑似闲置',
        T4: '容积率/密度低',
        T5: '投资强度不足',
        T6: '高耗能',
        T7: '淘汰落后产业',
        T8: '规划用途不符',
        T9: '无证/违法用地',
        T10: '危旧厂房',
        T11: '转租未达标',
        T12: '未按期竣工投产',
      }),
      '地块数(宗)': 't.n',
      '面积(亩)': mu('t.m2'),
      '占低效面积(%)': '100 * t.m2 / (SELECT sum(area_m2) FROM land)',
    },
  },
  一企一策方案: {
    from: 'firm f LEFT JOIN newest n ON n.enterprise_id = f.id ORDER BY f.code',
    cells: {
      企业: 'f.name',
      方案编号: `coalesce(n.code, '未编制')`,
      处置路径: `${WITHOUT_PLAN} ${cases('n.route', ROUTES)} END`,
      '腾出用地(亩)': `${WITHOUT_PLAN} n.freed_mu END`,
      '腾出能耗(tce)': `${WITHOUT_PLAN} n.freed_tce END`,
      '投资(万元)': `${WITHOUT_PLAN} n.investment END`,
      完成时限: `${WITHOUT_PLAN} n.due_date END`,
      责任人: `${WITHOUT_PLAN} n.responsible END`,
      状态: `${WITHOUT_PLAN} ${cases('n.status', { draft: '草稿', submitted: '已提交', returned: '已退回', approved: '已批准' })} END`,
    },
    totals: {
      '腾出用地(亩)': '(SELECT sum(freed_mu) FROM newest)',
      '腾出能耗(tce)': '(SELECT sum(freed_tce) FROM newest)',
      '投资(万元)': '(SELECT sum(investment) FROM newest)',
    },
  },
  措施: {
    from: 'newest n JOIN measure m ON m.plan_id = n.id AND m.deleted = 0 ORDER BY n.id, m.position',
    cells: {
      企业: 'n.firm',
      措施: cases('m.type', {
        M1: '能效诊断',
        M2: '用能优化',
        M3: '兼并重组',
        M4: '整体腾退',
        M5: '搬迁入园',
        M6: '改造提升',
        M7: '关停淘汰',
        M8: '规范提升',
        M9: '回收盘活',
        M10: '退出复垦',
      }),
      内容: 'm.description',
      '面积(亩)': 'm.area_mu',
      时限: 'm.due_date',
      完成: 'm.done_at',
    },
  },
  '表D 进度节点': {
    from: 'newest n JOIN milestone m ON m.plan_id = n.id AND m.deleted = 0 ORDER BY n.id, m.position',
    cells: {
      企业: 'n.firm',
      节点: cases('m.type', {
        signed: '签约',
        vacated: '腾空',
        demolished: '拆除',
        levelled: '平整',
        reclaimed: '复垦验收',
        quota_booked: '指标入库',
        filed: '备案',
        started: '开工',
        completed: '竣工',
        in_production: '投产',
        up_to_standard: '达标',
      }),
      '面积(亩)': 'm.area_mu',
      计划日期: 'm.date_planned',
      实际日期: 'm.date_actual',
      状态: `CASE WHEN m.date_actual IS NOT NULL THEN '完成' WHEN m.date_planned < :today THEN '逾期' ELSE '未到期' END`,
    },
  },
  '表E 预期成效': {
    from: '(SELECT 1)',
    cells: {
      '盘活(亩)': '(SELECT sum(freed_mu) FROM newest)',
      '腾能(tce)': '(SELECT sum(freed_tce) FROM newest)',
      '减碳(tCO₂)': '(SELECT sum(freed_tce) FROM newest) * (SELECT carbon_factor FROM campaign WHERE deleted = 0)',
      '新增税收(万元)': '(SELECT sum(new_tax) FROM newest)',
      '新增耕地(亩)': mu(
        'SELECT sum(r.new_farmland_m2) FROM reclamation r WHERE r.deleted = 0 AND r.parcel_id IN (SELECT id FROM line)',
      ),
    },
  },
  企业责任分工: {
    from: 'newest n ORDER BY n.firm_code',
    cells: {
      企业: 'n.firm',
      牵头单位: departments('= 0'),
      配合单位: departments('> 0'),
      联系领导: 'n.liaison',
      责任人: 'n.responsible',
    },
  },
}

export type Cells = Record<string, string | number | null>
export interface Asked {
  readonly zones: readonly string[]
  /** Ids of all zones of the report. */
  readonly all: readonly string[]
  readonly today: string
}

function ask<Row = Cells>({ read }: Store, sql: string, { zones, all, today }: Asked): Row[] {
  return read.prepare(`${SETS} ${sql}`).all({ zones: JSON.stringify(zones), all: JSON.stringify(all), today }) as Row[]
}

const select = (cells: Readonly<Record<string, string>>) =>
  Object.entries(cells)
    .map(([title, sql]) => `${sql} AS "${title}"`)
    .join(', ')

export const rowOfA = (store: Store, asked: Asked): Cells =>
  ask(store, `SELECT ${select(TABLE_A)} FROM picked z`, asked)[0]!
export const totalOfA = (store: Store, asked: Asked): Cells => ask(store, `SELECT ${select(TOTAL_A)}`, asked)[0]!

export function tableOf(store: Store, title: string, asked: Asked): { rows: Cells[]; totals: Cells | undefined } {
  const { from, cells, totals } = CHAPTER_TABLES[title]!
  return {
    rows: ask(store, `SELECT ${select(cells)} FROM ${from}`, asked),
    totals: totals && ask(store, `SELECT ${select(totals)}`, asked)[0],
  }
}

/** Figures that stand in sentences. */
export interface Told {
  readonly n: number
  readonly m2: number
  readonly inside: number | null
  readonly outside: number | null
  readonly farmland: number | null
  readonly on_farmland: number
  readonly known_farmland: number
  readonly unnamed: number
  readonly firms: number
  readonly planned: number
  readonly milestones: number
  readonly done: number
  readonly late: number
}
export const toldOf = (store: Store, asked: Asked): Told =>
  ask<Told>(
    store,
    `SELECT count(*) AS n, total(area_m2) AS m2, sum(area_in_m2) AS inside, sum(area_out_m2) AS outside, sum(overlap_farmland_m2) AS farmland,
       total(overlap_farmland_m2 > 0) AS on_farmland, count(overlap_farmland_m2) AS known_farmland,
       total(coalesce(json_array_length(ineff_types), 0) = 0) AS unnamed, (SELECT count(*) FROM firm) AS firms, (SELECT count(*) FROM newest) AS planned,
       (SELECT count(*) FROM milestone WHERE deleted = 0 AND plan_id IN (SELECT id FROM newest)) AS milestones,
       (SELECT count(*) FROM milestone WHERE deleted = 0 AND plan_id IN (SELECT id FROM newest) AND date_actual IS NOT NULL) AS done,
       (SELECT count(*) FROM milestone WHERE deleted = 0 AND plan_id IN (SELECT id FROM newest) AND date_actual IS NULL AND date_planned < :today) AS late
     FROM land`,
    asked,
  )[0]!

const A = 6_378_137
const F = 1 / 298.257222101
const E2 = F * (2 - F)
const E = Math.sqrt(E2)

/**
 * Area on the CGCS2000 ellipsoid, m²: ∮ of the area between the equator and an edge that is straight in degrees, by Simpson's rule
 * (the program has series). Rings may turn either way; holes turn against their shell.
 */
export function ellipsoidM2({ coordinates, ringEnds }: FlatPolygons): number {
  const toEquator = (degrees: number) => {
    const s = Math.sin((degrees * Math.PI) / 180)
    return ((A * A * (1 - E2)) / 2) * (s / (1 - E2 * s * s) + Math.log((1 + E * s) / (1 - E * s)) / (2 * E))
  }
  let sum = 0
  let from = 0
  for (const end of ringEnds) {
    for (let at = from; at + 1 < end; at++) {
      const [x0, y0, x1, y1] = coordinates.slice(2 * at, 2 * at + 4) as unknown as [number, number, number, number]
      // Less what lies below a parallel nearby, so that large numbers do not cancel.
      const base = toEquator(coordinates[1]!)
      const parts = [y0, (y0 + y1) / 2, y1].map(y => toEquator(y) - base)
      sum += ((((x1 - x0) * Math.PI) / 180) * (parts[0]! + 4 * parts[1]! + parts[2]!)) / 6
    }
    from = end
  }
  return Math.abs(sum)
}

/** 总面积 of a zone, 亩; null without an outline. */
export function outlineMu({ read }: Store, id: string): number | null {
  const blob = read.prepare('SELECT geometry FROM zone WHERE id = ?').pluck().get(id) as Uint8Array | null
  return blob === null ? null : (ellipsoidM2(decodeGeometry(blob)) * 3) / 2000
}
