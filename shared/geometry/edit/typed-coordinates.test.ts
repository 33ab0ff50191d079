/** What people type and paste, and what it is taken for; X is the northing (domain §10.2). */
import { describe, expect, test } from 'vitest'
import { ellipsoidAreaM2 } from '../area.ts'
import { EPSG_4549 } from '../plane.ts'
import { flatOf } from './outline.ts'
import { readTypedCoordinates, type TypedOutline } from './typed-coordinates.ts'

const TXT = `[属性描述]
格式版本号=1.01
坐标系=2000国家大地坐标系
几度分带=3
带号=40
[地块坐标]
5,0.4667,1,某某厂地块,面,H50G0xx0xx,工业用地,,@
J1,1,3233124.912,40448139.705
J2,1,3233124.912,40448209.705
J3,1,3233058.247,40448209.705
J4,1,3233058.247,40448139.705
J1,1,3233124.912,40448139.705`

const read = (text: string): TypedOutline => {
  const result = readTypedCoordinates(text, EPSG_4549)
  if ('problem' in result) throw new Error(JSON.stringify(result.problem))
  return result
}
const problem = (text: string) => {
  const result = readTypedCoordinates(text, EPSG_4549)
  return 'problem' in result ? result.problem : undefined
}
/** 70 m × 66.665 m. */
const expectLot = ({ outline }: TypedOutline) => {
  const area = ellipsoidAreaM2(flatOf(outline))
  expect(area / (70 * 66.665)).toBeCloseTo(1, 3)
  const [lng, lat] = outline[0]![0]![0]!
  expect(lng).toBeCloseTo(119.4662, 3)
  expect(lat).toBeCloseTo(29.2137, 3)
}

describe('one lot in many writings', () => {
  test('the survey’s TXT', () => {
    const result = read(TXT)
    expectLot(result)
    expect(result).toMatchObject({ crs: { id: 'EPSG:4528' }, order: 'northing_easting', notes: [], corners: 4 })
  })

  test.each([
    [
      'without zone number',
      '3233124.912 448139.705\n3233124.912 448209.705\n3233058.247 448209.705\n3233058.247 448139.705',
      'EPSG:4549',
      'northing_easting',
    ],
    [
      'easting first',
      '448139.705,3233124.912\n448209.705,3233124.912\n448209.705,3233058.247\n448139.705,3233058.247',
      'EPSG:4549',
      'easting_northing',
    ],
    [
      'a table with numbers, lengths and full-width signs',
      '点号\tX\tY\t边长\n1\t3233124.912\t40448139.705\t70.00\n2\t3233124.912\t40448209.705\t66.67\n3,3233058.247,40448209.705\n4 3233058.247 40448139.705',
      'EPSG:4528',
      'northing_easting',
    ],
    [
      'one line',
      '3233124.912,448139.705;3233124.912,448209.705;3233058.247,448209.705;3233058.247,448139.705',
      'EPSG:4549',
      'northing_easting',
    ],
  ])('%s', (_name, text, crs, order) => {
    const result = read(text)
    expectLot(result)
    expect(result).toMatchObject({ crs: { id: crs }, order })
  })

  test.each([
    ['degrees', '119.45 29.2\n119.46 29.2\n119.46 29.21', 'lng_lat'],
    ['latitude first', '29.2,119.45\n29.2,119.46\n29.21,119.46', 'lat_lng'],
    [
      'degrees, minutes, seconds',
      '东经119°27′00″ 北纬29°12′00″\n119°27′36″ 29°12′00″\n119°27′36.0″,29°12′36″',
      'lng_lat',
    ],
    ['with letters', '119.45E 29.2N\n119.46E 29.2N\n119.46E 29.21N', 'lng_lat'],
  ])('%s', (_name, text, order) => {
    const result = read(text)
    expect(result).toMatchObject({ crs: { id: 'EPSG:4490' }, order, corners: 3 })
    expect(result.outline[0]![0]![0]![0]).toBeCloseTo(119.45, 9)
    expect(result.outline[0]![0]![1]![0]).toBeCloseTo(119.46, 9)
    expect(result.outline[0]![0]![0]![1]).toBeCloseTo(29.2, 9)
  })
})

test('holes by ring number, further parts by closed rings and parcel lines', () => {
  const square = (ring: number, x: number, y: number, side: number) =>
    [
      [x, y],
      [x, y + side],
      [x + side, y + side],
      [x + side, y],
      [x, y],
    ].map(([northing, easting], index) => `J${index + 1},${ring},${northing},${easting}`)
  const holed = read([...square(1, 3233000, 448000, 100), ...square(2, 3233020, 448020, 20)].join('\n'))
  expect(holed.outline.map(polygon => polygon.length)).toEqual([2])
  const parts = read([...square(1, 3233000, 448000, 100), ...square(1, 3234000, 448020, 20)].join('\n'))
  expect(parts.outline).toHaveLength(2)
  expect(parts.notes).toEqual([])
})

test('differences between what is declared and what is there are told', () => {
  expect(read(TXT.replace('带号=40', '带号=38')).notes).toEqual(['zone_differs'])
  expect(read(TXT.replace('5,0.4667', '9,0.4667')).notes).toEqual(['count_differs'])
  expect(read(TXT.slice(0, TXT.lastIndexOf('\n'))).notes).toContain('not_closed')
  expect(read(TXT.replaceAll(',40448', ',39448').replace('带号=40', '带号=39')).crs.id).toBe('EPSG:4527')
})

test('what cannot be read is named, never guessed', () => {
  expect(problem('')).toEqual({ kind: 'empty' })
  expect(problem(TXT.replace('2000国家大地坐标系', '80西安坐标系'))).toMatchObject({ kind: 'needs_parameters' })
  expect(problem('3233124.912 448139.705\nabc 12')).toMatchObject({ kind: 'line', line: 2 })
  expect(problem('3233124.912 448139.705\n119.45 29.2')).toEqual({ kind: 'mixed', line: 2 })
  expect(problem('3233124.912 448139.705\n3233124.912 448209.705')).toEqual({ kind: 'too_few', part: 1 })
  expect(problem('12.5 200.7\n13.5 201.7\n14.1 202.7')).toEqual({ kind: 'unknown_range', line: 1 })
})
