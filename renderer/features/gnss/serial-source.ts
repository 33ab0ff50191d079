/**
 * Reads a receiver on a serial port until it is told to stop: finds the rate when none is given, says what is wrong while
 * nothing useful comes, and waits for a receiver that was unplugged. Knows nothing of positions.
 */
import { nmeaStream } from '../../../shared/gnss/nmea-stream.ts'
import { BAUD_RATES, type SerialLike, type SerialPortLike } from './serial-port.ts'

/** `busy`: cannot be opened; `silent`: no byte came; `garbled`: bytes came, no sentence; `unplugged`: it went away. */
export type SerialTrouble = 'busy' | 'silent' | 'garbled' | 'unplugged'

export interface SerialEvents {
  bytes(piece: Uint8Array): void
  /** The port is read at this rate. */
  opened(baud: number, isTrial: boolean): void
  /** Null when it is over. */
  trouble(trouble: SerialTrouble | null): void
}

export interface SerialTimes {
  /** How long a rate is tried: receivers speak once a second at least. */
  readonly trialMs: number
  /** Without a sentence for so long something is wrong. */
  readonly patienceMs: number
  /** Between two looks for a receiver that went away or could not be opened. */
  readonly retryMs: number
}

const TIMES: SerialTimes = { trialMs: 2500, patienceMs: 5000, retryMs: 1500 }

const LINE_ERRORS: ReadonlySet<string> = new Set(['BufferOverrunError', 'BreakError', 'FramingError', 'ParityError'])

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')

type Ending = 'stopped' | 'lost' | 'wrong_rate'

export async function runSerial(
  serial: Pick<SerialLike, 'getPorts'>,
  chosen: SerialPortLike,
  /** 0 to find it; then `likely` is tried first. */
  baud: number,
  likely: number | null,
  events: SerialEvents,
  signal: AbortSignal,
  times = TIMES,
): Promise<void> {
  let port: SerialPortLike | null = chosen
  let found = baud > 0 ? baud : null
  const rates = [...new Set([likely ?? BAUD_RATES[0], ...BAUD_RATES])]
  let turn = 0
  let heard = false
  while (!signal.aborted) {
    if (!port) {
      await sleep(times.retryMs, signal)
      port = signal.aborted ? null : await sameDevice(serial, chosen)
      continue
    }
    const rate = found ?? rates[turn % rates.length]!
    const outcome = await readAt(port, rate, found === null)
    if (outcome === 'busy') {
      events.trouble('busy')
      port = null
    } else if (outcome.ending === 'lost') {
      events.trouble('unplugged')
      port = null
    } else if (outcome.ending === 'wrong_rate') {
      turn += 1
      heard ||= outcome.bytes > 0
      if (turn % rates.length === 0) {
        events.trouble(heard ? 'garbled' : 'silent')
        heard = false
      }
    }
  }

  async function readAt(
    open: SerialPortLike,
    rate: number,
    isTrial: boolean,
  ): Promise<{ ending: Ending; bytes: number } | 'busy'> {
    try {
      await open.open({ baudRate: rate, bufferSize: 4096 })
    } catch {
      return 'busy'
    }
    events.opened(rate, isTrial)
    const check = nmeaStream()
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
    let ending: Ending | null = null
    let hears = false
    let errors = 0
    const stop = (as: Ending) => {
      ending ??= as
      reader?.cancel().catch(() => undefined)
    }
    const onAbort = () => stop('stopped')
    signal.addEventListener('abort', onAbort)
    const timer = setTimeout(
      () => {
        if (hears) return
        if (isTrial) stop('wrong_rate')
        else events.trouble(check.counts().bytes + errors > 0 ? 'garbled' : 'silent')
      },
      isTrial ? times.trialMs : times.patienceMs,
    )
    const take = (bytes: Uint8Array) => {
      check.feed(bytes)
      const { read, other } = check.counts()
      if (!hears && read + other > 0) {
        hears = true
        found = rate
        if (isTrial) events.opened(rate, false)
        events.trouble(null)
      }
      events.bytes(bytes)
    }
    if (signal.aborted) stop('stopped')
    while (!ending && open.readable) {
      reader = open.readable.getReader()
      try {
        for (let piece = await reader.read(); !piece.done; piece = await reader.read()) take(piece.value)
        ending ??= 'lost'
      } catch (error) {
        // After an error of the line, usual at a wrong rate, the port has a new stream; otherwise the device is gone.
        if (!LINE_ERRORS.has(nameOf(error))) ending ??= 'lost'
        errors += 1
      } finally {
        reader.releaseLock()
      }
    }
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    await open.close().catch(() => undefined)
    return { ending: ending ?? 'lost', bytes: check.counts().bytes + errors }
  }
}

/** The chosen device as it is plugged in now, under a new port object perhaps. */
async function sameDevice(
  serial: Pick<SerialLike, 'getPorts'>,
  chosen: SerialPortLike,
): Promise<SerialPortLike | null> {
  const ports = await serial.getPorts()
  if (ports.includes(chosen)) return chosen
  const { usbVendorId, usbProductId } = chosen.getInfo()
  if (usbVendorId === undefined) return null
  return (
    ports.find(port => {
      const info = port.getInfo()
      return info.usbVendorId === usbVendorId && info.usbProductId === usbProductId
    }) ?? null
  )
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
