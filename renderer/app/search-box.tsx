/** Find anything: `/` focuses, arrows choose, Enter flies there and opens the record. Safe with Chinese input methods. */
import { useQuery } from '@tanstack/react-query'
import { AutoComplete, Input } from 'antd'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SearchResult } from '../../shared/contract/zones.ts'
import { entityLabel } from './i18n/i18n.ts'
import { useService } from './service-context.ts'
import { openRecord, setUi } from './ui-store.ts'

export function SearchBox() {
  const { t } = useTranslation()
  const { client } = useService()
  const [text, setText] = useState('')
  const wanted = text.trim()
  const [isAwaited, setAwaited] = useState(false)
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
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || wanted === '' || isCurrent) return
    event.preventDefault()
    event.stopPropagation()
    setAwaited(true)
  }
  useEffect(() => {
    if (!isAwaited || !isCurrent) return
    setAwaited(false)
    const [first] = found
    if (first) choose(first)
  })
  const options = found.map(result => ({
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
      options={options}
      defaultActiveFirstOption
      popupMatchSelectWidth={460}
      notFoundContent={
        wanted === '' ? null : <span className="search-nothing">{t('search.nothing', { text: wanted })}</span>
      }
      onChange={value => {
        if (found.some(result => `${result.entity}:${result.id}` === value)) return
        setText(value)
        setAwaited(false)
      }}
      onSelect={value => {
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
