/**
 * Reads values as staff write them: numbers with units and thousands, Chinese dates, yes and no, enumerations by code or
 * label, units by name. Unknown is null, never 0; what cannot be read is told apart from what is unknown. Pure.
 */
import { ENUMERATIONS, type EnumerationName } from '../model/enumerations.ts'
import type { Field } from '../model/field.ts'

/** `problem` names why a filled cell could not be read; `value` is then null. */
export interface Reading {
  value: string | number | boolean | readonly string[] | null
  problem?:
    | 'not_number'
    | 'not_integer'
    | 'not_date'
    | 'not_boolean'
    | 'not_in_list'
    | 'unknown_unit'
    | 'too_small'
    | 'too_large'
    | 'too_long'
  /** Set when the value was converted from another unit. */
  converted?: string
}

const DASHES = /^[-‐-―—–_/\\.。·*×]+$/
const UNKNOWN = new Set([
  '',
  '空',
  '无',
  '暂无',
  '未知',
  '不详',
  '不明',
  '未填',
  '待定',
  'n/a',
  'na',
  'null',
  'none',
  'nan',
  'undefined',
  '#n/a',
])

/** Half width, trimmed. */
export function foldValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value).normalize('NFKC').trim()
}

/** True for an empty cell and for the signs people write instead of leaving it empty. */
export function isUnknown(value: unknown): boolean {
  const text = foldValue(value).toLowerCase()
  return UNKNOWN.has(text) || DASHES.test(text)
}

/** The kind of a physical unit and its size in the unit that fields use. */
const UNITS: Readonly<Record<string, readonly [string, number]>> = {
  亩: ['亩', 1],
  mu: ['亩', 1],
  公顷: ['亩', 15],
  ha: ['亩', 15],
  'm²': ['m²', 1],
  m2: ['m²', 1],
  平方米: ['m²', 1],
  平米: ['m²', 1],
  '㎡': ['m²', 1],
  万平方米: ['m²', 10_000],
  平方公里: ['m²', 1_000_000],
  万元: ['万元', 1],
  元: ['万元', 0.0001],
  千元: ['万元', 0.1],
  亿元: ['万元', 10_000],
  kwh: ['kWh', 1],
  千瓦时: ['kWh', 1],
  度: ['kWh', 1],
  万kwh: ['kWh', 10_000],
  万千瓦时: ['kWh', 10_000],
  万度: ['kWh', 10_000],
  tce: ['tce', 1],
  吨标准煤: ['tce', 1],
  吨标煤: ['tce', 1],
  万吨标准煤: ['tce', 10_000],
  万tce: ['tce', 10_000],
  吨: ['t', 1],
  t: ['t', 1],
  '%': ['%', 1],
  '万元/亩': ['万元/亩', 1],
}

/** Factor from `unit` (as written) to the field's unit; 1 when either is unknown, null when they do not fit. */
export function unitFactor(fieldUnit: string | undefined, unit: string | null): number | null {
  if (unit === null || fieldUnit === undefined) return 1
  const from = UNITS[unit.replace(/^单位[::]?/, '')]
  const to = UNITS[fieldUnit.toLowerCase()] ?? UNITS[fieldUnit]
  if (!from || !to) return 1
  if (from[0] === to[0]) return from[1] / to[1]
  if (from[0] === '亩' && to[0] === 'm²') return (from[1] * 2000) / 3
  if (from[0] === 'm²' && to[0] === '亩') return (from[1] * 3) / 2000
  return null
}

/** A number with the unit written behind it, if any. Undefined when the text is no number. */
export function readNumber(value: unknown): { number: number; unit: string | null } | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? { number: value, unit: null } : undefined
  const text = foldValue(value).replace(/\s+/g, '').replace(/^约/, '')
  const match = /^([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:e[+-]?\d+)?)([^\d.,+-].*)?$/i.exec(text)
  if (!match?.[1] || !/\d/.test(match[1])) return undefined
  const number = Number(match[1].replace(/,/g, ''))
  const unit = match[2]?.toLowerCase() ?? null
  if (!Number.isFinite(number)) return undefined
  if (unit !== null && !UNITS[unit] && !/^[\p{Script=Han}%/²]{1,4}$/u.test(unit)) return undefined
  return { number, unit }
}

/** ISO date of the forms people write; undefined when it is none or names no day. */
export function readDate(value: unknown): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString().slice(0, 10)
  const text = foldValue(value)
  const match =
    /^(\d{4})[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?(?:[T\s].*)?$/.exec(text) ??
    /^((?:19|20)\d{2})(\d{2})(\d{2})$/.exec(text)
  if (match) return calendarDate(Number(match[1]), Number(match[2]), Number(match[3]))
  const serial = Number(text)
  // Excel's day count, as exports without date format give it: 1954 to 2064.
  if (/^\d{5}(\.\d+)?$/.test(text) && serial >= 20_000 && serial < 60_000) {
    return new Date(Date.UTC(1899, 11, 30 + Math.floor(serial))).toISOString().slice(0, 10)
  }
  return undefined
}

function calendarDate(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return real ? date.toISOString().slice(0, 10) : undefined
}

const YES = new Set(['是', '有', '对', '1', 'true', 'yes', 'y', '√', '✓', '✔', '园区内', '已'])
const NO = new Set(['否', '无', '没有', '不是', '0', 'false', 'no', 'n', '×', '✗', 'x', '园区外', '未'])

function readBoolean(value: unknown): boolean | undefined {
  const text = foldValue(value).toLowerCase()
  if (YES.has(text)) return true
  if (NO.has(text)) return false
  return undefined
}

const withoutBrackets = (text: string) => text.replace(/[((][^))]*[))]/g, '')

