/** 标准地: the indicators that an agreement commits to, and which of them were not reached. Pure; domain §7. */
export const STANDARD_INDICATORS = [
  { key: 'investment_intensity', zh: '投资强度', unit: '万元/亩', lowerIsBetter: false },
  { key: 'far', zh: '容积率', unit: '', lowerIsBetter: false },
  { key: 'tax_per_mu', zh: '亩均税收', unit: '万元/亩', lowerIsBetter: false },
  { key: 'energy_intensity', zh: '单位能耗', unit: 'tce/万元', lowerIsBetter: true },
  { key: 'emission', zh: '排放', unit: 't', lowerIsBetter: true },
  { key: 'rd_ratio', zh: 'R&D占比', unit: '', lowerIsBetter: false },
] as const

type Figures = Readonly<Record<string, number | null | undefined>> | null | undefined

/** Indicators of which both values are known and the actual one falls short; what is not known is no shortfall. */
export function standardShortfalls(record: Readonly<Record<string, unknown>>) {
  const committed = record['committed'] as Figures
  const actual = record['actual'] as Figures
  return STANDARD_INDICATORS.filter(({ key, lowerIsBetter }) => {
    const [promised, reached] = [committed?.[key], actual?.[key]]
    if (promised == null || reached == null) return false
    return lowerIsBetter ? reached > promised : reached < promised
  })
}
