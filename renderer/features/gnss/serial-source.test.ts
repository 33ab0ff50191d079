/** The serial session against ports that behave as drivers do: wrong rates, silence, unplugging, being taken. */
import { describe, expect, it } from 'vitest'
import { nmeaChecksum } from '../../../shared/gnss/nmea.ts'
import type { SerialPortLike } from './serial-port.ts'
import { runSerial, type SerialTrouble } from './serial-source.ts'

const body = 'GNGGA,010203,2912.5,N,11930.25,E,1,9,0.9,45.0,M,9.0,M,,'
const SENTENCE = `$${body}*${nmeaChecksum(body).toString(16).padStart(2, '0')}\r\n`
const TIMES = { trialMs: 40, patienceMs: 40, retryMs: 10 }

class FakePort implements SerialPortLike {
  readable: ReadableStream<Uint8Array> | null = null
  readonly opened: number[] = []
  /** Fails to open so many times. */
  busy = 0
  isOpen = false
  private timer: ReturnType<typeof setInterval> | undefined
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined
  private readonly answer: (baud: number) => string | null
  constructor(answer: (baud: number) => string | null) {
    this.answer = answer
  }
  /** Errors of the line before anything comes. */
  framing = 0
  async open({ baudRate }: { baudRate: number }): Promise<void> {
    if (this.isOpen) throw new Error('already open')
    if (this.busy > 0) {
      this.busy -= 1
      throw new Error('taken')
    }
    this.isOpen = true
    this.opened.push(baudRate)
    this.stream(this.answer(baudRate))
  }
  private stream(said: string | null): void {
    this.readable = new ReadableStream({
      start: controller => {
        this.controller = controller
        this.timer = setInterval(() => {
          if (this.framing > 0) {
            this.framing -= 1
            clearInterval(this.timer)
            this.stream(said)
            controller.error(new DOMException('Framing error', 'FramingError'))
          } else if (said !== null) controller.enqueue(new TextEncoder().encode(said))
        }, 5)
      },
      cancel: () => clearInterval(this.timer),
    })
  }
  async close(): Promise<void> {
    clearInterval(this.timer)
    if (this.readable?.locked) throw new Error('locked')
    this.isOpen = false
  }
  getInfo() {
    return { usbVendorId: 0x1546, usbProductId: 0x01a8 }
  }
  unplug(): void {
    clearInterval(this.timer)
    this.readable = null
    this.controller?.error(new DOMException('The device has been lost.', 'NetworkError'))
  }
}

interface Heard {
  rates: number[]
  troubles: (SerialTrouble | null)[]
  bytes: number
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}

async function session(
  port: FakePort,
  baud: number,
  ports: () => SerialPortLike[],
  script: (heard: Heard, stop: () => void) => Promise<void>,
): Promise<Heard> {
  const heard: Heard = { rates: [], troubles: [], bytes: 0 }
  const abort = new AbortController()
  const done = runSerial(
    { getPorts: async () => ports() },
    port,
    baud,
    null,
    {
      bytes: piece => {
        heard.bytes += piece.length
      },
      opened: (rate, isTrial) => {
        if (!isTrial) heard.rates.push(rate)
      },
      trouble: trouble => heard.troubles.push(trouble),
    },
    abort.signal,
    TIMES,
  )
  await script(heard, () => abort.abort())
  abort.abort()
  await done
  expect(port.isOpen).toBe(false)
  return heard
}

describe('a serial receiver', () => {
  it('is read at the rate that brings sentences', async () => {
    const port = new FakePort(baud => (baud === 38_400 ? SENTENCE : '\u0000\u00ff~\u0001'))
    const heard = await session(
      port,
      0,
      () => [port],
      heard => until(() => heard.rates.length > 0),
    )
    expect(heard.rates).toEqual([38_400])
    expect(port.opened).toEqual([9600, 115_200, 38_400])
    expect(heard.troubles).toEqual([null])
  })

  it.each([
    ['\u0000\u00ff~', 'garbled'],
    [null, 'silent'],
  ] as const)('at a wrong rate says so: %j is %s', async (said, trouble) => {
    const port = new FakePort(() => said)
    const heard = await session(
      port,
      4800,
      () => [port],
      heard => until(() => heard.troubles.length > 0),
    )
    expect(heard.troubles).toEqual([trouble])
    // It goes on listening: the receiver may only have been starting.
    expect(port.opened).toEqual([4800])
  })

  it('says so when no rate brings sentences, and goes on trying', async () => {
    const port = new FakePort(() => 'U*U*U')
    const heard = await session(
      port,
      0,
      () => [port],
      heard => until(() => heard.troubles.length > 1),
    )
    expect(heard.troubles.slice(0, 2)).toEqual(['garbled', 'garbled'])
  })

  it('comes back by itself after it was unplugged, at the same rate', async () => {
    const port = new FakePort(() => SENTENCE)
    let plugged: SerialPortLike[] = [port]
    const again = new FakePort(() => SENTENCE)
    const heard = await session(
      port,
      0,
      () => plugged,
      async heard => {
        await until(() => heard.rates.length === 1)
        plugged = []
        port.unplug()
        await until(() => heard.troubles.includes('unplugged'))
        const before = heard.bytes
        plugged = [again]
        await until(() => heard.bytes > before)
      },
    )
    expect(heard.troubles).toEqual([null, 'unplugged', null])
    expect(again.opened).toEqual([9600])
    expect(again.isOpen).toBe(false)
  })

  it('takes errors of the line for what they are: not an unplugged receiver', async () => {
    const port = new FakePort(() => SENTENCE)
    port.framing = 3
    const heard = await session(
      port,
      9600,
      () => [port],
      heard => until(() => heard.bytes > 0),
    )
    expect(heard.troubles).toEqual([null])
    expect(port.opened).toEqual([9600])
  })

  it('waits for a port that another program holds', async () => {
    const port = new FakePort(() => SENTENCE)
    port.busy = 2
    const heard = await session(
      port,
      9600,
      () => [port],
      heard => until(() => heard.bytes > 0),
    )
    expect(heard.troubles).toEqual(['busy', 'busy', null])
  })
})
