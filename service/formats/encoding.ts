/** Recognising and decoding the text encodings that staff's files have: UTF-8, with or without BOM, and GBK/GB18030. */
import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { AppError } from '../../shared/contract/errors.ts'

export type Encoding = 'utf-8' | 'gb18030'

/** Bytes of a leading UTF-8 byte order mark: 3 or 0. */
export function bomLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

/** The encoding a person asked for, in our two names. Throws `bad_input` for others. */
export function encodingNamed(name: string): Encoding {
  const plain = name.toLowerCase().replace(/[-_\s]/g, '')
  if (plain === 'utf8' || plain === 'utf8bom' || plain === 'utf8sig') return 'utf-8'
  if (plain === 'gbk' || plain === 'gb18030' || plain === 'gb2312' || plain === 'cp936' || plain === '936')
    return 'gb18030'
  throw new AppError('bad_input', `不支持的文字编码“${name.slice(0, 40)}”，可选 UTF-8、GBK、GB18030`, {
    reason: 'unknown_encoding',
  })
}

/**
 * Encoding of a sample from the beginning of a file. `whole` says that the sample is the whole file; otherwise a character
 * cut off at its end is forgiven. Throws `file_unreadable` for UTF-16 and for text that is neither UTF-8 nor GB18030.
 */
export function detectEncoding(sample: Uint8Array, whole: boolean): Encoding {
  if (isUtf16(sample)) {
    throw refuseUtf16()
  }
  if (sample.includes(0)) {
    throw new AppError('file_unreadable', '不是文本文件(可能是图片、压缩包或其他软件的工程文件)，未导入', {
      reason: 'not_text_file',
    })
  }
  if (isUtf8(sample)) return 'utf-8'
  for (let cut = 1; !whole && cut <= 3 && cut < sample.length; cut++) {
    if (isUtf8(sample.subarray(0, sample.length - cut))) return 'utf-8'
  }
  const text = iconv.decode(Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength), 'gb18030')
  const wrong = text.slice(0, whole ? undefined : -2).includes('\ufffd')
  if (wrong) {
    throw new AppError('file_unreadable', '无法识别文字编码(不是 UTF-8，也不是 GBK)', { reason: 'encoding_unknown' })
  }
  return 'gb18030'
}

/** True for text in UTF-16, with or without byte order mark. */
export function isUtf16(sample: Uint8Array): boolean {
  if ((sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff)) return true
  const length = Math.min(sample.length, 400)
  if (length < 4) return false
  let even = 0
  let odd = 0
  for (let index = 0; index < length; index++) {
    if (sample[index] !== 0) continue
    if (index % 2 === 0) even++
    else odd++
  }
  // Zeros in every second byte; in other files they come in runs.
  return Math.max(even, odd) > length / 5 && Math.min(even, odd) < length / 20
}

export function refuseUtf16(): AppError {
  return new AppError('file_unreadable', '文件是 UTF-16 编码，请先用记事本另存为 UTF-8 再导入', {
    reason: 'encoding_utf16',
  })
}
