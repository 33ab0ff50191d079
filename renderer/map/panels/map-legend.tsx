/** Theme, legend with exact counts, and filter in one: a click on an entry shows or hides its parcels, a double click shows just these. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { labelOf } from '../../../shared/model/enumerations.ts'
import { BOUNDARY_COLOURS, SIDE_COLOURS } from '../../../shared/tiles/theme-colours.ts'
import { themeEntries } from '../../../shared/tiles/theme-entries.ts'
import { MAP_THEMES, type MapFilter, type MapPort, type MapThemeName } from '../map-port.ts'

/** The picture comes first: the service reads one thing at a time. Later a filter is answered soon. */
const FIRST_COUNT_AFTER_MS = 1500
const COUNT_AFTER_MS = 150

const FILTER_KEYS = {
  side: 'sides',
  state: 'states',
  class: 'classes',
  tax: 'taxes',
  unit: 'units',
  year: 'years',
  freed: 'freed',
} as const

export function MapLegend(props: Readonly<MapPort & { subzones: readonly string[] }>) {
  const { theme, onThemeChange, filter, onFilterChange, t, language, subzones } = props
  const [open, setOpen] = useState(true)
  const counts = useCounts(props, theme)
  const entries = themeEntries(theme, props.units, counts?.keys() ?? [])
  const key = FILTER_KEYS[theme]
  const shown = filter?.[key]
  const toggle = (code: string): void => {
    const all = entries.map(entry => entry.code)
    const now = new Set(shown ?? all)
    if (now.has(code)) now.delete(code)
    else now.add(code)
    const next = all.filter(candidate => now.has(candidate))
    onFilterChange(next.length === all.length || next.length === 0 ? without(filter, key) : { ...filter, [key]: next })
  }
  const only = (code: string): void => onFilterChange({ ...filter, [key]: [code] })
  return (
    <section className="map-panel map-legend" aria-label={t('map.legend')}>
      <header>
        <select
          aria-label={t('map.theme')}
          value={theme}
          onChange={event => onThemeChange(event.target.value as MapThemeName)}
        >
          {MAP_THEMES.map(name => (
            <option key={name} value={name}>
              {t(`map.theme.${name}`)}
            </option>
          ))}
        </select>
        {/* Always there: a button that came with the first click of a double click would move the entries under it. */}
        <button
          type="button"
          className="map-legend-all"
          disabled={!shown}
          title={t('map.legend.all')}
          aria-label={t('map.legend.all')}
          onClick={() => onFilterChange(without(filter, key))}
        >
          {t('map.legend.all_short')}
        </button>
        <button
          type="button"
          aria-expanded={open}
          title={t(open ? 'map.legend.collapse' : 'map.legend.expand')}
          onClick={() => setOpen(!open)}
        >
          {open ? '▾' : '▸'}
        </button>
      </header>
      {open && (
        <ul>
          {entries.map(entry => {
            const visible = !shown || shown.includes(entry.code)
            const count = counts ? (counts.get(entry.code) ?? 0) : undefined
            if (theme !== 'side' && count === 0) return null
            return (
              <li key={entry.code}>
                <button
                  type="button"
                  aria-pressed={visible}
                  className={visible ? undefined : 'map-legend-off'}
                  title={t('map.legend.hint')}
                  onClick={() => toggle(entry.code)}
                  onDoubleClick={() => only(entry.code)}
                >
                  <Swatch code={entry.code} colour={entry.colour} />
                  <span className="ellipsis">{entry[language]}</span>
                  <b>{count === undefined ? '' : count.toLocaleString()}</b>
                </button>
              </li>
            )
          })}
          {subzones.map(subzone => (
            <li key={subzone} className="map-legend-line">
              <svg width="18" height="8" aria-hidden="true">
                <line
                  x1="0"
                  y1="4"
                  x2="18"
                  y2="4"
                  stroke={BOUNDARY_COLOURS[subzone] ?? BOUNDARY_COLOURS['unspecified']}
                  strokeWidth="2"
                  strokeDasharray={subzone === 'flexible' ? '5 3' : undefined}
                />
              </svg>
              <span>{labelOf('subzone', subzone, language)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Swatch({ code, colour }: Readonly<{ code: string; colour: string }>) {
  return (
    <svg width="14" height="14" aria-hidden="true">
      {code === 'crossing' ? (
        <>
          <rect width="14" height="14" fill={SIDE_COLOURS['inside']} opacity="0.6" />
          <path
            d="M-2 6 L6 -2 M0 14 L14 0 M8 16 L16 8"
            stroke={SIDE_COLOURS['outside']}
            strokeWidth="4"
            opacity="0.8"
          />
        </>
      ) : (
        <rect width="14" height="14" fill={colour} opacity="0.6" />
      )}
      <rect x="0.5" y="0.5" width="13" height="13" fill="none" stroke={colour} />
    </svg>
  )
}

type Counts = ReadonlyMap<string, number> | null

/** Exact numbers per entry under the other filters, asked again after every change of the data; null while they are not known. */
function useCounts({ service, revision, countFilter }: Readonly<MapPort>, theme: MapThemeName): Counts {
  const isFirst = useRef(true)
  // Its own filter is left out: what is hidden is counted too.
  const others = useMemo(() => ({ ...countFilter, [FILTER_KEYS[theme]]: undefined }), [countFilter, theme])
  const [found, setFound] = useState<{ theme: MapThemeName; counts: Counts }>({ theme, counts: null })
  useEffect(() => {
    let current = true
    const read = async (): Promise<void> => {
      const list = await service.themes.counts({ theme, filter: others })
      if (current) setFound({ theme, counts: new Map(list.map(entry => [entry.code, entry.count])) })
    }
    // Counting is a comfort: without it the legend still explains the colours.
    const wait = isFirst.current ? FIRST_COUNT_AFTER_MS : COUNT_AFTER_MS
    const timer = setTimeout(() => {
      isFirst.current = false
      read().catch(() => setFound({ theme, counts: null }))
    }, wait)
    void revision
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [service, revision, theme, others])
  // Numbers of another theme say nothing about this one.
  return found.theme === theme ? found.counts : null
}

function without(filter: MapFilter, key: keyof NonNullable<MapFilter>): MapFilter {
  const { [key]: _, ...rest } = filter ?? {}
  return Object.keys(rest).length === 0 ? null : rest
}
