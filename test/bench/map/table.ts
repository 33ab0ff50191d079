/** What the map's harness prints: a table in Markdown with the goals of the study beside the medians. */
import { median } from '../measure.ts'
import type { Figures } from './figures.ts'
import type { Peer } from './serve.ts'

export interface Row {
  readonly peer: Peer
  readonly zoom: number
  readonly figures: Figures[]
}

export type Measure = Exclude<keyof Figures, 'errors'>

interface Line {
  readonly measure: Measure
  readonly words: string
  /** By zoom for ours, or one for all. */
  readonly goal?: number | Readonly<Record<number, number>>
}

const LINES: readonly Line[] = [
  { measure: 'fromNavigation', words: 'first paint, from navigation, ms', goal: { 15: 1000, 11: 800 } },
  { measure: 'surveyRead', words: '– of it, reading the survey into GeoJSON (peers), ms' },
  { measure: 'firstPaint', words: 'first paint, data in memory already (peers), ms' },
  { measure: 'usable', words: 'frame around the map there, ms' },
  { measure: 'panWorstFrame', words: 'pan: worst frame, ms', goal: 33 },
  { measure: 'panLongestTask', words: 'pan: longest task, ms', goal: 50 },
  { measure: 'panTasks', words: 'pan: tasks over 50 ms, sum, ms' },
  { measure: 'zoomSettled', words: 'zoom step fully drawn, ms', goal: 600 },
  { measure: 'zoomWorstFrame', words: 'zoom: worst frame, ms', goal: 50 },
  { measure: 'clickSelected', words: 'click to outline, ms' },
  { measure: 'clickPainted', words: 'click to painted outline, ms', goal: 50 },
  { measure: 'statusPainted', words: "one parcel's state painted, ms", goal: 60 },
  { measure: 'recoloured', words: 'recolour all, ms', goal: { 15: 300, 11: 200 } },
  { measure: 'heapMB', words: 'heap, MB' },
  { measure: 'pssMB', words: 'window process, MB PSS', goal: 150 },
  { measure: 'calibration', words: 'fixed loop before the visit, ms' },
]
/** Frames come in sixtieths of a second; a goal of 33 or 50 ms means two or three of them. */
const FRAME_SLACK = 0.5

/** @param factor what the goals are multiplied by: 1.5 at 300,000 parcels; null where there are none. */
export function table(rows: readonly Row[], factor: number | null): string {
  const own = rows.filter(row => row.peer === 'ours')
  const lines = LINES.flatMap(line => {
    const cells = rows.map(row => cell(row, line.measure))
    return cells.every(text => text === '–')
      ? []
      : [`| ${line.words} | ${[...cells, verdicts(own, line, factor)].join(' | ')} |`]
  })
  const ratios = (['leaflet', 'maplibre'] as const).flatMap(peer =>
    rows.some(row => row.peer === peer) ? ratioLines(rows, peer) : [],
  )
  return [
    `| | ${rows.map(row => `${row.peer}, zoom ${row.zoom}`).join(' | ')} | ${factor === null ? 'no goals' : `goal${factor === 1 ? '' : ` × ${factor}`}`} |`,
    `|---|${rows.map(() => '---').join('|')}|---|`,
    ...lines,
    ...ratios,
  ].join('\n')
}

export function cell({ figures }: Row, name: Measure): string {
  const values = valuesOf(figures, name)
  if (values.length === 0) return '–'
  return values.length < figures.length ? `${range(values)} (${values.length} of ${figures.length})` : range(values)
}

function verdicts(own: readonly Row[], { measure, goal }: Line, factor: number | null): string {
  if (goal === undefined || factor === null) return ''
  return own
    .map(({ zoom, figures }) => {
      const limit = (typeof goal === 'number' ? goal : goal[zoom]) ?? Number.NaN
      const values = valuesOf(figures, measure)
      if (values.length === 0 || Number.isNaN(limit)) return ''
      const isReached = median(values) <= limit * factor + FRAME_SLACK
      return `${Math.round(limit * factor)} at ${zoom}: ${isReached ? 'reached' : 'missed'}`
    })
    .filter(Boolean)
    .join('; ')
}

/** How many times as long the peer takes, round by round in the same minutes; the median of the rounds. */
function ratioLines(rows: readonly Row[], peer: Peer): string[] {
  const kinds: readonly (readonly [string, (figures: Figures) => number | undefined])[] = [
    ['existing survey to first paint', figures => figures.fromNavigation],
    [
      'the same, reading the survey not counted',
      ({ fromNavigation, surveyRead = 0 }) => fromNavigation && fromNavigation - surveyRead,
    ],
    ["the peer's data in memory, ours from navigation", figures => figures.firstPaint],
  ]
  return kinds.map(([words, of]) => {
    const cells = rows.map(row => {
      if (row.peer !== 'ours') return ''
      const theirs = rows.find(other => other.peer === peer && other.zoom === row.zoom)?.figures ?? []
      const ratios = row.figures.flatMap((mine, round) => {
        const other = theirs[round] && of(theirs[round])
        return mine.fromNavigation && other ? [other / mine.fromNavigation] : []
      })
      return ratios.length === 0
        ? '–'
        : `${median(ratios).toFixed(1)} (${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)})`
    })
    return `| ${peer} ÷ ours: ${words} | ${cells.join(' | ')} | ${peer === 'leaflet' ? '5' : ''} |`
  })
}

const valuesOf = (figures: readonly Figures[], name: Measure): number[] =>
  figures.flatMap(one => (one[name] === undefined ? [] : [one[name]]))

export function range(values: readonly number[]): string {
  const whole = (value: number): string => value.toFixed(0)
  return `${whole(median(values))} (${whole(Math.min(...values))}–${whole(Math.max(...values))})`
}