/** The code of an enumeration for a code or label, with or without its bracketed note. */
function readCode(enumeration: EnumerationName, value: unknown): string | undefined {
  const text = foldValue(value).toLowerCase()
  const plain = withoutBrackets(text)
  for (const item of ENUMERATIONS[enumeration]) {
    const label = item.zh.normalize('NFKC').toLowerCase()
    if ([item.code.toLowerCase(), label, item.en.toLowerCase()].includes(text)) return item.code
    const short = withoutBrackets(label)
    if (
      short === plain ||
      (short.length > 1 && `${plain}类` === short) ||
      `${item.code.toLowerCase()}类` === plain ||
      `${item.code.toLowerCase()}级` === plain
    )
      return item.code
    // 'S2 已建档', '1 正常使用': code and label together.
    if (text === `${item.code.toLowerCase()} ${label}` || text === `${item.code.toLowerCase()}${label}`)
      return item.code
  }
  return undefined
}

export interface NamedUnit {
  code: string
  name: string
}

const UNIT_SUFFIX = /(街道办事处|街道|畲族乡|经济开发区|高新园区|高新区|开发区|镇|乡)$/

/** As the text it is compared with is folded: a unit may be stored with full-width brackets. */
const plainName = (unit: NamedUnit): string => foldValue(unit.name).replace(/\s+/g, '')

/** Code of a report unit by code or name, the name with or without suffix and with the names of higher units before it. */
export function readUnit(units: readonly NamedUnit[], value: unknown): string | undefined {
  const text = foldValue(value).replace(/\s+/g, '').replace(/\.0$/, '')
  if (text === '') return undefined
  const byCode = units.find(unit => unit.code === text)
  if (byCode) return byCode.code
  // A village code (12 digits) begins with the code of its township.
  if (/^\d{12}$/.test(text)) return units.find(unit => unit.code === text.slice(0, 9))?.code
  const byName = units.find(unit => plainName(unit) === text) ?? units.find(unit => text.endsWith(plainName(unit)))
  if (byName) return byName.code
  const short = text.replace(UNIT_SUFFIX, '')
  if (short.length < 2) return undefined
  const found = units.filter(unit => plainName(unit).replace(UNIT_SUFFIX, '') === short)
  return found.length === 1 ? found[0]!.code : undefined
}

const COMPUTED_MARK = /测算\)$/

/** The value of a cell for a field. `headingUnit` is the unit named in the column's heading. */
export function readValue(field: Field, cell: unknown, headingUnit: string | null): Reading {
  if (field.kind === 'boolean') {
    // '无' answers a yes/no question; elsewhere it says that the value is unknown.
    const answer = readBoolean(cell)
    if (answer !== undefined) return { value: answer }
    return isUnknown(cell) ? { value: null } : { value: null, problem: 'not_boolean' }
  }
  if (field.kind === 'text' || field.kind === 'ref') return readText(field, cell)
  if (isUnknown(cell)) return { value: null }
  switch (field.kind) {
    case 'integer':
    case 'real':
      return readNumeric(field, cell, headingUnit)
    case 'date':
    case 'instant': {
      const date = readDate(cell)
      return date === undefined ? { value: null, problem: 'not_date' } : { value: date }
    }
    case 'code': {
      // A ledger prints a class that was computed as 'B(测算)'; read back it must not become a published one.
      if (field.enumeration === 'class' && COMPUTED_MARK.test(foldValue(cell))) return { value: null }
      const code = readCode(field.enumeration!, cell)
      return code === undefined ? { value: null, problem: 'not_in_list' } : { value: code }
    }
    case 'codes': {
      const parts = Array.isArray(cell) ? cell : foldValue(cell).split(/[,;、\s]+/)
      const codes = parts.filter(part => !isUnknown(part)).map(part => readCode(field.enumeration!, part))
      if (codes.includes(undefined)) return { value: null, problem: 'not_in_list' }
      return { value: codes as string[] }
    }
    default:
      return { value: null }
  }
}

function readText(field: Field, cell: unknown): Reading {
  let text =
    cell instanceof Date
      ? cell.toISOString().slice(0, 10)
      : typeof cell === 'object' && cell !== null
        ? JSON.stringify(cell)
        : String(cell ?? '').trim()
  if (text === '' || DASHES.test(text) || text.toLowerCase() === 'null') return { value: null }
  // Names and other words stay as they were written; only identifiers have one way of writing.
  if (field.identifier) text = foldValue(text)
  // Exports put an apostrophe before text that a spreadsheet would run as a formula.
  if (/^'[=+\-@]/.test(text)) text = text.slice(1)
  if (field.maxLength !== undefined && text.length > field.maxLength) return { value: null, problem: 'too_long' }
  return { value: text }
}

function readNumeric(field: Field, cell: unknown, headingUnit: string | null): Reading {
  const read = readNumber(cell)
  if (!read) return { value: null, problem: 'not_number' }
  const unit = read.unit ?? headingUnit
  const factor = unitFactor(field.unit, unit)
  if (factor === null) return { value: null, problem: 'unknown_unit' }
  let number = factor === 1 ? read.number : Number((read.number * factor).toPrecision(15))
  if (field.kind === 'integer') {
    // A year may come as '2021年'.
    if (!Number.isInteger(number)) return { value: null, problem: 'not_integer' }
    number = Math.trunc(number)
  }
  if (field.min !== undefined && number < field.min) return { value: null, problem: 'too_small' }
  if (field.max !== undefined && number > field.max) return { value: null, problem: 'too_large' }
  return factor === 1 ? { value: number } : { value: number, converted: unit ?? '' }
}
