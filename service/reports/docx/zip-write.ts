/**
 * Writes a zip file entry by entry: what was written leaves memory. Sizes stand in the local headers (no data descriptors,
 * which some office programs refuse); no zip64, so at most 4 GB. Used for Word files only.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { createDeflateRaw, deflateRaw } from 'node:zlib'
import { crc32 } from '../../../shared/lib/crc32.ts'

export interface ZipWriter {
  /** Adds an entry; pictures are stored as they are, everything else is packed. */
  add(name: string, bytes: Uint8Array): Promise<void>
  /** An entry that is written piece by piece; it is packed in memory and stands in the file after `end`. */
  begin(name: string): { write(text: string): Promise<void>; end(): Promise<void> }
  /** Writes the directory and closes the file. */
  finish(): Promise<void>
  /** Closes the file without finishing it. */
  abandon(): Promise<void>
}

/** 1980-01-01: files of one report are the same bytes whenever they are made. */
const DOS_DATE = 0x21

export async function createZip(file: string): Promise<ZipWriter> {
  const handle = await open(file, 'w')
  const directory: Buffer[] = []
  let at = 0
  const put = async (name: string, content: Buffer, plainSize: number, crc: number, method: number): Promise<void> => {
    const path = Buffer.from(name, 'utf8')
    const common = Buffer.alloc(26)
    // Version 2.0, names in UTF-8.
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x800, 2)
    common.writeUInt16LE(method, 4)
    common.writeUInt16LE(0, 6)
    common.writeUInt16LE(DOS_DATE, 8)
    common.writeUInt32LE(crc, 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(plainSize, 18)
    common.writeUInt16LE(path.length, 22)
    const entry = Buffer.alloc(20)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(20, 4)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([entry.subarray(0, 6), common, tail, path]))
    at = await append(handle, at, Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, path]))
    at = await append(handle, at, content)
  }
  return {
    async add(name, bytes) {
      const plain = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const isPicture = /\.(png|jpe?g)$/i.test(name)
      await put(name, isPicture ? plain : await packed(plain), plain.length, crc32(plain), isPicture ? 0 : 8)
    },
    begin(name) {
      const stream = createDeflateRaw({ level: 5 })
      const chunks: Buffer[] = []
      let size = 0
      let crc = 0
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      return {
        write(text) {
          const bytes = Buffer.from(text, 'utf8')
          size += bytes.length
          crc = crc32(bytes, crc)
          return new Promise((resolve, reject) => stream.write(bytes, error => (error ? reject(error) : resolve())))
        },
        async end() {
          await new Promise<void>((resolve, reject) => {
            stream.once('end', resolve)
            stream.once('error', reject)
            stream.end()
          })
          await put(name, Buffer.concat(chunks), size, crc, 8)
        },
      }
    },
    async finish() {
      const start = at
      const entries = Buffer.concat(directory)
      const end = Buffer.alloc(22)
      end.writeUInt32LE(0x06054b50, 0)
      end.writeUInt16LE(directory.length, 8)
      end.writeUInt16LE(directory.length, 10)
      end.writeUInt32LE(entries.length, 12)
      end.writeUInt32LE(start, 16)
      await append(handle, at, Buffer.concat([entries, end]))
      await handle.close()
    },
    abandon: () => handle.close(),
  }
}

async function append(handle: FileHandle, at: number, bytes: Buffer): Promise<number> {
  let from = 0
  while (from < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, from, bytes.length - from, at + from)
    from += bytesWritten
  }
  return at + bytes.length
}

function packed(bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    deflateRaw(bytes, (error, result) => (error ? reject(error) : resolve(result))),
  )
}
