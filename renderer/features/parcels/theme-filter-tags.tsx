/** Filters that were set in the legend of the map and have no field in the row: named, and taken away by their cross. */
import { Tag } from 'antd'
import type { ParcelFilter } from '../../../shared/contract/parcels.ts'
import type { ThemeName } from '../../../shared/contract/themes.ts'
import { themeEntries } from '../../../shared/tiles/theme-entries.ts'
import { wordList } from '../../app/format.ts'
import { language, mapText, t } from '../../app/i18n/i18n.ts'
import { useFigureLabel } from '../dashboard/figure-label.ts'

const FILTERS = [
  ['classes', 'class'],
  ['taxes', 'tax'],
  ['years', 'year'],
  ['freed', 'freed'],
] as const satisfies readonly (readonly [keyof ParcelFilter, ThemeName])[]

/** More words than this are counted. */
const MOST_WORDS = 2

export function ThemeFilterTags({
  filter,
  onChange,
}: Readonly<{ filter: ParcelFilter; onChange: (change: Partial<ParcelFilter>) => void }>) {
  const label = useFigureLabel()
  const { figure } = filter
  const tags = FILTERS.map(([name, theme]) => {
    const codes = filter[name]
    if (!codes || codes.length === 0) return null
    const entries = themeEntries(theme, [], codes)
    const words = codes.map(code => entries.find(entry => entry.code === code)?.[language()] ?? code)
    const more = words.length - MOST_WORDS
    return (
      <Tag
        key={name}
        closable
        title={wordList(words)}
        onClose={event => {
          event.preventDefault()
          onChange({ [name]: undefined })
        }}
      >
        {mapText(`map.theme.${theme}`)}
        {t('common.colon')}
        {wordList(words.slice(0, MOST_WORDS))}
        {more > 0 && ` +${more}`}
      </Tag>
    )
  })
  if (!figure) return tags
  return (
    <>
      <Tag
        closable
        color="blue"
        className="figure-tag"
        onClose={event => {
          event.preventDefault()
          onChange({ figure: undefined })
        }}
      >
        {label(figure)}
      </Tag>
      {tags}
    </>
  )
}
