import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/contract/errors.ts'
import { serveTiles, type TileSource } from './tile-port.ts'

const REQUEST = { layer: 'parcels', z: 10, x: 850, y: 424, revision: 3 }

function openPort(tile: TileSource) {
  const sent: unknown[] = []
  const events = new EventEmitter()
  const port = Object.assign(events, {
    postMessage: (message: unknown) => void sent.push(message),
    start: () => undefined,
  })
  serveTiles(port, tile)
  const receive = (data: unknown) => events.emit('message', { data })
  const settle = () => new Promise(resolve => setTimeout(resolve, 5))
  return { sent, events, receive, settle }
}

describe('tile port', () => {
  it('answers bytes under the id of the request', async () => {
    const { sent, receive, settle } = openPort(async request => new Uint8Array([request.z]))
    receive({ id: 7, request: REQUEST })
    await settle()
    expect(sent).toEqual([{ id: 7, bytes: new Uint8Array([10]) }])
  })

  it('answers known errors with their code and hides the rest', async () => {
    const failures = [new AppError('survey_not_open', '没有打开'), new Error('/home/someone/secret')]
    const { sent, receive, settle } = openPort(() => Promise.reject(failures.shift()))
    receive({ id: 1, request: REQUEST })
    receive({ id: 2, request: REQUEST })
    await settle()
    expect(sent).toEqual([
      { id: 1, error: { code: 'survey_not_open', message: '没有打开' } },
      { id: 2, error: { code: 'internal', message: '图块读取失败' } },
    ])
  })

  it('gives up what was cancelled or whose port was closed, without an answer', async () => {
    const aborted: number[] = []
    let asked = 0
    const { sent, events, receive, settle } = openPort(
      (_request, signal) =>
        new Promise((_resolve, reject) => {
          const number = ++asked
          signal.addEventListener('abort', () => {
            aborted.push(number)
            reject(new AppError('cancelled', '已取消'))
          })
        }),
    )
    receive({ id: 1, request: REQUEST })
    receive({ id: 2, request: REQUEST })
    receive({ id: 1, cancel: true })
    events.emit('close')
    await settle()
    expect(aborted).toEqual([1, 2])
    expect(sent).toEqual([])
  })

  it('ignores what is not a request', async () => {
    const { sent, receive, settle } = openPort(async () => new Uint8Array())
    for (const data of [null, 'x', {}, { id: 'a', request: REQUEST }, { id: 1, request: { layer: '../x' } }])
      receive(data)
    await settle()
    expect(sent).toEqual([])
  })
})
