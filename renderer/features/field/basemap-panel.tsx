/** The basemaps of this computer: which are shown, in which order, how strongly; adding and forgetting files. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Basemap } from '../../../shared/contract/basemaps.ts'
import { asServiceError } from '../../app/errors.ts'
import { useEscape } from '../../app/escape.ts'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { setField } from '../../map/field/field-store.ts'
import { BasemapRow } from './basemap-row.tsx'
import { CrsQuestion } from './crs-question.tsx'
import { OnlineForm } from './online-form.tsx'
import { TileStore } from './tile-store.tsx'
import { useReorder } from './use-reorder.ts'

const LOOK_EVERY_MS = 4000
/** Somebody waits to see whether it works. */
const LOOK_SOON_MS = 700
const isFetching = (source: Basemap): boolean => source.visible && source.online?.fetching === true

/** Shows the basemaps on the map for as long as the page lives; the panel itself opens by its button. */
export function BasemapPanel() {
  const { t } = useTranslation()
  const { client, assets, generation } = useService()
  const queries = useQueryClient()
  const files = useFiles()
  const notify = useNotify()
  const [isOpen, setOpen] = useState(false)
  useEscape(isOpen, () => setOpen(false))
  const [withoutCrs, setWithoutCrs] = useState<string | null>(null)
  const key = ['basemaps', generation]
  const [isAdding, setAdding] = useState(false)
  const { data: sources = [] } = useQuery({
    queryKey: key,
    queryFn: () => client.basemaps.list(),
    // How an online source stands shows when it is asked for tiles, not when something is done here.
    refetchInterval: ({ state }) => {
      const fetching = state.data?.filter(isFetching) ?? []
      if (fetching.length === 0) return false
      return fetching.some(source => source.online?.state === 'unknown') ? LOOK_SOON_MS : LOOK_EVERY_MS
    },
  })
  const lookAgain = (): void => void queries.invalidateQueries({ queryKey: key })
  const online = sources.filter(source => source.online)
  const troubled = sources.find(source => isFetching(source) && source.online?.reason)
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
        .map(source => ({
          id: source.id,
          kind: source.kind ?? 'raster',
          grid: source.grid,
          parents: source.format === 'geotiff' ? 0 : 3,
          minZoom: source.min_zoom,
          maxZoom: source.max_zoom,
          shownFrom: source.shown_from,
          shownTo: source.shown_to,
          opacity: source.opacity,
          gcj02: source.gcj02,
          version: source.version,
        })),
    })
  }, [sources])
  const apply = (change: Promise<Basemap[]>): Promise<void> =>
    change.then(list => queries.setQueryData(key, list)).then(() => undefined, notify.error)
  const choose = (): Promise<string | null> =>
    files.choose(t('basemap.add'), [{ name: t('basemap.files'), extensions: ['mbtiles', 'pmtiles', 'tif', 'tiff'] }])
  const add = async (file: string, crs?: string): Promise<void> => {
    try {
      queries.setQueryData(key, await client.basemaps.add(crs === undefined ? { file } : { file, crs }))
      setWithoutCrs(null)
    } catch (error) {
      const reason = asServiceError(error)?.data?.reason
      // The next step is a choice, not a message.
      if (reason === 'basemap_crs_unknown') setWithoutCrs(file)
      else notify.error(error)
    }
  }
  const chooseAndAdd = (): Promise<void> => choose().then(file => (file === null ? undefined : add(file)), notify.error)
  const relocate = (id: string): Promise<void> =>
    choose().then(file => (file === null ? undefined : apply(client.basemaps.relocate({ id, file }))), notify.error)
  const move = (index: number, by: number): void => {
    const ids = sources.map(source => source.id)
    const [id] = ids.splice(index, 1)
    ids.splice(index + by, 0, id!)
    void apply(client.basemaps.reorder({ ids }))
  }
  // The list shows what lies on top first.
  const rows = sources.map((source, index) => ({ source, index })).reverse()
  const reorder = useReorder(
    rows.map(({ source }) => source.id),
    ids => {
      const bottomUp = [...ids].reverse()
      // Shown at once; the answer follows.
      queries.setQueryData<Basemap[]>(
        key,
        list => list && [...list].sort((a, b) => bottomUp.indexOf(a.id) - bottomUp.indexOf(b.id)),
      )
      void apply(client.basemaps.reorder({ ids: bottomUp }))
    },
  )
  return (
    <>
      {isOpen && (
        <section className="basemap-panel" aria-label={t('basemap.title')} data-testid="basemap-panel">
          {rows.length === 0 && <div className="muted">{t('basemap.none')}</div>}
          {rows.map(({ source, index }) => (
            <BasemapRow
              key={source.id}
              source={source}
              isTop={index === sources.length - 1}
              isBottom={index === 0}
              reorder={reorder}
              onMove={by => move(index, by)}
              onChange={change => void apply(client.basemaps.update({ id: source.id, ...change }))}
              onRemove={() => void apply(client.basemaps.remove({ id: source.id }))}
              onRelocate={() => void relocate(source.id)}
              onOnline={lookAgain}
            />
          ))}
          {withoutCrs !== null && (
            <CrsQuestion
              key={withoutCrs}
              file={withoutCrs}
              onAnswer={crs => void add(withoutCrs, crs)}
              onCancel={() => setWithoutCrs(null)}
            />
          )}
          <div className="basemap-head">
            <Button size="small" onClick={() => void chooseAndAdd()}>
              {t('basemap.add')}
            </Button>
            <Button size="small" onClick={() => setAdding(true)}>
              {t('online.add')}
            </Button>
          </div>
          {online.length > 0 && (
            <TileStore
              tiles={online.reduce((sum, source) => sum + (source.online?.tiles ?? 0), 0)}
              onChanged={lookAgain}
            />
          )}
        </section>
      )}
      {isAdding && (
        <OnlineForm
          onClose={isAdded => {
            setAdding(false)
            if (isAdded) lookAgain()
          }}
        />
      )}
      {troubled?.online && !isOpen && (
        <span className="basemap-hint" role="status">
          {t('online.hint', { name: troubled.name, state: t(`online.state.${troubled.online.state}`) })}
        </span>
      )}
      <Button size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t('basemap.title')}
      </Button>
    </>
  )
}
