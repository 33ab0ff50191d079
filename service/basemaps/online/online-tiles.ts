/**
 * Tiles of online sources: from this computer's store first, from the service only where a person has switched that on.
 * After a failure a source is left alone for a while, so that a laptop without a network never waits for it.
 */
import { join } from 'node:path'
import type { Asset } from '../../../shared/contract/assets.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { CACHE_LIMIT_MB, type OnlineFacts, type TileCacheFacts } from '../../../shared/contract/online-basemaps.ts'
import { type TileGrid, tileAddress } from '../../../shared/tiles/online-address.ts'
import { rowsOf } from '../../../shared/tiles/tile-area.ts'
import { openTileCache, type TileCache } from '../../db/tile-cache.ts'
import { breathe } from '../../deps.ts'
import type { DeviceSettings } from '../../survey/device-settings.ts'
import { openSourceSecrets, type SourceSecret, type SourceSecrets } from './source-secrets.ts'
import { type FetchProblem, fetchOnline, MOST_TILE_BYTES } from './tile-fetch.ts'

/** What is remembered of a source among the basemaps; nothing of it is secret. */
export interface OnlineSource {
  readonly id: string
  readonly host: string
  readonly grid: TileGrid
  readonly min_zoom: number
  readonly max_zoom: number
  readonly zoom_offset: number
  readonly fetching: boolean
}

export interface FetchedTile {
  readonly outcome: 'kept' | 'fetched' | 'blank' | 'failed'
  readonly bytes: number
}

export interface OnlineTiles {
  readonly secrets: SourceSecrets
  /** Null where there is nothing, or nothing can be had now. */
  tile(source: OnlineSource, z: number, x: number, y: number): Promise<Asset | null>
  /** For downloads: fetches a tile that is not kept, and marks it as wanted. */
  want(source: OnlineSource, z: number, x: number, y: number, signal: AbortSignal): Promise<FetchedTile>
  facts(source: OnlineSource): OnlineFacts
  /** Changes whenever tiles that were blank may be there now. */
  version(id: string): string
  /** What the last answer of the service was about, as an error; undefined when all is well. */
  trouble(source: OnlineSource): AppError | undefined
  /** Forgets what went wrong: the key changed, fetching was switched, a person asked again. */
  tryAgain(id: string): void
  cache(): TileCache
  cacheFacts(): TileCacheFacts
  setLimit(megabytes: number): Promise<void>
  clear(id: string | undefined): Promise<void>
  /** The source is gone: its secret and its tiles with it. */
  forget(id: string): Promise<void>
  close(): void
}

const LIMIT_SETTING = 'online_tiles_mb'
const AT_ONCE = 6
const REMOVE_AT_ONCE = 500
const MB = 1024 ** 2
/** How long a source is left alone after it failed; a key that was refused is a person's business first. */
const PAUSE_MS = { offline: 15_000, refused: 120_000, failing: 0 } as const
/** A tile that was blank or bad is not asked for again for this long. */
const TILE_PAUSE_MS = 300_000
const MOST_REMEMBERED = 5_000

interface Standing {
  state: 'unknown' | 'ok' | 'offline' | 'refused' | 'failing'
  problem: FetchProblem | null
  until: number
  epoch: number
}

interface Waiting {
  run(): void
}

