/** `onlineBasemaps.*` of the contract. */
import { AppError } from '../../../shared/contract/errors.ts'
import {
  type AddressProblem,
  type OnlineAddress,
  readAddress,
  tileAddress,
  withParameter,
} from '../../../shared/tiles/online-address.ts'
import { streamJob } from '../../boundary/job-stream.ts'
import { os } from '../../deps.ts'
import type { Basemaps } from '../basemaps.ts'
import { download, estimate } from './area-download.ts'
import { errorOf, type OnlineTiles } from './online-tiles.ts'
import { fetchOnline } from './tile-fetch.ts'
import { wmtsLayers, wmtsTemplate } from './wmts-capabilities.ts'

const MOST_DOCUMENT_BYTES = 16 * 1024 ** 2
const DOCUMENT_TIMEOUT_MS = 20_000

export function onlineBasemapsMethods(newId: () => string, basemaps: Basemaps, online: OnlineTiles) {
  return {
    offers: os.onlineBasemaps.offers.handler(async ({ input, signal }) => {
      const address = addressOf(input.address, input.key)
      return wmtsLayers(await capabilities(address, input.key, signal))
    }),
    add: os.onlineBasemaps.add.handler(async ({ input, signal }) => {
      const address = addressOf(input.address, input.key)
      const id = newId()
      const { host } = address
      if (address.kind === 'capabilities') {
        if (input.layer === undefined || input.set === undefined)
          throw new AppError('bad_input', '请先读取图层并选择一个', { reason: 'online_choose_layer' })
        const text = await capabilities(address, input.key, signal)
        const found = wmtsTemplate(text, address.address, { layer: input.layer, set: input.set })
        online.secrets.set(id, { address: found.address, key: input.key, levels: { ...found.levels } })
        const { grid, minZoom: min_zoom, maxZoom: max_zoom } = found
        basemaps.addOnline(input.name, { id, host, grid, min_zoom, max_zoom, zoom_offset: 0 })
      } else {
        const { min_zoom, max_zoom, zoom_offset } = input
        if (min_zoom > max_zoom) throw new AppError('bad_input', '最小级别不能大于最大级别', { reason: 'online_zooms' })
        online.secrets.set(id, { address: address.address, key: input.key, levels: null })
        basemaps.addOnline(input.name, { id, host, grid: input.grid ?? address.grid, min_zoom, max_zoom, zoom_offset })
      }
      return { id }
    }),
    change: os.onlineBasemaps.change.handler(({ input: { id, fetching, key } }) => {
      basemaps.onlineSource(id)
      const secret = online.secrets.get(id)
      if (key !== undefined && secret) {
        const problem = addressProblem(secret.address, key)
        if (problem) throw problem
        online.secrets.set(id, { ...secret, key })
      }
      if (fetching !== undefined) basemaps.setFetching(id, fetching)
      online.tryAgain(id)
      return online.facts(basemaps.onlineSource(id))
    }),
    cache: os.onlineBasemaps.cache.handler(async ({ input }) => {
      if (input.limit_mb !== undefined) await online.setLimit(input.limit_mb)
      return online.cacheFacts()
    }),
    clear: os.onlineBasemaps.clear.handler(async ({ input }) => {
      await online.clear(input.id)
      return online.cacheFacts()
    }),
    estimate: os.onlineBasemaps.estimate.handler(({ input }) =>
      estimate(online, basemaps.onlineSource(input.id), input),
    ),
    download: os.onlineBasemaps.download.handler(({ input, signal }) =>
      streamJob(signal, control => download(online, basemaps.onlineSource(input.id), input, control)),
    ),
  }
}

const PROBLEMS: Readonly<Record<AddressProblem, string>> = {
  online_address: '地址不正确，应以 https:// 或 http:// 开头',
  online_address_login: '地址里不能写用户名和密码，密钥请填在“密钥”栏',
  online_address_places: '模板须同时含有 {z}、{x}、{y}(或 {TileMatrix}、{TileCol}、{TileRow})',
  online_key_missing: '这个地址需要密钥，请填写您自己的密钥(天地图为 tk)',
  online_key_no_place: '地址里没有放密钥的位置，请在模板中写上 {key}',
}

/** Throws `bad_input` with what is wrong; never repeats the address. */
function addressOf(text: string, key: string): OnlineAddress {
  const address = readAddress(text, key)
  if ('problem' in address) throw problemOf(address.problem)
  return address
}

function addressProblem(text: string, key: string): AppError | undefined {
  const address = readAddress(text, key)
  return 'problem' in address ? problemOf(address.problem) : undefined
}

function problemOf(reason: AddressProblem): AppError {
  return new AppError('bad_input', PROBLEMS[reason], { reason })
}

async function capabilities(source: OnlineAddress, key: string, signal: AbortSignal | undefined): Promise<string> {
  if (source.kind === 'template')
    throw new AppError('bad_input', '这是图块地址模板，不用读取图层', { reason: 'online_is_template' })
  const filled = tileAddress(source.address, { z: 0, x: 0, y: 0, level: '0', key })
  const isAsking = /[?&]request=/i.test(filled) || /\.xml($|\?)/i.test(filled)
  const address = isAsking ? filled : withParameter(filled, 'SERVICE=WMTS&REQUEST=GetCapabilities')
  const outcome = await fetchOnline({
    address,
    key,
    want: 'document',
    mostBytes: MOST_DOCUMENT_BYTES,
    signal: signal ?? new AbortController().signal,
    timeoutMs: DOCUMENT_TIMEOUT_MS,
  })
  if (outcome.kind === 'document') return outcome.text
  if (outcome.kind === 'problem' && outcome.reason !== 'online_bad_answer') throw errorOf(source, outcome)
  throw new AppError('refused', '对方的回答不是 WMTS 能力文档，请检查地址', { reason: 'online_no_capabilities' })
}
