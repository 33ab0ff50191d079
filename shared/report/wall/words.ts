/** Words of the wall chart in both languages: the picture is made where no catalogue of the window is at hand. Data. */
import type { FIGURES } from '../../contract/dashboard.ts'
import type { Light } from '../../rules/progress.ts'

export interface WallWords {
  readonly title: (year: number | null) => string
  readonly asOf: (day: string) => string
  readonly demo: string
  readonly indicator: Readonly<Record<(typeof FIGURES)[number], string>>
  readonly unit: Readonly<Record<(typeof FIGURES)[number], string>>
  readonly target: string
  readonly noTarget: string
  readonly light: Readonly<Record<Light, string>>
  readonly points: (gap: number) => string
  readonly units: string
  readonly all: string
  readonly without: string
  readonly overdue: string
  readonly mapTitle: (indicator: string) => string
  readonly noOutline: string
  readonly trendTitle: (indicator: string, unit: string) => string
  readonly cumulative: string
  readonly monthly: string
  readonly pace: string
  readonly passed: (share: string) => string
  readonly legend: (limits: { readonly green: number; readonly yellow: number }) => readonly string[]
  readonly month: (month: string) => string
}

const percentPoints = (share: number): string => String(Math.round(share * 1000) / 10).replace('-', '−')

export const WALL_WORDS: Readonly<Record<'zh' | 'en', WallWords>> = {
  zh: {
    title: year => `低效用地整治挂图作战 · ${year === null ? '全行动期' : `${year} 年`}`,
    asOf: day => `截至 ${day}`,
    demo: '示例数据',
    indicator: {
      enterprises: '整治企业',
      land: '盘活用地',
      energy: '腾出用能',
      carbon: '减碳',
      zones: '连片区域',
      remediating: '在整治',
      awaiting: '待验收',
      overdue: '逾期',
    },
    unit: {
      enterprises: '家',
      land: '亩',
      energy: 'tce',
      carbon: 't',
      zones: '个',
      remediating: '家',
      awaiting: '家',
      overdue: '家',
    },
    target: '目标',
    noTarget: '未下达目标',
    light: { green: '绿', yellow: '黄', red: '红' },
    points: gap => `${gap >= 0 ? '+' : '−'}${percentPoints(Math.abs(gap))} 个百分点`,
    units: '考核单位',
    all: '全市',
    without: '未定单位',
    overdue: '逾期',
    mapTitle: indicator => `${indicator}序时进度`,
    noOutline: '考核单位没有范围线，可在“数据”中导入',
    trendTitle: (indicator, unit) => `${indicator}逐月趋势 · ${unit}`,
    cumulative: '累计',
    monthly: '当月',
    pace: '序时线',
    passed: share => `序时 ${share}`,
    legend: ({ green, yellow }) => [
      `绿 ≥ ${percentPoints(green)} 个百分点`,
      `黄 ≥ ${percentPoints(yellow)}`,
      `红 < ${percentPoints(yellow)}`,
      '未下达目标',
    ],
    month: month => `${Number(month.slice(5))}月`,
  },
  en: {
    title: year => `Remediation against targets · ${year === null ? 'whole campaign' : year}`,
    asOf: day => `As of ${day}`,
    demo: 'Demo data',
    indicator: {
      enterprises: 'Enterprises',
      land: 'Land',
      energy: 'Energy freed',
      carbon: 'CO₂ saved',
      zones: 'Zones',
      remediating: 'In remediation',
      awaiting: 'Awaiting',
      overdue: 'Overdue',
    },
    unit: {
      enterprises: '',
      land: 'mu',
      energy: 'tce',
      carbon: 't',
      zones: '',
      remediating: '',
      awaiting: '',
      overdue: '',
    },
    target: 'Target',
    noTarget: 'no target set',
    light: { green: 'green', yellow: 'yellow', red: 'red' },
    points: gap => `${gap >= 0 ? '+' : '−'}${percentPoints(Math.abs(gap))} points`,
    units: 'Scored unit',
    all: 'County',
    without: 'No unit',
    overdue: 'Overdue',
    mapTitle: indicator => `${indicator} against schedule`,
    noOutline: 'The units have no outlines; import them under “Data”',
    trendTitle: (indicator, unit) => `${indicator} by month · ${unit}`,
    cumulative: 'Cumulative',
    monthly: 'Month',
    pace: 'Schedule',
    passed: share => `Schedule ${share}`,
    legend: ({ green, yellow }) => [
      `Green ≥ ${percentPoints(green)} points`,
      `Yellow ≥ ${percentPoints(yellow)}`,
      `Red < ${percentPoints(yellow)}`,
      'No target',
    ],
    month: month => month.slice(5),
  },
}
