/** Find anything: `/` focuses, arrows choose, Enter flies there and opens the record. Safe with Chinese input methods. */
import { useQuery } from '@tanstack/react-query'
import { AutoComplete, Input } from 'antd'
import { useState } from 'react'
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
  const results = useQuery({
    queryKey: ['search', wanted],
    queryFn: () => client.search.query({ text: wanted, limit: 20 }),
    enabled: wanted !== '',
    placeholderData: previous => previous,
  }).data
  const found = wanted === '' ? [] : (results ?? [])
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
        if (!found.some(result => `${result.entity}:${result.id}` === value)) setText(value)
      }}
      onSelect={value => {
        const result = found.find(candidate => `${candidate.entity}:${candidate.id}` === value)
        if (result) openResult(result)
        setText('')
        ;(document.activeElement as HTMLElement | null)?.blur()
      }}
    >
      <Input
        id="search-box"
        allowClear
        placeholder={t('search.placeholder')}
        title={t('search.hint')}
        aria-label={t('command.search')}
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
