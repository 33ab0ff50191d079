/**
 * The basemaps of this computer. What is remembered is in the device's settings; files are opened when first asked for and
 * again when they changed. A file that is gone or broken is shown as such, never forgotten.
 */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import type { Asset } from '../../shared/contract/assets.ts'
import type { Basemap } from '../../shared/contract/basemaps.ts'
import { AppError, isAppError } from '../../shared/contract/errors.ts'
import { TILE_GRIDS } from '../../shared/tiles/online-address.ts'
import type { DeviceSettings } from '../survey/device-settings.ts'
import type { OnlineSource, OnlineTiles } from './online/online-tiles.ts'
import { createTileThread, type ThreadFile } from './tile-thread.ts'

const SETTING = 'basemaps'
const rememberedSchema = z.array(
  z.object({
    id: z.string(),
    file: z.string(),
    name: z.string(),
    opacity: z.number(),
    visible: z.boolean(),
    gcj02: z.boolean(),
    /** False: nobody has said yet whether it is shifted. Settings of earlier versions had it said. */
    shift_said: z.boolean().default(true),
    crs: z.string().nullable().default(null),
    shown_from: z.number().nullable().default(null),
    shown_to: z.number().nullable().default(null),
    /** A source on a server; `file` is its host then. Address and key are kept elsewhere. */
    online: z
      .object({
        grid: z.enum(TILE_GRIDS),
        min_zoom: z.number(),
        max_zoom: z.number(),
        zoom_offset: z.number(),
        fetching: z.boolean(),
      })
      .nullable()
      .default(null),
  }),
)
type Remembered = z.infer<typeof rememberedSchema>[number]

export interface Basemaps {
  list(): Promise<Basemap[]>
  add(file: string, crs?: string | null): Promise<Basemap[]>
  relocate(id: string, file: string): Promise<Basemap[]>
  update(id: string, change: Partial<Omit<Remembered, 'id' | 'file' | 'online'>>): Promise<Basemap[]>
  reorder(ids: readonly string[]): Promise<Basemap[]>
  remove(id: string): Promise<Basemap[]>
  tile(id: string, z: number, x: number, y: number): Promise<Asset | null>
  /** Remembers an online source on top, switched off; its address and key are the caller's business. */
  addOnline(name: string, source: Omit<OnlineSource, 'fetching'>): void
  /** Throws `not_found` for files and unknown ids. */
  onlineSource(id: string): OnlineSource
  setFetching(id: string, fetching: boolean): void
  close(): void
}

interface Opened {
  readonly version: string
  readonly tiles: Promise<ThreadFile>
}

/** The same error with the file that it is about: several may be dropped at once. */
function named(file: string, { code, message, details, cause }: AppError): AppError {
  return new AppError(code, `文件“${basename(file)}”：${message}`, { ...details, file }, { cause })
}

