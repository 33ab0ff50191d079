/** Views that a person wants to come back to, by name, for each survey; kept on this computer. */
import { BookOutlined, DeleteOutlined } from '@ant-design/icons'
import { Button, Input, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotify } from '../../app/notify.ts'
import { setUi, uiState, useUi } from '../../app/ui-store.ts'
import { useDeviceSetting } from '../../app/use-device-setting.ts'
import { MAP_THEMES, type MapThemeName } from '../../map/map-port.ts'

interface Bookmark {
  name: string
  lng: number
  lat: number
  zoom: number
  theme: MapThemeName
}
type Shelf = Readonly<Record<string, readonly Bookmark[]>>

const MOST = 50

function readShelf(stored: unknown): Shelf {
  if (typeof stored !== 'object' || stored === null) return {}
  return Object.fromEntries(
    Object.entries(stored).map(([file, list]) => [file, Array.isArray(list) ? list.filter(isBookmark) : []]),
  )
}

function isBookmark(value: unknown): value is Bookmark {
  const { name, lng, lat, zoom, theme } = (value ?? {}) as Record<string, unknown>
  return (
    typeof name === 'string' && [lng, lat, zoom].every(Number.isFinite) && MAP_THEMES.includes(theme as MapThemeName)
  )
}

export function Bookmarks({ file }: Readonly<{ file: string }>) {
  const { t } = useTranslation()
  const notify = useNotify()
  const isOpen = useUi(state => state.bookmarksOpen)
  const [shelf, setShelf] = useDeviceSetting('bookmarks', readShelf)
  const [name, setName] = useState('')
  const list = shelf?.[file] ?? []
  const wanted = name.trim() || t('viewing.bookmark_default', { number: list.length + 1 })

  const close = (): void => {
    setUi({ bookmarksOpen: false })
    document.querySelector<HTMLElement>('.map-canvas')?.focus()
  }
  const keep = async (): Promise<void> => {
    const { view, theme } = uiState()
    if (!view) return
    const added: Bookmark = { name: wanted, ...view.centre, zoom: view.zoom, theme }
    await setShelf({ ...shelf, [file]: [added, ...list.filter(entry => entry.name !== wanted)].slice(0, MOST) })
    setName('')
    notify.success(t('viewing.bookmark_saved', { name: wanted }))
  }
  const go = ({ lng, lat, zoom, theme }: Bookmark): void => {
    setUi({ flyTo: { place: { lng, lat }, zoom }, theme })
    close()
  }
  const content = (
    // Escape closes it from anywhere inside.
    <div className="bookmarks" role="dialog" aria-label={t('viewing.bookmarks')}>
      <div className="bookmark-row">
        <Input
          autoFocus
          value={name}
          maxLength={60}
          placeholder={t('viewing.bookmark_default', { number: list.length + 1 })}
          aria-label={t('viewing.bookmark_name')}
          onChange={event => setName(event.target.value)}
          onKeyDown={event => {
            if (event.nativeEvent.isComposing) return
            if (event.key === 'Enter') void keep()
            if (event.key === 'Escape') close()
          }}
        />
        <Button type="primary" onClick={() => void keep()}>
          {t('viewing.bookmark_add')}
        </Button>
      </div>
      {list.length === 0 && <p className="muted">{t('viewing.bookmark_none')}</p>}
      <ul>
        {list.map(entry => (
          <li key={entry.name} className="bookmark-row">
            <Button type="text" className="bookmark-name" onClick={() => go(entry)}>
              <span className="ellipsis">{entry.name}</span>
            </Button>
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('viewing.bookmark_remove', { name: entry.name })}
              title={t('viewing.bookmark_remove', { name: entry.name })}
              onClick={() => void setShelf({ ...shelf, [file]: list.filter(other => other !== entry) })}
            />
          </li>
        ))}
      </ul>
    </div>
  )
  return (
    <Popover
      trigger="click"
      placement="topRight"
      open={isOpen}
      onOpenChange={open => setUi({ bookmarksOpen: open })}
      content={content}
      destroyOnHidden
    >
      <Button icon={<BookOutlined />} aria-expanded={isOpen} title={`${t('viewing.bookmarks')} (K)`}>
        {t('viewing.bookmarks')}
      </Button>
    </Popover>
  )
}