export function createOnlineTiles(folder: string, device: DeviceSettings, now: () => number): OnlineTiles {
  const secrets = openSourceSecrets(join(folder, 'online-basemaps.json'))
  const standings = new Map<string, Standing>()
  const inFlight = new Map<string, Promise<FetchedTile & { asset: Asset | null }>>()
  const skipped = new Map<string, number>()
  const waiting: Waiting[] = []
  const closing = new AbortController()
  let running = 0
  let opened: TileCache | undefined

  const limitMb = (): number => {
    const value = device.get().settings[LIMIT_SETTING]
    return typeof value === 'number' && value >= CACHE_LIMIT_MB.least ? value : CACHE_LIMIT_MB.usual
  }
  // Opened when first needed: who has no online source never gets such a file.
  const cache = (): TileCache => {
    opened ??= openTileCache(join(folder, 'online-tiles', 'tiles.sqlite'), limitMb() * MB, now)
    return opened
  }
  const standing = (id: string): Standing => {
    let known = standings.get(id)
    if (!known) {
      known = { state: 'unknown', problem: null, until: 0, epoch: 0 }
      standings.set(id, known)
    }
    return known
  }
  const succeed = (id: string): void => {
    const known = standing(id)
    // Tiles that could not be had before are asked for again.
    if (known.state === 'offline' || known.state === 'refused') known.epoch += 1
    Object.assign(known, { state: 'ok', problem: null, until: 0 })
  }
  const fail = (id: string, problem: FetchProblem): void => {
    const state = stateOf(problem)
    Object.assign(standing(id), { state, problem, until: now() + PAUSE_MS[state] })
  }
  const skip = (key: string): void => {
    skipped.set(key, now() + TILE_PAUSE_MS)
    if (skipped.size > MOST_REMEMBERED) skipped.delete(skipped.keys().next().value!)
  }

  /** Runs at most a few requests at once, the newest first: it is what the map shows now. */
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= AT_ONCE) await new Promise<void>(resolve => waiting.push({ run: resolve }))
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.pop()?.run()
    }
  }

  const load = async (
    source: OnlineSource,
    secret: SourceSecret,
    place: { z: number; x: number; y: number },
    isWanted: boolean,
    signal: AbortSignal,
  ): Promise<FetchedTile & { asset: Asset | null }> => {
    const { id } = source
    const failed = { outcome: 'failed', bytes: 0, asset: null } as const
    // The source may have failed while this waited for its turn.
    if (signal.aborted || now() < standing(id).until) return failed
    const key = keyOf(id, place)
    const { z, x, y } = place
    const asked = z + source.zoom_offset
    const level = secret.levels ? secret.levels[String(asked)] : String(asked)
    if (level === undefined) return { outcome: 'blank', bytes: 0, asset: null }
    const address = tileAddress(secret.address, { z: asked, x, y, level, key: secret.key })
    const outcome = await fetchOnline({ address, key: secret.key, want: 'tile', mostBytes: MOST_TILE_BYTES, signal })
    if (signal.aborted || closing.signal.aborted) return failed
    if (outcome.kind === 'problem') {
      fail(id, outcome)
      if (stateOf(outcome) === 'failing') skip(key)
      return failed
    }
    succeed(id)
    if (outcome.kind !== 'tile') {
      skip(key)
      return { outcome: 'blank', bytes: 0, asset: null }
    }
    cache().put(id, z, x, y, outcome, isWanted)
    return { outcome: 'fetched', bytes: outcome.bytes.length, asset: { bytes: outcome.bytes, type: outcome.type } }
  }

  const once = (
    source: OnlineSource,
    place: { z: number; x: number; y: number },
    isWanted: boolean,
    signal: AbortSignal,
  ): Promise<FetchedTile & { asset: Asset | null }> => {
    const secret = secrets.get(source.id)
    const isOutside = place.z < source.min_zoom || place.z > source.max_zoom || place.y >= rowsOf(source.grid, place.z)
    if (!secret || isOutside || place.x >= 2 ** place.z)
      return Promise.resolve({ outcome: 'blank', bytes: 0, asset: null })
    const key = keyOf(source.id, place)
    const known = inFlight.get(key)
    if (known) return known
    const loading = inTurn(() => load(source, secret, place, isWanted, signal)).finally(() => inFlight.delete(key))
    inFlight.set(key, loading)
    return loading
  }

  return {
    secrets,
    async tile(source, z, x, y) {
      const kept = cache().get(source.id, z, x, y)
      if (kept) return kept
      if (!source.fetching || now() < standing(source.id).until) return null
      if ((skipped.get(keyOf(source.id, { z, x, y })) ?? 0) > now()) return null
      return (await once(source, { z, x, y }, false, closing.signal)).asset
    },
    async want(source, z, x, y, signal) {
      if (cache().has(source.id, z, x, y)) {
        cache().want(source.id, z, x, y)
        return { outcome: 'kept', bytes: 0 }
      }
      const { outcome, bytes } = await once(source, { z, x, y }, true, signal)
      if (outcome === 'fetched') cache().want(source.id, z, x, y)
      return { outcome, bytes }
    },
    facts(source) {
      const { state, problem } = standing(source.id)
      const { tiles, bytes } = cache().totals().get(source.id) ?? { tiles: 0, bytes: 0 }
      const trouble = source.fetching && problem ? errorOf(source, problem) : null
      return {
        host: source.host,
        fetching: source.fetching,
        has_key: (secrets.get(source.id)?.key ?? '') !== '',
        state: source.fetching ? state : 'off',
        reason: trouble?.details.reason ?? null,
        message: trouble?.message ?? null,
        values: trouble?.details.values ?? {},
        tiles,
        bytes,
      }
    },
    version: id => String(standing(id).epoch),
    trouble(source) {
      const { problem } = standing(source.id)
      return problem ? errorOf(source, problem) : undefined
    },
    tryAgain(id) {
      const known = standing(id)
      Object.assign(known, { state: 'unknown', problem: null, until: 0, epoch: known.epoch + 1 })
      for (const key of skipped.keys()) if (key.startsWith(`${id}/`)) skipped.delete(key)
    },
    cache,
    cacheFacts() {
      const totals = [...cache().totals().values()]
      const sum = (pick: 'tiles' | 'bytes'): number => totals.reduce((all, each) => all + each[pick], 0)
      return { tiles: sum('tiles'), bytes: sum('bytes'), limit_mb: limitMb() }
    },
    async setLimit(megabytes) {
      device.update({ settings: { ...device.get().settings, [LIMIT_SETTING]: megabytes } })
      cache().setLimit(megabytes * MB)
      while (cache().dropSome()) await breathe()
    },
    async clear(id) {
      if (id === undefined) cache().clear()
      else while (cache().removeSome(id, REMOVE_AT_ONCE)) await breathe()
      for (const [source, known] of standings) if (id === undefined || source === id) known.epoch += 1
    },
    async forget(id) {
      secrets.set(id, null)
      standings.delete(id)
      while (cache().removeSome(id, REMOVE_AT_ONCE)) await breathe()
    },
    close() {
      closing.abort()
      opened?.close()
      opened = undefined
    },
  }
}

