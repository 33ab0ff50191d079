/** Checks a zip container before any library unpacks it: number, names and true unpacked size of its entries. */
import { inflateRawSync } from 'node:zlib'
import { AppError } from '../../shared/contract/errors.ts'

const ZIP_LIMITS = { entries: 2000, unpackedBytes: 300 << 20 } as const

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_ENTRY = 0x04034b50

/**
 * Names of the entries of a zip held in memory. Every entry is really unpacked against the limit, because the sizes a zip
 * states may lie; `visit` is given each. Throws `file_unreadable` for a damaged, encrypted or oversized archive and for names that leave it.
 */
export function checkZip(
  bytes: Buffer,
  fileName: string,
  limits: { entries: number; unpackedBytes: number } = ZIP_LIMITS,
  visit: (name: string, content: Buffer) => void = () => undefined,
): string[] {
  const failure = (reason: string, message: string) =>
    new AppError('file_unreadable', `文件“${fileName}”${message}`, { reason, file: fileName })
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== END_OF_DIRECTORY)
    throw failure('truncated', '不完整(压缩目录缺失)，未导入')
  const count = bytes.readUInt16LE(end + 10)
  if (count > limits.entries)
    throw failure('archive_too_large', `含 ${count} 个条目，超过上限 ${limits.entries}，未导入`)
  const names: string[] = []
  let left = limits.unpackedBytes
  let at = bytes.readUInt32LE(end + 16)
  try {
    for (let entry = 0; entry < count; entry++) {
      if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw failure('damaged', '已损坏(压缩目录有误)，未导入')
      const flags = bytes.readUInt16LE(at + 8)
      const method = bytes.readUInt16LE(at + 10)
      const packed = bytes.readUInt32LE(at + 20)
      const nameLength = bytes.readUInt16LE(at + 28)
      const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
      if (flags & 1) throw failure('encrypted', '有密码，请先去掉密码再导入')
      if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..'))
        throw failure('unsafe_path', '含有不安全的路径，未导入')
      const local = bytes.readUInt32LE(at + 42)
      if (bytes.readUInt32LE(local) !== LOCAL_ENTRY) throw failure('damaged', '已损坏(条目有误)，未导入')
      const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
      const content = unpacked(bytes.subarray(from, from + packed), method, left)
      left -= content.length
      if (left < 0)
        throw failure('archive_too_large', `解压后超过 ${limits.unpackedBytes >> 20} MB，可能是压缩炸弹，未导入`)
      names.push(name)
      visit(name, content)
      at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw failure('archive_too_large', `解压后超过 ${limits.unpackedBytes >> 20} MB，可能是压缩炸弹，未导入`)
    }
    throw failure('damaged', '已损坏，无法解压，未导入')
  }
  return names
}

function unpacked(packed: Buffer, method: number, limit: number): Buffer {
  if (method === 0) return packed
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, limit) })
}

/** The entries of a zip held in memory, checked as `checkZip` does. */
export function unzip(
  bytes: Buffer,
  fileName: string,
  limits: { entries: number; unpackedBytes: number } = ZIP_LIMITS,
): Map<string, Buffer> {
  const entries = new Map<string, Buffer>()
  checkZip(bytes, fileName, limits, (name, content) => entries.set(name, content))
  return entries
}
