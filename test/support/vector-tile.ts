/** Writes vector tiles (MVT 2.1) by hand, after the specification: enough to see where things are drawn. */
import { PbfWriter } from 'pbf'

export interface TileFeature {
  readonly kind: 'point' | 'line' | 'polygon'
  /** In units of the tile's extent; a polygon closes by itself. */
  readonly points: readonly (readonly [number, number])[]
  readonly properties?: Readonly<Record<string, string>>
}

const EXTENT = 4096
const KINDS = { point: 1, line: 2, polygon: 3 } as const

export function vectorTile(layers: Readonly<Record<string, readonly TileFeature[]>>): Uint8Array {
  const tile = new PbfWriter()
  for (const [name, features] of Object.entries(layers)) tile.writeBytesField(3, layer(name, features))
  return tile.finish()
}

function layer(name: string, features: readonly TileFeature[]): Uint8Array {
  const out = new PbfWriter()
  const keys: string[] = []
  const values: string[] = []
  const numberOf = (list: string[], text: string): number => {
    if (!list.includes(text)) list.push(text)
    return list.indexOf(text)
  }
  out.writeStringField(1, name)
  for (const { kind, points, properties } of features) {
    const feature = new PbfWriter()
    const tags = Object.entries(properties ?? {}).flatMap(([key, value]) => [
      numberOf(keys, key),
      numberOf(values, value),
    ])
    feature.writePackedVarint(2, tags)
    feature.writeVarintField(3, KINDS[kind])
    feature.writePackedVarint(4, commands(kind, points))
    out.writeBytesField(2, feature.finish())
  }
  for (const key of keys) out.writeStringField(3, key)
  for (const value of values) {
    const text = new PbfWriter()
    text.writeStringField(1, value)
    out.writeBytesField(4, text.finish())
  }
  out.writeVarintField(5, EXTENT)
  out.writeVarintField(15, 2)
  return out.finish()
}

function commands(kind: TileFeature['kind'], points: TileFeature['points']): number[] {
  const command = (id: number, count: number): number => (count << 3) | id
  const zigzag = (value: number): number => (value << 1) ^ (value >> 31)
  const out: number[] = []
  let [lastX, lastY] = [0, 0]
  points.forEach(([x, y], index) => {
    if (index === 0) out.push(command(1, 1))
    if (index === 1) out.push(command(2, points.length - 1))
    out.push(zigzag(x - lastX), zigzag(y - lastY))
    lastX = x
    lastY = y
  })
  if (kind === 'polygon') out.push(command(7, 1))
  return out
}
