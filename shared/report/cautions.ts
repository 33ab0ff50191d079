/**
 * What makes the figures of a report doubtful, as data: the paper says it in Chinese, the window in its own language
 * (`report.caution.<code>`). Pure.
 */
export const CAUTIONS = {
  no_boundary: '没有启用的城镇开发边界，界内、界外未知(以“—”表示)，不作 0 计',
  no_boundary_routes: '没有启用的城镇开发边界，界外复垦与界内提升按方案路线计',
  units_empty: '{count} 个单位没有清单数据，各栏为 0 是没有登记，不是已完成：{names}',
  without_unit: '{count} 家清单企业没有考核单位，计入全市，不计入任何单位',
  nothing: '{scope}没有这类数据，表中为空不表示为零',
  unknown_unit: '没有代码为 {unit} 的考核单位',
  not_judged: '{count} 宗地块尚未判定边界内外，不在本表',
  contradicting: '{count} 条记录的面积互相矛盾，见“核对”栏',
  not_scored: '考核评分表有 {count} 项没有完成值，未计分：{names}',
} as const

export type CautionCode = keyof typeof CAUTIONS
export const CAUTION_CODES = Object.keys(CAUTIONS) as [CautionCode, ...CautionCode[]]

export interface Caution {
  readonly code: CautionCode
  readonly values: Record<string, string | number>
}

export const caution = (code: CautionCode, values: Record<string, string | number> = {}): Caution => ({ code, values })

/** As printed. */
export function cautionInWords({ code, values }: Caution): string {
  return `提示：${CAUTIONS[code].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))}。`
}
