/** The basemaps of this computer: which are shown, in which order, how strongly; adding and forgetting files. */
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Slider } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Basemap } from '../../../shared/contract/basemaps.ts'
import { useFiles } from '../../app/files.ts'
import { language } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { setField } from '../../map/field/field-store.ts'

/** Shows the basemaps on the map for as long as the page lives; the panel itself opens by its button. */
export function BasemapPanel() {
  const { t } = useTranslation()
  const { client, assets, generation } = useService()
  const queries = useQueryClient()
  const files = useFiles()
  const notify = useNotify()
  const [isOpen, setOpen] = useState(false)
  const key = ['basemaps', generation]
  const { data: sources = [] } = useQuery({ queryKey: key, queryFn: () => client.basemaps.list() })
  useEffect(() => {
    setField({
      readTile: (source, z, x, y) => assets.read({ kind: 'basemap', source, z, x, y }),
    })
    return () => setField({ readTile: null })
  }, [assets])
  useEffect(() => {
    setField({
      basemaps: sources
        .filter(source => source.visible && source.state === 'ok')
        .map(({ id, min_zoom: minZoom, max_zoom: maxZoom, opacity, gcj02, version }) => ({
          id,
          minZoom,
          maxZoom,
          opacity,
          gcj02,
          version,
        })),
    })
  }, [sources])
  const apply = (change: Promise<Basemap[]>): Promise<void> =>
    change.then(list => queries.setQueryData(key, list)).then(() => undefined, notify.error)
  const add = async (): Promise<void> => {
    try {
      const file = await files.choose(t('basemap.add'), [
        { name: t('basemap.files'), extensions: ['mbtiles', 'pmtiles'] },
      ])
      if (file !== null) await apply(client.basemaps.add({ file }))
    } catch (error) {
      notify.error(error)
    }
  }
  const move = (index: number, by: number): void => {
    const ids = sources.map(source => source.id)
    const [id] = ids.splice(index, 1)
    ids.splice(index + by, 0, id!)
    void apply(client.basemaps.reorder({ ids }))
  }
  // The list shows what lies on top first.
  const rows = sources.map((source, index) => ({ source, index })).reverse()
  return (
    <>
      {isOpen && (
        <section className="basemap-panel" aria-label={t('basemap.title')} data-testid="basemap-panel">
          {rows.length === 0 && <div className="muted">{t('basemap.none')}</div>}
          {rows.map(({ source, index }) => (
            <div key={source.id} className="basemap-row">
              <div className="basemap-head">
                <Checkbox
                  checked={source.visible}
                  disabled={source.state !== 'ok'}
                  onChange={event =>
                    void apply(client.basemaps.update({ id: source.id, visible: event.target.checked }))
                  }
                >
                  <span title={source.file}>{source.name}</span>
                </Checkbox>
                <span className="panel-gap" />
                <Button
                  size="small"
                  type="text"
                  icon={<ArrowUpOutlined />}
                  disabled={index === sources.length - 1}
                  aria-label={t('basemap.up', { name: source.name })}
                  onClick={() => move(index, 1)}
                />
                <Button
                  size="small"
                  type="text"
                  icon={<ArrowDownOutlined />}
                  disabled={index === 0}
                  aria-label={t('basemap.down', { name: source.name })}
                  onClick={() => move(index, -1)}
                />
                <Button
                  size="small"
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t('basemap.remove', { name: source.name })}
                  title={t('basemap.remove', { name: source.name })}
                  onClick={() => void apply(client.basemaps.remove({ id: source.id }))}
                />
              </div>
              {source.state === 'ok' ? (
                <div className="basemap-head">
                  <Slider
                    className="basemap-opacity"
                    min={0}
                    max={100}
                    defaultValue={Math.round(source.opacity * 100)}
                    ariaLabelForHandle={t('basemap.opacity', { name: source.name })}
                    onChangeComplete={value =>
                      void apply(client.basemaps.update({ id: source.id, opacity: value / 100 }))
                    }
                  />
                  <Checkbox
                    checked={source.gcj02}
                    onChange={event =>
                      void apply(client.basemaps.update({ id: source.id, gcj02: event.target.checked }))
                    }
                  >
                    <span title={t('basemap.gcj02_hint')}>GCJ-02</span>
                  </Checkbox>
                  {source.box && (
                    <Button
                      size="small"
                      type="link"
                      onClick={() => setUi({ page: 'map', flyTo: { box: source.box! } })}
                    >
                      {t('basemap.fly')}
                    </Button>
                  )}
                </div>
              ) : (
                <div className="basemap-problem" role="status">
                  {language() === 'zh' || source.reason === null ? source.message : t(`reason.${source.reason}`)}
                </div>
              )}
            </div>
          ))}
          <Button size="small" onClick={() => void add()}>
            {t('basemap.add')}
          </Button>
        </section>
      )}
      <Button size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t('basemap.title')}
      </Button>
    </>
  )
}
