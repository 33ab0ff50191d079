/**
 * Decoded blocks of GeoTIFFs, kept while there is room: neighbouring map tiles need the same blocks, and unpacking one takes
 * longer than laying it out. What was used longest ago goes first.
 */

interface Block {
  readonly data: ArrayBufferLike
}

/** The part of geotiff's image that reads one block. */
export interface BlockReader<Decoder, Answer extends Block> {
  getTileOrStrip(x: number, y: number, sample: number, decoder: Decoder, signal?: AbortSignal): Promise<Answer>
}

export interface BlockCache {
  /** From now on the image's blocks come from here; `name` is unlike that of any other image. */
  attach<Decoder, Answer extends Block>(image: BlockReader<Decoder, Answer>, name: string): void
  /** Forgets the blocks of all images whose name begins so. */
  forget(prefix: string): void
  bytes(): number
}

export function createBlockCache(mostBytes: number): BlockCache {
  const blocks = new Map<string, { block: Promise<Block>; bytes: number }>()
  let bytes = 0
  const drop = (key: string): void => {
    bytes -= blocks.get(key)?.bytes ?? 0
    blocks.delete(key)
  }
  return {
    attach<Decoder, Answer extends Block>(image: BlockReader<Decoder, Answer>, name: string) {
      const read = image.getTileOrStrip.bind(image)
      const cached: typeof image.getTileOrStrip = (x, y, sample, decoder, signal) => {
        const key = `${name}/${sample}/${x}/${y}`
        const known = blocks.get(key)
        if (known) {
          blocks.delete(key)
          blocks.set(key, known)
          return known.block as Promise<Answer>
        }
        const block = read(x, y, sample, decoder, signal)
        const entry = { block, bytes: 0 }
        blocks.set(key, entry)
        block.then(
          ({ data }) => {
            if (blocks.get(key) !== entry) return
            entry.bytes = data.byteLength
            bytes += data.byteLength
            for (const oldest of blocks.keys()) {
              if (bytes <= mostBytes) break
              drop(oldest)
            }
          },
          () => {
            if (blocks.get(key) === entry) drop(key)
          },
        )
        return block
      }
      Object.defineProperty(image, 'getTileOrStrip', { value: cached, configurable: true })
    },
    forget(prefix) {
      for (const key of [...blocks.keys()]) if (key.startsWith(prefix)) drop(key)
    },
    bytes: () => bytes,
  }
}
