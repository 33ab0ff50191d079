import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averageFixes, isGoodEnough } from './averaging.ts'
import { type Epoch, type Fix, fixAssembler } from './fix.ts'
import { nmeaChecksum, readSentence } from './nmea.ts'
import { nmeaStream } from './nmea-stream.ts'

const whole = (body: string) => `$${body}*${nmeaChecksum(body).toString(16).toUpperCase().padStart(2, '0')}`
const bytesOf = (text: string) => Uint8Array.from(text, character => character.charCodeAt(0) & 0xff)

function run(pieces: readonly Uint8Array[]): Epoch[] {
  const stream = nmeaStream()
  const fixes = fixAssembler()
  const sentences = [...pieces.flatMap(piece => stream.feed(piece)), ...stream.end()]
  return [...sentences.flatMap(sentence => fixes.add(sentence)), ...fixes.end()]
}

const fixOf = (...bodies: string[]): Fix | null =>
  run([bytesOf(bodies.map(body => `${whole(body)}\r\n`).join(''))])[0]!.fix

describe('a sentence', () => {
  it('is read as published: an example of the standard', () => {
    expect(readSentence('$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47')).toEqual({
      kind: 'read',
      sentence: {
        type: 'GGA',
        timeMs: ((12 * 60 + 35) * 60 + 19) * 1000,
        quality: 1,
        position: { lng: 11 + 31 / 60, lat: 48 + 7.038 / 60 },
        satellites: 8,
        hdop: 0.9,
        altitudeM: 545.4,
        correctionAgeS: null,
      },
    })
  })

  it('counts only with its checksum', () => {
    expect(readSentence('$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.5,M,46.9,M,,*47')).toEqual({
      kind: 'refused',
      why: 'checksum',
    })
    expect(readSentence('$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,').kind).toBe('refused')
  })

  it.each([
    'GNGGA,010203,9160.0,N,01131.000,E,1,08,0.9,5,M,4,M,,',
    'GNGGA,010203,3160.0,N,01131.000,E,1,08,0.9,5,M,4,M,,',
    'GNGGA,010203,3130.0,X,01131.000,E,1,08,0.9,5,M,4,M,,',
    'GNGGA,010203,3130.0,N,01131.000,E,one,08,0.9,5,M,4,M,,',
    'GNGGA,250203,3130.0,N,01131.000,E,1,08,0.9,5,M,4,M,,',
    'GNGGA,010203,3130.0,N',
  ])('with a right checksum and a wrong field is malformed: %s', body => {
    expect(readSentence(whole(body))).toEqual({ kind: 'refused', why: 'malformed' })
  })
})

