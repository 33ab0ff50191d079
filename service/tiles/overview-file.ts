/**
 * Overview tiles on disk, so that a survey opened again shows its smallest scales without reading every parcel. One file a
 * survey in the data folder, true only for the very state of the survey that its stamp names; anything else is thrown away.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PACKED_TILE_VERSION } from '../../shared/tiles/packed-tile.ts'

export interface StoredTile {
  readonly z: number
  readonly x: number
  readonly y: number
  readonly bytes: Uint8Array
}

interface Header {
  readonly version: number
  /** Of the survey: its newest edit and its schema. */
  readonly stamp: string
  readonly tiles: readonly { readonly z: number; readonly x: number; readonly y: number; readonly length: number }[]
}

const MAX_BYTES = 40 * 1024 * 1024
/** Surveys that are remembered. */
const MAX_FILES = 8
const SUFFIX = '.tiles'

/** Empty when there is nothing, when it belongs to another state of the survey or cannot be read: tiles can be made anew. */
export function readOverview(file: string, stamp: string): StoredTile[] {
  try {
    const content = readFileSync(file)
    const headerLength = content.readUInt32LE(0)
    const header = JSON.parse(content.toString('utf8', 4, 4 + headerLength)) as Header
    if (header.version !== PACKED_TILE_VERSION || header.stamp !== stamp) return []
    let at = 4 + headerLength
    return header.tiles.map(({ z, x, y, length }) => {
      if (at + length > content.length) throw new RangeError('cut off')
      // A copy of its own: values are changed in place, which needs aligned bytes.
      const bytes = new Uint8Array(content.subarray(at, at + length))
      at += length
      return { z, x, y, bytes }
    })
  } catch {
    return []
  }
}

/** Replaces the file in one go. A disk that is full costs time at the next start, no data: failures are passed over. */
export function writeOverview(file: string, stamp: string, tiles: readonly StoredTile[]): void {
  const kept: StoredTile[] = []
  let total = 0
  // Smallest scales first: they are the slowest to make and the fewest.
  for (const tile of [...tiles].sort((a, b) => a.z - b.z)) {
    if (total + tile.bytes.length > MAX_BYTES) continue
    kept.push(tile)
    total += tile.bytes.length
  }
  const header: Header = {
    version: PACKED_TILE_VERSION,
    stamp,
    tiles: kept.map(({ z, x, y, bytes }) => ({ z, x, y, length: bytes.length })),
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.new`, Buffer.concat([length, text, ...kept.map(tile => tile.bytes)]))
    renameSync(`${file}.new`, file)
    forgetOldest(dirname(file))
  } catch {
    rmSync(`${file}.new`, { force: true })
  }
}

function forgetOldest(folder: string): void {
  const files = readdirSync(folder)
    .filter(name => name.endsWith(SUFFIX))
    .map(name => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
  for (const { path } of files.slice(MAX_FILES)) rmSync(path, { force: true })
}