export function createBasemaps(device: DeviceSettings, newId: () => string, online: OnlineTiles): Basemaps {
  const opened = new Map<string, Opened>()
  const thread = createTileThread()

  const remembered = (): Remembered[] => {
    const parsed = rememberedSchema.safeParse(device.get().settings[SETTING])
    return parsed.success ? parsed.data : []
  }
  const remember = (sources: readonly Remembered[]): void => {
    device.update({ settings: { ...device.get().settings, [SETTING]: sources } })
  }
  const drop = (id: string): void => {
    const known = opened.get(id)
    opened.delete(id)
    known?.tiles.then(
      tiles => tiles.close(),
      () => undefined,
    )
  }

  /** The open file behind a source; a changed one is opened anew. Rejects with what is wrong. */
  const fileOf = ({ id, file, crs }: Remembered): Opened => {
    const version = versionOf(file)
    const known = opened.get(id)
    if (known?.version === version) return known
    drop(id)
    const fresh: Opened = { version, tiles: thread.open(file, crs) }
    fresh.tiles.catch(() => undefined)
    opened.set(id, fresh)
    return fresh
  }

  const describe = async (source: Remembered): Promise<Basemap> => {
    const blank = {
      online: null,
      grid: 'mercator' as const,
      format: null,
      kind: null,
      note: null,
      ask_shift: false,
      min_zoom: 0,
      max_zoom: 0,
      box: null,
      version: '',
      reason: null,
      message: null,
    }
    const remote = remoteOf(source)
    if (remote) {
      const { grid, min_zoom, max_zoom, fetching } = remote
      const version = `${fetching}-${online.version(source.id)}`
      const crs = grid === 'geographic' ? 'EPSG:4490' : 'EPSG:3857'
      const facts = { format: 'online', kind: 'raster', crs, grid, min_zoom, max_zoom, version } as const
      return { ...source, ...blank, ...facts, online: online.facts(remote), state: 'ok' }
    }
    try {
      const { version, tiles } = fileOf(source)
      const { format, kind, crs, note, mayBeShifted, minZoom, maxZoom, box } = await tiles
      const ask_shift = mayBeShifted && !source.shift_said
      const facts = { format, kind, crs, note, ask_shift, min_zoom: minZoom, max_zoom: maxZoom, box, version }
      return { ...source, ...blank, ...facts, state: 'ok' }
    } catch (error) {
      const known = isAppError(error) ? error : unreadable(error)
      const reason = known.details.reason ?? null
      const state = known.code === 'file_not_found' ? 'missing' : 'broken'
      return { ...source, ...blank, reason, message: known.message, state }
    }
  }
  const list = (): Promise<Basemap[]> => Promise.all(remembered().map(describe))
  const require = (id: string): Remembered => {
    const source = remembered().find(candidate => candidate.id === id)
    if (source) return source
    throw new AppError('not_found', '找不到这个底图', { reason: 'basemap_not_found' })
  }

  const onlineSource = (id: string): OnlineSource => {
    const remote = remoteOf(require(id))
    if (remote) return remote
    throw new AppError('not_found', '找不到这个底图', { reason: 'basemap_not_found' })
  }

  /** Opens it once to see that it can be, and what it is called. */
  const nameOf = async (file: string, crs: string | null): Promise<string> => {
    versionOf(file)
    const tiles = await thread.open(file, crs).catch(error => {
      throw named(file, isAppError(error) ? error : unreadable(error))
    })
    tiles.close()
    return tiles.name?.trim().slice(0, 200) || basename(file)
  }

  return {
    list,
    async add(file, crs = null) {
      if (!remembered().some(source => source.file === file)) {
        const name = await nameOf(file, crs)
        const zooms = { shown_from: null, shown_to: null }
        const source = {
          id: newId(),
          file,
          name,
          opacity: 1,
          visible: true,
          gcj02: false,
          shift_said: false,
          crs,
          online: null,
          ...zooms,
        }
        remember([...remembered(), source])
      }
      return list()
    },
    async relocate(id, file) {
      const { crs } = require(id)
      await nameOf(file, crs)
      drop(id)
      remember(remembered().map(source => (source.id === id ? { ...source, file } : source)))
      return list()
    },
    async update(id, given) {
      require(id)
      const change = given.gcj02 === undefined ? given : { ...given, shift_said: true }
      remember(remembered().map(source => (source.id === id ? { ...source, ...change } : source)))
      return list()
    },
    async reorder(ids) {
      const rank = new Map(ids.map((id, index) => [id, index]))
      const place = (source: Remembered): number => rank.get(source.id) ?? ids.length
      remember(remembered().sort((a, b) => place(a) - place(b)))
      return list()
    },
    async remove(id) {
      const source = require(id)
      drop(id)
      remember(remembered().filter(source => source.id !== id))
      if (source.online) await online.forget(id)
      return list()
    },
    addOnline(name, { id, host, ...source }) {
      const added = { id, file: host, name, opacity: 1, visible: true, gcj02: false, shift_said: true, crs: null }
      const zooms = { shown_from: null, shown_to: null }
      remember([...remembered(), { ...added, ...zooms, online: { ...source, fetching: false } }])
    },
    onlineSource,
    setFetching(id, fetching) {
      onlineSource(id)
      remember(
        remembered().map(source =>
          source.id === id && source.online ? { ...source, online: { ...source.online, fetching } } : source,
        ),
      )
    },
    async tile(id, z, x, y) {
      const source = require(id)
      const remote = remoteOf(source)
      if (remote) return online.tile(remote, z, x, y)
      const tiles = await fileOf(source).tiles
      if (z < tiles.minZoom || z > tiles.maxZoom || x >= 2 ** z || y >= 2 ** z) return null
      return tiles.tile(z, x, y).catch(error => {
        // The thread is gone with all it had open: the next call opens anew.
        drop(id)
        throw error
      })
    },
    close() {
      opened.clear()
      online.close()
      thread.end()
    },
  }
}

function remoteOf({ id, file, online }: Remembered): OnlineSource | undefined {
  return online ? { id, host: file, ...online } : undefined
}

/** Size and time of a file; throws `file_not_found` when it is not there. */
function versionOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats?.isFile()) throw new AppError('file_not_found', '找不到底图文件', { reason: 'basemap_missing', file })
  return `${stats.size.toString(36)}-${Math.round(stats.mtimeMs).toString(36)}`
}

function unreadable(cause: unknown): AppError {
  return new AppError('file_unreadable', '无法读取底图文件', { reason: 'file_unreadable' }, { cause })
}