describe('a moment', () => {
  const gga = (quality: number) => `GNGGA,010203.00,2912.5,N,11930.25,E,${quality},20,0.6,45.0,M,9.0,M,1.2,0000`

  it.each([
    [1, 'single', 3],
    [2, 'dgnss', 1.2],
    [4, 'rtk_fix', 0.018],
    [5, 'rtk_float', 0.3],
    [6, 'estimated', 12],
    [8, 'simulated', 3],
  ])('has the quality that GGA says: %s is %s', (sent, quality, estimate) => {
    const fix = fixOf(gga(sent))!
    expect(fix).toMatchObject({ quality, lng: 119 + 30.25 / 60, lat: 29 + 12.5 / 60, accuracyFrom: 'estimate' })
    expect(fix.accuracyM).toBeCloseTo(estimate, 9)
  })

  it('takes the accuracy from GST when the receiver tells it, of the same moment only', () => {
    expect(fixOf(gga(4), 'GNGST,010203.00,1.0,0.02,0.01,12.0,0.012,0.016,0.03')).toMatchObject({
      accuracyM: 0.02,
      accuracyFrom: 'receiver',
    })
    const later = run([
      bytesOf([gga(4), 'GNGST,010204.00,1.0,2,1,12.0,3,4,5'].map(body => `${whole(body)}\n`).join('')),
    ])
    expect(later[0]!.fix!.accuracyFrom).toBe('estimate')
  })

  it('has no fix when GGA or RMC says so', () => {
    expect(fixOf(gga(0))).toBeNull()
    expect(fixOf(gga(1), 'GNRMC,010203.00,V,,,,,,,281126,,,N')).toBeNull()
  })

  it('knows the date on both sides of midnight', () => {
    const rmc = (time: string, date: string) => `GNRMC,${time},A,2912.5,N,11930.25,E,1.944,90.0,${date},,,A`
    const at = (time: string) => `GNGGA,${time},2912.5,N,11930.25,E,1,20,0.6,45.0,M,9.0,M,,`
    const times = run([
      bytesOf(
        [rmc('235959.00', '311226'), at('000000.00'), rmc('000001.00', '010127')].map(b => `${whole(b)}\r\n`).join(''),
      ),
    ]).map(({ fix }) => fix!.time)
    expect(times).toEqual(['2026-12-31T23:59:59.000Z', '2027-01-01T00:00:00.000Z', '2027-01-01T00:00:01.000Z'])
  })

  it('takes HDOP from GSA when GGA has none; without any there is no accuracy', () => {
    const bare = 'GNGGA,010203.00,2912.5,N,11930.25,E,1,20,,45.0,M,9.0,M,,'
    expect(fixOf(bare)).toMatchObject({ hdop: null, accuracyM: null, accuracyFrom: null })
    expect(fixOf(bare, 'GNGSA,A,3,01,02,03,04,,,,,,,,,2.0,1.5,1.3')).toMatchObject({ hdop: 1.5, accuracyM: 7.5 })
  })
})