function keyOf(id: string, { z, x, y }: { z: number; x: number; y: number }): string {
  return `${id}/${z}/${x}/${y}`
}

function stateOf({ reason }: FetchProblem): 'offline' | 'refused' | 'failing' {
  if (reason === 'online_unreachable' || reason === 'online_timeout' || reason === 'online_busy') return 'offline'
  return reason === 'online_key_refused' || reason === 'online_redirect' ? 'refused' : 'failing'
}

/** In words for people, with the host and nothing else of the address. */
export function errorOf({ host }: { readonly host: string }, { reason, status, said }: FetchProblem): AppError {
  const answer = said === '' ? String(status) : `${status} ${said}`
  const words: Record<FetchProblem['reason'], string> = {
    online_unreachable: `连不上 ${host}，只显示已保存的图块`,
    online_timeout: `${host} 没有及时回答，只显示已保存的图块`,
    online_key_refused: `${host} 拒绝了请求(${answer})，请检查密钥是否正确、有效，是否超过当日用量`,
    online_busy: `${host} 暂时不能提供图块(${answer})，稍后自动再试`,
    online_redirect: `${host} 要把请求转到别的地址，已拒绝；可能需要先登录网络`,
    online_too_large: `${host} 给出的图块过大，已拒绝`,
    online_bad_answer: `${host} 的回答不是图块(${answer})，请检查地址`,
  }
  const code = reason === 'online_key_refused' || reason === 'online_redirect' ? 'refused' : 'file_unreadable'
  return new AppError(code, words[reason], { reason, values: { host, answer } })
}
