/** Our fixes against those that gpsd makes of the same receiver logs. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Epoch, fixAssembler } from '../../shared/gnss/fix.ts'
import { nmeaStream } from '../../shared/gnss/nmea-stream.ts'

const fixture = (name: string) => readFileSync(new URL(`../fixtures/nmea/${name}`, import.meta.url))

function epochsOf(bytes: Uint8Array): { epochs: Epoch[]; counts: ReturnType<ReturnType<typeof nmeaStream>['counts']> } {
  const stream = nmeaStream()
  const fixes = fixAssembler()
  const epochs = [...stream.feed(bytes), ...stream.end()].flatMap(sentence => fixes.add(sentence))
  return { epochs: [...epochs, ...fixes.end()], counts: stream.counts() }
}

interface Expected {
  lat: number
  lon: number
  time?: string
  speed?: number
}

/** What gpsd reports, by the time it gives or, without a date, that of the sentence before; null while it has no fix. */
function expectedOf(name: string): Map<string, Expected | null> {
  const expected = new Map<string, Expected | null>()
  let asked: string | null = null
  for (const line of fixture(name).toString('latin1').split(/\r?\n/)) {
    const sentence = /^\$..(?:GGA|RMC),(\d{6}(?:\.\d+)?),/.exec(line)
    if (sentence) asked = clockOf(sentence[1]!)
    if (!asked || !line.startsWith('{"class":"TPV"')) continue
    const { mode, ...report } = JSON.parse(line) as Expected & { mode: number }
    expected.set(report.time?.slice(11, 23) ?? asked, mode >= 2 ? report : null)
  }
  return expected
}

const clock = (ms: number | null) => (ms === null ? '' : new Date(ms).toISOString().slice(11, 23))
const clockOf = (field: string) =>
  clock(
    Math.round(
      Number(field.slice(0, 2)) * 3_600_000 + Number(field.slice(2, 4)) * 60_000 + Number(field.slice(4)) * 1000,
    ),
  )

it.each([
  ['beidou-gb.log', 'beidou-gb.log.chk', 2],
  ['mtk-3301.log', 'mtk-3301.log.chk', 4],
  ['garmin48.log', 'garmin48.log.chk', 8],
  // The receiver speaks SiRF binary; gpsd's sentences for it stand in the expected file.
  ['bu303-moving.log.chk', 'bu303-moving.log.chk', 12],
])('%s gives the fixes that gpsd gives', (log, check, moments) => {
  const expected = expectedOf(check)
  let compared = 0
  for (const { fix, timeMs } of epochsOf(fixture(log)).epochs) {
    const at = clock(timeMs)
    const report = expected.get(at)
    if (report === null) expect(fix, at).toBeNull()
    if (!report) continue
    expect(fix, at).not.toBeNull()
    // gpsd prints nine decimals of what it got with seven decimals of a minute.
    expect(Math.abs(fix!.lng - report.lon), at).toBeLessThan(1.5e-9)
    expect(Math.abs(fix!.lat - report.lat), at).toBeLessThan(1.5e-9)
    if (report.time) expect(fix!.time).toBe(report.time)
    if (report.speed !== undefined) expect(fix!.speedMs).toBeCloseTo(report.speed, 2)
    compared += 1
  }
  expect(compared).toBe(moments)
})

it('finds nothing in a binary protocol and says so by its counts', () => {
  const { epochs, counts } = epochsOf(fixture('bu303-moving.log'))
  expect(epochs).toEqual([])
  expect(counts.read).toBe(0)
})

it('counts what has no checksum', () => {
  // Three $POLYN sentences of this receiver carry none, and the heading of the file names them.
  const { counts } = epochsOf(fixture('mtk-3301.log'))
  expect(counts.malformed).toBe(4)
  expect(counts.badChecksum).toBe(0)
})
