/**
 * Adding an online basemap: a layer of 天地图 or any WMTS or XYZ address, with the person's own key. Says before anything
 * else what will use the network; nothing is fetched here but the list of layers, by its button.
 */
import { Button, Input, InputNumber, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WmtsLayer } from '../../../shared/contract/online-basemaps.ts'
import {
  readAddress,
  TIANDITU_LAYERS,
  TILE_GRIDS,
  type TiandituLayer,
  type TileGrid,
  tiandituTemplate,
} from '../../../shared/tiles/online-address.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'

type Source = TiandituLayer | 'other'

export function OnlineForm({ onClose }: Readonly<{ onClose: (isAdded: boolean) => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const [source, setSource] = useState<Source>('img')
  const [grid, setGrid] = useState<TileGrid>('mercator')
  const [address, setAddress] = useState(tiandituTemplate('img', 'mercator'))
  const [key, setKey] = useState('')
  const [name, setName] = useState<string>(t('online.tianditu.img'))
  const [zooms, setZooms] = useState({ min_zoom: 1, max_zoom: 18, zoom_offset: 0 })
  const [layers, setLayers] = useState<WmtsLayer[] | null>(null)
  const [choice, setChoice] = useState<string>()
  const [isBusy, setBusy] = useState(false)

  const take = (next: Source, nextGrid: TileGrid): void => {
    setSource(next)
    setGrid(nextGrid)
    setLayers(null)
    if (next === 'other') {
      if (source !== 'other') {
        setAddress('')
        setName('')
      }
      return
    }
    setAddress(tiandituTemplate(next, nextGrid))
    setName(t(`online.tianditu.${next}`))
  }
  const read = readAddress(address, key)
  const isCapabilities = !('problem' in read) && read.kind === 'capabilities'
  const options = (layers ?? []).flatMap(({ layer, title, sets }) =>
    sets.map(set => ({ value: JSON.stringify([layer, set.id]), label: `${title} · ${t(`online.${set.grid}`)}` })),
  )
  const run = (work: Promise<void>): void => {
    setBusy(true)
    work.catch(notify.error).finally(() => setBusy(false))
  }
  const readLayers = async (): Promise<void> => {
    const offered = await client.onlineBasemaps.offers({ address, key })
    setLayers(offered)
    const first = offered[0]
    if (first) choose(JSON.stringify([first.layer, first.sets[0]?.id]), offered)
  }
  const choose = (value: string, among = layers ?? []): void => {
    setChoice(value)
    const [id] = JSON.parse(value) as [string]
    const title = among.find(({ layer }) => layer === id)?.title
    if (title !== undefined && name === '') setName(title)
  }
  const add = async (): Promise<void> => {
    const common = { name: name.trim(), address, key }
    const [layer, set] = isCapabilities && choice !== undefined ? (JSON.parse(choice) as [string, string]) : []
    await client.onlineBasemaps.add(
      layer !== undefined && set !== undefined ? { ...common, layer, set } : { ...common, ...zooms, grid },
    )
    onClose(true)
  }
  const level = (field: keyof typeof zooms, label: string, min: number, max: number) => (
    <InputNumber
      min={min}
      max={max}
      precision={0}
      value={zooms[field]}
      aria-label={label}
      title={label}
      onChange={value => setZooms({ ...zooms, [field]: value ?? 0 })}
    />
  )
  return (
    <Modal
      open
      title={t('online.title')}
      onCancel={() => onClose(false)}
      footer={[
        <Button key="cancel" onClick={() => onClose(false)}>
          {t('online.cancel')}
        </Button>,
        <Button
          key="save"
          type="primary"
          loading={isBusy}
          disabled={name.trim() === '' || address.trim() === '' || (isCapabilities && choice === undefined)}
          onClick={() => run(add())}
        >
          {t('online.save')}
        </Button>,
      ]}
    >
      <div className="online-form" data-testid="online-form">
        <p className="basemap-note">{t('online.notice')}</p>
        <span>{t('online.source')}</span>
        <Select<Source>
          value={source}
          aria-label={t('online.source')}
          options={[
            ...TIANDITU_LAYERS.map(value => ({ value, label: t(`online.tianditu.${value}`) })),
            { value: 'other' as const, label: t('online.other') },
          ]}
          onChange={next => take(next, grid)}
        />
        <span>{t('online.address')}</span>
        <Input
          value={address}
          aria-label={t('online.address')}
          placeholder="https://"
          title={t('online.address_hint')}
          autoComplete="off"
          onChange={event => {
            const text = event.target.value
            setAddress(text)
            setLayers(null)
            setChoice(undefined)
            const known = readAddress(text, key === '' ? 'k' : key)
            if (!('problem' in known)) setGrid(known.grid)
          }}
        />
        {source === 'other' && <span className="online-hint muted">{t('online.address_hint')}</span>}
        <span>{t('online.key')}</span>
        <Input.Password
          value={key}
          aria-label={t('online.key')}
          placeholder={t('online.key_hint')}
          autoComplete="off"
          onChange={event => setKey(event.target.value.trim())}
        />
        {isCapabilities ? (
          <>
            <span>{t('online.layer')}</span>
            <div className="basemap-head">
              {layers && (
                <Select
                  className="online-layer"
                  value={choice}
                  aria-label={t('online.layer')}
                  options={options}
                  showSearch={{ optionFilterProp: 'label' }}
                  onChange={value => choose(value)}
                />
              )}
              <Button loading={isBusy} onClick={() => run(readLayers())}>
                {t('online.read')}
              </Button>
            </div>
          </>
        ) : (
          <>
            <span>{t('online.grid')}</span>
            <Segmented<TileGrid>
              aria-label={t('online.grid')}
              value={grid}
              options={TILE_GRIDS.map(value => ({ value, label: t(`online.${value}`) }))}
              onChange={next => (source === 'other' ? setGrid(next) : take(source, next))}
            />
            <span>{t('online.levels')}</span>
            <div className="basemap-head">
              {level('min_zoom', t('online.min_zoom'), 0, 24)}
              <span>–</span>
              {level('max_zoom', t('online.max_zoom'), 0, 24)}
              <span className="online-offset" title={t('online.offset_hint')}>
                {t('online.offset')}
              </span>
              {level('zoom_offset', t('online.offset'), -5, 5)}
            </div>
          </>
        )}
        <span>{t('online.name')}</span>
        <Input
          value={name}
          maxLength={200}
          aria-label={t('online.name')}
          onChange={event => setName(event.target.value)}
        />
      </div>
    </Modal>
  )
}
