/** A JPEG with a GPS block written by hand after the EXIF standard, so that positions of any kind can be tried. */

/** Puts position (degrees) and direction into `jpeg`, in front of all its other segments. */
export function withGps(jpeg: Uint8Array, lng: number, lat: number, azimuth?: number): Uint8Array {
  const entries: { tag: number; type: number; count: number; value: Uint8Array }[] = [
    { tag: 1, type: 2, count: 2, value: ascii(lat < 0 ? 'S' : 'N') },
    { tag: 2, type: 5, count: 3, value: angle(lat) },
    { tag: 3, type: 2, count: 2, value: ascii(lng < 0 ? 'W' : 'E') },
    { tag: 4, type: 5, count: 3, value: angle(lng) },
    ...(azimuth === undefined
      ? []
      : [
          { tag: 16, type: 2, count: 2, value: ascii('T') },
          { tag: 17, type: 5, count: 1, value: rationals([[Math.round(azimuth * 100), 100]]) },
        ]),
  ]
  const gpsAt = 8 + 2 + 12 + 4
  const dataAt = gpsAt + 2 + entries.length * 12 + 4
  const tiff = new Uint8Array(
    dataAt + entries.reduce((sum, { value }) => sum + (value.length > 4 ? value.length : 0), 0),
  )
  const view = new DataView(tiff.buffer)
  tiff.set([0x4d, 0x4d, 0, 42])
  view.setUint32(4, 8)
  view.setUint16(8, 1)
  directoryEntry(view, 10, 0x8825, 4, 1)
  view.setUint32(18, gpsAt)
  view.setUint16(gpsAt, entries.length)
  let next = dataAt
  entries.forEach(({ tag, type, count, value }, index) => {
    const at = gpsAt + 2 + index * 12
    directoryEntry(view, at, tag, type, count)
    if (value.length <= 4) tiff.set(value, at + 8)
    else {
      view.setUint32(at + 8, next)
      tiff.set(value, next)
      next += value.length
    }
  })
  const head = new TextEncoder().encode('Exif\0\0')
  const length = 2 + head.length + tiff.length
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 255, ...head, ...tiff, ...jpeg.subarray(2)])
}

function directoryEntry(view: DataView, at: number, tag: number, type: number, count: number): void {
  view.setUint16(at, tag)
  view.setUint16(at + 2, type)
  view.setUint32(at + 4, count)
}

const ascii = (letter: string): Uint8Array => new TextEncoder().encode(`${letter}\0`)

function rationals(pairs: readonly (readonly [number, number])[]): Uint8Array {
  const bytes = new Uint8Array(pairs.length * 8)
  const view = new DataView(bytes.buffer)
  pairs.forEach(([numerator, denominator], index) => {
    view.setUint32(index * 8, numerator)
    view.setUint32(index * 8 + 4, denominator)
  })
  return bytes
}

/** Degrees, minutes, seconds to a ten-thousandth of a second; NaN as 0/0, as cameras without a fix write it. */
function angle(degrees: number): Uint8Array {
  if (Number.isNaN(degrees))
    return rationals([
      [0, 0],
      [0, 0],
      [0, 0],
    ])
  const total = Math.round(Math.abs(degrees) * 36_000_000)
  return rationals([
    [Math.floor(total / 36_000_000), 1],
    [Math.floor((total % 36_000_000) / 600_000), 1],
    [total % 600_000, 10_000],
  ])
}
