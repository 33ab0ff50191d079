/** Find anything: `/` focuses, arrows choose, Enter flies there and opens the record. Safe with Chinese input methods. */
import { useQuery } from '@tanstack/react-query'
import { AutoComplete, Input } from 'antd'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SearchResult } from '../../shared/contract/zones.ts'
import { readTypedPlace, type TypedPlace } from '../../shared/geometry/edit/typed-coordinates.ts'
import { EPSG_4549, planeForBox } from '../../shared/geometry/plane.ts'
import { coordinateText } from './coordinates.ts'
import { entityLabel } from './i18n/i18n.ts'
import { useService } from './service-context.ts'
import { openRecord, setUi } from './ui-store.ts'
import { useSurvey } from './use-survey.ts'

const PLACE = 'place'

export function SearchBox() {
  const { t } = useTranslation()
  const { client } = useService()
  const [text, setText] = useState('')
  const extent = useSurvey()?.extent
  const wanted = text.trim()
  const place = useMemo(() => readTypedPlace(wanted, extent ? planeForBox(extent) : EPSG_4549), [wanted, extent])
  const [isAwaited, setAwaited] = useState(false)
  const isChosen = useRef(false)
  const { data: results, isPlaceholderData } = useQuery({
    queryKey: ['search', wanted],
    queryFn: () => client.search.query({ text: wanted, limit: 20 }),
    enabled: wanted !== '',
    placeholderData: previous => previous,
  })
  const found = wanted === '' ? [] : (results ?? [])
  // Answers of an earlier text are shown until the new ones come, but Enter must never open one of them.
  const isCurrent = results !== undefined && !isPlaceholderData
  const choose = (result: SearchResult): void => {
    openResult(result)
    setText('')
    ;(document.activeElement as HTMLElement | null)?.blur()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') isChosen.current = true
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || wanted === '' || place) return
    // The list marks its first entry a moment after it shows it: until a person chooses another one, that one is meant.
    if (isCurrent && (isChosen.current || !found[0])) return
    event.preventDefault()
    event.stopPropagation()
    if (isCurrent) choose(found[0]!)
    else setAwaited(true)
  }
  useEffect(() => {
    if (!isAwaited || !isCurrent) return
    setAwaited(false)
    const [first] = found
    if (first) choose(first)
  })
  const goTo = ({ lng, lat }: TypedPlace): void => {
    setUi({ page: 'map', flyTo: { place: { lng, lat }, isMarked: true } })
    setText('')
    ;(document.activeElement as HTMLElement | null)?.blur()
  }
  const places = place
    ? [
        {
          value: PLACE,
          label: (
            <div className="search-result">
              <span className="search-kind">{t('viewing.place')}</span>
              <span className="search-title">{coordinateText('degrees', place.lng, place.lat)}</span>
              <span className="search-subtitle">{place.crs.id === 'survey' ? '' : place.crs.id}</span>
            </div>
          ),
        },
      ]
    : []
  const records = found.map(result => ({
    value: `${result.entity}:${result.id}`,
    label: (
      <div className="search-result">
        <span className="search-kind">{entityLabel(result.entity)}</span>
        <span className="search-title">{result.title}</span>
        <span className="search-subtitle">{result.subtitle}</span>
      </div>
    ),
  }))
  return (
    <AutoComplete
      className="search-box"
      value={text}
      options={[...places, ...records]}
      defaultActiveFirstOption
      popupMatchSelectWidth={460}
      notFoundContent={
        wanted === '' ? null : <span className="search-nothing">{t('search.nothing', { text: wanted })}</span>
      }
      onChange={value => {
        if (value === PLACE || found.some(result => `${result.entity}:${result.id}` === value)) return
        setText(value)
        setAwaited(false)
        isChosen.current = false
      }}
      onSelect={value => {
        if (value === PLACE && place) goTo(place)
        const result = found.find(candidate => `${candidate.entity}:${candidate.id}` === value)
        if (result) choose(result)
      }}
    >
      <Input
        id="search-box"
        allowClear
        placeholder={t('search.placeholder')}
        title={t('search.hint')}
        aria-label={t('command.search')}
        onKeyDownCapture={onKeyDown}
      />
    </AutoComplete>
  )
}

function openResult(result: SearchResult): void {
  const fly = result.box ? { flyTo: { box: result.box } } : {}
  switch (result.entity) {
    case 'parcel':
      setUi({ page: 'map', selection: { entity: 'parcel', id: result.id }, ...fly })
      return
    case 'enterprise':
      openRecord({ entity: 'enterprise', id: result.id })
      if (result.box) setUi({ ...fly })
      return
    case 'zone':
      setUi({ page: 'zones', selection: { entity: 'zone', id: result.id }, ...fly })
      return
    case 'report_unit':
      setUi({ page: 'map', ...fly })
  }
}
