/**
 * Search keys of a record: what the box "find" compares with. Pure; the write path calls it on every write and stores the
 * result in `search_key`. No SQL here. FTS is not used on purpose: its tokenizers miss Chinese words silently.
 */
import { pinyin } from 'pinyin-pro'

/** The fields of a record that people search by; other fields of the record are ignored, other types count as empty. */
export interface SearchValues {
  readonly code?: unknown
  readonly name?: unknown
  readonly former_name?: unknown
  readonly uscc?: unknown
  readonly location?: unknown
  readonly address?: unknown
}

export interface SearchKeys {
  /** `\ncode\nname\nformer\nuscc\nlocation\n`, folded; the code is always the first line, empty or not. */
  readonly text: string
  /**
   * Lines of readings of name, former names and place, each after a `\n` so that `\n` + query is a prefix match: initials in
   * lower case, full pinyin in UPPER case, so that one column serves both and `an` does not match every `LAN`.
   */
  readonly initials: string
}

/** Lower case, half width, single spaces, no line breaks: records and queries are folded alike. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}

/** Keys of one record; values that are absent count as empty. */
export function searchKeysOf(values: SearchValues): SearchKeys {
  const lines = [textOf(values.code)]
  for (const value of [values.name, values.former_name, values.uscc, values.location, values.address]) {
    const folded = textOf(value)
    if (folded !== '') lines.push(folded)
  }
  const spoken: string[] = []
  for (const value of [values.name, values.former_name, values.location, values.address]) {
    // Former names come as one text with separators; each must be found from its own beginning.
    for (const part of textOf(value).split(/[;,、()\s]+/)) {
      const readings = readingsOf(part)
      if (readings) spoken.push(readings.initials, readings.full.toUpperCase())
    }
  }
  const keys = [...new Set(spoken)]
  return { text: `\n${lines.join('\n')}\n`, initials: keys.length > 0 ? `\n${keys.join('\n')}\n` : '' }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? foldText(value) : ''
}

interface Readings {
  readonly initials: string
  readonly full: string
}

const HAN_RUN = /[\u3400-\u9fff]+/g

/** Readings of a text with at least one Chinese character; Latin letters and digits stay in place. */
function readingsOf(text: string): Readings | undefined {
  let initials = ''
  let full = ''
  let from = 0
  for (const match of text.matchAll(HAN_RUN)) {
    const between = text.slice(from, match.index)
    const readings = readingsOfRun(match[0])
    initials += between + readings.initials
    full += between + readings.full
    from = match.index + match[0].length
  }
  if (from === 0) return undefined
  const rest = text.slice(from)
  return { initials: initials + rest, full: full + rest }
}

// A pure memo: bulk imports repeat the same village names thousands of times, and a reading costs 8 microseconds.
const REMEMBERED_RUNS = 20_000
const runs = new Map<string, Readings>()

function readingsOfRun(run: string): Readings {
  const known = runs.get(run)
  if (known) return known
  const syllables = pinyin(run, { toneType: 'none', type: 'array', v: true })
  const readings = { initials: syllables.map(syllable => syllable.charAt(0)).join(''), full: syllables.join('') }
  if (runs.size >= REMEMBERED_RUNS) runs.clear()
  runs.set(run, readings)
  return readings
}
