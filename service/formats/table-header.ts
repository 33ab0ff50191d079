/**
 * Finds the header in the first rows of a sheet: title rows above it, merged group headings, a row of column numbers or
 * units below it (the tables of the trade have the header in row 5 and data from row 6). Pure.
 */
import { isKnownHeading, plainHeading } from '../../shared/import/headings.ts'

/** How many rows a reader must look ahead to find the header. */
export const HEADER_ROWS = 20

interface TableHeader {
  /** One name per column, unique; '' for columns without heading. */
  headings: string[]
  /** Index of the first data row among the rows given. */
  dataFrom: number
}

/** `rows` are the first rows as text, merged cells repeated or blank. Undefined when there is nothing but blanks. */
export function findHeader(rows: readonly (readonly string[])[]): TableHeader | undefined {
  const filled = rows.map(row => row.filter(cell => cell.trim() !== '').length)
  const most = Math.max(0, ...filled)
  if (most === 0) return undefined
  let best = -1
  let bestScore = 1
  rows.forEach((row, index) => {
    const known = new Set(row.filter(cell => isKnownHeading(cell)).map(plainHeading)).size
    if (known > bestScore) {
      best = index
      bestScore = known
    }
  })
  if (best < 0) {
    // No heading we know: the first row that is about as full as any, of distinct texts.
    best = rows.findIndex((row, index) => filled[index]! >= Math.max(1, most * 0.6) && distinct(row))
    if (best < 0) best = filled.findIndex(count => count > 0)
  }
  const width = Math.max(...rows.map(row => row.length))
  const own = Array.from({ length: width }, (_, column) => rows[best]![column]?.trim() ?? '')
  // A group heading above: text that does not span the whole width (a title does).
  const above = best > 0 ? rows[best - 1]!.map(cell => cell.trim()) : []
  const groups = new Set(above.filter(cell => cell !== '')).size > 1 ? spread(above, own, width) : []
  const counts = new Map<string, number>()
  for (const name of own) counts.set(plainHeading(name), (counts.get(plainHeading(name)) ?? 0) + 1)
  const taken = new Set<string>()
  const headings = own.map((name, column) => {
    const group = groups[column] ?? ''
    let heading = name === '' ? group : name
    if (
      name !== '' &&
      group !== '' &&
      group !== name &&
      (counts.get(plainHeading(name))! > 1 || /(19|20)\d\d/.test(group))
    )
      heading = `${group}/${name}`
    heading = heading.replace(/\s+/g, ' ')
    if (heading === '') return ''
    let unique = heading
    for (let copy = 2; taken.has(unique); copy++) unique = `${heading}#${copy}`
    taken.add(unique)
    return unique
  })
  let dataFrom = best + 1
  while (dataFrom < rows.length && (isNumbering(rows[dataFrom]!) || isUnits(rows[dataFrom]!))) dataFrom++
  return { headings, dataFrom }
}

function distinct(row: readonly string[]): boolean {
  const texts = row.map(cell => cell.trim()).filter(cell => cell !== '')
  return new Set(texts).size === texts.length && texts.some(text => !/^[\d.]+$/.test(text))
}

/** Blank cells right of a group heading belong to it, as merged cells are read. */
function spread(above: readonly string[], own: readonly string[], width: number): string[] {
  const groups: string[] = []
  let current = ''
  for (let column = 0; column < width; column++) {
    if (above[column]) current = above[column]!
    else if (own[column] === '') current = ''
    groups.push(current)
  }
  return groups
}

/** 1, 2, 3 … below the headings. */
function isNumbering(row: readonly string[]): boolean {
  const texts = row.map(cell => cell.trim()).filter(cell => cell !== '')
  return texts.length >= 2 && texts.every((text, index) => text.replace(/[()()]/g, '') === String(index + 1))
}

const UNIT_WORDS = new Set([
  '亩',
  '万元',
  '元',
  '%',
  '吨',
  'tce',
  '吨标准煤',
  '平方米',
  'm2',
  '㎡',
  '公顷',
  '人',
  'kwh',
  '万元/亩',
  '度',
  '千瓦时',
  '—',
  '-',
  '/',
])

function isUnits(row: readonly string[]): boolean {
  const texts = row
    .map(cell =>
      cell
        .trim()
        .toLowerCase()
        .replace(/^[((]|[))]$/g, ''),
    )
    .filter(cell => cell !== '')
  return texts.length >= 2 && texts.every(text => UNIT_WORDS.has(text))
}

/** Rows of sums and of signatures at the foot of official tables, which are no records. */
export function isFootRow(cells: readonly string[]): boolean {
  const texts = cells.map(cell => cell.trim()).filter(cell => cell !== '')
  const first = (texts[0] ?? '').replace(/\s+/g, '')
  if (/^(合计|总计|小计|累计|共计)$/.test(first)) return true
  return texts.length <= 2 && /^(填表人|填报人|审核人|制表|备注[::]|注[::]|说明[::]|填表单位|单位[((]盖章)/.test(first)
}