/** Sentences of a walk, with everything between them that a serial line brings. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.nat(5000).map(second => walk(second)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constant(`${whole('GPGGA,1,2').slice(0, -2)}ZZ\r\n`) },
)
function walk(second: number): string {
  const time = new Date(second * 1000).toISOString().slice(11, 19).replaceAll(':', '')
  const minutes = (12 + second / 10_000).toFixed(5).padStart(8, '0')
  return [
    `GNGGA,${time},29${minutes},N,11930.25,E,${[1, 2, 4, 5][second % 4]},12,0.9,45.0,M,9.0,M,,`,
    `GNGST,${time},1,1,1,0,0.5,0.5,1`,
    `GNRMC,${time},A,29${minutes},N,11930.25,E,1.0,45.0,281126,,,A`,
  ]
    .map(body => `${whole(body)}\r\n`)
    .join('')
}

describe('the stream', () => {
  it('gives the same moments however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(40), { minLength: 1 }), (pieces, cuts) => {
        const bytes = bytesOf(pieces.join(''))
        const cut: Uint8Array[] = []
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const length = cuts[turn % cuts.length]! + 1
          cut.push(bytes.subarray(at, at + length))
          at += length
        }
        expect(run(cut)).toEqual(run([bytes]))
      }),
    )
  })

  it('never throws on noise, and counts every byte', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), pieces => {
        const stream = nmeaStream()
        for (const bytes of pieces) stream.feed(bytes)
        stream.end()
        expect(stream.counts().bytes).toBe(pieces.reduce((sum, bytes) => sum + bytes.length, 0))
      }),
    )
  })

  it('never throws on sentences whose checksum is right and whose fields are anything', () => {
    const field = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('', 'A', 'N', 'E', '4', '2912.5', '-1', '1e5'))
    const body = fc.tuple(fc.constantFrom('GGA', 'RMC', 'GSA', 'GST'), fc.array(field, { maxLength: 20 }))
    fc.assert(
      fc.property(fc.array(body, { maxLength: 6 }), bodies => {
        for (const { fix } of run([
          bytesOf(bodies.map(([type, fields]) => `${whole(`GN${[type, ...fields].join(',')}`)}\n`).join('')),
        ])) {
          if (!fix) continue
          expect(Math.abs(fix.lat)).toBeLessThanOrEqual(90)
          expect(Math.abs(fix.lng)).toBeLessThanOrEqual(180)
        }
      }),
    )
  })

  it('is not led astray by a broken sentence: the ones around it are read', () => {
    fc.assert(
      fc.property(fc.nat(4000), fc.nat(30), (second, cutAt) => {
        const broken = whole('GNGGA,010203,3130.0,N,01131.000,E,1,08,0.9,5,M,4,M,,').slice(0, cutAt + 1)
        const moments = run([bytesOf(walk(second) + broken + walk(second + 1))])
        expect(moments.map(moment => moment.timeMs)).toEqual([second * 1000, (second + 1) * 1000])
      }),
    )
  })
})

describe('the mean of a point', () => {
  const fixAt = (x: number, y: number, change: Partial<Fix> = {}): Fix => ({
    lng: 119.5 + x / 97_000,
    lat: 29.2 + y / 110_900,
    quality: 'single',
    timeMs: null,
    time: null,
    satellites: 9,
    hdop: 1,
    accuracyM: 5,
    accuracyFrom: 'estimate',
    altitudeM: null,
    speedMs: null,
    courseDegrees: null,
    correctionAgeS: null,
    ...change,
  })

  it('is the place itself for equal fixes, to the last digit', () => {
    const fix = fixAt(0.123456789, 7.654321)
    expect(averageFixes(Array.from({ length: 7 }, () => fix))).toMatchObject({
      lng: fix.lng,
      lat: fix.lat,
      used: 7,
      rejected: 0,
      spreadM: 0,
    })
  })

  it('leaves out what lies far off, however far', () => {
    const offset = fc.double({ min: -1, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(offset, offset), { minLength: 8, maxLength: 40 }),
        fc.double({ min: 30, max: 5000, noNaN: true }),
        (places, far) => {
          const good = places.map(([x, y]) => fixAt(x, y))
          const mean = averageFixes([...good, fixAt(far, 0)])!
          expect(mean.rejected).toBeGreaterThanOrEqual(1)
          // Within the box of the good ones.
          expect(Math.abs(mean.lng - 119.5) * 97_000).toBeLessThanOrEqual(1.01)
          expect(Math.abs(mean.lat - 29.2) * 110_900).toBeLessThanOrEqual(1.01)
        },
      ),
    )
  })

  it('does not depend on the order', () => {
    const offset = fc.double({ min: -3, max: 3, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(offset, offset), { minLength: 1, maxLength: 20 }), places => {
        const fixes = places.map(([x, y]) => fixAt(x, y))
        const one = averageFixes(fixes)!
        const other = averageFixes([...fixes].reverse())!
        expect(other.lng).toBeCloseTo(one.lng, 10)
        expect(other.lat).toBeCloseTo(one.lat, 10)
        expect(other.used + other.rejected).toBe(fixes.length)
      }),
    )
  })

  it('names the worst quality and the median accuracy', () => {
    const mean = averageFixes([
      fixAt(0, 0, { quality: 'rtk_fix', accuracyM: 0.02, accuracyFrom: 'receiver' }),
      fixAt(0, 0.01, { quality: 'rtk_float', accuracyM: 0.4, accuracyFrom: 'receiver' }),
      fixAt(0.01, 0, { quality: 'rtk_fix', accuracyM: 0.03, accuracyFrom: 'receiver' }),
    ])!
    expect(mean).toMatchObject({ quality: 'rtk_float', accuracyM: 0.03, accuracyFrom: 'receiver' })
  })

  it('takes no dead reckoning, and no less than was asked for', () => {
    expect(isGoodEnough('estimated', 'any')).toBe(false)
    expect(isGoodEnough('single', 'any')).toBe(true)
    expect(isGoodEnough('simulated', 'dgnss')).toBe(false)
    expect(isGoodEnough('rtk_fix', 'rtk_float')).toBe(true)
    expect(isGoodEnough('rtk_float', 'rtk_fix')).toBe(false)
  })
})
