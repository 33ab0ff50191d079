/** An area of an online source fetched for offline use: estimate first, then tile by tile, coarse levels first. */
import { AppError } from '../../../shared/contract/errors.ts'
import { MOST_DOWNLOAD_TILES } from '../../../shared/contract/online-basemaps.ts'
import { countOf, type TileRange, tileRange, tilesOf } from '../../../shared/tiles/tile-area.ts'
import type { JobControl } from '../../boundary/job-stream.ts'
import type { OnlineSource, OnlineTiles } from './online-tiles.ts'

type Box = readonly [number, number, number, number]

const USUAL_TILE_BYTES = 20_000
const AT_ONCE = 4
/** Of so many tiles in a row without an answer, the rest is not asked for. */
const MOST_FAILED = 20
const MB = 1024 ** 2

export interface Area {
  readonly box: Box
  readonly from: number
  readonly to: number
}

export function estimate(online: OnlineTiles, source: OnlineSource, area: Area) {
  const ranges = rangesOf(source, area)
  const tiles = ranges.reduce((sum, range) => sum + countOf(range), 0)
  const known =
    tiles > MOST_DOWNLOAD_TILES ? 0 : ranges.reduce((sum, range) => sum + online.cache().count(source.id, range), 0)
  const total = online.cache().totals().get(source.id)
  const each = total && total.tiles >= 20 ? total.bytes / total.tiles : USUAL_TILE_BYTES
  const missing = tiles - known
  const bytes = Math.round(missing * each)
  const refusal = refusalOf(source, { tiles, bytes }, online.cacheFacts().limit_mb)
  return {
    tiles,
    missing,
    bytes,
    refusal: refusal?.details.reason ?? null,
    message: refusal?.message ?? null,
    values: refusal?.details.values ?? {},
  }
}

function refusalOf(source: OnlineSource, { tiles, bytes }: { tiles: number; bytes: number }, limit_mb: number) {
  if (!source.fetching) return new AppError('refused', '请先为这个底图开启联网获取', { reason: 'online_download_off' })
  if (tiles === 0) return new AppError('refused', '这个底图没有所选级别的图块', { reason: 'online_download_none' })
  if (tiles > MOST_DOWNLOAD_TILES)
    return new AppError('refused', `一次最多下载 ${MOST_DOWNLOAD_TILES} 块，请缩小范围或降低级别`, {
      reason: 'online_download_many',
      values: { most: MOST_DOWNLOAD_TILES },
    })
  if (bytes > limit_mb * MB)
    return new AppError('refused', `预计超过保存上限 ${limit_mb} MB，请缩小范围或提高上限`, {
      reason: 'online_download_large',
      values: { limit: limit_mb },
    })
  return undefined
}

/** Throws `refused` beyond the limits and when the source stops answering; what was fetched until then stays. */
export async function download(online: OnlineTiles, source: OnlineSource, area: Area, control: JobControl) {
  const plan = estimate(online, source, area)
  const refusal = refusalOf(source, plan, online.cacheFacts().limit_mb)
  if (refusal) throw refusal
  online.tryAgain(source.id)
  const result = { fetched: 0, known: 0, blank: 0, failed: 0, bytes: 0 }
  const queue = tilesOf(rangesOf(source, area))
  let done = 0
  let failedInARow = 0
  control.report({ phase: 'online_download', done, total: plan.tiles })
  // A server that does not answer must not hold up who gives up.
  const give = new AbortController()
  const watch = setInterval(() => control.checkpoint().catch(() => give.abort()), 200)
  const worker = async (): Promise<void> => {
    for (const { z, x, y } of queue) {
      await control.checkpoint()
      if (failedInARow >= MOST_FAILED) return
      const { outcome, bytes } = await online.want(source, z, x, y, give.signal)
      failedInARow = outcome === 'failed' ? failedInARow + 1 : 0
      result[({ kept: 'known', fetched: 'fetched', blank: 'blank', failed: 'failed' } as const)[outcome]] += 1
      result.bytes += bytes
      done += 1
      control.report({ phase: 'online_download', done, total: plan.tiles })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker)).finally(() => clearInterval(watch))
  await control.checkpoint()
  const trouble = failedInARow >= MOST_FAILED ? online.trouble(source) : undefined
  if (trouble) throw trouble
  return result
}

function rangesOf({ grid, min_zoom, max_zoom }: OnlineSource, { box, from, to }: Area): TileRange[] {
  const ranges: TileRange[] = []
  for (let z = Math.max(from, min_zoom); z <= Math.min(to, max_zoom); z++) ranges.push(tileRange(grid, box, z))
  return ranges
}
