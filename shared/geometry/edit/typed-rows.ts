/** The lines of pasted coordinates: two numbers each, with or without corner number and ring number, or a survey's TXT. */

export type TypedProblem =
  | { readonly kind: 'empty' }
  /** A line that has no two numbers; counted from 1. */
  | { readonly kind: 'line'; readonly line: number; readonly text: string }
  | { readonly kind: 'too_few'; readonly part: number }
  /** Some lines in degrees, others in metres, or neither. */
  | { readonly kind: 'mixed'; readonly line: number }
  | { readonly kind: 'needs_parameters'; readonly name: string }
  | { readonly kind: 'unknown_range'; readonly line: number }

export interface NumberRow {
  readonly line: number
  /** Counted from 0 without parcel lines, from 1 with them. */
  readonly part: number
  readonly ring: number | undefined
  readonly a: number
  readonly b: number
}

export interface Declared {
  zone?: number
  datum?: string
  /** Corners that the parcel lines announce. */
  readonly counts: number[]
}

export interface TypedRows {
  readonly rows: NumberRow[]
  readonly declared: Declared
  readonly problem?: TypedProblem
}

/** 119°27′30.5″ and 119度27分30.5秒 (degrees, minutes, seconds). */
const SEXAGESIMAL = /(\d{1,3})[°度](\d{1,2})[′'分](?:(\d{1,2}(?:\.\d+)?)(?:[″"秒]|''))?/g

export function readRows(text: string): TypedRows {
  const rows: NumberRow[] = []
  const declared: Declared = { counts: [] }
  let part = 0
  for (const [index, raw] of halfWidth(text)
    .split(/\r?\n|;/)
    .entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('[') || isHeading(line)) continue
    const property = /^([^=]+)=(.*)$/.exec(line)
    if (property) {
      declare(declared, property[1]!.trim(), property[2]!.trim())
      continue
    }
    if (line.includes('@')) {
      part += 1
      declared.counts.push(Number.parseInt(line, 10))
      continue
    }
    const row = rowOf(line, index + 1, part)
    if (!row) return { rows, declared, problem: { kind: 'line', line: index + 1, text: line.slice(0, 40) } }
    rows.push(row)
  }
  return { rows, declared }
}

function declare(declared: Declared, name: string, value: string): void {
  if (name === '带号' && /^\d+$/.test(value)) declared.zone = Number(value)
  if (name === '坐标系' && value !== '') declared.datum = value
}

/** Words without a single number, such as the heading of a table: 界址点号 X Y. */
function isHeading(line: string): boolean {
  return !/\d/.test(line.replace(/EPSG:?\s*\d+/i, ''))
}

/**
 * `a b` · `J1 a b` · `J1,1,a,b` · `J1 a b 边长`: a leading word or small whole number is the corner's number, a second
 * small whole number the ring's; what follows the two coordinates is a length or a remark.
 */
function rowOf(line: string, number: number, part: number): NumberRow | undefined {
  const words = line
    .replace(SEXAGESIMAL, degreesOf)
    .replace(/\b[XY](?=[\s:]+\d)/gi, ' ')
    .replace(/(\d)[°度](?=[\s,NSEW]|$)/gi, '$1')
    .replace(/[NSEW东西南北经纬]+(?=[\s,:\d]|$)/gi, ' ')
    .split(/[\s,、:]+/)
    .filter(word => word !== '')
  const values = words.map(word => (/^[-+]?\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN))
  const isCoordinate = words.map((word, index) => looksLikeCoordinate(word, values[index]!))
  const first = isCoordinate.findIndex((is, index) => is && isCoordinate[index + 1])
  if (first < 0 || first > 2) return undefined
  const before = values[first - 1]
  const isRing = first === 2 && before !== undefined && Number.isInteger(before) && before >= 1 && before < 1000
  return { line: number, part, ring: isRing ? before : undefined, a: values[first]!, b: values[first + 1]! }
}

/** Not a corner's or a ring's number: large, or written with decimals. */
function looksLikeCoordinate(word: string, value: number): boolean {
  return Number.isFinite(value) && (value >= 1000 || word.includes('.'))
}

function degreesOf(_all: string, degrees: string, minutes: string, seconds: string | undefined): string {
  return ` ${(Number(degrees) + Number(minutes) / 60 + Number(seconds ?? 0) / 3600).toFixed(12)} `
}

/** Digits, letters and signs of the full-width block as plain ones. */
function halfWidth(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, sign => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ')
}
