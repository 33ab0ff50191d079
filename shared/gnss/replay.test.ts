import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nmeaChecksum } from './nmea.ts'
import { readReceiverLog } from './replay.ts'

const line = (body: string) => `$${body}*${nmeaChecksum(body).toString(16).toUpperCase().padStart(2, '0')}\r\n`
const gga = (time: string) => line(`GNGGA,${time},2912.5,N,11930.25,E,1,9,0.9,45.0,M,9.0,M,,`)
const rmc = (time: string) => line(`GNRMC,${time},A,2912.5,N,11930.25,E,1,1,281126,,,A`)
const bytesOf = (text: string) => Uint8Array.from(text, character => character.charCodeAt(0) & 0xff)

it('plays at the pace of the recording, over midnight and without the waits of an interruption', () => {
  const times = ['235958', '235959', '000001', '000200', '000159']
  const log = readReceiverLog(bytesOf(times.map(time => gga(time) + rmc(time)).join('')))
  expect(log.fixes).toBe(5)
  expect(log.pieces.map(piece => piece.waitMs)).toEqual([0, 1000, 2000, 5000, 0])
})

it('is no log when nothing in it is a sentence', () => {
  expect(readReceiverLog(bytesOf('地块编号,名称\n1,甲\n')).counts.read).toBe(0)
  expect(readReceiverLog(new Uint8Array())).toMatchObject({ pieces: [], fixes: 0 })
})

it('loses no byte of any file', () => {
  const piece = fc.oneof(
    fc.nat(80_000).map(second => gga(new Date(second * 1000).toISOString().slice(11, 19).replaceAll(':', ''))),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), parts => {
      const bytes = bytesOf(parts.join(''))
      const { pieces } = readReceiverLog(bytes)
      expect(pieces.flatMap(part => [...part.bytes])).toEqual([...bytes])
    }),
  )
})
