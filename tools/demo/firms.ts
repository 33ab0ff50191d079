/** Invented enterprises: names that no register knows (marked 示例), valid but fictitious credit codes, yearly figures. */
import type { Random } from './random.ts'

const FIRST = [
  '恒',
  '华',
  '金',
  '瑞',
  '宏',
  '天',
  '永',
  '鑫',
  '正',
  '利',
  '德',
  '新',
  '东',
  '兴',
  '嘉',
  '顺',
  '旭',
  '荣',
  '凯',
  '盛',
]
const SECOND = [
  '兴',
  '达',
  '丰',
  '源',
  '泰',
  '隆',
  '诚',
  '亿',
  '邦',
  '腾',
  '益',
  '茂',
  '凌',
  '远',
  '洲',
  '创',
  '宇',
  '昌',
  '锦',
  '弘',
]

export const INDUSTRIES = [
  { name: '纺织', code: '1751', taxPerMu: 9, energy: 0.9 },
  { name: '水泥制品', code: '3021', taxPerMu: 4, energy: 2.4 },
  { name: '机械', code: '3484', taxPerMu: 12, energy: 0.35 },
  { name: '铝业', code: '3252', taxPerMu: 8, energy: 1.6 },
  { name: '塑业', code: '2929', taxPerMu: 6, energy: 0.6 },
  { name: '医药化工', code: '2710', taxPerMu: 22, energy: 0.8 },
  { name: '光电材料', code: '3985', taxPerMu: 26, energy: 0.4 },
  { name: '家具', code: '2110', taxPerMu: 5, energy: 0.25 },
  { name: '五金', code: '3351', taxPerMu: 7, energy: 0.45 },
  { name: '食品', code: '1439', taxPerMu: 6, energy: 0.3 },
] as const

export interface Firm {
  code: string
  name: string
  uscc: string
  industry: (typeof INDUSTRIES)[number]
  inPark: boolean
  unit: string
  town: string
  opStatus: string
  tenant: boolean
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** A credit code with a right check character (GB 32100) and an organisation number that starts with the unassigned `00`. */
export function makeUscc(random: Random, serial: number): string {
  let body = `91330781${'00'}`
  body += String(serial).padStart(6, '0')
  body += ALPHABET[random.integer(0, 30)]!
  const sum = [...body].reduce((total, character, index) => total + ALPHABET.indexOf(character) * WEIGHTS[index]!, 0)
  return body + ALPHABET[(31 - (sum % 31)) % 31]!
}

export function makeFirm(random: Random, serial: number, unit: string, town: string, used: Set<string>): Firm {
  const industry = random.pick(INDUSTRIES)
  let name = ''
  for (let attempt = 0; name === '' || used.has(name); attempt++) {
    const brand = random.pick(FIRST) + random.pick(SECOND) + (attempt > 3 ? random.pick(SECOND) : '')
    name = `兰溪${brand}${industry.name}${random.chance(0.12) ? '厂' : '有限公司'}(示例)`
  }
  used.add(name)
  return {
    code: `QY-${String(serial).padStart(5, '0')}`,
    name,
    uscc: makeUscc(random, serial),
    industry,
    inPark: unit.includes('E') || random.chance(0.25),
    unit,
    town,
    opStatus: random.chance(0.8) ? 'normal' : random.pick(['half', 'stopped', 'closed', 'let', 'not_started']),
    tenant: random.chance(0.14),
  }
}

/** Figures of one year, money in 万元; now and then something is unknown, as it is in real ledgers. */
export function yearFigures(
  random: Random,
  firm: Firm,
  landMu: number,
  year: number,
  base: number,
): Record<string, unknown> {
  const running = firm.opStatus === 'normal' ? 1 : firm.opStatus === 'half' ? 0.4 : 0.03
  const trend = 1 + (year - 2021) * random.between(-0.12, 0.16)
  const tax = landMu * firm.industry.taxPerMu * 0.62 * base * running * trend
  const added = tax * random.between(3.8, 6)
  const revenue = added * random.between(3.2, 4.5)
  const perMu = tax / landMu
  const letter = perMu >= 18 ? 'A' : perMu >= 8 ? 'B' : perMu >= 3 ? 'C' : 'D'
  const round = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits
  return {
    year,
    scale: revenue >= 2000 ? 'above' : 'below',
    land_mu_actual: round(landMu, 4),
    land_mu_owned: firm.tenant ? 0 : round(landMu, 4),
    land_mu_rented: firm.tenant ? round(landMu, 4) : 0,
    tax: random.chance(0.03) ? null : round(tax),
    value_added: round(added),
    output: round(revenue * 1.05),
    revenue: round(revenue),
    rd: round(revenue * random.between(0, 0.04)),
    employees: Math.max(3, Math.round(added / random.between(12, 26))),
    power_kwh: Math.round(added * firm.industry.energy * 2600),
    energy_tce: random.chance(0.04) ? null : round(added * firm.industry.energy),
    energy_basis: 'equivalent',
    class: letter,
    data_source: '示例数据',
    published: year < 2022,
  }
}
