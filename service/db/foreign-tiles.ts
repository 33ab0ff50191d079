/** Reads MBTiles, a SQLite file of somebody else: read-only, nothing assumed that was not looked at. */
import { AppError } from '../../shared/contract/errors.ts'
import { type Db, openForeign } from './open.ts'

export interface ForeignTiles {
  readonly metadata: ReadonlyMap<string, string>
  readonly minZoom: number
  readonly maxZoom: number
  /** The first tile there is, to see what kind they are. */
  readonly sample: Uint8Array
  /** A tile by Web Mercator address, y from the north; undefined when it is not in the file. */
  tile(z: number, x: number, y: number): Uint8Array | undefined
  close(): void
}

/** Throws `file_unreadable` for files that are damaged or hold no tiles. */
export function openForeignTiles(file: string): ForeignTiles {
  let db: Db | undefined
  try {
    db = openForeign(file)
    const opened = db
    const zooms = opened.prepare('SELECT min(zoom_level) AS low, max(zoom_level) AS high FROM tiles').get() as {
      low: number | null
      high: number
    }
    const first = opened.prepare('SELECT tile_data AS data FROM tiles LIMIT 1').get() as { data: unknown } | undefined
    if (zooms.low === null || !(first?.data instanceof Uint8Array))
      throw new AppError('file_unreadable', '底图文件里没有图块', { reason: 'basemap_empty' })
    const hasMetadata = opened.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'metadata'").get() !== undefined
    const metadata = hasMetadata
      ? (opened.prepare('SELECT name, value FROM metadata').raw().all() as [string, unknown][])
      : []
    const select = opened.prepare(
      'SELECT tile_data AS data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?',
    )
    return {
      metadata: new Map(metadata.map(([name, value]) => [String(name), String(value)])),
      minZoom: zooms.low,
      maxZoom: zooms.high,
      sample: first.data,
      tile(z, x, y) {
        // MBTiles counts rows from the south.
        const row = select.get(z, x, 2 ** z - 1 - y) as { data: unknown } | undefined
        return row?.data instanceof Uint8Array ? row.data : undefined
      },
      close: () => opened.close(),
    }
  } catch (error) {
    db?.close()
    if (error instanceof AppError) throw error
    throw new AppError(
      'file_unreadable',
      '底图文件已损坏，或不是 MBTiles',
      { reason: 'basemap_damaged' },
      { cause: error },
    )
  }
}
